"""One step of the story: a command at one node, carried to the other, and told with what it makes true."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from comity.cli.show import spans
from comity.core.act import Ref
from comity.demo import cast
from comity.demo.stage import PARTIES, Failed, Stage
from comity.demo.telling import Teller
from comity.node import bodies, standing

__all__ = ["END", "Steps"]

END = date(2024, 11, 30)


class Steps:
    """The story as it goes on. `refs`: what was said so far, by the names that later scenes use."""

    def __init__(self, stage: Stage, teller: Teller, language: str) -> None:
        self.stage, self.teller, self.language = stage, teller, language
        self.refs: dict[str, str] = {}
        self._shown: dict[tuple[str, str, str], Mapping[str, str]] = {}

    def do(
        self,
        name: str,
        party: str,
        when: str,
        chapter: str,
        verb: str,
        *more: str,
        note: str = "",
        words: str = "",
    ) -> str:
        """A party says something; it is carried over if the link is up; what it makes true is told.

        `words`: the chapter whose words tell it, where the command is not that chapter's.
        """
        told_with, record = words or chapter, self.stage.record(party)
        before = record.store.size(party)
        ref: str = self.stage.tell(party, f"{when}+03:00", chapter, verb, *more)["ref"]
        if self.stage.linked:
            self.stage.exchange(party)
        docket = ""
        for number in range(before, record.store.size(party)):
            act = self.stage.tell(party, "", "show", f"{party}/{number}", "--act")
            self.teller.act(act, self.name(party), told_with, note)
            docket = act["docket"]
        self.refs[name] = ref
        self.true(docket, told_with)
        return ref

    def true(self, docket: str, chapter: str) -> None:
        """Tell what has become true in a docket, or has become firmer."""
        for found, standings in self.milestones(docket):
            key = (docket, found["what"], found["subject"])
            if self._shown.get(key) != standings:
                self._shown[key] = standings
                self.teller.milestone(found, chapter, standings)

    def milestones(self, docket: str) -> list[tuple[Mapping[str, Any], Mapping[str, str]]]:
        """Each milestone that some node shows, with its standing at every node ("absent" where it does not)."""
        found: dict[tuple[str, str], Mapping[str, Any]] = {}
        standings: dict[tuple[str, str], dict[str, str]] = {}
        for party in PARTIES:
            record, ref = self.stage.record(party), Ref.parse(docket)
            if ref.number >= record.ready.get(ref.party, 0):
                continue
            for milestone in standing.milestones(record, ref):
                key = (milestone["what"], milestone["subject"])
                found[key] = milestone
                standings.setdefault(key, dict.fromkeys(PARTIES, "absent"))[party] = milestone["standing"]
        return [(milestone, standings[key]) for key, milestone in found.items()]

    def name(self, party: str) -> str:
        """A party's name in the language of the story."""
        return cast.NAMES[party][self.language]

    def carry(self, sender: str, recipient: str) -> None:
        """A pouch from one side to the other."""
        file = str(self.stage.folder / f"{sender.lower()}-to-{recipient.lower()}.pouch")
        packed = self.stage.tell(sender, "", "pouch", "pack", recipient, "-o", file)
        brought = self.stage.tell(recipient, "", "pouch", "open", file)
        numbers = ", ".join(spans(packed["carries"])) or "–"
        self.teller.note(
            "pouch", sender=self.name(sender), recipient=self.name(recipient), numbers=numbers,
            acts=sum(brought["received"].values()),
        )  # fmt: skip

    def bodies(self) -> list[dict[str, Any]]:
        """The bodies, as both nodes must show them. Raises `Failed` if they differ."""
        shown = [bodies.bodies(self.stage.record(party), END) for party in PARTIES]
        if shown[0] != shown[1]:
            raise Failed("the two nodes show different bodies")
        return shown[0]

    def bodies_of(self, party: str) -> list[dict[str, Any]]:
        """The bodies as one node shows them."""
        return bodies.bodies(self.stage.record(party), END)
