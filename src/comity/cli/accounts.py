"""`comity account`: a node's own people, and the offices they hold. Whoever is at the machine may manage them.

comity account add ayla --display "Ayla Demir" --admin
comity account grant deniz secretariat
comity account audit --verify
"""

from __future__ import annotations

from pathlib import Path

import click

from comity.cli import secret
from comity.cli.officers import key
from comity.cli.people import MACHINE, NAME, accounts, done, listed
from comity.cli.session import Session
from comity.cli.spoken import Argument, Command, Group, Option, command
from comity.cli.tokens import token
from comity.cli.trail import audit
from comity.core.act import LANGUAGES
from comity.core.errors import Refused

__all__ = ["account"]

_PASSWORD = Option(
    ["--password-file"], type=secret.PASSWORD_FILE, metavar="FILE", key="option.account.password_file"
)
_OFFICE_OR_NONE = Argument(["office"], required=False, metavar="[OFFICE]", key="option.account.office")
_FOUNDS = Option(["--founds"], is_flag=True, key="option.account.founds")


def _add(
    session: Session, name: str, display: str | None, speaks: str, admin: bool, no_password: bool,
    password_file: Path | None,
) -> None:  # fmt: skip
    with accounts(session) as opened:
        password = "" if no_password else secret.password(session, password_file)
        if not password and not no_password:
            raise Refused("password_short", least=12)
        person = opened.add(MACHINE, name, display or name, speaks, password, admin)
    done(session, "done.account_added", name=person.name)


def _list(session: Session) -> None:
    with accounts(session) as opened:
        people = opened.people()
    rows = [
        {
            "name": person.name, "display": person.display, "language": person.language, "admin": person.admin,
            "state": "disabled" if person.disabled else "locked" if person.locked else "open",
            "second": [*(["totp"] if person.totp else []), *(["passkey"] if person.passkeys else [])],
            "offices": sorted(f"{mechanism[:12]}/{office}" for mechanism, office in person.held),
        }
        for person in people
    ]  # fmt: skip
    states = {state: session.say(f"label.account_{state}") for state in ("disabled", "locked", "open")}
    listed(
        session,
        rows,
        lambda name, value: states[value] if name == "state" else None if value == [] else value,
    )


def _grant(session: Session, name: str, office: str | None, reads: bool, founds: bool) -> None:
    """Give an office that our party has filled; to who only reads, one that it has not; or let somebody found."""
    if founds or office is None:
        _let_found(session, name, office, founds and not reads, "done.account_founds")
        return
    record = session.record
    with record.reading():
        filled = record.folds.offices(record.party, record.ready)
    if reads and office in filled:
        raise Refused("office_speaks", office=office)
    if not reads and office not in filled:
        raise Refused("office_not_held", party=record.party, office=office)
    with accounts(session) as opened:
        opened.grant(MACHINE, name, record.mechanism, office)
    done(session, "done.account_reads" if reads else "done.account_granted", name=name, office=office)


def _let_found(session: Session, name: str, office: str | None, founds: bool, key: str) -> None:
    """Change who may found mechanisms. Raises a usage error unless it is just that which was asked for."""
    if office is not None or not founds:
        raise click.UsageError("usage.office_or_founds", click.get_current_context())
    with accounts(session) as opened:
        opened.let_found(MACHINE, name, key == "done.account_founds")
    done(session, key, name=name)


def _revoke(session: Session, name: str, office: str | None, founds: bool) -> None:
    if founds or office is None:
        _let_found(session, name, office, founds, "done.account_founds_not")
        return
    with accounts(session) as opened:
        opened.revoke(MACHINE, name, session.record.mechanism, office)
    done(session, "done.account_revoked", name=name, office=office)


def _password(session: Session, name: str, password_file: Path | None) -> None:
    with accounts(session) as opened:
        opened.person(name)
        opened.set_password(MACHINE, name, secret.password(session, password_file))
    done(session, "done.account_password", name=name)


def _changed(name: str, verb: str) -> Command:
    """A command that changes one account by one verb."""

    def run(session: Session, name: str) -> None:
        with accounts(session) as opened:
            getattr(opened, verb)(MACHINE, name)
        done(session, f"done.account_{verb}", name=name)

    return command(name, NAME, key=f"command.account.{name}")(run)


def _admin(session: Session, name: str, remove: bool) -> None:
    with accounts(session) as opened:
        opened.set_admin(MACHINE, name, not remove)
    done(session, "done.account_unmade_admin" if remove else "done.account_made_admin", name=name)


def _totp_reset(session: Session, name: str, passkeys: bool) -> None:
    """Codes, and passkeys where asked: for somebody who lost their telephone."""
    with accounts(session) as opened:
        if opened.person(name).totp or not passkeys:
            opened.drop_totp(MACHINE, name)
        for found in opened.passkeys(name) if passkeys else []:
            opened.drop_passkey(MACHINE, name, found.id)
    done(session, "done.account_totp_reset", name=name)


def _bind(session: Session, name: str, provider: str, subject: str, remove: bool) -> None:
    with accounts(session) as opened:
        (opened.unbind if remove else opened.bind)(MACHINE, name, provider, subject)
    done(session, "done.account_unbound" if remove else "done.account_bound", name=name, provider=provider)


_COMMANDS: dict[str, click.Command] = {
    "add": command(
        "add", NAME,
        Option(["--display"], metavar="TEXT", key="option.account.display"),
        Option(["--speaks"], type=click.Choice(LANGUAGES), default="en", key="option.account.speaks"),
        Option(["--admin"], is_flag=True, key="option.account.admin"),
        Option(["--no-password"], is_flag=True, key="option.account.no_password"),
        _PASSWORD, key="command.account.add",
    )(_add),
    "list": command("list", key="command.account.list")(_list),
    "grant": command(
        "grant", NAME, _OFFICE_OR_NONE, Option(["--reads"], is_flag=True, key="option.account.reads"), _FOUNDS,
        key="command.account.grant",
    )(_grant),
    "revoke": command("revoke", NAME, _OFFICE_OR_NONE, _FOUNDS, key="command.account.revoke")(_revoke),
    "password": command("password", NAME, _PASSWORD, key="command.account.password")(_password),
    "unlock": _changed("unlock", "unlock"),
    "disable": _changed("disable", "disable"),
    "enable": _changed("enable", "enable"),
    "admin": command(
        "admin", NAME, Option(["--remove"], is_flag=True, key="option.account.remove_admin"),
        key="command.account.admin",
    )(_admin),
    "totp-reset": command(
        "totp-reset", NAME, Option(["--passkeys"], is_flag=True, key="option.account.passkeys"),
        key="command.account.totp_reset",
    )(_totp_reset),
    "bind": command(
        "bind", NAME,
        Argument(["provider"], metavar="PROVIDER", key="option.account.provider"),
        Argument(["subject"], metavar="SUBJECT", key="option.account.subject"),
        Option(["--remove"], is_flag=True, key="option.account.remove_bound"),
        key="command.account.bind",
    )(_bind),
    "audit": audit,
    "token": token,
    "key": key,
}  # fmt: skip
_LINES = {name: (f"command.account.{name.replace('-', '_')}", "cli") for name in _COMMANDS}
account = Group("account", _LINES, _COMMANDS.get)
