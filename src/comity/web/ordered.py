"""What a form orders to be said: its texts as data, with what stands beside the content.

    ordered(visit, asked, form)
    ->  Ordered(trial=Order("meeting.convened/1", {"body": "joint", ...}, trial=True), order=Order(...), data={...})
    ->  [Fault("round", "fault.number", {"typed": "four"})]             where something cannot be read

Fields of the content that need not be filled in are *lent*: the record, the calendar or a file gives them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from typing import Any, NamedTuple

import msgspec

from comity.chapters.commitments.acts import Basis
from comity.core.errors import ComityError
from comity.desk import due as counting
from comity.desk.drafting import KEYED, WITH_TERMS, Order
from comity.desk.due import Period
from comity.desk.fields import fields
from comity.node import workdays
from comity.node.keystore import SealingKey, SigningKey
from comity.node.workdays import Announced
from comity.web import exhibits
from comity.web.asked import Asked
from comity.web.filled import Fault, missing, read
from comity.web.form import Form
from comity.web.visit import Visit

__all__ = ["ANNOUNCED", "Ordered", "lent", "ordered"]

ANNOUNCED = ("closed", "worked")
"""What governments announce, which no calendar knows: `_closed.IRQ` and `_worked.IRQ` hold days of a party."""

_MOST_DAYS = 400  # that one party may have announced


class Ordered(NamedTuple):
    """What is to be said: as it is tried, as it is said, and the content as it was typed."""

    trial: Order
    order: Order
    data: Mapping[str, Any]


def ordered(visit: Visit, asked: Asked, form: Form) -> Ordered | Sequence[Fault]:
    """What is asked to be said, or all that is wrong with it."""
    kind = asked.kind
    known = [field for field in fields(kind.body) if field.name not in exhibits.HIDDEN.get(kind.name, ())]
    data, found = read(known, form, visit.house.zone)
    faults = [*found, *_lacking(asked)]
    period = Period()
    if kind.name in WITH_TERMS:
        period = _period(visit, form, faults)
        _settle_due(data, period)
    if kind.read is None or not any(one.name for one in form.files.get("_files", ())):
        faults += [one for one in missing(known, data) if not _is_lent(asked, one.name, data)]
    if faults:
        return faults
    order = Order(
        kind.name, exhibits.completed(visit, kind.name, data, asked.answers), asked.docket, asked.answers,
        asked.mandate, asked.office, form.text("_sign_with")[:100] if kind.signed else "",
        [(one.name, one.body) for one in form.files.get("_files", ()) if one.name], period,
        new_key=bool(form.text("_new_key")) and kind.name in KEYED, clock_checked=bool(form.text("_clock_checked")),
    )  # fmt: skip
    return Ordered(_trial(order), order, data)


def _trial(order: Order) -> Order:
    """The same, for the rules to look at; a key that is to be made is one that is kept nowhere."""
    tried = msgspec.structs.replace(order, trial=True, new_key=False)
    if not order.new_key:
        return tried
    key = SealingKey.generate() if order.fields.get("use") == "sealing" else SigningKey.generate()
    return msgspec.structs.replace(tried, fields={**order.fields, "key": key.public})


def _lacking(asked: Asked) -> list[Fault]:
    """A fault for each thing beside the content that must be there."""
    kind = asked.kind
    needed = {
        "_office": not asked.office,
        "_answers": len(asked.answers) < kind.answers[0],
        "_mandate": kind.mandated and kind.opens and not asked.mandate,
        "_docket": not kind.opens and asked.docket is None,
    }
    return [Fault(name, "fault.missing") for name, lacks in needed.items() if lacks]


# ------------------------------------------------------------------------------------------- what is lent


def lent(asked: Asked) -> frozenset[str]:
    """Fields that need not be filled in, though an act needs them: the record or the calendar gives them."""
    kind = asked.kind
    found = {"media_type", "name"} if kind.name in exhibits.HIDDEN else set()
    if kind.fill is not None:
        found |= {field.name for field in fields(kind.body)}
    if kind.name in KEYED or kind.name == "charter.powers_issued/1":
        found.add("key")
    if kind.name in WITH_TERMS:
        found.add("terms.due")
    if kind.name == "committee.report_proposed/1":
        found |= {"digest", "at"}
    return frozenset(found)


def _is_lent(asked: Asked, name: str, data: Mapping[str, Any]) -> bool:
    known = lent(asked)
    return any(name == one or name.startswith(f"{one}.") for one in known) and not (
        asked.kind.fill is not None and name.partition(".")[0] in data and name not in known
    )


# ------------------------------------------------------------------------------------- a day to be counted


def _period(visit: Visit, form: Form, faults: list[Fault]) -> Period:
    closed, worked = (_announced(visit, form, name, faults) for name in ANNOUNCED)
    typed, start = form.text("_days").strip(), form.text("_start").strip()
    known = Period(closed=closed, worked=worked)
    if not typed:
        return known
    if not (typed.isascii() and typed.isdecimal()) or not int(typed[:18]):
        faults.append(Fault("_days", "fault.number", {"typed": typed[:20]}))
        return known
    if int(typed[:18]) > workdays.MOST:
        faults.append(Fault("_days", "fault.large", {"typed": typed[:18], "most": workdays.MOST}))
        return known
    try:
        return known._replace(days=int(typed), start=date.fromisoformat(start) if start else None)
    except ValueError:
        faults.append(Fault("_start", "fault.day", {"typed": start[:20]}))
        return known


def _announced(visit: Visit, form: Form, name: str, faults: list[Fault]) -> frozenset[tuple[str, date]]:
    """The days that were typed for each party, several in a line or one a line."""
    found = set()
    for party in visit.record.parties:
        at = f"_{name}.{party}"
        days = form.text(at).replace(",", " ").replace("\u060c", " ").split()
        if len(days) > _MOST_DAYS:
            faults.append(Fault(at, "fault.too_much"))
        for day in days[:_MOST_DAYS]:
            try:
                found.add((party, date.fromisoformat(day)))
            except ValueError:
                faults.append(Fault(at, "fault.day", {"typed": day[:20]}))
                break
    return frozenset(found)


def _settle_due(data: Mapping[str, Any], period: Period) -> None:
    """A day to be counted takes the place of one that was typed; a typed one, of how another was counted."""
    terms = data.get("terms")
    if not isinstance(terms, dict) or not isinstance(terms.get("due"), dict):
        return
    due = terms["due"]
    if period.days is not None:
        del terms["due"]
    elif due.get("on") and isinstance(due.get("basis"), Mapping):
        said = Announced(period.closed, period.worked)
        with suppress(ComityError, msgspec.ValidationError):
            basis = msgspec.convert(due["basis"], Basis, strict=False)
            if counting.count(basis, said).on.isoformat() != due["on"]:
                del due["basis"]
