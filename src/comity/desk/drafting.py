"""From what somebody asks to have said to the whole act: what was left out is completed, and who speaks is checked.

    order = Order("meeting.date_accepted/1", answers=(Ref("TUR", 9),))
    drafted = draft(record, order, Speaker(keys, Words("en"), today, offices=frozenset({"mfa"})))
    record.say(drafted.draft)

Completed is only what can be meant in one way: the docket of the act that is answered, the mandate of the docket, the
one office that the speaker holds, the key of an office, the names that a mandate gives, a due day that can be counted.
The rules judge the whole when it is said. A speaker says what the offices that they hold may say, and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol

import msgspec

from comity.core import charter as charters
from comity.core.act import Ref
from comity.core.chapter import Kind
from comity.core.errors import Refused
from comity.core.keys import ED25519, SEALING, Signer, key_id
from comity.desk import due
from comity.desk.due import Notice, Period
from comity.desk.fields import build
from comity.node import report, showing
from comity.node.record import Draft, Record
from comity.words import Words

__all__ = ["KEYED", "WITH_TERMS", "Drafted", "Keys", "Order", "Speaker", "draft", "may_speak", "speaking"]

WITH_TERMS = ("commitment.proposed/1", "commitment.terms_proposed/1")
"""What has terms, whose due day can be counted."""

KEYED = ("charter.office_filled/1", "charter.key_added/1")
"""What says a key, which can be made for it."""


class Keys(Protocol):
    """Where private keys are: a `KeyStore`, or one that asks for an officer's passphrase."""

    def signer(self, public: str) -> Signer:
        """What signs with the key whose public half this is. Raises `Unavailable` or `Refused`."""

    def make(self, kind: str) -> Any:
        """A fresh key of that type; its `public` half is what is said."""


class Speaker(NamedTuple):
    """Who speaks. `offices` are those they hold; None: whoever has the node's folder, who may speak for each."""

    keys: Keys
    words: Words
    today: date
    offices: frozenset[str] | None = None


class Order(msgspec.Struct, frozen=True):
    """What somebody asks to have said. What is left out is completed where only one thing can be meant.

    fields: the content as plain data. files: (name, bytes) from which the kind reads fields. sign_with: the office,
    the key or the key's identifier that signs, where it is not the speaking office. period: for terms of a commitment.
    new_key: make the key that is said. trial: nothing will be said, so nothing is made.
    """

    kind: str
    fields: Mapping[str, Any] = {}
    docket: Ref | None = None
    answers: tuple[Ref, ...] = ()
    mandate: str = ""
    office: str = ""
    sign_with: str = ""
    files: Sequence[tuple[str, bytes]] = ()
    period: Period = Period()
    new_key: bool = False
    trial: bool = False
    time: datetime | None = None
    clock_checked: bool = False


class Drafted(NamedTuple):
    """The whole act, and what the speaker should know beside it."""

    draft: Draft
    notices: Sequence[Notice]


def draft(record: Record, order: Order, speaker: Speaker) -> Drafted:
    """The whole act as it would be said. Raises `Refused`, `Malformed` or `Unavailable`."""
    kind = record.folds.kind(order.kind)
    if kind is None or order.kind == "charter.accepted/1":
        raise Refused("kind_unknown", kind=order.kind)
    docket = _docket(record, kind, order)
    mandate = order.mandate or _mandate(record, kind, docket)
    office = order.office or _office(record, kind, order.sign_with, speaker)
    require_held(office, speaker)
    given: dict[str, Any] = {}
    if kind.read is not None and order.files:
        given = dict(kind.read(order.files))
    given, notices = _complete(record, kind, given | dict(order.fields), order, mandate, speaker)
    if kind.fill is not None and docket is not None:
        with record.reading():
            if record.folds.fold(docket).chapter.kind(kind.name) is None:  # a docket of another chapter
                raise Refused("kind_unknown", kind=kind.name)
            given = dict(kind.fill(record.folds.view(docket), given, order.answers))
    body = build(kind.body, given, kind.name)
    signer = _signer(record, order.sign_with or office, speaker) if kind.signed else None
    whole = Draft(
        kind.name,
        body,
        office,
        docket,
        order.answers,
        mandate,
        signer,
        order.time,
        clock_checked=order.clock_checked,
    )
    return Drafted(whole, notices)


# ---------------------------------------------------------------------------------------- who speaks


def speaking(record: Record, speaker: Speaker) -> list[str]:
    """The offices of this node's party that are filled and that the speaker holds, root last."""
    with record.reading():
        filled = record.folds.offices(record.party, record.ready)
    held = [name for name in sorted(filled) if speaker.offices is None or name in speaker.offices]
    return sorted(held, key=lambda name: name == charters.ROOT)


def may_speak(kind: Kind, office: str) -> bool:
    """Whether acts of this kind are for that office: the charter's are root's, all others are not."""
    return (office == charters.ROOT) == kind.name.startswith("charter.")


def require_held(office: str, speaker: Speaker) -> None:
    """Raise `Refused` unless the speaker holds the office."""
    if speaker.offices is not None and office not in speaker.offices:
        raise Refused("office_not_yours", office=office, held=", ".join(sorted(speaker.offices)) or "—")


def _office(record: Record, kind: Kind, sign_with: str, speaker: Speaker) -> str:
    """The office that speaks where none was named: the signing one, or the only one that can be meant."""
    if kind.name.startswith("charter."):
        return charters.ROOT
    usable = [name for name in speaking(record, speaker) if name != charters.ROOT]
    if sign_with in usable:
        return sign_with
    if len(usable) == 1:
        return usable[0]
    raise Refused("office_which", known=", ".join(usable) or "—")


def _signer(record: Record, named: str, speaker: Speaker) -> Signer:
    """The private key of an office, or the one named by itself or its identifier. Raises `Refused`, `Unavailable`."""
    with record.reading():
        offices = record.folds.offices(record.party, record.ready)
    by_key = {office.key: name for name, office in offices.items() if office.key}
    by_id = {key_id(key): key for key in by_key}
    if named in offices:
        require_held(named, speaker)
        if not offices[named].key:
            raise Refused("office_keyless", office=named)
        return speaker.keys.signer(offices[named].key)
    key = named if ":" in named else by_id.get(named)
    if key is None:
        raise Refused("key_which", key=named, known=", ".join(sorted(offices)))
    if speaker.offices is not None:  # a person signs with the key of an office that they hold
        require_held(by_key.get(key, key_id(key)), speaker)
    return speaker.keys.signer(key)


# ------------------------------------------------------------------------------------- what it is about


def _docket(record: Record, kind: Kind, order: Order) -> Ref | None:
    """The docket that was named, by its first act or any other, or that of the act that is answered."""
    if kind.opens:
        return None
    if kind.name.startswith("charter."):
        return Ref(record.party, 0)
    known = order.docket or (order.answers[0] if order.answers else None)
    if known is None:
        raise Refused("docket_missing", kind=kind.name)
    return showing.docket_of(record, known)


def _mandate(record: Record, kind: Kind, docket: Ref | None) -> str:
    """What the docket was opened under, if the kind needs a mandate."""
    return showing.leaf_of(record, docket).mandate if kind.mandated and docket is not None else ""


# ---------------------------------------------------------------------------------- completing its content


def _complete(
    record: Record, kind: Kind, given: dict[str, Any], order: Order, mandate: str, speaker: Speaker
) -> tuple[dict[str, Any], Sequence[Notice]]:
    """The fields with what follows from the record. What was given is never changed, but for a short name of a key."""
    match kind.name:
        case name if name in KEYED and order.new_key and not order.trial:
            build(
                kind.body, {**given, "key": f"{ED25519}:"}, kind.name
            )  # no key is made for what cannot be said
            use = SEALING if given.get("use") == "sealing" else ED25519
            return {**given, "key": speaker.keys.make(use).public}, ()
        case "charter.powers_issued/1" if "key" not in given:
            return {**given, **_office_key(record, str(given.get("office", "")))}, ()
        case "charter.key_revoked/1":
            if not order.trial:
                record.head()  # the last head that this key signs, so that its acts stay provable
            return {**given, **_whole_key(record, str(given.get("key", "")))}, ()
        case "meeting.convened/1" | "committee.constituted/1":
            return {**_of_body(record, kind, mandate, str(given.get("body", ""))), **given}, ()
        case name if name in WITH_TERMS:
            return due.counted(record, given, order.period, mandate, speaker.today, speaker.words)
        case "commitment.accepted/1":
            return given, _notices(record, order.answers)
        case "committee.report_proposed/1":
            return {**given, **_report(record, kind, given, order)}, ()
        case "committee.report_accepted/1":
            for answered in order.answers:  # nobody says yes to a report that this node does not get itself
                report.require_same(record, answered)
    return given, ()


def _notices(record: Record, answers: Sequence[Ref]) -> list[Notice]:
    """For whoever accepts terms: that the calendars here count their due day otherwise."""
    found = []
    for answered in answers:
        with suppress(Refused):  # the rules will say what is wrong with it
            terms = getattr(showing.act_of(record, answered).body, "terms", None)
            found.append(due.notice(terms.due) if terms is not None else None)
    return [one for one in found if one is not None]


def _report(record: Record, kind: Kind, given: Mapping[str, Any], order: Order) -> dict[str, Any]:
    """A report's hash and cut, as this node makes it. A hash that was given must be the one that it makes."""
    named = order.docket or next(iter(order.answers), None)
    if named is None:
        raise Refused("docket_missing", kind=kind.name)
    asked: Any = build(kind.body, {"digest": "0" * 64, "at": {}, **given}, kind.name)
    opened = showing.docket_of(record, named)
    made = report.proposal(record, opened, asked.since, asked.until, asked.at or None)
    if given.get("digest", made["digest"]) != made["digest"]:
        raise Refused("report_not_ours", typed=given["digest"], ours=made["digest"])
    return made


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
