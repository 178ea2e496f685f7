"""One mechanism at one node: say, receive, ask, and sign heads. Only wiring: rules are in `core` and the chapters.

said = record.say(Draft("meeting.date_accepted/1", DateAccepted(), office="secretariat", answers=[Ref("TUR", 3)]))
record.receive(page)                  # another party's acts, proved before they are stored
record.folds.view(Ref("TUR", 3))      # the docket as it stands
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from comity.core.act import Act
from comity.core.checkpoint import Note
from comity.core.log import Page
from comity.node import receiving, repeating, restoring, saying, serving
from comity.node.ledger import Ledger
from comity.node.repeating import Once
from comity.node.saying import Draft, Said
from comity.storage.group import Failed

__all__ = ["Draft", "Failed", "Once", "Record", "Said"]


class Record(Ledger):
    """The verbs of a mechanism's record, each of them whole: on disk when it returns, or nothing was changed."""

    def say(self, draft: Draft, once: Once | None = None) -> Said:
        """Say an act: checked by the rules, on disk when this returns. Raises `Refused` or `Unavailable`.

        With `once`, what was said under that key before is given back, and nothing is said again.
        """
        said: Said = self.write(lambda: repeating.say(self, draft, once))
        return said

    def say_each(self, drafts: Sequence[tuple[Draft, Once | None]]) -> list[Said | Failed]:
        """Say several acts of several speakers, each as `say` would; what failed gives `Failed`."""
        return self.write_each([partial(repeating.say, self, draft, once) for draft, once in drafts])

    def said_before(self, once: Once) -> Said | None:
        """What was said under that key. Raises `Refused` where it was another thing."""
        with self.reading():
            return repeating.said(self, once)

    def check_draft(self, draft: Draft) -> Act:
        """The act as it would be said now, if the rules allow it. Raises `Refused`; says nothing."""
        with self.reading():
            return saying.check(self, draft)

    def receive(self, page: Page) -> int:
        """Take in a page of another party's log; returns how many new acts it brought.

        Everything is proved first and stored in one transaction. Raises `Malformed` or `Refused` (nothing was stored)
        or `Broken` (nothing was stored; if the author's own signatures show a fault, its log is frozen with the proof).
        """
        return receiving.receive(self, page)

    def told(self, party: str, note: Note | None) -> int:
        """What another party holds of our own log (None: nothing). Returns the size to fetch back, or 0."""
        return restoring.told(self, party, note)

    def restored(self) -> None:
        """Be silent until every other party has told what it holds of our log (law 10)."""
        self.write(lambda: restoring.be_silent(self))

    def head(self) -> Note:
        """Our log's head, signed: the newest one if nothing has happened since, else a new one."""
        note: Note = self.write(lambda: saying.head(self))
        self.leaves(note)
        return note

    def heads(self) -> dict[str, Note]:
        """The newest signed head of every log that is held, our own (signed now if need be) among them."""
        return serving.heads(self)

    def held(self, party: str) -> tuple[int, int]:
        """How many acts of a log are stored, and the size of the newest signed head that we have for it."""
        return serving.held(self, party)

    def page(self, party: str, start: int, since: int, limit: int = serving.PAGE_BYTES) -> Page:
        """What follows act `start` of a log, for a peer that holds a signed head of size `since`."""
        return serving.page(self, party, start, since, limit)
