"""Two nodes before there is any mechanism, each with pages, somebody who may found, and an administrator who may not.

founders = Founders(folder)
card = founders.side("TUR").card("https://tur.example.org")        "/found/cards/kZTS..."
charter, here = founders.proposed()                                 by TUR, in its pages
founders.side("IRQ").accepted(charter, {"TUR": founders.print("TUR")})
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC
from pathlib import Path
from typing import Any

import httpx
from tests.node.houses import meet
from tests.web.stage import NOW, PASSWORD, QUICK, Client
from tests.web.world import hidden, seen

from comity.accounts import MACHINE, Accounts
from comity.chapters import all_chapters
from comity.core.charter import card_fingerprint
from comity.core.keys import ED25519
from comity.desk.house import House
from comity.node.home import Node
from comity.web.app import application
from comity.web.visit import SESSION

__all__ = ["NAMES", "Founders", "Side", "at_once"]

NAMES = {
    "TUR": {"en": "Türkiye", "tr": "Türkiye", "ar": "تركيا"},
    "IRQ": {"en": "Iraq", "tr": "Irak", "ar": "العراق"},
}
MECHANISM = {"names.en": "Trade mechanism", "names.tr": "Ticaret mekanizması", "names.ar": "آلية التجارة"}


def at_once(clients: Sequence[Client], path: str, data: Mapping[str, Any]) -> list[httpx.Response]:
    """The same form from several browsers in the same moment."""

    async def sent() -> list[httpx.Response]:
        forms = [{"_csrf": client.token, **data} for client in clients]
        asked = [one._send("POST", path, data=form) for one, form in zip(clients, forms, strict=True)]
        return list(await asyncio.gather(*asked))

    with ThreadPoolExecutor(1) as beside:  # where a browser runs in this thread, so does its event loop
        return beside.submit(asyncio.run, sent()).result()


class Side:
    """One party's node and its pages. `ayla` may found mechanisms there; `deniz` administers it."""

    def __init__(self, folder: Path, party: str) -> None:
        self.node = Node.init(
            folder, party, NAMES.get(party, {"en": party}), all_chapters(), lambda: NOW, root_kinds=[ED25519]
        )
        self.accounts = Accounts(folder, lambda: NOW, QUICK)
        self.accounts.add(MACHINE, "ayla", "Ayla Demir", "en", PASSWORD)
        self.accounts.add(MACHINE, "deniz", "Deniz Kaya", "en", PASSWORD, admin=True)
        self.accounts.let_found(MACHINE, "ayla")
        self.house = House(self.node, self.accounts, lambda: NOW, UTC)
        self.app = application(self.house)

    def client(self, name: str, language: str = "en") -> Client:
        """Somebody with a browser, signed in."""
        step = self.accounts.sign_in(name, PASSWORD, "127.0.0.1")
        assert step.session is not None
        return Client(self.app, {SESSION: step.session.token, "comity_language": language})

    def card(self, address: str = "https://node.example.org") -> str:
        """Make a card in the pages; where it is."""
        client = self.client("ayla")
        client.get("/found/card")
        done = client.post("/found/card", {"address": address, "classic": "yes", "_once": address})
        assert done.status_code == 303, seen(done)
        return str(done.headers["location"].partition("?")[0])

    def file(self, card: str) -> bytes:
        """A card as it is downloaded."""
        return self.client("ayla").get(f"{card}/file").content

    def confirmed(
        self, charter: bytes, heard: Mapping[str, str], client: Client | None = None
    ) -> httpx.Response:
        """A charter from another party, looked at, with what was heard: the page that asks for the last word."""
        client = client or self.client("ayla")
        client.get("/found/accept")
        page = client.post("/found/accept", {"_do": "look"}, {"_file": ("m.charter", charter)})
        typed = {f"heard.{party}": said for party, said in heard.items()}
        return client.post("/found/accept", {**hidden(page), "_do": "check", **typed})

    def accepted(self, charter: bytes, heard: Mapping[str, str]) -> httpx.Response:
        """The same, and accepted."""
        client = self.client("ayla")
        page = self.confirmed(charter, heard, client)
        assert page.status_code == 200, seen(page)
        done = client.post("/found/accept", {**hidden(page), "_do": "say"})
        assert done.status_code == 303, seen(done)
        return done


class Founders:
    """Both sides."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._sides: dict[str, Side] = {}

    def side(self, party: str) -> Side:
        """A party's."""
        if party not in self._sides:
            self._sides[party] = Side(self._folder / party, party)
        return self._sides[party]

    def print(self, party: str) -> str:
        """The fingerprint of a party's newest card, as it is read aloud."""
        return card_fingerprint(self.side(party).node.cards()[-1].card)

    def form(self, client: Client, **typed: Any) -> tuple[dict[str, Any], Any]:
        """The form of a charter as TUR's person fills it in, and the file of IRQ's card."""
        own = self.side("TUR").card().rpartition("/")[2]
        card = self.side("IRQ").file(self.side("IRQ").card())
        client.get("/found/propose")
        data = {"own": own, **MECHANISM, "chapters": ["meetings"], "heard.IRQ": self.print("IRQ"), **typed}
        return data, {"_files": ("irq.card", card)}

    def proposed(self) -> tuple[bytes, str]:
        """A charter that TUR proposed in its pages; and where the mechanism is."""
        client = self.side("TUR").client("ayla")
        data, files = self.form(client)
        page = client.post("/found/propose", {**data, "_do": "check"}, files)
        assert page.status_code == 200, seen(page)
        done = client.post("/found/propose", {**hidden(page), "_do": "say"})
        assert done.status_code == 303, seen(done)
        here = str(done.headers["location"].partition("?")[0])
        return client.get(f"{here}/charter").content, here

    def exchange(self) -> None:
        """Both tell each other what they have said."""
        meet([self.side(party).house.mechanisms()[0] for party in ("TUR", "IRQ")])
