"""Releases that are agreed, declined, cross and are ended: material for every test.

room = Room()
first = room.propose()
room.yes("IRQ", first)
room.end("IRQ")

All matters are invented.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from tests.chapters.table import Table

from comity.chapters.releases import CHAPTER, acts
from comity.core.act import Act, Ref

MATTER = "TUR/0"
TITLE = {"ar": "مذكرة", "en": "Memorandum", "tr": "Mutabakat zaptı"}
WHY = {"en": "Talks on an annex have begun."}


def hour(day: int, hours: int = 10) -> datetime:
    """That hour of a day in August 2024."""
    return datetime(2024, 8, day, hours, 0, tzinfo=UTC)


class Room(Table):
    """A table with one matter that can be released, and short ways to say what is said often."""

    def __init__(self, parties: Sequence[str] = ("IRQ", "TUR")) -> None:
        super().__init__(CHAPTER, parties)
        self.opened(MATTER, "instrument.proposed/1")

    def opened(self, ref: str, kind: str) -> None:
        """A docket of another chapter, begun before this one."""
        self.setting.openings[Ref.parse(ref)] = self.elsewhere(Ref.parse(ref), kind)

    def elsewhere(self, ref: Ref, kind: str) -> Act:
        return Act(ref, kind, ref, hour(1), "secretariat", "", (), {}, f"hash-of-{ref}", None)

    def propose(self, party: str = "TUR", matter: str = MATTER, extent: Any = "outcome", **how: Any) -> Ref:
        body = acts.Proposed(matter, extent, how.pop("title", TITLE), {"en": "As agreed in Ankara."})
        return self.say(party, "release.proposed/1", body, **how)

    def yes(self, party: str, to: Ref, **how: Any) -> Ref:
        return self.say(party, "release.accepted/1", acts.Accepted(), answers=[to], **how)

    def no(self, party: str, to: Ref, **how: Any) -> Ref:
        return self.say(party, "release.declined/1", acts.Declined(WHY), answers=[to], **how)

    def end(self, party: str, **how: Any) -> Ref:
        return self.say(party, "release.ended/1", acts.Ended(WHY), **how)


def released() -> Room:
    """Proposed on the 10th, accepted on the 12th."""
    room = Room()
    room.yes("IRQ", room.propose(time=hour(10)), time=hour(12))
    return room


def ended() -> Room:
    """As before, and ended on the 20th by who had only accepted it."""
    room = released()
    room.end("IRQ", time=hour(20))
    return room


def ended_by_both() -> Room:
    """Two ends that crossed: the earlier counts."""
    room = released()
    room.end("IRQ", time=hour(21), sees={"TUR": 2})
    room.end("TUR", time=hour(20), sees={"IRQ": 2})
    return room


def declined() -> Room:
    """One side says no, and leaves it at that."""
    room = Room()
    room.no("IRQ", room.propose(extent="record", title={}))
    return room


def declined_then_accepted() -> Room:
    """A no, and later a yes."""
    room = Room()
    first = room.propose(time=hour(10))
    room.no("IRQ", first, time=hour(11))
    room.yes("IRQ", first, time=hour(15))
    return room


def withdrawn() -> Room:
    """Who proposed it takes it back in the other's sight, and proposes it again by a yes."""
    room = Room()
    first = room.propose()
    room.no("TUR", first)
    room.yes("TUR", first)
    return room


def crossed() -> Room:
    """A no by who proposed it crosses the other's yes: agreed on the 12th, ended on the 13th."""
    room = Room()
    first = room.propose(time=hour(10))
    room.no("TUR", first, time=hour(13))
    room.yes("IRQ", first, time=hour(12), sees={"TUR": 2})
    return room


def three_parties() -> Room:
    """All three must say yes; one ends it alone."""
    room = Room(("IRQ", "SYR", "TUR"))
    first = room.propose(time=hour(10))
    room.yes("IRQ", first, time=hour(11))
    room.no("SYR", first, time=hour(12))
    room.yes("SYR", first, time=hour(13))
    room.end("IRQ", time=hour(14))
    return room


def disturbed() -> Room:
    """A node that keeps no rules accepts twice, ends what is not agreed, and proposes what nobody has."""
    room = Room()
    first = room.propose()
    room.force(room.act("IRQ", "release.ended/1", acts.Ended()))
    room.force(room.act("IRQ", "release.accepted/1", acts.Accepted(), answers=[Ref("TUR", 9)]))
    room.force(room.act("IRQ", "release.proposed/1", acts.Proposed("TUR/0", "record")))
    room.yes("IRQ", first)
    room.force(room.act("IRQ", "release.accepted/1", acts.Accepted(), answers=[first]))
    room.force(room.act("TUR", "release.declined/1", acts.Declined(), answers=[first]))
    return room


def not_open() -> Room:
    """A release of what does not exist, and a yes to it."""
    room = Room()
    first = room.force(room.act("TUR", "release.proposed/1", acts.Proposed("IRQ/500", "record")))
    room.force(room.act("IRQ", "release.accepted/1", acts.Accepted(), answers=[first]))
    return room


def scenarios() -> list[Table]:
    """All of them, for tests/chapters/test_every_chapter.py."""
    stories = (
        released,
        ended,
        ended_by_both,
        declined,
        declined_then_accepted,
        withdrawn,
        crossed,
        three_parties,
        disturbed,
        not_open,
    )
    return [story() for story in stories]
