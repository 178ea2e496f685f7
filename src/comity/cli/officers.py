"""`comity account key`: keys that ask for their officer, by a passphrase of their own or on a hardware token.

comity account key seal mfa
comity account key enrol --module /usr/lib/softhsm/libsofthsm2.so --token officer --label co-chair
"""

from __future__ import annotations

from comity.cli import secret
from comity.cli.people import done
from comity.cli.session import Session
from comity.cli.show import emit, line
from comity.cli.spoken import Argument, Group, Option, command
from comity.core.errors import Refused, Unavailable
from comity.core.keys import key_id
from comity.node.token import Place, TokenSigner, public_on

__all__ = ["key"]


@command(
    "enrol",
    Option(["--module"], required=True, metavar="FILE", key="option.account.module"),
    Option(["--token"], required=True, metavar="LABEL", key="option.account.token_label"),
    Option(["--label"], required=True, metavar="LABEL", key="option.account.key_label"),
    key="command.account.key.enrol",
)
def _enrol(session: Session, module: str, token: str, label: str) -> None:
    """Read a key's public part from a hardware token, see that it signs, and note where it is."""
    keys = session.node.keys
    pin = secret.typed(session, "ask.pin", key=label)
    public = public_on(module, token, label, pin)
    place = Place(public, label, module, token)
    TokenSigner(place, pin).sign(b"comity enrolment")
    keys.enrol(place)
    if session.json:
        emit({"key": public, "id": key_id(public)})
        return
    line(public)
    line(session.say("done.key_enrolled", id=key_id(public)))


@command("seal", Argument(["key"], metavar="KEY", key="option.account.key"), key="command.account.key.seal")
def _seal(session: Session, key: str) -> None:
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
    done(session, "done.key_sealed", id=key_id(public))


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


_COMMANDS = {"enrol": _enrol, "seal": _seal}
key = Group(
    "key",
    {name: (f"command.account.key.{name}", "cli") for name in _COMMANDS},
    _COMMANDS.get,
    key="command.account.key",
)
