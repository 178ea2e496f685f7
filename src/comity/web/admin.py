"""A node's accounts, for those who administer them: who there is, which offices they hold, what happened.

    GET  /admin                      everybody
    POST /admin/people/deniz/grant   office=3f2a...:secretariat
    GET  /admin/trail?before=1200    the audit trail, newest first

To administer gives no office. An administrator speaks for no office that they do not hold, and grants themselves none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from comity.accounts import FOUNDING, MACHINE, Accounts, Person, Row
from comity.core.charter import ROOT
from comity.core.errors import Refused
from comity.web.account import Seat, seats
from comity.web.page import Page
from comity.web.signing_in import status_of, why_not
from comity.web.text import Typed
from comity.web.visit import Answer, Visit

__all__ = ["PAGES"]

_ROWS = 50
_READS = "auditor"
_ADDED = ("name", "display", "language")
_FIELDS = {
    "person_name": "name", "person_exists": "name", "person_display": "display", "person_language": "language",
    "password_short": "password", "password_long": "password", "password_common": "password",
    "password_named": "password", "office_name": "office", "grant_to_oneself": "office", "oidc_bound": "subject",
    "provider_unknown": "provider",
}  # fmt: skip

Verb = Callable[[Visit, Accounts, str, Person], object]


def _administrator(visit: Visit) -> str:
    """Who administers. Raises `Refused`, which the trail hears of."""
    if not visit.person.admin or visit.person.disabled:
        code = "not_an_administrator"
        visit.house.accounts.note("audit.refused", visit.person.name, visit.address, code=code)
        raise Refused("not_an_administrator")
    return visit.person.name


def _refusal(visit: Visit, error: Refused) -> tuple[int, dict[str, str], dict[str, str]]:
    """The status of a refusal, its headers, and its words by the field that they are about."""
    status, headers = status_of(error, 409)
    return status, headers, {_FIELDS.get(error.code, ""): why_not(visit, error)}


# -------------------------------------------------------------------------------------------- people


def people(visit: Visit) -> Answer:
    """Everybody who has an account."""
    _administrator(visit)
    return visit.page("admin.html", people=visit.house.accounts.people())


def new_person(visit: Visit) -> Answer:
    """The form of a new account."""
    _administrator(visit)
    return _form(visit)


def add_person(visit: Visit) -> Answer:
    """A new account."""
    by = _administrator(visit)
    typed = {name: visit.form.text(name) for name in _ADDED}
    admin, password = visit.form.text("admin") == "yes", visit.form.text("password")
    try:
        made = visit.house.accounts.add(by, **typed, password=password, admin=admin, address=visit.address)
    except Refused as error:
        status, headers, errors = _refusal(visit, error)
        answer = _form(visit, status, errors=errors, typed=typed, admin=admin)
        answer.headers.update(headers)
        return answer
    return visit.go(f"/admin/people/{made.name}?told=added")


def _form(
    visit: Visit, status: int = 200, errors: Mapping[str, str] = {}, typed: Mapping[str, str] = {}, admin: bool = False
) -> Answer:  # fmt: skip
    shown = {name: Typed(typed.get(name, "")) for name in _ADDED} | (
        {} if typed else {"language": visit.language}
    )
    return visit.page("admin_add.html", status, errors=errors, typed=shown, admin=admin)


# -------------------------------------------------------------------------------------------- one person


def person(visit: Visit) -> Answer:
    """One person, and all that can be done about their account."""
    _administrator(visit)
    told = visit.query("told")
    return _person(visit, told=told if told in ("added", *_VERBS) else "")


def change(visit: Visit) -> Answer:
    """One thing about a person's account. Raises `Refused` for what is not to be done here."""
    by, verb = _administrator(visit), str(visit.path["verb"])
    found = visit.house.accounts.person(str(visit.path["name"]))
    if verb not in _VERBS:
        raise Refused("verb_unknown", verb=verb[:40])
    try:
        _VERBS[verb](visit, visit.house.accounts, by, found)
    except Refused as error:
        status, headers, errors = _refusal(visit, error)
        answer = _person(visit, status, errors=errors)
        answer.headers.update(headers)
        return answer
    return visit.go(f"/admin/people/{found.name}?told={verb}")


def _person(visit: Visit, status: int = 200, *, told: str = "", errors: Mapping[str, str] = {}) -> Answer:
    accounts = visit.house.accounts
    found = accounts.person(str(visit.path["name"]))
    known = _grantable(visit)
    listed = {(seat.mechanism, seat.office) for seat in known}
    left = sorted(found.held - listed - {(FOUNDING, ROOT)})
    gone = [Seat(where, where[:12], office, office) for where, office in left]
    return visit.page(
        "admin_person.html", status, one=found, told=told, errors=errors,
        held=[*(seat for seat in known if (seat.mechanism, seat.office) in found.held), *gone],
        free=[seat for seat in known if (seat.mechanism, seat.office) not in found.held],
        oneself=found.name == visit.person.name, sessions=len(accounts.sessions(found)), bound=accounts.bound(found),
        providers=accounts.settings.providers, since=(found.since.isoformat(), visit.moment(found.since)),
        here=f"/admin/people/{quote(found.name)}",
        language_href=lambda tag: f"/admin/people/{quote(found.name)}?lang={tag}",
    )  # fmt: skip


def _grantable(visit: Visit) -> list[Seat]:
    """Every office that may be granted; with one of each mechanism that the charter has not filled, to read only."""
    known = seats(visit)
    where = dict.fromkeys((seat.mechanism, seat.mechanism_title) for seat in known)
    filled = {(seat.mechanism, seat.office) for seat in known}
    reads = visit.words.say("admin.reads", "web")
    return [*known, *(Seat(*one, _READS, reads) for one in where if (one[0], _READS) not in filled)]


def _seat(visit: Visit) -> tuple[str, str]:
    mechanism, _, office = visit.form.text("office").partition(":")
    return mechanism, office


def _grant(visit: Visit, accounts: Accounts, by: str, found: Person) -> None:
    mechanism, office = _seat(visit)
    if found.name != by and not any(seat[0] == mechanism and seat[2] == office for seat in _grantable(visit)):
        raise Refused("office_unfilled")
    accounts.grant(by, found, mechanism, office, address=visit.address)


def _revoke(visit: Visit, accounts: Accounts, by: str, found: Person) -> None:
    accounts.revoke(by, found, *_seat(visit), address=visit.address)


def _reset(visit: Visit, accounts: Accounts, by: str, found: Person) -> None:
    """Neither codes nor passkeys, so that the person can begin with their password alone."""
    if found.totp:
        accounts.drop_totp(by, found, address=visit.address)
    for passkey in accounts.passkeys(found):
        accounts.drop_passkey(by, found, passkey.id, address=visit.address)


def _password(visit: Visit, accounts: Accounts, by: str, found: Person) -> None:
    """One's own asks for the old one, and is changed on one's own page."""
    accounts.set_password(by, found, visit.form.text("password"), address=visit.address)


def _rename(visit: Visit, accounts: Accounts, by: str, found: Person) -> None:
    accounts.rename(by, found, visit.form.text("display"), visit.form.text("language"), address=visit.address)


def _bind(visit: Visit, accounts: Accounts, by: str, found: Person) -> None:
    accounts.bind(
        by, found, visit.form.text("provider"), visit.form.text("subject").strip(), address=visit.address
    )


def _unbind(visit: Visit, accounts: Accounts, by: str, found: Person) -> None:
    provider, _, subject = visit.form.text("bound").partition(":")
    accounts.unbind(by, found, provider, subject, address=visit.address)


_VERBS: Mapping[str, Verb] = {
    "grant": _grant,
    "revoke": _revoke,
    "found": lambda visit, accounts, by, found: accounts.let_found(by, found, address=visit.address),
    "found_not": lambda visit, accounts, by, found: accounts.let_found(
        by, found, founds=False, address=visit.address
    ),
    "reset": _reset,
    "password": _password,
    "rename": _rename,
    "bind": _bind,
    "unbind": _unbind,
    "disable": lambda visit, accounts, by, found: accounts.disable(by, found, address=visit.address),
    "enable": lambda visit, accounts, by, found: accounts.enable(by, found, address=visit.address),
    "unlock": lambda visit, accounts, by, found: accounts.unlock(by, found, address=visit.address),
    "admin": lambda visit, accounts, by, found: accounts.set_admin(by, found, address=visit.address),
    "no_admin": lambda visit, accounts, by, found: accounts.set_admin(
        by, found, admin=False, address=visit.address
    ),
    "end": lambda visit, accounts, by, found: accounts.end_all(found, by=by, address=visit.address),
}


# ------------------------------------------------------------------------------------------- the trail


def trail(visit: Visit) -> Answer:
    """The audit trail, newest first; checked when asked to."""
    _administrator(visit)
    accounts = visit.house.accounts
    newest, fingerprint = accounts.newest_audit()
    asked = visit.query("before")
    last = min(int(asked) - 1, newest) if asked.isascii() and asked.isdigit() and len(asked) < 16 else newest
    first = max(last - _ROWS, 0)
    rows = [_row(visit, row) for row in reversed(accounts.audit(first, last - first))] if last > 0 else []
    checked = visit.query("check") == "1"
    return visit.page(
        "admin_trail.html", rows=rows, newest=visit.number(newest), fingerprint=fingerprint, checked=checked,
        broken=accounts.verify_audit() if checked else None,
        later=f"/admin/trail?before={last + _ROWS + 1}" if last < newest else "",
        earlier=f"/admin/trail?before={first + 1}" if first > 0 else "",
    )  # fmt: skip


def _row(visit: Visit, row: Row) -> dict[str, Any]:
    """A row in words. The way that somebody signed in, and what was slowed, are words too."""
    facts: dict[str, str] = dict(row.facts)
    if "way" in facts:
        facts["way"] = visit.listed(_way(visit, one) for one in facts["way"].split("+"))
    if "kind" in facts and visit.words.has(f"admin.kind.{facts['kind']}", "web"):
        facts["kind"] = visit.words.say(f"admin.kind.{facts['kind']}", "web")
    by = visit.words.say("admin.machine", "web") if row.person == MACHINE else row.person
    return {
        "number": row.number, "time": (row.time.isoformat(), visit.moment(row.time), visit.hijri(row.time)),
        "by": by, "address": row.address, "what": visit.say(row.what, "accounts", **facts),
    }  # fmt: skip


def _way(visit: Visit, way: str) -> str:
    name, _, provider = way.partition(":")
    said = (
        visit.words.say(f"admin.way.{name}", "web") if visit.words.has(f"admin.way.{name}", "web") else name
    )
    return f"{said} ({provider})" if provider else said


PAGES = (
    Page("/admin", people),
    Page("/admin/add", new_person),
    Page("/admin/add", add_person, ("POST",)),
    Page("/admin/people/{name:str}", person),
    Page("/admin/people/{name:str}/{verb:str}", change, ("POST",)),
    Page("/admin/trail", trail),
)
