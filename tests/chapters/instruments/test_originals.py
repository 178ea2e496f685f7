"""Rows of signatures on one paper, whatever order they came in, and scans of originals beside them.

Seen to fail: with circles followed, with the file of fewer signers preferred, and with languages mixed in one row.
"""

from __future__ import annotations

from datetime import date

from tests.chapters.instruments.drafts import Room, sha
from tests.chapters.instruments.scenarios import hostile_papers, on_paper

from comity.chapters.instruments import CHAPTER
from comity.chapters.instruments.originals import described, files, goes_on, supplied

MATTER = "TUR/1"


def rows(room: Room, *languages: str) -> list[tuple[str, ...]]:
    return [one.parties for one in files(room.view(), MATTER, languages)]


def adopted(parties: tuple[str, ...] = ("IRQ", "TUR")) -> Room:
    room = Room(parties)
    room.adopt()
    return room


def test_who_signs_the_file_that_another_signed_stands_behind_them() -> None:
    """Two or three parties, each in its own time."""
    room = adopted(("IRQ", "JOR", "TUR"))
    assert goes_on(room.view(), MATTER) is None
    at = "typeset"
    for party in ("TUR", "JOR", "IRQ"):
        room.sign_paper(party, at)
        at = f"{at} + {party}"
        found = goes_on(room.view(), MATTER)
        assert found is not None
        assert found.file == sha(at)
    assert rows(room) == [("TUR", "JOR", "IRQ"), ("TUR", "JOR"), ("TUR",)]
    assert room.milestones()["paper_signed_by_all"] == {"IRQ": 2, "JOR": 2, "TUR": 3}


def test_two_who_sign_at_once_make_two_files_and_the_lower_hash_goes_on() -> None:
    """On every node alike; the one that goes on is finished when the other party signs it too."""
    room = adopted()
    known = dict(room.sizes)
    room.sign_paper("TUR", sees=known)
    room.sign_paper("IRQ", sees=known)
    both = sorted([sha("typeset + TUR"), sha("typeset + IRQ")])
    found = goes_on(room.view(), MATTER)
    assert found is not None
    assert found.file == both[0]
    loser = "IRQ" if found.parties == ("TUR",) else "TUR"
    room.sign_paper(loser, f"typeset + {found.parties[0]}")
    finished = goes_on(room.view(), MATTER)
    assert finished is not None
    assert set(finished.parties) == {"IRQ", "TUR"}
    assert "paper_signed_by_all" in room.milestones()


def test_papers_in_other_languages_are_other_papers() -> None:
    """Their rows do not mix."""
    room = adopted()
    room.sign_paper("TUR", languages=["en"])
    room.sign_paper("IRQ", "typeset + TUR", languages=["en", "tr"])
    assert rows(room, "en") == [("TUR",)]
    assert rows(room, "en", "tr") == [("IRQ",)]
    assert rows(room, "tr") == []
    assert rows(room) == [("TUR",)], "nor is a file in two sets of languages one that anybody could make"


def test_circles_and_doubled_claims_lead_nowhere() -> None:
    """Whatever a hostile node says, the honest signature is found, and nothing runs for ever."""
    room = hostile_papers()
    for one in files(room.view(), MATTER):
        assert len(set(one.parties)) == len(one.parties)
    assert CHAPTER.milestones(room.view())


def test_supplied_bytes_are_found_by_the_signature_that_they_belong_to() -> None:
    """Supplied again, both are named; whose content is destroyed makes no difference to the record."""
    room = on_paper()
    view = room.view()
    told = {paper["by"]: paper["supplied"] for paper in described(view)["papers"]}
    assert told == {"TUR": ["TUR/4"], "IRQ": []}
    first = next(said for said in view.halves["IRQ"].papers)
    assert [str(said.ref) for said in supplied(view, first)] == ["IRQ/3", "IRQ/5"]


def test_a_recorded_original_is_told_with_where_it_is_kept() -> None:
    """Hash, size, pages, who keeps it; one's own original where no other is named."""
    told = described(on_paper().view())["originals"]
    assert [(one["by"], one["original"], one["digest"]) for one in told] == [
        ("IRQ", "IRQ", sha("scan of IRQ")),
        ("TUR", "TUR", sha("scan of TUR")),
    ]
    assert told[0]["kept_at"] == {"en": "State archive"}
    assert told[0]["signed_on"] == date(2024, 8, 15).isoformat()
    assert "original_recorded" in on_paper().milestones()
