"""The form of an act, made from its definition: filled in, judged, confirmed, said once.

    GET  /m/3f2a91c07b1e/say/meetings/propose-date/TUR/4         the form
    POST ... _do=check     its content judged by the rules: a page that states what would be said, and that it is final
    POST ... _do=say       said, once for each form however often the button is pressed; leads to the docket

What is refused comes back with all that was typed, and what is wrong beside its field. Passphrases and files are asked
for on the last page alone and never shown again. Fields whose names begin with `_` are the form's own.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext, suppress
from threading import Lock

from comity.core.act import LANGUAGES
from comity.core.errors import ComityError, Refused
from comity.desk.drafting import KEYED, Drafted, Keys, Order, draft
from comity.desk.fields import Field, fields
from comity.node import saying
from comity.node.record import Once, Said
from comity.web import exhibits, keeping
from comity.web.asked import Asked, asked_of, moved_on
from comity.web.confirmed import confirmed
from comity.web.form import Form
from comity.web.offers import UnsignedKeys
from comity.web.ordered import Ordered, ordered
from comity.web.page import Page
from comity.web.sheet import given, shown
from comity.web.trouble import Trouble, trouble
from comity.web.visit import Answer, Visit
from comity.web.written import numbered, tidied

__all__ = ["PAGES", "opened", "sent"]

_ON_LAST_PAGE = ("_passphrase", "_file", "_clock_checked")
_making = Lock()


def opened(visit: Visit) -> Answer:
    """The form as it is opened: with what was kept of it, or what the record gives."""
    asked = asked_of(visit)
    form = keeping.kept(visit, asked.path(visit.root))
    if form is not None:
        mandate = asked.mandate or form.text("_mandate")[:200].strip()
        return shown(visit, asked._replace(mandate=mandate), form, notice="say.kept_back")
    return shown(visit, asked, Form(given(visit, asked)))


def sent(visit: Visit) -> Answer:
    """What a form sent: another line asked for, a draft kept, a content to be judged, or the last word."""
    asked, form = asked_of(visit), visit.form
    if "_add" in form.texts or "_remove" in form.texts:
        return shown(visit, asked, _changed(fields(asked.kind.body), form))
    done = (form.all("_do") or ["check"])[-1]
    if "_again" in form.texts:  # the same page, in another language
        done = "check" if done == "say" else "edit"
    if asked.wrong and done in ("check", "say"):
        return shown(visit, asked, form, Trouble(asked.wrong, status=422))
    match done:
        case "keep":
            try:
                keeping.keep(visit, asked.path(visit.root), form.texts)
            except Refused as error:
                return shown(visit, asked, form, trouble(visit, asked, error))
            return shown(visit, asked, form, notice="say.kept")
        case "drop":
            keeping.drop(visit, asked.path(visit.root))
            return visit.go(asked.action(visit.root))
        case "edit":
            return shown(visit, asked, form)
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


# ------------------------------------------------------------------------------------------- judged


def _check(visit: Visit, asked: Asked, form: Form) -> Answer:
    """Judge what was sent; nothing is said. The page that asks for the last word, or the form again."""
    try:
        found = ordered(visit, asked, form)
        if not isinstance(found, Ordered):
            return shown(visit, asked, form, Trouble(found, status=422))
        with visit.record.reading():
            saying.may_sign(visit.record)
        drafted = _drafted(visit, found.trial, UnsignedKeys())
        visit.record.check_draft(drafted.draft)
    except (ComityError, OSError) as error:
        return shown(visit, asked, form, trouble(visit, asked, error))
    return confirmed(visit, asked, form, drafted)


def _drafted(visit: Visit, order: Order, keys: Keys) -> Drafted:
    return draft(visit.record, order, visit.house.speaker(visit.person, visit.record, visit.words, keys))


# --------------------------------------------------------------------------------------------- said


def _say(visit: Visit, asked: Asked, form: Form) -> Answer:
    """Say it, unless this form has said it already, or the docket is not what it was when the form was opened."""
    drafted: Drafted | None = None
    try:
        found = ordered(visit, asked, form)
        if not isinstance(found, Ordered):
            return shown(visit, asked, form, Trouble(found, status=422))
        key = _once(visit, asked, form, found)
        before = visit.record.said_before(key)
        if before is not None:
            return _done(visit, asked, before)
        with visit.record.reading():
            saying.may_sign(visit.record)
        drafted = _drafted(visit, found.trial, UnsignedKeys())
        if moved_on(visit, asked.docket, form.text("_seen")):
            visit.record.check_draft(drafted.draft)
            told = [("", str(visit.say("say.moved_on")))]
            return confirmed(visit, asked, form, drafted, Trouble(told=told, status=409))
        with _making if asked.kind.name in KEYED else nullcontext():
            said = visit.record.said_before(key) or _spoken(visit, asked, form, found, key)
    except (ComityError, OSError) as error:
        wrong = trouble(visit, asked, error)
        if drafted is not None and any(wrong.at(name) for name in _ON_LAST_PAGE):
            return confirmed(visit, asked, form, drafted, wrong)
        return shown(visit, asked, form, wrong)
    return _done(visit, asked, said)


def _once(visit: Visit, asked: Asked, form: Form, found: Ordered) -> Once:
    """The key of this form for this person, with all that is asked for under it."""
    request = {
        "answers": [str(one) for one in asked.answers], "docket": str(asked.docket or ""), "fields": found.data,
        "kind": asked.kind.name, "mandate": asked.mandate, "new_key": bool(form.text("_new_key")),
        "office": asked.office, "sign_with": found.order.sign_with,
    }  # fmt: skip
    return form.once(visit.person.name, visit.record.mechanism, request)


def _spoken(visit: Visit, asked: Asked, form: Form, found: Ordered, key: Once) -> Said:
    """Say it with the officer's own key where it is to be signed."""
    keys = visit.house.accounts.ring(
        visit.person, visit.house.node.keys, form.text("_passphrase")[:1000], visit.address
    )
    whole = _drafted(visit, found.order, keys).draft
    if asked.kind.name == exhibits.RECORDED:
        return exhibits.record_file(visit, form.file("_file"), whole, found.data, key)
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


_AT = "/m/{mechanism:str}/say/{chapter:str}/{verb:str}"
PAGES = tuple(
    Page(path, work, (method,))
    for path in (_AT, f"{_AT}/{{party:str}}/{{number:str}}")
    for work, method in ((opened, "GET"), (sent, "POST"))
)
