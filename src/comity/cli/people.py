"""The node's accounts, open for one command, and what commands about them share.

with accounts(session) as opened:
    opened.unlock(MACHINE, "deniz")
done(session, "done.account_unlock", name="deniz")
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from comity.cli.session import Session
from comity.cli.show import cell, emit, line, table
from comity.cli.spoken import Argument
from comity.core.errors import Unavailable

if TYPE_CHECKING:
    from comity.accounts import Accounts

__all__ = ["MACHINE", "NAME", "OFFICE", "accounts", "done", "listed"]

NAME = Argument(["name"], metavar="NAME", key="option.account.name")
OFFICE = Argument(["office"], metavar="OFFICE", key="option.account.office")
MACHINE = "machine"


@contextmanager
def accounts(session: Session) -> Iterator[Accounts]:
    """The accounts of the node, closed again at the end of the block. Raises `Unavailable`."""
    try:
        from comity.accounts import Accounts, read_settings
    except ImportError as error:
        raise Unavailable("accounts", "are not installed: pip install 'comity[web]'") from error
    node = session.node  # opened first: accounts belong to a node
    opened = Accounts(node.folder, session.machine_clock, read_settings(node.folder), node.keys)
    try:
        yield opened
    finally:
        opened.close()


def done(session: Session, key: str, **facts: object) -> None:
    """Say what was done; as JSON, what it was done to."""
    if session.json:
        emit({name: str(fact) for name, fact in facts.items()})
    else:
        line(session.say(key, **{name: cell(fact, session) for name, fact in facts.items()}))


def listed(
    session: Session, rows: Sequence[dict[str, Any]], told: Callable[[str, Any], Any] = lambda _, value: value
) -> None:
    """Rows as a table whose columns are named in the words, each value as `told` has it; as JSON, the rows."""
    if session.json:
        emit(rows)
        return
    headers = [session.say(f"label.account_{name}") for name in rows[0]] if rows else []
    shown = [[cell(told(name, value), session) for name, value in row.items()] for row in rows]
    table(headers, shown, session)
