"""`comity account token`: what programs sign in with, each for one office of one person.

comity account token make deniz mfa --title "the calendar" --until 2027-06-30
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from comity.cli.people import MACHINE, NAME, OFFICE, accounts, done, listed
from comity.cli.session import Session
from comity.cli.show import emit, line, moment
from comity.cli.spoken import DAY, Argument, Group, Option, command

__all__ = ["token"]


@command(
    "make", NAME, OFFICE,
    Option(["--title"], required=True, metavar="TEXT", key="option.account.title"),
    Option(["--until"], type=DAY, metavar="DAY", key="option.account.until"),
    key="command.account.token.make",
)  # fmt: skip
def _make(session: Session, name: str, office: str, title: str, until: date | None) -> None:
    """The token is shown once."""
    ends = datetime.combine(until + timedelta(days=1), time(), UTC) if until is not None else None
    mechanism = session.record.mechanism
    with accounts(session) as opened:
        raw = opened.make_token(MACHINE, name, mechanism, office, title, ends)
    if session.json:
        emit({"token": raw})
        return
    line(raw)
    line(session.say("done.token_made"))


@command("list", key="command.account.token.list")
def _list(session: Session) -> None:
    with accounts(session) as opened:
        tokens = opened.tokens()
    rows = [
        {"id": token.id, "name": token.person.name, "mechanism": token.mechanism[:12], "office": token.office,
         "title": token.title, "until": token.until.date().isoformat(),
         "last": moment(token.last.isoformat(timespec="minutes")) if token.last else ""}
        for token in tokens
    ]  # fmt: skip
    listed(session, rows)


@command(
    "revoke",
    Argument(["token"], metavar="ID", key="option.account.token"),
    key="command.account.token.revoke",
)
def _revoke(session: Session, token: str) -> None:
    with accounts(session) as opened:
        opened.revoke_token(MACHINE, token)
    done(session, "done.token_revoked", token=token)


_COMMANDS = {"make": _make, "list": _list, "revoke": _revoke}
token = Group(
    "token",
    {name: (f"command.account.token.{name}", "cli") for name in _COMMANDS},
    _COMMANDS.get,
    key="command.account.token",
)
