"""`comity account`: a node's own people, and the offices they hold. Whoever is at the machine may manage them.

comity account add ayla --display "Ayla Demir" --admin
comity account grant deniz secretariat
comity account audit --verify
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from comity.cli import secret
from comity.cli.session import Session
from comity.cli.show import cell, emit, line, moment, table
from comity.cli.spoken import DAY, Argument, Command, Group, Option, command
from comity.core.act import LANGUAGES
from comity.core.errors import Refused, Unavailable
from comity.core.keys import key_id
from comity.node.token import Place, public_on

if TYPE_CHECKING:
    from comity.accounts import Accounts

__all__ = ["account"]

_NAME = Argument(["name"], metavar="NAME", key="option.account.name")
_OFFICE = Argument(["office"], metavar="OFFICE", key="option.account.office")
_PASSWORD = Option(
    ["--password-file"], type=secret.PASSWORD_FILE, metavar="FILE", key="option.account.password_file"
)
_MACHINE = "machine"


def _accounts(session: Session) -> Accounts:
    """The accounts of the node. Raises `Unavailable`."""
    try:
        from comity.accounts import Accounts, read_settings
    except ImportError as error:
        raise Unavailable("accounts", "are not installed: pip install 'comity[web]'") from error
    node = session.node  # opened first: accounts belong to a node
    return Accounts(node.folder, session.machine_clock, read_settings(node.folder), node.keys)


def _done(session: Session, key: str, **facts: object) -> None:
    if session.json:
        emit({name: str(fact) for name, fact in facts.items()})
    else:
        line(session.say(key, **{name: cell(fact, session) for name, fact in facts.items()}))


def _add(
    session: Session, name: str, display: str | None, speaks: str, admin: bool, no_password: bool,
    password_file: Path | None,
) -> None:  # fmt: skip
    accounts = _accounts(session)
    try:
        password = "" if no_password else secret.password(session, password_file)
        if not password and not no_password:
            raise Refused("password_short", least=12)
        person = accounts.add(_MACHINE, name, display or name, speaks, password, admin)
    finally:
        accounts.close()
    _done(session, "done.account_added", name=person.name)


def _list(session: Session) -> None:
    accounts = _accounts(session)
    try:
        people = accounts.people()
    finally:
        accounts.close()
    rows = [
        {
            "name": person.name, "display": person.display, "language": person.language, "admin": person.admin,
            "state": "disabled" if person.disabled else "locked" if person.locked else "open",
            "second": [*(["totp"] if person.totp else []), *(["passkey"] if person.passkeys else [])],
            "offices": sorted(f"{mechanism[:12]}/{office}" for mechanism, office in person.held),
        }
        for person in people
    ]  # fmt: skip
    if session.json:
        emit(rows)
        return
    headers = [session.say(f"label.account_{name}") for name in rows[0]] if rows else []
    table(headers, [[_told(session, key, value) for key, value in row.items()] for row in rows], session)


def _told(session: Session, key: str, value: Any) -> str:
    if key == "state":
        return session.say(f"label.account_{value}")
    return cell(value if value != [] else None, session)


def _grant(session: Session, name: str, office: str, reads: bool) -> None:
    """Give an office that our party has filled; or, to somebody who only reads, one that it has not."""
    record = session.record
    with record.reading():
        filled = record.folds.offices(record.party, record.ready)
    if reads and office in filled:
        raise Refused("office_speaks", office=office)
    if not reads and office not in filled:
        raise Refused("office_not_held", party=record.party, office=office)
    accounts = _accounts(session)
    try:
        accounts.grant(_MACHINE, name, record.mechanism, office)
    finally:
        accounts.close()
    _done(session, "done.account_reads" if reads else "done.account_granted", name=name, office=office)


def _revoke(session: Session, name: str, office: str) -> None:
    accounts = _accounts(session)
    try:
        accounts.revoke(_MACHINE, name, session.record.mechanism, office)
    finally:
        accounts.close()
    _done(session, "done.account_revoked", name=name, office=office)


def _password(session: Session, name: str, password_file: Path | None) -> None:
    accounts = _accounts(session)
    try:
        accounts.person(name)
        accounts.set_password(_MACHINE, name, secret.password(session, password_file))
    finally:
        accounts.close()
    _done(session, "done.account_password", name=name)


def _changed(name: str, verb: str) -> Command:
    """A command that changes one account by one verb."""

    def run(session: Session, name: str) -> None:
        accounts = _accounts(session)
        try:
            getattr(accounts, verb)(_MACHINE, name)
        finally:
            accounts.close()
        _done(session, f"done.account_{verb}", name=name)

    return command(name, _NAME, key=f"command.account.{name}")(run)


def _admin(session: Session, name: str, remove: bool) -> None:
    accounts = _accounts(session)
    try:
        accounts.set_admin(_MACHINE, name, not remove)
    finally:
        accounts.close()
    _done(session, "done.account_unmade_admin" if remove else "done.account_made_admin", name=name)


def _totp_reset(session: Session, name: str, passkeys: bool) -> None:
    """Codes, and passkeys where asked: for somebody who lost their telephone."""
    accounts = _accounts(session)
    try:
        if accounts.person(name).totp or not passkeys:
            accounts.drop_totp(_MACHINE, name)
        for found in accounts.passkeys(name) if passkeys else []:
            accounts.drop_passkey(_MACHINE, name, found.id)
    finally:
        accounts.close()
    _done(session, "done.account_totp_reset", name=name)


def _bind(session: Session, name: str, provider: str, subject: str, remove: bool) -> None:
    accounts = _accounts(session)
    try:
        (accounts.unbind if remove else accounts.bind)(_MACHINE, name, provider, subject)
    finally:
        accounts.close()
    _done(session, "done.account_unbound" if remove else "done.account_bound", name=name, provider=provider)


def _audit(session: Session, after: int, limit: int, verify: bool) -> int:
    """Rows of the trail; or whether all of it is as it was written."""
    accounts = _accounts(session)
    try:
        if verify:
            return _verified(session, accounts)
        rows = accounts.audit(after, limit)
    finally:
        accounts.close()
    if session.json:
        emit([
            {"number": row.number, "time": row.time.isoformat(), "address": row.address, "person": row.person,
             "what": row.what, "facts": row.facts, "hash": row.hash}
            for row in rows
        ])  # fmt: skip
        return 0
    headers = [session.say(f"label.account_{name}") for name in ("number", "time", "address", "name", "what")]
    told = [
        [str(row.number), moment(row.time.isoformat(timespec="seconds")), row.address, row.person,
         session.say(row.what, "accounts", **row.facts)]
        for row in rows
    ]  # fmt: skip
    table(headers, [[*(cell(part, session) for part in row[:-1]), row[-1]] for row in told], session)
    return 0


def _verified(session: Session, accounts: Accounts) -> int:
    broken = accounts.verify_audit()
    newest = accounts.audit(max(accounts.audit_size() - 1, 0), 1)
    number, digest = (newest[0].number, newest[0].hash) if newest else (0, "")
    if session.json:
        emit({"broken": broken, "number": number, "hash": digest})
    elif broken is None:
        line(session.say("done.audit_verified", number=number, hash=digest))
    else:
        line(session.say("done.audit_broken", number=broken))
    return 0 if broken is None else 1


# ------------------------------------------------------------------------------------------------ tokens


def _token_make(session: Session, name: str, office: str, title: str, until: date | None) -> None:
    """The token is shown once."""
    ends = datetime.combine(until + timedelta(days=1), time(), UTC) if until is not None else None
    mechanism = session.record.mechanism
    accounts = _accounts(session)
    try:
        raw = accounts.make_token(_MACHINE, name, mechanism, office, title, ends)
    finally:
        accounts.close()
    if session.json:
        emit({"token": raw})
        return
    line(raw)
    line(session.say("done.token_made"))


def _token_list(session: Session) -> None:
    accounts = _accounts(session)
    try:
        tokens = accounts.tokens()
    finally:
        accounts.close()
    rows = [
        {"id": token.id, "name": token.person.name, "mechanism": token.mechanism[:12], "office": token.office,
         "title": token.title, "until": token.until.date().isoformat(),
         "last": moment(token.last.isoformat(timespec="minutes")) if token.last else ""}
        for token in tokens
    ]  # fmt: skip
    if session.json:
        emit(rows)
        return
    headers = [session.say(f"label.account_{name}") for name in rows[0]] if rows else []
    table(headers, [[cell(value, session) for value in row.values()] for row in rows], session)


def _token_revoke(session: Session, token: str) -> None:
    accounts = _accounts(session)
    try:
        accounts.revoke_token(_MACHINE, token)
    finally:
        accounts.close()
    _done(session, "done.token_revoked", token=token)


# ----------------------------------------------------------------------------------------- officers' keys


def _key_enrol(session: Session, module: str, token: str, label: str) -> None:
    """Read a key's public part from a hardware token, see that it signs, and note where it is."""
    keys = session.node.keys
    pin = secret.typed(session, "ask.pin", key=label)
    public = public_on(module, token, label, pin)
    place = Place(public, label, module, token)
    from comity.node.token import TokenSigner

    TokenSigner(place, pin).sign(b"comity enrolment")
    keys.enrol(place)
    if session.json:
        emit({"key": public, "id": key_id(public)})
        return
    line(public)
    line(session.say("done.key_enrolled", id=key_id(public)))


def _key_seal(session: Session, key: str) -> None:
    """Put a key in this node's folder under its officer's own passphrase."""
    public = _public(session, key)
    keys = session.node.keys
    asks = keys.asks(public)
    if asks == "pin":
        raise Unavailable(
            f"key {key_id(public)}", "is on a hardware token: change its PIN with the maker's program"
        )
    old = secret.typed(session, "ask.passphrase", key=key_id(public)) if asks else ""
    keys.reseal(public, old, secret.typed(session, "ask.passphrase_new", key=key_id(public)))
    _done(session, "done.key_sealed", id=key_id(public))


def _public(session: Session, named: str) -> str:
    """A key by itself, by its identifier, or by the office it is for. Raises `Refused`."""
    if ":" in named:
        return named
    record = session.record
    with record.reading():
        offices = record.folds.offices(record.party, record.ready)
    by_id = {key_id(office.key): office.key for office in offices.values() if office.key}
    found = offices[named].key if named in offices else by_id.get(named)
    if not found:
        raise Refused("key_which", key=named, known=", ".join(sorted(offices)))
    return found


# ------------------------------------------------------------------------------------------- the commands

_TOKENS = {
    "make": command(
        "make", _NAME, _OFFICE,
        Option(["--title"], required=True, metavar="TEXT", key="option.account.title"),
        Option(["--until"], type=DAY, metavar="DAY", key="option.account.until"),
        key="command.account.token.make",
    )(_token_make),
    "list": command("list", key="command.account.token.list")(_token_list),
    "revoke": command(
        "revoke", Argument(["token"], metavar="ID", key="option.account.token"), key="command.account.token.revoke"
    )(_token_revoke),
}  # fmt: skip
_KEYS = {
    "enrol": command(
        "enrol",
        Option(["--module"], required=True, metavar="FILE", key="option.account.module"),
        Option(["--token"], required=True, metavar="LABEL", key="option.account.token_label"),
        Option(["--label"], required=True, metavar="LABEL", key="option.account.key_label"),
        key="command.account.key.enrol",
    )(_key_enrol),
    "seal": command(
        "seal", Argument(["key"], metavar="KEY", key="option.account.key"), key="command.account.key.seal"
    )(_key_seal),
}
_COMMANDS: dict[str, click.Command] = {
    "add": command(
        "add", _NAME,
        Option(["--display"], metavar="TEXT", key="option.account.display"),
        Option(["--speaks"], type=click.Choice(LANGUAGES), default="en", key="option.account.speaks"),
        Option(["--admin"], is_flag=True, key="option.account.admin"),
        Option(["--no-password"], is_flag=True, key="option.account.no_password"),
        _PASSWORD, key="command.account.add",
    )(_add),
    "list": command("list", key="command.account.list")(_list),
    "grant": command(
        "grant", _NAME, _OFFICE, Option(["--reads"], is_flag=True, key="option.account.reads"),
        key="command.account.grant",
    )(_grant),
    "revoke": command("revoke", _NAME, _OFFICE, key="command.account.revoke")(_revoke),
    "password": command("password", _NAME, _PASSWORD, key="command.account.password")(_password),
    "unlock": _changed("unlock", "unlock"),
    "disable": _changed("disable", "disable"),
    "enable": _changed("enable", "enable"),
    "admin": command(
        "admin", _NAME, Option(["--remove"], is_flag=True, key="option.account.remove_admin"),
        key="command.account.admin",
    )(_admin),
    "totp-reset": command(
        "totp-reset", _NAME, Option(["--passkeys"], is_flag=True, key="option.account.passkeys"),
        key="command.account.totp_reset",
    )(_totp_reset),
    "bind": command(
        "bind", _NAME,
        Argument(["provider"], metavar="PROVIDER", key="option.account.provider"),
        Argument(["subject"], metavar="SUBJECT", key="option.account.subject"),
        Option(["--remove"], is_flag=True, key="option.account.remove_bound"),
        key="command.account.bind",
    )(_bind),
    "audit": command(
        "audit",
        Option(["--after"], type=click.IntRange(min=0), default=0, metavar="NUMBER", key="option.account.after"),
        Option(["--limit"], type=click.IntRange(1, 10_000), default=100, metavar="NUMBER", key="option.account.limit"),
        Option(["--verify"], is_flag=True, key="option.account.verify"),
        key="command.account.audit",
    )(_audit),
    "token": Group(
        "token", {name: (f"command.account.token.{name}", "cli") for name in _TOKENS}, _TOKENS.get,
        key="command.account.token",
    ),
    "key": Group(
        "key", {name: (f"command.account.key.{name}", "cli") for name in _KEYS}, _KEYS.get, key="command.account.key"
    ),
}  # fmt: skip
_LINES = {name: (f"command.account.{name.replace('-', '_')}", "cli") for name in _COMMANDS}
account = Group("account", _LINES, _COMMANDS.get)
