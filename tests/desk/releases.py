"""Two nodes with matters of every chapter, and short ways to release them: material for tests of what is public.

hall = Hall()
matter = hall.instrument()
shown = hall.release(matter, "outcome")      # proposed by TUR, accepted by IRQ, carried both ways
"""

from __future__ import annotations

import functools
from datetime import date
from typing import Any

import msgspec
from tests.chapters.instruments import drafts
from tests.chapters.statements import scenarios as statements
from tests.node.committees import JOINT, PARTIES, Room

from comity.chapters.instruments import acts as instruments
from comity.chapters.instruments import matters
from comity.chapters.instruments.brackets import brackets, resolve
from comity.chapters.instruments.text import digest
from comity.chapters.meetings import acts as meetings
from comity.chapters.releases import acts
from comity.chapters.statements import acts as statement
from comity.core.act import Ref

SECRET = "Only for our own side"
PERSON = "A. Invented Person"
LATE = date(2026, 1, 1)


class Hall(Room):
    """What the parties release, of what they did."""

    def offer(self, matter: Ref, extent: Any = "outcome", party: str = "TUR", **fields: Any) -> Ref:
        """A release that one party proposes, and that has travelled."""
        ref = self.say(party, "release.proposed/1", acts.Proposed(str(matter), extent, **fields))
        self.meet()
        return ref

    def agree(self, ref: Ref, party: str = "IRQ") -> Ref:
        return self.say(party, "release.accepted/1", acts.Accepted(), ref, ref)

    def release(self, matter: Ref, extent: Any = "outcome", party: str = "TUR", **fields: Any) -> Ref:
        """A release that all have agreed, and all know it."""
        ref = self.offer(matter, extent, party, **fields)
        for other in PARTIES:
            if other != party:
                self.agree(ref, other)
        self.meet()
        return ref

    def end(self, ref: Ref, party: str = "IRQ") -> Ref:
        return self.say(party, "release.ended/1", acts.Ended({"en": SECRET}), ref)

    # ------------------------------------------------------------------------------- matters

    def instrument(self, note: str = SECRET) -> Ref:
        """Negotiated with an open bracket and a negotiator's note, adopted with the bracket closed."""
        text = drafts.text(more=drafts.BRACKETS)
        [bracket] = brackets(text)
        ref = self.say("TUR", "instrument.proposed/1", instruments.Proposed(text, note))
        self.meet()
        for party in PARTIES:
            choice = instruments.BracketPosition(str(ref), "b1", "agreed", "IRQ", bracket.choices, SECRET)
            self.say(party, "instrument.bracket_position/1", choice, ref)
        self.meet()
        adopted = digest(resolve(text, {"b1": "IRQ"}))
        for party in PARTIES:
            body = instruments.Accepted(str(ref), adopted, {"b1": "IRQ"})
            self.say(party, "instrument.accepted/1", body, ref)
            self.meet()
        assert matters.base(self.node("TUR").folds.view(ref)) is not None
        return ref

    def delegated(self) -> Ref:
        """A meeting with approved minutes, others that nobody answered, and a delegation by name."""
        docket, put = self.meeting(date(2024, 10, 1))
        assert put is not None
        how = {"mandate": JOINT}
        named = meetings.DelegationNamed(meetings.Person(PERSON, {"en": "Head"}))
        self.say("TUR", "meeting.delegation_named/1", named, docket, **how)
        other = meetings.MinutesProposed(({"en": SECRET},))
        self.say("IRQ", "meeting.minutes_proposed/1", other, docket, **how)
        self.meet()
        return docket

    def statement(self) -> Ref:
        """A statement that was revised once, and a text of the press with it."""
        body = statement.Proposed("joint_statement", {"en": "Statement"}, ({"en": SECRET},))
        ref = self.say("TUR", "statement.proposed/1", body)
        self.meet()
        new = statement.Revised(dict(statements.TITLE), statements.PASSAGES)
        put = self.say("IRQ", "statement.revised/1", new, ref, ref)
        self.meet()
        self.say("TUR", "statement.accepted/1", statement.Accepted(), ref, put)
        printed = statement.Published("en", "A newspaper", date(2024, 9, 1), "0" * 64, origin="press")
        published = self.say("TUR", "statement.published/1", printed, ref)
        attached = statement.TextAttached(PERSON)
        self.say("TUR", "statement.text_attached/1", attached, ref, published)
        self.meet()
        return ref


@functools.cache
def hall() -> tuple[Hall, dict[str, Ref]]:
    """Four matters, each released as an outcome and as a record."""
    here, found = Hall(), {}
    for name in ("instrument", "statement", "delegated"):
        matter = getattr(here, name)()
        found[f"{name} outcome"] = here.release(matter)
        found[f"{name} record"] = here.release(matter, "record", "IRQ")
    step = here.agreed()
    here.record("TUR", step)
    found["commitment outcome"] = here.release(step)
    found["commitment record"] = here.release(step, "record")
    return here, found


def plain(value: Any) -> str:
    """Whatever it is, as text to look for words in."""
    return msgspec.json.encode(value).decode()
