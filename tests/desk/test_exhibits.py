"""Evidence by its file: what stands in its place until it is read, what it is called, and what is left of a disclosure."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from tests.api.house import MANDATE, Built

from comity.chapters.commitments.acts import EvidenceRecorded
from comity.core.act import Ref
from comity.core.errors import Refused
from comity.desk import exhibits
from comity.node import evidence
from comity.node.record import Draft


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Built]:
    built = Built(tmp_path_factory.mktemp("house"))
    yield built
    built.close()


def test_what_the_file_gives_is_filled_in_for_judging_the_rest(house: Built) -> None:
    told = exhibits.completed(house.record, exhibits.RECORDED, {"title": {"en": "Minutes"}}, ())
    assert set(told) == {"title", "digest", "size", "media_type"}
    assert exhibits.completed(house.record, "meeting.held/1", {"on": "2024-09-01"}, ()) == {
        "on": "2024-09-01"
    }
    assert exhibits.completed(house.record, exhibits.RELEASED, {}, ())["name"] == "x"


def test_only_evidence_can_be_released(house: Built) -> None:
    with pytest.raises(Refused, match="evidence_unknown"):
        exhibits.completed(house.record, exhibits.RELEASED, {}, (Ref("TUR", 1),))


def test_a_type_follows_from_a_name_and_the_same_on_every_machine() -> None:
    assert exhibits.media_type("minutes.PDF") == "application/pdf"
    assert exhibits.media_type("minutes") == exhibits.media_type("") == "application/octet-stream"


def test_a_disclosure_is_open_and_nothing_of_it_is_left(house: Built, tmp_path: Path) -> None:
    """Seen to fail when its folder is not removed."""
    file = tmp_path / "minutes.txt"
    file.write_bytes(b"minutes of the joint centre")
    ref = Ref.parse(house.commitment())
    withheld = house.nodes["TUR"].withheld(house.record)
    fields = {"title": {"en": "Minutes"}, "shows": "done", "media_type": "text/plain"}
    given = exhibits.completed(house.record, exhibits.RECORDED, fields, ())
    body = msgspec.convert(given, EvidenceRecorded)
    draft = Draft(exhibits.RECORDED, body, "secretariat", docket=ref, mandate=MANDATE)
    said = evidence.record_file(house.record, withheld, file, exhibits.about_file(draft))
    found = evidence.evidence(house.record, said.ref)
    assert (found.said.size, exhibits.file_name(found)) == (27, f"evidence-TUR-{said.ref.number}.txt")
    before = sorted(withheld.folder.parent.iterdir())
    with exhibits.disclosure(house.record, withheld, found) as shown:
        raw = shown.read()
    with exhibits.disclosure(house.record, withheld, found, "x.txt", salt_only=True) as shown:
        salt = shown.read()
    assert raw.endswith(b"minutes of the joint centre")
    assert b"x.txt" in salt
    assert not salt.endswith(b"centre")
    assert sorted(withheld.folder.parent.iterdir()) == before
