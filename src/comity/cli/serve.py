"""`comity serve`: one process that answers for all mechanisms of a node, and fetches from the others meanwhile."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from comity.cli.errors import tell
from comity.cli.session import Session
from comity.cli.show import line
from comity.cli.spoken import Option, command
from comity.core.errors import ComityError

if TYPE_CHECKING:
    from comity.node.reaching import Stations

__all__ = ["serve"]

_LAST_PORT = 65535

_FILE = click.Path(path_type=Path, dir_okay=False)


@command(
    "serve",
    Option(["--host"], default="127.0.0.1", show_default=True, metavar="HOST"),
    Option(["--port"], type=click.IntRange(0, 65535), default=8440, show_default=True, metavar="PORT"),
    Option(["--every"], type=click.FloatRange(0), default=30.0, show_default=True, metavar="SECONDS"),
    Option(["--certificate"], type=_FILE, metavar="FILE"),
    Option(["--private-key"], type=_FILE, metavar="FILE"),
    Option(["--pages"], metavar="HOST:PORT"),
    Option(["--zone"], default="UTC", show_default=True, metavar="ZONE"),
)
def serve(
    session: Session,
    host: str,
    port: int,
    every: float,
    certificate: Path | None,
    private_key: Path | None,
    pages: str | None,
    zone: str,
) -> None:
    """Listen until SIGINT or SIGTERM."""
    from comity.exchange.http.server import Endpoint
    from comity.exchange.http.serving import serve as listen
    from comity.node.reaching import Stations

    if (certificate is None) != (private_key is None):
        raise click.UsageError("usage.certificate", click.get_current_context())
    tls = str(certificate or ""), str(private_key or "")
    stations = Stations(session.node)
    for mechanism in stations:
        stations.of(mechanism)  # what cannot be opened is told before anybody asks for it
    endpoint, stop = Endpoint(stations, session.machine_clock), threading.Event()
    rounds = threading.Thread(target=_rounds, args=(session, stations, every, stop), name="comity-rounds")

    def started(address: str) -> None:
        if session.json:
            told = {"party": session.node.party, "address": address, **({"pages": shown} if shown else {})}
            print(json.dumps(told), flush=True)
        else:
            line(session.say("done.serving", party=session.node.party, address=address))
            if shown:
                line(session.say("done.serving_pages", address=shown))
            sys.stdout.flush()
        if every:
            rounds.start()

    try:
        with _pages(session, pages, zone, tls) as shown:
            listen(endpoint, host, port, *tls, started)
    finally:
        stop.set()
        if rounds.is_alive():
            rounds.join()
        endpoint.close()
    if not session.json:
        line(session.say("done.stopped"))


@contextmanager
def _pages(session: Session, at: str | None, zone: str, tls: tuple[str, str]) -> Iterator[str]:
    """The pages and the API, in a thread beside, for as long as the block lasts; their address, or ""."""
    if at is None:
        yield ""
        return
    from comity.cli.pages import open_pages
    from comity.desk.preparing import preparing
    from comity.exchange.http.serving import serving

    host, _, port = at.rpartition(":")
    if not port.isdecimal() or int(port) > _LAST_PORT:
        raise click.BadParameter("usage.host_port", param_hint="--pages")
    with (
        open_pages(session, zone) as application,
        serving(application, host.strip("[]") or "127.0.0.1", int(port), *tls, quick=True) as address,
        preparing(application.house),
    ):
        yield address


def _rounds(session: Session, stations: Stations, every: float, stop: threading.Event) -> None:
    """Fetch and give, round after round. What goes wrong is told once, until it goes well or wrong otherwise."""
    from comity.exchange.http.client import talk_http
    from comity.node.reaching import place

    last: dict[tuple[str, str], str] = {}
    while not stop.wait(every):
        for mechanism in stations:
            try:
                station, record = stations.of(mechanism), session.node.record(mechanism)
            except ComityError as error:
                tell(session, error)
                continue
            for party in record.parties:
                at = place(record, party) if party != record.party else None
                if at is None or stop.is_set():
                    continue
                try:
                    talk_http(station, party, at, session.machine_clock)
                    last.pop((mechanism, party), None)
                except ComityError as error:
                    if last.get((mechanism, party)) != str(error):
                        tell(session, error)
                    last[mechanism, party] = str(error)
