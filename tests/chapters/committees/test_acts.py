"""What is read from bytes: what a committee's acts may hold, and nothing beside it."""

from __future__ import annotations

from typing import Any

import pytest

from comity.chapters.committees import CHAPTER, acts
from comity.core import canonical
from comity.core.errors import Malformed

BAD: list[tuple[type[Any], bytes]] = [
    (acts.Constituted, b"{}"),
    (acts.Constituted, b'{"body":""}'),
    (acts.Constituted, b'{"body":"b","seats":{"tur":1}}'),
    (acts.Constituted, b'{"body":"b","seats":{"TUR":-1}}'),
    (acts.Constituted, b'{"body":"b","chair":"TUR-1"}'),
    (acts.SeatFilled, b'{"role":"member","seat":"TUR-0","since":"2024-09-01"}'),
    (acts.SeatFilled, b'{"role":"member","seat":"TUR","since":"2024-09-01"}'),
    (acts.SeatFilled, b'{"role":"member","seat":"TUR-1\\n","since":"2024-09-01"}'),
    (acts.SeatFilled, b'{"role":"king","seat":"TUR-1","since":"2024-09-01"}'),
    (acts.SeatFilled, b'{"role":"member","seat":"TUR-1","since":"2024-09-31"}'),
    (acts.SeatFilled, b'{"name":"A","role":"member","seat":"TUR-1","since":"2024-09-01"}'),
    (acts.PersonNamed, b'{"name":""}'),
    (acts.PersonNamed, b'{"capacity":{"English":"x"},"name":"A"}'),
    (acts.SeatVacated, b"{}"),
    (acts.ReportProposed, b'{"at":{},"digest":"00","since":"2024-01-01","until":"2024-12-31"}'),
    (acts.ReportAccepted, b'{"digest":"00"}'),
]


@pytest.mark.parametrize(("kind", "raw"), BAD)
def test_content_outside_its_schema_is_malformed(kind: type[Any], raw: bytes) -> None:
    with pytest.raises(Malformed):
        canonical.parse(raw, kind, "content")


def test_a_term_and_a_name_keep_their_bytes_for_ever() -> None:
    """Golden vectors: never edited."""
    term = b'{"role":"co_chair","seat":"TUR-1","since":"2024-09-01","until":"2026-08-31"}'
    name = b'{"capacity":{"en":"Deputy Minister"},"name":"A. Example"}'
    digest = "0a" * 32
    at = b'{"IRQ":30,"TUR":40}'
    report = (
        b'{"at":' + at + b',"digest":"' + digest.encode() + b'","since":"2024-01-01","until":"2024-12-31"}'
    )
    for kind, raw in ((acts.SeatFilled, term), (acts.PersonNamed, name), (acts.ReportProposed, report)):
        assert canonical.encode(canonical.parse(raw, kind, "content")) == raw


def test_only_the_act_that_names_a_person_can_be_destroyed_and_no_other_has_a_name() -> None:
    """Law 8: terms survive the names of those who held them."""
    assert [kind.name for kind in CHAPTER.kinds if kind.erasable] == ["committee.person_named/1"]
    fields = {name for kind in CHAPTER.kinds if not kind.erasable for name in kind.body.__struct_fields__}
    assert not fields & set(acts.PersonNamed.__struct_fields__)
