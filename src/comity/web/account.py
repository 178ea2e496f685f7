"""A person's own account: how they are shown, what they sign in with, what is open, and what programs do for them.

    GET  /account                    everything on one page
    POST /account/tokens             office=3f2a...:secretariat&token_title=Feed&until=2025-01-31    the token, once

What a person may say follows from the offices that others granted them: here they are only looked at. Codes and
passkeys are set up in `comity.web.factors`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, time
from typing import Any, NamedTuple

from comity.accounts import Session, Token
from comity.core.errors import Refused
from comity.desk import dates
from comity.web import keeping
from comity.web.page import Page
from comity.web.signing_in import has_passkeys, own_path, status_of, why_not
from comity.web.text import Typed
from comity.web.visit import LANGUAGE, SESSION, Answer, Visit

__all__ = ["PAGES", "Seat", "done", "refused", "require_password", "seats"]

_YEAR = 366 * 86400
_TOLD = ("named", "passkey_added", "passkey_dropped", "codes_dropped", "ended", "revoked", "dropped")


class Seat(NamedTuple):
    """An office of this node's party in a mechanism, with both titles in the reader's language."""

    mechanism: str
    mechanism_title: str
    office: str
    title: str


def seats(visit: Visit) -> list[Seat]:
    """Every office that the party has filled, mechanism by mechanism."""
    found = []
    for record in visit.house.mechanisms():
        with record.reading():
            offices = record.folds.offices(record.party, record.ready)
        title = visit.named(record.charter.names)
        found += [
            Seat(record.mechanism, title, name, visit.titled(name, office.titles))
            for name, office in sorted(offices.items())
        ]
    return found


# ------------------------------------------------------------------------------------------- the page


def account(visit: Visit) -> Answer:
    """The page; with what was being typed when a session ended."""
    kept = keeping.kept(visit, "/account")
    typed = {name: kept.text(name) for name in ("display", "language")} if kept is not None else {}
    told = visit.query("told")
    return _page(visit, told=told if told in _TOLD else "", typed=typed)


def _page(
    visit: Visit,
    status: int = 200,
    *,
    errors: Mapping[str, str] = {},
    headers: Mapping[str, str] = {},
    typed: Mapping[str, str] = {},
    **values: Any,
) -> Answer:
    accounts, person = visit.house.accounts, visit.house.accounts.person(visit.person)
    known = seats(visit)
    given = {
        "display": person.display,
        "language": person.language,
        "token_title": "",
        "until": "",
        "office": "",
    }
    answer = visit.page(
        "account.html",
        status,
        **{
            "told": "", "errors": errors, "typed": given | {name: Typed(text) for name, text in typed.items()},
            "one": person, "held": [one for one in known if (one.mechanism, one.office) in person.held],
            "passkeys": [_passkey(visit, one) for one in accounts.passkeys(person)], "can": has_passkeys(visit),
            "sessions": [_session(visit, one) for one in accounts.sessions(person)],
            "tokens": [_token(visit, one, known) for one in accounts.tokens(person)],
            "drafts": [_draft(visit, *one) for one in accounts.drafts(person)],
            "days": accounts.settings.token_days, "today": visit.house.today().isoformat(),
            "language_href": lambda tag: f"/account?lang={tag}",
        } | values,
    )  # fmt: skip
    answer.headers.update(headers)
    return answer


def refused(visit: Visit, error: Refused, field: str, typed: Mapping[str, str] = {}) -> Answer:
    """The page again, with the error beside its field."""
    status, headers = status_of(error, 409)
    return _page(visit, status, errors={field: why_not(visit, error)}, headers=headers, typed=typed)


def done(visit: Visit, work: Callable[[], object], told: str, field: str = "") -> Answer:
    """Do it, and back to the page, which says that it is done; or why it was refused, beside that field."""
    try:
        work()
    except Refused as error:
        return refused(visit, error, field)
    return visit.go(f"/account?told={told}")


def require_password(visit: Visit, field: str) -> None:
    """Whoever finds an open browser must not gain more than what is open."""
    if visit.person.password:
        visit.house.accounts.require_password(visit.person, visit.form.text(field), visit.address)


def _when(visit: Visit, at: datetime) -> tuple[str, str, str]:
    return at.isoformat(), visit.moment(at), visit.hijri(at)


def _passkey(visit: Visit, one: Any) -> dict[str, Any]:
    last = _when(visit, one.last) if one.last else None
    return {"id": one.id, "title": one.title, "since": _when(visit, one.since), "last": last}


def _session(visit: Visit, one: Session) -> dict[str, Any]:
    here = visit.session is not None and one.token_hash == visit.session.token_hash
    return {
        "id": one.token_hash, "here": here, "address": one.address, "strong": one.strong,
        "since": _when(visit, one.since), "last": _when(visit, one.last),
    }  # fmt: skip


def _token(visit: Visit, one: Token, known: list[Seat]) -> dict[str, Any]:
    seat = next((s for s in known if (s.mechanism, s.office) == (one.mechanism, one.office)), None)
    return {
        "id": one.id, "title": one.title, "office": seat.title if seat else one.office,
        "mechanism": seat.mechanism_title if seat else one.mechanism[:12],
        "over": one.until <= visit.house.clock() or one.office not in one.person.offices(one.mechanism),
        "until": _when(visit, one.until), "last": _when(visit, one.last) if one.last else None,
    }  # fmt: skip


def _draft(visit: Visit, path: str, at: datetime) -> dict[str, Any]:
    return {"path": path, "href": own_path(path), "at": _when(visit, at)}


# -------------------------------------------------------------------------------- name and password


def rename(visit: Visit) -> Answer:
    """How one is shown and spoken to."""
    typed = {name: visit.form.text(name) for name in ("display", "language")}
    try:
        visit.house.accounts.rename(visit.person.name, visit.person, **typed, address=visit.address)
    except Refused as error:
        field = "language" if error.code == "person_language" else "display"
        return refused(visit, error, field, typed)
    keeping.drop(visit, "/account")
    visit.keep(LANGUAGE, typed["language"], _YEAR)
    return visit.go("/account?told=named")


def password(visit: Visit) -> Answer:
    """A new password, against the old one. Every session ends, this one too."""
    new = visit.form.text("new_password")
    if new != visit.form.text("again_password"):
        return _page(visit, 422, errors={"again_password": visit.say("account.password.differs")})
    try:
        visit.house.accounts.set_password(
            visit.person.name, visit.person, new, visit.form.text("old_password"), address=visit.address
        )
    except Refused as error:
        old = error.code in ("password_wrong", "sign_in_often")
        return refused(visit, error, "old_password" if old else "new_password")
    visit.keep(SESSION, "", 0, private=True)
    return visit.go("/sign-in?told=password")


# ---------------------------------------------------------------------------- sessions, tokens, drafts


def end_sessions(visit: Visit) -> Answer:
    """End one session, or all but this one."""
    accounts, own = visit.house.accounts, visit.session
    chosen = visit.form.text("session")
    others = [
        one.token_hash for one in accounts.sessions(visit.person) if own and one.token_hash != own.token_hash
    ]

    def work() -> None:
        for one in [chosen] if chosen else others:
            accounts.end_session(visit.person.name, visit.person, one, address=visit.address)

    return done(visit, work, "ended")


def make_token(visit: Visit) -> Answer:
    """A token for a program, shown only here."""
    typed = {name: visit.form.text(name) for name in ("token_title", "until", "office")}
    mechanism, _, office = typed["office"].partition(":")
    until = dates.parsed(typed["until"]) if typed["until"] else None
    if typed["until"] and (until is None or isinstance(until, datetime)):
        days = visit.house.accounts.settings.token_days
        return _page(
            visit, 422, errors={"until": visit.say("refused.token_until", "accounts", days=days)}, typed=typed
        )
    ends = datetime.combine(until, time(23, 59, 59), visit.house.zone) if until else None
    try:
        require_password(visit, "token_password")
        raw = visit.house.accounts.make_token(
            visit.person.name,
            visit.person,
            mechanism,
            office,
            typed["token_title"],
            ends,
            address=visit.address,
        )
    except Refused as error:
        fields = {"token_until": "until", "token_title": "token_title", "office_not_granted": "office"}
        return refused(visit, error, fields.get(error.code, "token_password"), typed)
    return _page(visit, 200, made=raw)


def revoke_token(visit: Visit) -> Answer:
    """A token opens nothing more."""

    def work() -> None:
        visit.house.accounts.revoke_token(visit.person.name, visit.form.text("token"), address=visit.address)

    return done(visit, work, "revoked")


def drop_draft(visit: Visit) -> Answer:
    """Throw a draft away."""
    visit.house.accounts.drop_draft(visit.person, visit.form.text("draft"))
    return visit.go("/account?told=dropped")


PAGES = (
    Page("/account", account),
    Page("/account", rename, ("POST",)),
    Page("/account/password", password, ("POST",)),
    Page("/account/sessions", end_sessions, ("POST",)),
    Page("/account/tokens", make_token, ("POST",)),
    Page("/account/tokens/revoke", revoke_token, ("POST",)),
    Page("/account/drafts", drop_draft, ("POST",)),
)
