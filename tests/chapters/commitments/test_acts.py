"""What is read from bytes, and what an act says on which subject."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from pathlib import Path
from textwrap import dedent
from typing import Any

import msgspec
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from tests.chapters.commitments.scenarios import BODY, PROVISION, Desk, agreed, terms

from comity.chapters.commitments import acts
from comity.core import canonical
from comity.core.errors import Malformed

EXAMPLE = (
    b'{"body":"joint-committee","terms":{"due":{"on":"2025-03-31"},"owners":["IRQ","TUR"],"source":"TUR/3#art-4",'
    b'"text":{"en":"Set up the joint operations centre in Baghdad."},"title":{"en":"Joint operations centre"}}}'
)
EVIDENCE = {"title": {"en": "Map"}, "digest": "0" * 64, "size": 1, "media_type": "image/png"}


def test_the_example_of_the_module_is_read() -> None:
    read = canonical.parse(EXAMPLE, acts.Proposed, "TUR/30")
    assert read.terms.due == acts.Due(date(2025, 3, 31))
    assert read.terms.source == "TUR/3#art-4"


BAD: list[tuple[type[Any], bytes, str]] = [
    (acts.Proposed, EXAMPLE.replace(b"2025-03-31", b"2025-02-30"), "terms.due.on"),
    (acts.Proposed, EXAMPLE.replace(b"2025-03-31", b"31 March"), "terms.due.on"),
    (acts.Proposed, EXAMPLE.replace(b"TUR/3#art-4", b"TUR/3"), "terms.source"),
    (acts.Proposed, EXAMPLE.replace(b"TUR/3#art-4", b""), "terms.source"),
    (acts.Proposed, EXAMPLE.replace(b'["IRQ","TUR"]', b"[]"), "terms.owners"),
    (acts.Proposed, EXAMPLE.replace(b'["IRQ","TUR"]', b'["Iraq"]'), "terms.owners"),
    (acts.Proposed, EXAMPLE.replace(b'"source":"TUR/3#art-4",', b""), "source"),
    (acts.Proposed, EXAMPLE.replace(b'{"on":"2025-03-31"}', b'{"by":"2025-03-31"}'), "terms.due"),
    (acts.StatusAsserted, b'{"status":"finished"}', "status"),
    (acts.StatusAsserted, b'{"as_of":"2024-02-30","status":"done"}', "as_of"),
    (acts.StatusAsserted, b'{"reason":{"English":"x"},"status":"done"}', "reason"),
    (acts.StatusAsserted, b"{}", "status"),
    (acts.ClosingProposed, b'{"outcome":"dropped"}', "reason"),
    (acts.ClosingProposed, b'{"outcome":"forgotten","reason":{"en":"x"}}', "outcome"),
    (acts.ClosingProposed, b'{"by":["TUR/1#a"],"outcome":"replaced","reason":{"en":"x"}}', "by"),
    (acts.ImplementationRecorded, b'{"instrument":"TUR/1#art-2"}', "instrument"),
    (acts.EvidenceReleased, b'{"data":"AAAA","name":"../x","salt":"%s"}' % (b"A" * 43), "name"),
    (acts.EvidenceReleased, b'{"data":"AAAA","name":"a\\nb","salt":"%s"}' % (b"A" * 43), "name"),
    (acts.EvidenceReleased, b'{"data":"AAAA","name":"x","salt":"%s"}' % (b"A" * 42), "salt"),
    (acts.EvidenceReleased, b'{"data":"AAAA","name":"x","salt":"%sB"}' % (b"A" * 42), "salt"),
    (acts.EvidenceReleased, b'{"data":"","name":"x","salt":"%s"}' % (b"A" * 43), "data"),
    (acts.EvidenceReleased, b'{"data":"A?","name":"x","salt":"%s"}' % (b"A" * 43), "data"),
    (acts.Accepted, b'{"terms":{}}', "terms"),
]


@pytest.mark.parametrize(("kind", "raw", "field"), BAD)
def test_content_that_is_not_as_it_must_be_is_malformed_and_the_field_is_named(
    kind: type[Any], raw: bytes, field: str
) -> None:
    """A day that the calendar does not have, among others."""
    with pytest.raises(Malformed) as found:
        canonical.parse(raw, kind, "TUR/30")
    assert field in str(found.value)


@pytest.mark.parametrize("field", ["party", "of", "by", "on_behalf_of", "for"])
def test_nobody_can_write_a_status_for_the_other_side(field: str) -> None:
    """An assertion has no field for a party; whose it is says the log that it is in."""
    raw = b'{"%s":"IRQ","status":"done"}' % field.encode()
    with pytest.raises(Malformed, match="unknown field"):
        canonical.parse(canonical.encode(canonical.decode(raw, "x")), acts.StatusAsserted, "TUR/30")
    assert set(acts.StatusAsserted.__struct_fields__) == {"status", "reason", "as_of"}


def test_an_assertion_in_one_log_is_never_counted_as_the_other_side_s() -> None:
    desk = agreed()
    desk.state("TUR", "done")
    assert [view["party"] for view in desk.ask("status", date(2025, 1, 1))["views"]] == ["TUR"]
    assert desk.view().halves["IRQ"].assertions == ()


@pytest.mark.parametrize(
    "change",
    [
        {"digest": "0" * 63},
        {"digest": "A" * 64},
        {"digest": "0" * 64 + "\n"},
        {"size": 0},
        {"size": 1 << 40},
        {"size": 1.5},
        {"media_type": "pdf"},
        {"media_type": "text/plain; charset=utf-8"},
        {"title": {}},
        {"shows": "proven"},
        {"data": "AAAA"},
    ],
)
def test_evidence_is_recorded_with_a_hash_a_size_and_a_type(change: dict[str, Any]) -> None:
    msgspec.convert(EVIDENCE, acts.EvidenceRecorded)
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({**EVIDENCE, **change}, acts.EvidenceRecorded)


def test_a_file_larger_than_eight_mebibytes_cannot_be_released_and_one_of_that_size_fits_a_content() -> None:
    least = acts.EvidenceReleased("x", "A" * 43, bytes(acts.EVIDENCE_LIMIT))
    raw = canonical.encode(least)
    assert len(raw) < 16 * 1024 * 1024
    assert canonical.parse(raw, acts.EvidenceReleased, "TUR/30") == least
    more = canonical.encode(acts.EvidenceReleased("x", "A" * 43, bytes(acts.EVIDENCE_LIMIT + 1)))
    with pytest.raises(Malformed, match="data"):
        canonical.parse(more, acts.EvidenceReleased, "TUR/30")


def test_an_assertion_says_yes_to_its_status_and_takes_back_every_other() -> None:
    desk = agreed()
    desk.state("TUR", "started")
    view = desk.view()
    assert {status: view.stands(f"status:{status}", "TUR") for status in acts.STATUSES} == {
        "not_started": False,
        "started": True,
        "done": False,
        "obstructed": False,
    }


def test_the_digest_is_of_the_salt_and_then_the_file() -> None:
    """SHA-256 of 32 zero bytes and "abc", computed with another tool."""
    known = "365aa7d8f7f9402c4b9434502b4cc89ddb09fe50d7cd95b493b834c62d5a5370"
    assert acts.evidence_digest(bytes(32), b"abc") == known


@given(st.binary(max_size=80) | st.just(EXAMPLE))
def test_no_bytes_raise_anything_but_malformed(raw: bytes) -> None:
    for kind in Desk().chapter.kinds:
        with suppress(Malformed):
            canonical.parse(raw, kind.body, "TUR/30")


def test_the_terms_in_the_reference_are_read_and_allowed() -> None:
    page = (Path(__file__).parents[3] / "docs" / "reference" / "commitments.md").read_text("utf-8")
    block = page.partition("    title: ")[2].partition("\n\n")[0]
    typed = yaml.load(dedent(f"    title: {block}"), yaml.BaseLoader)
    read = msgspec.convert({"body": BODY, "terms": typed}, acts.Proposed, strict=False)
    assert [indicator.target for indicator in read.terms.indicators] == ["12"]
    desk = Desk()
    desk.setting.passages["TUR/3#art-4"] = desk.setting.passages[PROVISION]
    desk.say("TUR", "proposed", read)


def test_terms_are_plain_enough_to_be_typed() -> None:
    """As a person writes them in YAML, everything text."""
    typed = {
        "title": {"en": "Centre"},
        "text": {"en": "It opens."},
        "source": "TUR/3#art-7",
        "owners": ["TUR"],
        "due": {
            "on": "2025-01-31",
            "basis": {"start": "2024-12-31", "count": "1", "unit": "months", "estimated": "false"},
        },
    }
    read = msgspec.convert({"body": "b", "terms": typed}, acts.Proposed, strict=False)
    assert read.terms.due.basis == acts.Basis(date(2024, 12, 31), 1, "months")
    assert terms().due.basis is None
