"""One act that a program asks to have said: drafted for the office of its token, and what is answered for it.

    POST /api/v1/acts/meetings/accept-date       {"answers":["TUR/9"]}
    201  Location: /api/v1/acts/IRQ/6            {"ref":"IRQ/6","standing":"said", ...}

How many of them are said together: `comity.api.queue`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from comity.api.asked import Asked
from comity.api.keys import KeysAt
from comity.api.request import Request, order_of
from comity.core.act import Ref
from comity.core.chapter import Kind
from comity.core.errors import Malformed, Refused
from comity.desk.answers import Notice
from comity.desk.drafting import Drafted, Speaker, draft
from comity.desk.exhibits import HIDDEN, RELEASED, about_file, completed
from comity.node import evidence, showing
from comity.node.record import Draft, Once, Said
from comity.node.repeating import once

__all__ = ["Saying", "key_of"]


class Saying(NamedTuple):
    """One act to be said, for one asker."""

    asked: Asked
    kind: Kind
    request: Request
    passphrase: str
    address: str
    once: Once | None

    @property
    def slow(self) -> bool:
        """Whether to draft it takes long."""
        return bool(self.kind.signed or self.request.files or self.by_file)

    @property
    def by_file(self) -> bool:
        """Whether the act is said with a file beside the record, and so by itself."""
        return self.kind.name in HIDDEN

    def drafted(self, *, trial: bool = False) -> Drafted:
        """The whole act. Raises the four errors."""
        asked = self.asked
        office = asked.token.office
        order = order_of(self.kind, self.request, office, trial=trial)
        if self.by_file:
            fields = completed(asked.record, self.kind.name, order.fields, order.answers)
            order = msgspec.structs.replace(order, fields=fields)
        ring = asked.house.accounts.ring(
            asked.token.person, asked.house.node.keys, self.passphrase, self.address
        )
        speaker = Speaker(KeysAt(ring), asked.words, asked.house.today(), frozenset((office,)))
        return draft(asked.record, order, speaker)

    def before(self) -> tuple[Ref, bytes] | None:
        """The answer for what was said under the same key before. Raises `Refused` where it was something else."""
        if self.once is None:
            return None
        said = self.asked.record.said_before(self.once)
        return None if said is None else (said.ref, self.answer(said.ref))

    def told(self, said: Said, size: int, notices: Sequence[Any]) -> tuple[Ref, bytes]:
        """The answer. What has a number below `size` was said before, under the same key."""
        if said.ref.number < size:
            return said.ref, self.answer(said.ref)
        told = showing.just_said(said.act) | {"notices": self._notices(notices)}
        return said.ref, msgspec.json.encode(told)

    def said_with_file(self) -> tuple[Ref, bytes]:
        """Say an act of evidence: the file is kept, or put into the record, with it. Raises the four errors."""
        try:
            draft = self.drafted().draft
            self.asked.record.check_draft(draft)
            said = self._with_file(draft)
        except Refused:  # the same request may have been faster: then what it said is the answer
            before = self.before()
            if before is None:
                raise
            return before
        return said.ref, self.answer(said.ref)

    def _with_file(self, draft: Draft, *, trial: bool = False) -> Any:
        record, uploads, name = self.asked.record, self.asked.uploads, self.request.file
        withheld, token = self.asked.house.node.withheld(record), self.asked.token.id
        if self.kind.name == RELEASED:
            given = (
                record,
                withheld,
                draft.answers[0],
                draft.body.name,
                msgspec.structs.replace(draft, body=None),
            )
            return evidence.try_release(*given) if trial else evidence.release(*given, self.once)
        try:
            with uploads.opened(token, name) as path:
                if trial:
                    return evidence.try_file(record, withheld, path, about_file(draft))
                said = evidence.record_file(record, withheld, path, about_file(draft), once=self.once)
        except Refused as error:
            if "file" in error.facts:  # as its sender calls it
                error.facts["file"] = name
            raise
        uploads.drop(token, name)
        return said

    def answer(self, ref: Ref) -> bytes:
        """What is answered for an act that was said already."""
        return msgspec.json.encode({**showing.show(self.asked.record, ref), "notices": []})

    def check(self) -> bytes:
        """What a dry run answers. Raises the four errors."""
        drafted = self.drafted(trial=True)
        self.asked.record.check_draft(drafted.draft)
        if self.by_file:
            self._with_file(drafted.draft, trial=True)
        notices = self._notices(drafted.notices)
        return msgspec.json.encode({"allowed": True, "kind": self.kind.name, "notices": notices})

    def _notices(self, notices: Sequence[Any]) -> list[Notice]:
        words = self.asked.words
        return [
            Notice(one.key.rpartition(".")[2], dict(one.facts), words.say(one.key, "cli", **one.facts))
            for one in notices
        ]


def key_of(asked: Asked, header: str, raw: bytes) -> Once | None:
    """The key of an `Idempotency-Key` header: its token's own, for these bytes on this path. Raises `Malformed`."""
    if not header:
        return None
    if not 1 <= len(header) <= 200 or not header.isprintable():
        raise Malformed("Idempotency-Key", "is not 1 to 200 printable characters")
    return once(f"token {asked.token.id}", header, asked.path.encode() + b"\n" + raw)
