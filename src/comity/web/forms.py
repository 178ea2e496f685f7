"""The form of an act, made from its definition: filled in, judged, confirmed, said once.

    GET  /m/3f2a91c07b1e/say/meetings/propose-date/TUR/4         the form
    POST ... _do=check     its content judged by the rules: a page that states what would be said, and that it is final
    POST ... _do=say       said, once for each form however often the button is pressed; leads to the docket

What is refused comes back with all that was typed, and what is wrong beside its field. Passphrases and files are asked
for on the last page alone and never shown again. Fields whose names begin with `_` are the form's own.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from contextlib import nullcontext, suppress
from datetime import date
from threading import Lock
from typing import Any, NamedTuple

import msgspec

from comity.chapters.commitments.acts import Basis
from comity.core import canonical
from comity.core.act import LANGUAGES
from comity.core.chapter import Kind
from comity.core.errors import Broken, ComityError, Malformed, Refused, Unavailable
from comity.desk import due as counting
from comity.desk import reasons, wording
from comity.desk.drafting import Drafted, Keys, Order, draft
from comity.desk.due import Period
from comity.desk.fields import Field, fields
from comity.node import saying
from comity.node.keystore import SealingKey, SigningKey
from comity.node.record import Draft, Once, Said
from comity.node.repeating import once
from comity.web import exhibits, keeping
from comity.web.asked import Asked, asked_of, mandates, moved_on, seen_now, to_answer
from comity.web.content import laid_out
from comity.web.docket import act_shown, verb_words
from comity.web.filled import Fault, missing, numbered, read, texts, tidied
from comity.web.form import Form
from comity.web.inputs import Inputs, fault_words
from comity.web.labels import label, sentence_case
from comity.web.offers import UnsignedKeys
from comity.web.page import Page
from comity.web.text import Typed
from comity.web.visit import Answer, Visit

__all__ = ["PAGES", "opened", "sent"]

_WITH_TERMS = ("commitment.proposed/1", "commitment.terms_proposed/1")
_KEYED = ("charter.office_filled/1", "charter.key_added/1")
_OWN = {
    "_office": "say.office",
    "_answers": "say.answers",
    "_docket": "say.docket",
    "_mandate": "say.mandate",
    "_days": "say.days",
    "_start": "say.start",
}
_FOLLOWING = ("version", "matter", "among", "choices")  # from what is answered, or is on the table
_making = Lock()


class Trouble(NamedTuple):
    """Why a form comes back: faults beside fields, sentences about the whole, and the status of the page."""

    faults: Sequence[Fault] = ()
    told: Sequence[tuple[str, str]] = ()
    status: int = 200


_NONE = Trouble()

# ------------------------------------------------------------------------------------------- the form


def opened(visit: Visit) -> Answer:
    """The form as it is opened: with what was kept of it, or what the record gives."""
    asked = asked_of(visit)
    path = asked.path(visit.root)
    form = keeping.kept(visit, path)
    if form is not None:
        return _form(visit, asked, form, notice="say.kept_back")
    return _form(visit, asked, Form(_given(visit, asked)))


def _given(visit: Visit, asked: Asked) -> dict[str, list[str]]:
    """What the docket gives for the fields: the terms that are changed, the text that is accepted."""
    kind, known = asked.kind, fields(asked.kind.body)
    found: dict[str, Any] = {}
    if kind.fill is not None and asked.docket is not None:
        with suppress(ComityError), visit.record.reading():
            # Of a group, what is left out is filled in where there is a group at all.
            begun: dict[str, Any] = {
                field.name: {} for field in known if field.sort == "group" and field.needed
            }
            found = dict(kind.fill(visit.record.folds.view(asked.docket), begun, asked.answers))
    linked = {  # a page that links here may name one of the act's own words: the bracket, the body
        field.name: [visit.query(field.name)[:200]]
        for field in known
        if field.sort in ("text", "choice") and visit.query(field.name)
    }
    return {**texts(known, msgspec.to_builtins(found)), **linked}


def _form(visit: Visit, asked: Asked, form: Form, trouble: Trouble = _NONE, notice: str = "") -> Answer:
    kind, words = asked.kind, visit.words
    hidden = _hidden(kind)
    lent = _lent(asked)
    focus = form.text("_focus")
    listed, named = mandates(visit) if kind.mandated and kind.opens else ([], [])
    if listed and asked.mandate and all(asked.mandate != one for one, _ in listed):
        listed.append((asked.mandate, asked.mandate))
    made = Inputs(visit, asked.chapter.name, form, trouble.faults, hidden, lent, focus, {"body": named})
    inputs = made.of(fields(kind.body))
    faults: dict[str, str] = {}
    for fault in trouble.faults:
        faults.setdefault(fault.name, fault_words(visit, fault))
    beside = {**faults, **{name: said for name, said in trouble.told if name}}
    told = [*trouble.told, *((name, _about(visit, asked, name, said)) for name, said in faults.items())]
    with visit.record.reading():
        offices = visit.record.folds.offices(visit.record.party, visit.record.ready)
    return visit.page(
        "say.html", trouble.status,
        title=verb_words(visit, asked.chapter.name, kind.verb),
        help=_more(visit, asked),
        action=asked.action(visit.root), errors=[(name, said) for name, said in told], faults=beside, inputs=inputs,
        docket=str(asked.docket) if asked.docket is not None and not asked.charter else "",
        asks_docket=not kind.opens and asked.docket is None,
        offices=[(name, visit.office(name)) for name in asked.offices], office=asked.office,
        answers=to_answer(visit, asked), answered=[str(one) for one in asked.answers],
        typed_answers=Typed(form.text("_answers")[:1000]),
        typed_docket=Typed(form.text("_docket")[:100]), answers_most=kind.answers[1],
        answers_least=kind.answers[0],
        mandates=listed, mandate=Typed(asked.mandate), asks_mandate=kind.mandated and kind.opens,
        reads=kind.read is not None, begun=bool(form.text("_focus")) or _typed(form),
        keyed=kind.name in _KEYED, new_key=bool(form.text("_new_key")),
        terms=kind.name in _WITH_TERMS, days=Typed(form.text("_days")[:6]), start=Typed(form.text("_start")[:10]),
        suggested={
            "refs": _refs(visit, asked), "body": named, "office": sorted((one, visit.office(one)) for one in offices),
            "chapter": [(one, visit.chapter(one)) for one in sorted(visit.record.chapters)], "bracket": [], "seat": [],
        },
        once=form.text("_once")[:80] or secrets.token_urlsafe(18), seen=form.text("_seen") or seen_now(visit),
        notice=visit.say(notice) if notice else "", back=visit.docket_at(asked.docket) if asked.docket else visit.root,
        words=words, exhibit=kind.name,
    )  # fmt: skip


def _typed(form: Form) -> bool:
    """Whether anything stands in the fields of the content."""
    return any(
        value.strip() for name, values in form.texts.items() if not name.startswith("_") for value in values
    )


def _more(visit: Visit, asked: Asked) -> str:
    """What the commands say of a verb after their first sentence."""
    key = f"verb.{asked.kind.verb}"
    place = asked.chapter.name if visit.words.has(key, asked.chapter.name) else "cli"
    return visit.words.say(key, place).partition(". ")[2]


def _about(visit: Visit, asked: Asked, name: str, said: str) -> str:
    """An error as the list on top has it: with the name of its field."""
    parts = [part for part in name.split(".") if not part.isdecimal() and part not in (*LANGUAGES, "zone")]
    if name in _OWN:
        return f"{visit.say(_OWN[name])}: {said}"
    if not parts or parts[-1].startswith("_"):
        return said
    return f"{label(visit.words, asked.chapter.name, parts[-1]).name}: {said}"


def _lent(asked: Asked) -> frozenset[str]:
    """Fields that need not be filled in, though an act needs them: the record or the calendar gives them."""
    kind = asked.kind
    found = {"media_type", "name"} if kind.name in exhibits.HIDDEN else set()
    if kind.fill is not None:
        found |= {field.name for field in fields(kind.body)}
    if kind.name in _KEYED or kind.name == "charter.powers_issued/1":
        found.add("key")
    if kind.name in _WITH_TERMS:
        found.add("terms.due")
    if kind.name == "committee.report_proposed/1":
        found |= {"digest", "at"}
    return frozenset(found)


def _hidden(kind: Kind) -> set[str]:
    """Fields that nobody types: the file gives them, the docket does, or the report itself."""
    found = set(exhibits.HIDDEN.get(kind.name, ()))
    if kind.name == "committee.report_proposed/1":
        found |= {"digest", "at"}
    if kind.fill is not None:
        found |= {
            one.name for one in fields(kind.body) if one.name in _FOLLOWING or "0-9a-f]{64}" in one.pattern
        }
    return found


def _refs(visit: Visit, asked: Asked) -> list[tuple[str, str]]:
    """What a reference could name: the newest acts of the docket, and the first dockets of what is usually cited."""
    record = visit.record
    found: list[tuple[str, str]] = []
    with record.reading():
        if asked.docket is not None and not asked.charter:
            acts = record.folds.view(asked.docket).acts[-30:]
            found += [(str(act.ref), wording.what(visit.words, record, act.kind)) for act in reversed(acts)]
        for name in ("instruments", "commitments", "meetings"):
            chapter = record.chapters.get(name)
            for ref in record.store.opened(chapter.noun, None, 20) if chapter is not None else ():
                if ref.number < record.ready.get(ref.party, 0):
                    title = wording.named(visit.words, chapter.title(record.folds.view(ref)))  # type: ignore[union-attr]
                    found.append((str(ref), title))
    return list(dict(reversed(found)).items())[::-1]


# --------------------------------------------------------------------------------------- what was sent


def sent(visit: Visit) -> Answer:
    """What a form sent: another line asked for, a draft kept, a content to be judged, or the last word."""
    asked, form = asked_of(visit), visit.form
    if "_add" in form.texts or "_remove" in form.texts:
        return _form(visit, asked, _changed(fields(asked.kind.body), form))
    done = (form.all("_do") or ["check"])[-1]
    if asked.wrong and done in ("check", "say"):
        return _form(visit, asked, form, Trouble(asked.wrong, status=422))
    match done:
        case "keep":
            try:
                keeping.keep(visit, asked.path(visit.root), form.texts)
            except Refused as error:
                return _form(visit, asked, form, _trouble(visit, asked, error))
            return _form(visit, asked, form, notice="say.kept")
        case "drop":
            keeping.drop(visit, asked.path(visit.root))
            return visit.go(asked.action(visit.root))
        case "edit":
            return _form(visit, asked, form)
        case "say":
            return _say(visit, asked, tidied(fields(asked.kind.body), form))
    return _check(visit, asked, tidied(fields(asked.kind.body), form))


def _changed(known: Sequence[Field], form: Form) -> Form:
    """The form with one more thing in a list, or one less."""
    texts_ = {name: list(values) for name, values in form.texts.items()}
    added, removed = form.text("_add"), form.text("_remove")
    texts_.pop("_add", None)
    texts_.pop("_remove", None)
    if added:
        at = max(numbered(form, added), default=-1) + 1
        texts_[f"{added}.{at}.{LANGUAGES[0]}"] = [
            ""
        ]  # an input that every thing has, or none: it makes the place
        texts_["_focus"] = [f"{added}.{at}."]
    elif removed:
        for name in [name for name in texts_ if name == removed or name.startswith(f"{removed}.")]:
            del texts_[name]
    return tidied(known, Form(texts_, form.files), empty=True)


def _order(
    visit: Visit, asked: Asked, form: Form, *, trial: bool
) -> tuple[Order | None, dict[str, Any], list[Fault]]:
    """What is asked to be said; what was typed as data; what is wrong with it."""
    kind = asked.kind
    known = [field for field in fields(kind.body) if field.name not in exhibits.HIDDEN.get(kind.name, ())]
    data, faults = read(known, form, visit.house.zone)
    faults = list(faults)
    if not asked.office:
        faults.append(Fault("_office", "fault.missing"))
    if len(asked.answers) < kind.answers[0]:
        faults.append(Fault("_answers", "fault.missing"))
    if kind.mandated and kind.opens and not asked.mandate:
        faults.append(Fault("_mandate", "fault.missing"))
    if not kind.opens and asked.docket is None:
        faults.append(Fault("_docket", "fault.missing"))
    period = Period()
    if kind.name in _WITH_TERMS:
        period = _period(form, faults)
        _settle_due(data, period)
    lacking = missing(known, data)
    if kind.read is None:
        faults += [one for one in lacking if not _is_lent(asked, one.name, data)]
    if faults:
        return None, data, faults
    new_key = bool(form.text("_new_key")) and kind.name in _KEYED
    order = Order(
        kind.name, exhibits.completed(visit, kind.name, data, asked.answers), asked.docket, asked.answers,
        asked.mandate, asked.office, files=[(one.name, one.body) for one in form.files.get("_files", ()) if one.name],
        period=period, new_key=new_key and not trial, trial=trial,
    )  # fmt: skip
    if new_key and trial:  # one that is kept nowhere, for the rules to look at
        key = SealingKey.generate() if data.get("use") == "sealing" else SigningKey.generate()
        order = msgspec.structs.replace(order, fields={**order.fields, "key": key.public})
    return order, data, []


def _is_lent(asked: Asked, name: str, data: Mapping[str, Any]) -> bool:
    lent = _lent(asked)
    return any(name == one or name.startswith(f"{one}.") for one in lent) and not (
        asked.kind.fill is not None and name.partition(".")[0] in data and name not in lent
    )


def _period(form: Form, faults: list[Fault]) -> Period:
    typed, start = form.text("_days").strip(), form.text("_start").strip()
    if not typed:
        return Period()
    if not (typed.isascii() and typed.isdecimal()) or not 0 < int(typed[:6]) <= 3660:
        faults.append(Fault("_days", "fault.number", {"typed": typed[:20]}))
        return Period()
    try:
        return Period(int(typed[:6]), date.fromisoformat(start) if start else None)
    except ValueError:
        faults.append(Fault("_start", "fault.day", {"typed": start[:20]}))
        return Period()


def _settle_due(data: Mapping[str, Any], period: Period) -> None:
    """A day to be counted takes the place of one that was typed; a typed one, of how another was counted."""
    terms = data.get("terms")
    if not isinstance(terms, dict) or not isinstance(terms.get("due"), dict):
        return
    due = terms["due"]
    if period.days is not None:
        del terms["due"]
    elif due.get("on") and isinstance(due.get("basis"), Mapping):
        with suppress(ComityError, msgspec.ValidationError):
            if counting.count(msgspec.convert(due["basis"], Basis, strict=False)).on.isoformat() != due["on"]:
                del due["basis"]


# ------------------------------------------------------------------------------------------- judged


def _check(visit: Visit, asked: Asked, form: Form) -> Answer:
    """Judge what was sent; nothing is said. The page that asks for the last word, or the form again."""
    try:
        order, _, faults = _order(visit, asked, form, trial=True)
        if order is None:
            return _form(visit, asked, form, Trouble(faults, status=422))
        with visit.record.reading():
            saying.may_sign(visit.record)
        drafted = _drafted(visit, order, UnsignedKeys())
        visit.record.check_draft(drafted.draft)
    except (ComityError, OSError) as error:
        return _form(visit, asked, form, _trouble(visit, asked, error))
    return _confirm(visit, asked, form, drafted)


def _drafted(visit: Visit, order: Order, keys: Keys) -> Drafted:
    return draft(visit.record, order, visit.house.speaker(visit.person, visit.record, visit.words, keys))


def _confirm(visit: Visit, asked: Asked, form: Form, drafted: Drafted, trouble: Trouble = _NONE) -> Answer:
    """What would be said, whole, and that it is final."""
    kind, record = asked.kind, visit.record
    known = fields(kind.body)
    content: dict[str, Any] = msgspec.to_builtins(drafted.draft.body)
    for name in exhibits.HIDDEN.get(kind.name, ()):
        content.pop(name, None)
    if kind.name == exhibits.RECORDED and not form.text("media_type").strip():
        content.pop("media_type", None)  # the file's name will tell
    if kind.name in _KEYED and form.text("_new_key"):
        content.pop("key", None)
    fresh = moved_on(visit, asked.docket, form.text("_seen"))
    sent_ = texts(known, content) | {
        "_answers": [" ".join(map(str, asked.answers))], "_mandate": [drafted.draft.mandate], "_office": [asked.office],
        "_once": [form.text("_once")[:80]], "_seen": [seen_now(visit)],
        **({"_new_key": ["yes"]} if form.text("_new_key") else {}),
    }  # fmt: skip
    return visit.page(
        "confirm.html", trouble.status,
        title=verb_words(visit, asked.chapter.name, kind.verb), action=asked.action(visit.root),
        what=sentence_case(wording.what(visit.words, record, kind.name), visit.language),
        office=visit.office(asked.office),
        docket=str(asked.docket) if asked.docket is not None else "",
        docket_href=visit.docket_at(asked.docket) if asked.docket is not None else "",
        answers=[(str(one), visit.docket_at(one)) for one in asked.answers], mandate=drafted.draft.mandate,
        mandate_href=visit.docket_at(drafted.draft.mandate.partition("#")[0]),
        facts=laid_out(visit, asked.chapter.name, known, content),
        sent=[(name, Typed(value)) for name, values in sent_.items() for value in values],
        notices=[visit.say(one.key, "cli", **one.facts) for one in drafted.notices],
        fresh=[act_shown(visit, one) for one in fresh], errors=trouble.told,
        asks=_asks(visit, asked),
        passphrase_error=_said_at("_passphrase", trouble), file_error=_said_at("_file", trouble),
        asks_file=kind.name == exhibits.RECORDED, signed=kind.signed, erasable=kind.erasable,
        new_key=bool(form.text("_new_key")), party_name=visit.party(record.party),
    )  # fmt: skip


def _said_at(name: str, trouble: Trouble) -> str:
    return next((said for at, said in trouble.told if at == name), "")


def _asks(visit: Visit, asked: Asked) -> str:
    """What the officer's key asks for: "passphrase", "pin" or ""."""
    if not asked.kind.signed:
        return ""
    with visit.record.reading():
        office = visit.record.folds.offices(visit.record.party, visit.record.ready).get(asked.office)
    with suppress(ComityError):
        return visit.house.node.keys.asks(office.key) if office is not None and office.key else ""
    return ""


# --------------------------------------------------------------------------------------------- said


def _say(visit: Visit, asked: Asked, form: Form) -> Answer:
    """Say it, unless this form has said it already, or the docket is not what it was when the form was opened."""
    drafted: Drafted | None = None
    try:
        order, data, faults = _order(visit, asked, form, trial=True)
        if order is None:
            return _form(visit, asked, form, Trouble(faults, status=422))
        key = _once(visit, asked, form, data)
        before = visit.record.said_before(key)
        if before is not None:
            return _done(visit, asked, before)
        with visit.record.reading():
            saying.may_sign(visit.record)
        drafted = _drafted(visit, order, UnsignedKeys())
        if moved_on(visit, asked.docket, form.text("_seen")):
            visit.record.check_draft(drafted.draft)
            told = [("", str(visit.say("say.moved_on")))]
            return _confirm(visit, asked, form, drafted, Trouble(told=told, status=409))
        with _making if order.kind in _KEYED else nullcontext():
            said = visit.record.said_before(key) or _spoken(visit, asked, form, data, key)
    except (ComityError, OSError) as error:
        trouble = _trouble(visit, asked, error)
        if drafted is not None and any(name in ("_passphrase", "_file") for name, _ in trouble.told):
            return _confirm(visit, asked, form, drafted, trouble)
        return _form(visit, asked, form, trouble)
    return _done(visit, asked, said)


def _once(visit: Visit, asked: Asked, form: Form, data: Mapping[str, Any]) -> Once:
    """The key of this form for this person, with all that is asked for under it."""
    request = {
        "answers": [str(one) for one in asked.answers], "docket": str(asked.docket or ""), "fields": data,
        "kind": asked.kind.name, "mandate": asked.mandate, "new_key": bool(form.text("_new_key")),
        "office": asked.office, "mechanism": visit.record.mechanism,
    }  # fmt: skip
    key = form.text("_once")[:80] or secrets.token_urlsafe(18)
    return once(visit.person.name, f"form {key}", canonical.encode(request))


def _spoken(visit: Visit, asked: Asked, form: Form, data: Mapping[str, Any], key: Once) -> Said:
    """Say it with the officer's own key where it is to be signed."""
    keys = visit.house.accounts.ring(
        visit.person, visit.house.node.keys, form.text("_passphrase")[:1000], visit.address
    )
    order, _, _ = _order(visit, asked, form, trial=False)
    assert order is not None  # noqa: S101 -- the same was read before
    whole: Draft = _drafted(visit, order, keys).draft
    if asked.kind.name == exhibits.RECORDED:
        return exhibits.record_file(visit, form.file("_file"), whole, data, key)
    if asked.kind.name == exhibits.RELEASED:
        return exhibits.release(visit, whole, key)
    return visit.record.say(whole, key)


def _done(visit: Visit, asked: Asked, said: Said) -> Answer:
    with suppress(ComityError):  # it is said, whatever becomes of the draft
        keeping.drop(visit, asked.path(visit.root))
    docket = said.act.docket
    return visit.go(
        f"{visit.docket_at(docket)}?at={said.ref}&said={said.ref}#{said.ref.party}-{said.ref.number}"
    )


# ------------------------------------------------------------------------------------- what went wrong

_BESIDE = (
    ("passphrase_", "_passphrase"), ("sign_in_often", "_passphrase"), ("evidence_empty", "_file"),
    ("evidence_too_large", "_file"), ("evidence_changing", "_file"), ("office_", "_office"), ("answers_", "_answers"),
    ("mandate_", "_mandate"), ("docket_missing", "_docket"), ("due_", "terms.due.on"),
)  # fmt: skip
_REASONS = (
    ("needed and was not given", "fault.missing"), ("missing required", "fault.missing"),
    ("`object` of length >=", "fault.missing"), ("`array` of length >=", "fault.missing"),
    ("`str` of length >=", "fault.missing"), ("of length <=", "fault.too_much"), ("unknown field", "fault.unknown"),
    ("nvalid enum", "fault.choice_other"), ("matching regex", "fault.form"), ("Expected `int`", "fault.number_other"),
    ("nvalid RFC3339", "fault.date_other"), ("nvalid ISO8601", "fault.date_other"),
)  # fmt: skip


def _trouble(visit: Visit, asked: Asked, error: Exception) -> Trouble:
    """An error as the form tells it: beside a field where it is about one."""
    if isinstance(error, Malformed):
        at = re.sub(r"\[\.\.\.\]", "", re.sub(r"\[([0-9]+)\]", r".\1", error.at))
        if at == "_file":
            return Trouble(told=[("_file", str(visit.say("fault.missing")))], status=422)
        first = at.partition(".")[0]
        if asked.kind.read is not None and not any(field.name == first for field in fields(asked.kind.body)):
            where = (reasons.thing(visit.words, error.thing), reasons.place(visit.words, error.at))
            why = reasons.said(visit.words, error.why)
            told = visit.say("fault.file", where=" ".join(filter(None, where)), why=why)
            return Trouble(told=[("_files", str(told))], status=422)
        key = next((key for sign, key in _REASONS if sign in error.why), "fault.unsound")
        return Trouble([Fault(_input_at(fields(asked.kind.body), at), key)], status=422)
    told_ = wording.sentence(visit.words, error, asked.chapter.name)
    if isinstance(error, Refused):
        name = next((name for code, name in _BESIDE if error.code.startswith(code)), "")
        return Trouble(told=[(name, told_)], status=409)
    status = 503 if isinstance(error, Unavailable | OSError) else 500 if isinstance(error, Broken) else 422
    return Trouble(told=[("", told_)], status=status)


def _input_at(known: Sequence[Field], at: str) -> str:
    """The name of the input that a path leads to, or of the nearest that holds it; "" for none."""
    parts = at.split(".")
    return at if any(field.name == parts[0] for field in known) else ""


_AT = "/m/{mechanism:str}/say/{chapter:str}/{verb:str}"
PAGES = tuple(
    Page(path, work, (method,))
    for path in (_AT, f"{_AT}/{{party:str}}/{{number:str}}")
    for work, method in ((opened, "GET"), (sent, "POST"))
)
