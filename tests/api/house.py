"""Two real nodes with a memorandum in force and a committee, one of them with people, tokens and an API.

house = Built(folder)
reply = await house.get("/dockets/TUR/4")                 through ASGI, no socket
reply = await house.say("meetings", "convene", {"fields": {...}, "mandate": MANDATE})
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Coroutine
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from tests.accounts.house import CHEAP, PASSWORD
from tests.node.committees import memorandum
from tests.node.houses import meet

from comity.accounts import MACHINE, Accounts
from comity.api import Api
from comity.chapters import all_chapters
from comity.chapters.committees.acts import Constituted
from comity.chapters.instruments.acts import Affirmed, Recorded
from comity.chapters.instruments.text import digest
from comity.core.act import Ref
from comity.core.charter import ROOT, OfficeFilled, parse_card
from comity.core.keys import ED25519
from comity.desk.house import House
from comity.node.home import Node
from comity.node.record import Draft, Record

START = datetime(2024, 9, 1, 9, tzinfo=UTC)
MANDATE = "TUR/1#art-1"
BODY = "joint"
CODES = ("IRQ", "TUR")


class Clock:
    """One second later each time that somebody looks."""

    def __init__(self) -> None:
        self.now = START

    def __call__(self) -> datetime:
        self.now += timedelta(seconds=1)
        return self.now


class Built:
    """Türkiye's node as programs see it, and Iraq's beside it. `token` is the secretariat's."""

    def __init__(self, folder: Path, **more: Any) -> None:
        self.clock, chapters = Clock(), all_chapters()
        self.nodes = {
            code: Node.init(folder / code, code, {"en": code}, chapters, self.clock, "", [ED25519]) for code in CODES
        }  # fmt: skip
        cards = [parse_card(node.make_card(node_kinds=[ED25519])) for node in self.nodes.values()]
        names = {"en": "Joint mechanism", "tr": "Ortak mekanizma", "ar": "الآلية المشتركة"}
        charter = self.nodes["TUR"].propose(cards, names, sorted(chapters))
        self.records: dict[str, Record] = {code: node.accept(charter) for code, node in self.nodes.items()}
        self._begin()
        self.accounts = Accounts(folder / "TUR", self.clock, CHEAP)
        self.mechanism = self.record.mechanism
        self.accounts.add(MACHINE, "ayla", "Ayla Demir", "tr", PASSWORD, admin=True)
        self.accounts.grant(MACHINE, "ayla", self.mechanism, "secretariat")
        self.token = self.token_for("secretariat")
        self.house = House(self.nodes["TUR"], self.accounts, self.clock, ZoneInfo("Europe/Istanbul"))
        self.api = Api(self.house, **more)

    @property
    def record(self) -> Record:
        return self.records["TUR"]

    def token_for(self, office: str, person: str = "ayla", mechanism: str = "") -> str:
        return self.accounts.make_token(person, person, mechanism or self.mechanism, office, "a program")

    def meet(self) -> None:
        meet(list(self.records.values()))

    def _begin(self) -> None:
        """The memorandum in force, its committee, and the office that programs speak for."""
        meet(list(self.records.values()))
        one, two = self.records["TUR"], self.records["IRQ"]
        text, since = memorandum(), date(2024, 1, 1)
        ref = one.say(Draft("instrument.recorded/1", Recorded(text, since), ROOT)).ref
        self.meet()
        affirmed = Affirmed(str(ref), digest(text), since)
        two.say(Draft("instrument.affirmed/1", affirmed, ROOT, docket=ref, answers=[ref]))
        self.meet()
        assert str(ref) == "TUR/1"
        for code, record in self.records.items():
            key = self.nodes[code].keys.signer(self.nodes[code].settings.root[0])
            filled = OfficeFilled(
                "secretariat", {"en": "Secretariat"}, "", self.nodes[code].keys.make(ED25519).public
            )
            record.say(Draft("charter.office_filled/1", filled, ROOT, docket=Ref(code, 0), signer=key))
        opened = Constituted(
            BODY, {"en": "Joint Committee", "tr": "Ortak Komite"}, CODES, {"IRQ": 3, "TUR": 3}
        )
        self.committee = one.say(Draft("committee.constituted/1", opened, "secretariat", mandate=MANDATE)).ref
        self.meet()

    def close(self) -> None:
        self.api.close()
        self.accounts.close()
        for node in self.nodes.values():
            node.close()

    # -------------------------------------------------------------------------------------- asking

    def client(self, token: str | None = None) -> httpx.AsyncClient:
        headers = {"authorization": f"Bearer {self.token if token is None else token}"}
        return httpx.AsyncClient(
            transport=httpx.ASGITransport(self.api, raise_app_exceptions=False), base_url="http://node.example",
            headers=headers,
        )  # fmt: skip

    async def ask(self, method: str, path: str, token: str | None = None, **more: Any) -> httpx.Response:
        async with self.client(token) as client:
            return await client.request(method, f"/api/v1{path}", **more)

    def get(self, path: str, token: str | None = None, **more: Any) -> httpx.Response:
        """One question, in an event loop of its own."""
        return run(self.ask("GET", path, token, **more))

    def say(
        self, chapter: str, verb: str, body: Any = None, token: str | None = None, **more: Any
    ) -> httpx.Response:
        """One act."""
        return run(
            self.ask("POST", f"/acts/{chapter}/{verb}", token, json={} if body is None else body, **more)
        )

    def convene(self, round: int = 1, token: str | None = None, **more: Any) -> httpx.Response:  # noqa: A002
        return self.say("meetings", "convene", meeting(round), token, **more)

    def commitment(self) -> str:
        """A commitment that we have proposed."""
        terms = {
            "title": {"en": "Joint centre"}, "text": {"en": "Set it up."}, "source": MANDATE, "owners": ["IRQ", "TUR"],
            "due": {"on": "2024-12-31"},
        }  # fmt: skip
        body = {"fields": {"body": BODY, "terms": terms}, "mandate": MANDATE}
        return str(self.say("commitments", "propose", body).json()["ref"])

    def send(self, raw: bytes, token: str | None = None) -> str:
        """A file that a later request will name; its name."""
        name = hashlib.sha256(raw).hexdigest()
        reply = run(self.ask("PUT", f"/uploads/{name}", token, content=raw))
        assert reply.status_code == 201, reply.text
        return name


def meeting(round: int = 1) -> dict[str, Any]:  # noqa: A002
    """What a program sends to call a meeting."""
    fields = {"body": BODY, "round": round, "starts": "2024-10-01T10:00:00+03:00", "place": {"en": "Ankara"}}
    return {"fields": fields, "mandate": MANDATE}


def run(work: Coroutine[Any, Any, Any]) -> Any:
    """The answer of a coroutine, in an event loop of its own."""
    return asyncio.run(work)
