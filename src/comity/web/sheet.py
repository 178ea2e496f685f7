"""The page of a form: its inputs, what may be chosen beside them, and what is wrong where.

    shown(visit, asked, Form(given(visit, asked)))

What the record gives stands in the inputs when the form is opened; what came back stands as it was typed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import msgspec

from comity.core import charter as charters
from comity.core.act import LANGUAGES
from comity.core.chapter import Kind
from comity.core.errors import ComityError
from comity.core.keys import key_id
from comity.desk import wording
from comity.desk.drafting import KEYED, WITH_TERMS
from comity.desk.fields import fields
from comity.node import workdays
from comity.web import exhibits
from comity.web.asked import Asked, Choice, mandates, seen_now, to_answer
from comity.web.content import worded
from comity.web.docket import verb_words
from comity.web.form import Form
from comity.web.inputs import Input, Inputs, fault_words
from comity.web.labels import label
from comity.web.ordered import ANNOUNCED, lent
from comity.web.text import Typed
from comity.web.trouble import NONE, Trouble
from comity.web.visit import Answer, Visit
from comity.web.written import texts

__all__ = ["given", "shown"]

_OWN = {
    "_office": "say.office",
    "_answers": "say.answers",
    "_docket": "say.docket",
    "_mandate": "say.mandate",
    "_days": "say.days",
    "_start": "say.start",
    "_sign_with": "say.sign_with",
    "_closed": "say.closed",
    "_worked": "say.worked",
}
_FOLLOWING = ("version", "matter", "among", "choices")  # from what is answered, or is on the table


def given(visit: Visit, asked: Asked) -> dict[str, list[str]]:
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


def shown(visit: Visit, asked: Asked, form: Form, trouble: Trouble = NONE, notice: str = "") -> Answer:
    """The form with what stands in it. `notice`: the key of a sentence above it."""
    kind = asked.kind
    focus = form.text("_focus")
    listed, named = mandates(visit) if kind.mandated and kind.opens else ([], [])
    if listed and asked.mandate and all(asked.mandate != one for one, _ in listed):
        listed.append((asked.mandate, asked.mandate))
    known = {"body": named, **_chosen(visit, asked)}
    made = Inputs(visit, asked.chapter.name, form, trouble.faults, _hidden(kind), lent(asked), focus, known)
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
        reads=kind.read is not None, begun=bool(form.text("_focus") or trouble.faults) or _typed(form),
        keyed=kind.name in KEYED, new_key=bool(form.text("_new_key")),
        signers=signers(visit, asked), sign_with=form.text("_sign_with")[:100],
        terms=kind.name in WITH_TERMS, days=Typed(form.text("_days")[:6]), start=Typed(form.text("_start")[:10]),
        most_days=workdays.MOST, announced=_announced(visit, form, beside) if kind.name in WITH_TERMS else (),
        clock=bool(form.text("_clock_checked") or trouble.at("_clock_checked")),
        clock_checked=bool(form.text("_clock_checked")),
        suggested={
            "refs": _refs(visit, asked), "body": named, "office": sorted((one, visit.office(one)) for one in offices),
            "chapter": [(one, visit.chapter(one)) for one in sorted(visit.record.chapters)], "bracket": [], "seat": [],
        },
        once=form.key, seen=form.text("_seen") or seen_now(visit),
        notice=visit.say(notice) if notice else "", back=visit.docket_at(asked.docket) if asked.docket else visit.root,
    )  # fmt: skip


def _chosen(visit: Visit, asked: Asked) -> dict[str, list[Choice]]:
    """What may only be one of few: the offices, the keys and the chapters that an act of the charter is about."""
    record = visit.record
    with record.reading():
        half = record.folds.half(record.party, record.ready)
    match asked.kind.name:
        case "charter.powers_issued/1" | "charter.office_vacated/1" | "charter.certificate_named/1":
            named = sorted(office.name for office in half.offices if office.name != charters.ROOT)
            return {"office": [(name, f"{visit.office(name)} ({name})") for name in named]}
        case "charter.key_revoked/1":
            valid = [(use, key) for use in charters.USES for key in half.valid(use)]
            return {
                "key": [(key, f"{worded(visit, 'use', use) or use} · {key_id(key)}") for use, key in valid]
            }
        case "charter.chapter_activated/1":
            rest = sorted(set(record.chapters) - set(half.chapters))
            return {"chapter": [(name, visit.chapter(name)) for name in rest]}
    return {}


def signers(visit: Visit, asked: Asked) -> list[Choice]:
    """The offices with a key that the person holds, where they may sign with another than the one that speaks."""
    if not asked.kind.signed:
        return []
    with visit.record.reading():
        filled = visit.record.folds.offices(visit.record.party, visit.record.ready)
    keyed = [name for name in sorted(visit.offices) if filled[name].key]
    return [(name, visit.office(name)) for name in keyed] if set(keyed) - {asked.office} else []


def _announced(visit: Visit, form: Form, beside: Mapping[str, str]) -> list[tuple[str, Sequence[Input]]]:
    """What governments announced: under each heading one input for each party."""
    found: list[tuple[str, Sequence[Input]]] = []
    for name in ANNOUNCED:
        inputs = []
        for party in visit.record.parties:
            at = f"_{name}.{party}"
            value = Typed(form.text(at)[:10_000])
            inputs.append(
                Input(at, "text", visit.party(party), error=beside.get(at, ""), value=value, dir="ltr")
            )
        found.append((visit.say(f"say.{name}"), inputs))
    return found


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
    if name.partition(".")[0] in _OWN:
        return f"{visit.say(_OWN[name.partition('.')[0]])}: {said}"
    if not parts or parts[-1].startswith("_"):
        return said
    return f"{label(visit.words, asked.chapter.name, parts[-1]).name}: {said}"


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
            if chapter is None:
                continue
            for ref in record.store.opened(chapter.noun, None, 20):
                if ref.number < record.ready.get(ref.party, 0):
                    title = wording.named(visit.words, chapter.title(record.folds.view(ref)))
                    found.append((str(ref), title))
    return list(dict(reversed(found)).items())[::-1]
