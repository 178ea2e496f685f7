"""Why a form comes back: what went wrong beside the field that it is about, in the reader's language.

trouble(visit, asked, Refused("office_not_yours", office="mfa", held="registry"))
->  Trouble(told=[("_office", "Not done: you do not hold the office mfa. ...")], status=409)
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from comity.core.errors import Broken, Malformed, Refused, Unavailable
from comity.desk import reasons, wording
from comity.desk.fields import fields
from comity.web.asked import Asked
from comity.web.filled import Fault
from comity.web.visit import Visit

__all__ = ["NONE", "Trouble", "trouble"]


class Trouble(NamedTuple):
    """Why a form comes back: faults beside fields, sentences about the whole, and the status of the page."""

    faults: Sequence[Fault] = ()
    told: Sequence[tuple[str, str]] = ()
    status: int = 200

    def at(self, name: str) -> str:
        """What is told beside a field; "" where nothing is."""
        return next((said for at, said in self.told if at == name), "")


NONE = Trouble()
"""Nothing is wrong."""


_BESIDE = (
    ("passphrase_", "_passphrase"), ("sign_in_often", "_passphrase"), ("evidence_empty", "_file"),
    ("evidence_too_large", "_file"), ("evidence_changing", "_file"), ("office_keyless", "_sign_with"),
    ("office_", "_office"), ("answers_", "_answers"), ("mandate_", "_mandate"), ("docket_missing", "_docket"),
    ("due_", "terms.due.on"), ("clock_went_back", "_clock_checked"),
)  # fmt: skip
_REASONS = (
    ("needed and was not given", "fault.missing"), ("missing required", "fault.missing"),
    ("`object` of length >=", "fault.missing"), ("`array` of length >=", "fault.missing"),
    ("`str` of length >=", "fault.missing"), ("of length <=", "fault.too_much"), ("unknown field", "fault.unknown"),
    ("nvalid enum", "fault.choice_other"), ("matching regex", "fault.form"), ("Expected `int`", "fault.number_other"),
    ("nvalid RFC3339", "fault.date_other"), ("nvalid ISO8601", "fault.date_other"),
)  # fmt: skip


def trouble(visit: Visit, asked: Asked, error: Exception) -> Trouble:
    """An error as the form tells it: beside a field where it is about one."""
    if isinstance(error, Malformed):
        at = re.sub(r"\[\.\.\.\]", "", re.sub(r"\[([0-9]+)\]", r".\1", error.at))
        if at == "_file":
            return Trouble(told=[("_file", str(visit.say("fault.missing")))], status=422)
        known = {field.name for field in fields(asked.kind.body)}
        if asked.kind.read is not None and not _input_at(known, at):
            where = (reasons.thing(visit.words, error.thing), reasons.place(visit.words, error.at))
            why = reasons.said(visit.words, error.why)
            told = visit.say("fault.file", where=" ".join(filter(None, where)), why=why)
            return Trouble(told=[("_files", str(told))], status=422)
        key = next((key for sign, key in _REASONS if sign in error.why), "fault.unsound")
        return Trouble([Fault(_input_at(known, at), key)], status=422)
    told_ = wording.sentence(visit.words, error, asked.chapter.name)
    if isinstance(error, Refused):
        name = next((name for code, name in _BESIDE if error.code.startswith(code)), "")
        return Trouble(told=[(name, told_)], status=409)
    status = 503 if isinstance(error, Unavailable | OSError) else 500 if isinstance(error, Broken) else 422
    return Trouble(told=[("", told_)], status=status)


def _input_at(known: Collection[str], at: str) -> str:
    """The name of the input that a path leads to, or of the nearest that holds it; "" for none."""
    return at if at.partition(".")[0] in known else ""
