"""Founding: a node, its party card, and a mechanism that all accept after comparing fingerprints by voice.

comity init --party TUR --name en=Türkiye ...
comity card make -o tur.card
comity found propose tur.card irq.card --name en="A mechanism" --fingerprint IRQ="63086 ..." -o m.charter
comity found accept m.charter --fingerprint TUR="32001 37049 ..."
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from comity.cli.files import read_file, write_file
from comity.cli.session import Session
from comity.cli.show import cell, emit, facts, line, named, on_terminal, table
from comity.cli.spoken import Argument, Group, Option, command, read_names
from comity.core import canonical
from comity.core.charter import Card, Charter, card_fingerprint, parse_card, parse_charter
from comity.core.errors import Refused
from comity.core.keys import key_id

__all__ = ["card", "found", "init"]

_FILE = click.Path(path_type=Path, dir_okay=False)
_NAME = ["--name", "names"]


# ------------------------------------------------------------------------------------------- init, card


@command(
    "init",
    Option(["--party"], required=True, metavar="CODE"),
    Option(_NAME, required=True, multiple=True, metavar="LANGUAGE=NAME"),
    Option(["--classic-keys"], is_flag=True),
)
def init(session: Session, party: str, names: tuple[str, ...], classic_keys: bool) -> None:
    """Make a node's folder."""
    from comity.chapters import all_chapters
    from comity.desk import founding
    from comity.node.home import Node

    given = read_names(names, "name")
    node = Node.init(
        session.folder,
        party,
        given,
        all_chapters(),
        session.clock,
        session.passphrase(),
        founding.kinds(classic=classic_keys),
    )
    if session.json:
        emit({"party": node.party, "folder": str(node.folder), "root": node.settings.root})
        return
    line(session.say("done.init", party=party, folder=node.folder))


@command(
    "make",
    Option(["-o", "--output", "output"], type=_FILE, required=True, metavar="FILE"),
    Option(["--address"], default="", metavar="URL"),
    Option(["--tls"], type=_FILE, metavar="CERT"),
    Option(["--classic-keys"], is_flag=True),
    key="command.card.make",
)
def _make_card(session: Session, output: Path, address: str, tls: Path | None, classic_keys: bool) -> None:
    from comity.desk import founding

    pin = founding.pin(read_file(tls), str(tls)) if tls is not None else ""
    made = founding.make_card(session.node, address, pin, classic=classic_keys)
    write_file(output, made.raw + b"\n")
    _tell_card(session, made.card, str(output))


@command(
    "show", Argument(["file"], type=_FILE, metavar="FILE", key="option.card.file"), key="command.card.show"
)
def _show_card(session: Session, file: Path) -> None:
    _tell_card(session, parse_card(read_file(file), str(file)), str(file))


def _tell_card(session: Session, shown: Card, file: str) -> None:
    if session.json:
        emit(_card_data(shown) | {"file": file})
        return
    facts(
        [
            (session.say("label.party"), cell(shown.party, session)),
            *(
                (f"{session.say('label.name')} ({tag})", cell(name, session))
                for tag, name in shown.names.items()
            ),
            (session.say("label.address"), cell(shown.address, session)),
            (session.say("label.root_keys"), cell([key_id(public) for public in shown.root], session)),
            (session.say("label.node_keys"), cell([key_id(public) for public in shown.node], session)),
            (session.say("label.fingerprint"), cell(card_fingerprint(shown), session)),
        ],
        session,
    )
    line(session.say("help.fingerprint"))


def _card_data(shown: Card) -> dict[str, Any]:
    return {
        "party": shown.party, "names": shown.names, "address": shown.address, "tls": shown.tls,
        "root": shown.root, "node": shown.node, "sealing": shown.sealing, "fingerprint": card_fingerprint(shown),
    }  # fmt: skip


# --------------------------------------------------------------------------------------------- founding


@command(
    "propose",
    Argument(["cards"], type=_FILE, nargs=-1, required=True, metavar="CARD..."),
    Option(_NAME, required=True, multiple=True, metavar="LANGUAGE=NAME", key="option.mechanism_name"),
    Option(["--chapter", "chapters"], multiple=True, metavar="CHAPTER"),
    Option(["--fingerprint", "fingerprints"], multiple=True, metavar='PARTY="63086 ..."'),
    Option(["-o", "--output", "output"], type=_FILE, required=True, metavar="FILE"),
    key="command.found.propose",
)
def _propose(
    session: Session,
    cards: tuple[Path, ...],
    names: tuple[str, ...],
    chapters: tuple[str, ...],
    fingerprints: tuple[str, ...],
    output: Path,
) -> None:
    from comity.desk import founding

    parsed = [parse_card(read_file(path), str(path)) for path in cards]
    charter = founding.proposed(session.node, parsed, read_names(names, "name"), chapters)
    _compare(session, charter, fingerprints)
    session.node.accept(charter)
    write_file(output, canonical.encode(charter) + b"\n")
    _tell_accepted(session, charter, str(output))


@command(
    "show",
    Argument(["file"], type=_FILE, metavar="FILE", key="option.charter.file"),
    key="command.found.show",
)
def _show_charter(session: Session, file: Path) -> None:
    charter = _read_charter(file)
    if session.json:
        emit({"mechanism": charter.id, "names": charter.names, "chapters": charter.chapters,
              "parties": [_card_data(shown) for shown in charter.parties]})  # fmt: skip
        return
    facts(
        [
            (session.say("label.mechanism"), cell(charter.id, session)),
            *(
                (f"{session.say('label.name')} ({tag})", cell(name, session))
                for tag, name in charter.names.items()
            ),
            (session.say("label.chapters"), cell(charter.chapters, session)),
        ],
        session,
    )
    headers = [session.say(f"label.{name}") for name in ("party", "name", "address", "fingerprint")]
    rows = [
        [cell(shown.party, session), named(shown.names, session), cell(shown.address, session),
         cell(card_fingerprint(shown), session)]
        for shown in charter.parties
    ]  # fmt: skip
    table(headers, rows, session)
    line(session.say("help.fingerprint"))


@command(
    "accept",
    Argument(["file"], type=_FILE, metavar="FILE", key="option.charter.file"),
    Option(["--fingerprint", "fingerprints"], multiple=True, metavar='PARTY="63086 ..."'),
    key="command.found.accept",
)
def _accept(session: Session, file: Path, fingerprints: tuple[str, ...]) -> None:
    charter = _read_charter(file)
    session.node.require_ours(charter)
    _compare(session, charter, fingerprints)
    session.node.accept(charter)
    _tell_accepted(session, charter, "")


def _read_charter(file: Path) -> Charter:
    return parse_charter(read_file(file), str(file))


def _compare(session: Session, charter: Charter, fingerprints: Sequence[str]) -> None:
    """Hold what was heard against what the cards say. Raises `Refused` unless every other party's was compared."""
    from comity.desk import founding

    heard = read_names(fingerprints, "fingerprint")
    for party, said in heard.items():
        charter.card(party)
        if not founding.digits(said):
            raise click.BadParameter("usage.fingerprint", param_hint=f"--fingerprint {party}")
    missing = [shown for shown in charter.parties if shown.party not in (session.node.party, *heard)]
    for shown in missing if on_terminal() and sys.stdin.isatty() else ():
        real = card_fingerprint(shown)
        asked = session.say("ask.fingerprint", party=shown.party, fingerprint=real)
        if not click.confirm(asked, default=False):
            raise Refused("fingerprint_differs", party=shown.party, heard="—", shown=real)
        heard[shown.party] = real
    founding.compare(charter, session.node.party, heard)


def _tell_accepted(session: Session, charter: Charter, output: str) -> None:
    if session.json:
        emit(
            {
                "mechanism": charter.id,
                "parties": list(charter.codes),
                "accepted": session.node.party,
                "file": output,
            }
        )
        return
    line(session.say("done.accepted", party=session.node.party, mechanism=charter.id))
    if output:
        line(session.say("done.proposed", file=output))


_CARD = {"make": _make_card, "show": _show_card}
_FOUND = {"propose": _propose, "show": _show_charter, "accept": _accept}
card = Group("card", {name: (f"command.card.{name}", "cli") for name in _CARD}, _CARD.get)
found = Group("found", {name: (f"command.found.{name}", "cli") for name in _FOUND}, _FOUND.get)
