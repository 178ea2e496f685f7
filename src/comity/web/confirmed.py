"""The page that asks for the last word: what would be said, whole, and that it is final.

    confirmed(visit, asked, form, drafted)

It carries what it shows: the last button says this content and no other. Passphrases and files are asked for here
alone.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import msgspec

from comity.core.errors import ComityError
from comity.desk import wording
from comity.desk.drafting import KEYED, Drafted
from comity.desk.fields import fields
from comity.web import exhibits
from comity.web.asked import Asked, moved_on, seen_now
from comity.web.content import laid_out
from comity.web.docket import act_shown, verb_words
from comity.web.form import Form
from comity.web.labels import sentence_case
from comity.web.ordered import ANNOUNCED
from comity.web.text import Typed
from comity.web.trouble import NONE, Trouble
from comity.web.visit import Answer, Visit
from comity.web.written import texts

__all__ = ["confirmed"]


def confirmed(visit: Visit, asked: Asked, form: Form, drafted: Drafted, trouble: Trouble = NONE) -> Answer:
    """What would be said, whole, and that it is final."""
    kind, record = asked.kind, visit.record
    known = fields(kind.body)
    content: dict[str, Any] = msgspec.to_builtins(drafted.draft.body)
    for name in exhibits.HIDDEN.get(kind.name, ()):
        content.pop(name, None)
    if kind.name == exhibits.RECORDED and not form.text("media_type").strip():
        content.pop("media_type", None)  # the file's name will tell
    if kind.name in KEYED and form.text("_new_key"):
        content.pop("key", None)
    fresh = moved_on(visit, asked.docket, form.text("_seen"))
    sent_ = texts(known, content) | {
        "_answers": [" ".join(map(str, asked.answers))], "_mandate": [drafted.draft.mandate], "_office": [asked.office],
        "_once": [form.key], "_seen": [seen_now(visit)],
        **{name: form.all(name) for name in _carried(visit) if form.text(name).strip()},
    }  # fmt: skip
    if trouble.at("_clock_checked"):
        sent_.pop("_clock_checked", None)
    signs = form.text("_sign_with") or asked.office
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
        asks=_asks(visit, asked, signs), signs=visit.office(signs) if signs != asked.office else "",
        passphrase_error=trouble.at("_passphrase"), file_error=trouble.at("_file"),
        clock_error=trouble.at("_clock_checked"),
        asks_file=kind.name == exhibits.RECORDED, signed=kind.signed, erasable=kind.erasable,
        new_key=bool(form.text("_new_key")), party_name=visit.party(record.party),
    )  # fmt: skip


def _carried(visit: Visit) -> list[str]:
    """What else the form holds beside the content, that the last button must send again."""
    announced = [f"_{name}.{party}" for name in ANNOUNCED for party in visit.record.parties]
    return ["_new_key", "_sign_with", "_clock_checked", *announced]


def _asks(visit: Visit, asked: Asked, signs: str) -> str:
    """What the key of the office that signs asks for: "passphrase", "pin" or ""."""
    if not asked.kind.signed:
        return ""
    with visit.record.reading():
        office = visit.record.folds.offices(visit.record.party, visit.record.ready).get(signs)
    with suppress(ComityError):
        return visit.house.node.keys.asks(office.key) if office is not None and office.key else ""
    return ""
