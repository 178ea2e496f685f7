"""What a person need not type, where a chapter cannot know it: keys of offices, names that a mandate gives.

comity charter fill-office --office defence --new-key      makes the key and says it
comity charter issue-powers --office defence --instrument TUR/4      takes the key that the office signs with
comity committees propose-report --docket TUR/12 --since ... --until ...   makes the report and says its hash
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import click

from comity.cli import fields
from comity.cli.session import Session
from comity.cli.spoken import Option
from comity.core.act import Ref
from comity.core.chapter import Kind
from comity.core.errors import Refused
from comity.core.keys import ED25519, SEALING, key_id
from comity.node import asking
from comity.node.record import Record

__all__ = ["complete", "more_options"]

_WITH_TERMS = ("commitment.proposed/1", "commitment.terms_proposed/1")
_KEYED = ("charter.office_filled/1", "charter.key_added/1")


def more_options(kind: Kind) -> list[click.Parameter]:
    """Options of a verb beside those of its content."""
    if kind.name in _WITH_TERMS:
        from comity.cli import due

        return due.options()
    return [Option(["--new-key"], is_flag=True)] if kind.name in _KEYED else []


def complete(
    session: Session,
    record: Record,
    kind: Kind,
    given: dict[str, Any],
    values: Mapping[str, Any],
    mandate: str,
) -> dict[str, Any]:
    """The fields with what follows from the record. What was typed is never changed, but for a short name of a key."""
    match kind.name:
        case "charter.office_filled/1" | "charter.key_added/1" if (
            values.get("new_key") and not values["dry_run"]
        ):
            use = SEALING if given.get("use") == "sealing" else ED25519
            return {**given, "key": session.node.keys.make(use).public}
        case "charter.powers_issued/1" if "key" not in given:
            return {**given, **_office_key(record, str(given.get("office", "")))}
        case "charter.key_revoked/1":
            record.head()  # the last head that this key signs, so that its acts stay provable
            return {**given, **_whole_key(record, str(given.get("key", "")))}
        case "meeting.convened/1" | "committee.constituted/1":
            return {**_of_body(record, kind, mandate, str(given.get("body", ""))), **given}
        case "commitment.proposed/1" | "commitment.terms_proposed/1":
            from comity.cli import due

            return due.complete(session, record, given, values, mandate)
        case "commitment.accepted/1":
            _notice(session, record, values["answers"])
        case "committee.report_proposed/1":
            return {**given, **_report(record, kind, given, values)}
        case "committee.report_accepted/1":
            _require_same(record, values["answers"])
    return given


def _notice(session: Session, record: Record, answers: Sequence[Ref]) -> None:
    """Tell whoever accepts terms that the calendars here count their due day otherwise."""
    from comity.cli import due

    for answered in answers:
        with suppress(Refused):  # the rules will say what is wrong with it
            terms = getattr(asking.act_of(record, answered).body, "terms", None)
            told = due.notice(session, terms.due) if terms is not None else ""
            if told:
                print(told, file=sys.stderr)


def _report(
    record: Record, kind: Kind, given: Mapping[str, Any], values: Mapping[str, Any]
) -> dict[str, Any]:
    """A report's hash and cut, as this node makes it. A hash that was typed must be the one that it makes."""
    from comity.node import report

    docket = values.get("docket") or next(iter(values["answers"]), None)
    if docket is None:
        return {}  # told as a usage error before anything is said
    asked: Any = fields.build(kind.body, {"digest": "0" * 64, "at": {}, **given}, "committees propose-report")
    opened = Ref.parse(asking.show(record, docket)["docket"])
    made = report.proposal(record, opened, asked.since, asked.until, asked.at or None)
    if given.get("digest", made["digest"]) != made["digest"]:
        raise Refused("report_not_ours", typed=given["digest"], ours=made["digest"])
    return made


def _require_same(record: Record, answers: Sequence[Ref]) -> None:
    """Nobody says yes to a report that this node does not get itself."""
    from comity.node import report

    for answered in answers:
        report.require_same(record, answered)


def _office_key(record: Record, office: str) -> dict[str, str]:
    with record.reading():
        held = record.folds.offices(record.party, record.ready).get(office)
    return {"key": held.key} if held is not None and held.key else {}


def _whole_key(record: Record, named: str) -> dict[str, str]:
    """A key may be named by its identifier."""
    with record.reading():
        half = record.folds.half(record.party, record.ready)
    return (
        {"key": next((held.key for held in half.keys if key_id(held.key) == named), named)} if named else {}
    )


def _of_body(record: Record, kind: Kind, mandate: str, body: str) -> dict[str, Any]:
    """The body's names, and its numbers of seats where the kind asks for them, as the mandate gives them."""
    with record.reading():
        found = record.folds.mandate(mandate, record.ready) if mandate else None
    terms = next((terms for terms in found.bodies if terms.id == body), None) if found else None
    told = {"names": dict(terms.names), "seats": dict(terms.seats)} if terms else {}
    return {name: value for name, value in told.items() if value and name in kind.body.__struct_fields__}
