"""Founding in the pages: who may, our card, who has accepted; by the two nodes of a mechanism that is not there yet."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.web.founders import Founders, Side, at_once
from tests.web.stage import PASSWORD
from tests.web.world import hidden, seen

from comity.accounts import MACHINE
from comity.core.act import LANGUAGES
from comity.core.charter import card_fingerprint, parse_card
from comity.core.keys import ED25519

PATHS = ("/found", "/found/card", "/found/propose", "/found/accept", "/found/cards/x", "/found/cards/x/file")
CERTIFICATE = b"-----BEGIN CERTIFICATE-----\nMAMCAQE=\n-----END CERTIFICATE-----\n"


@pytest.fixture
def founders(tmp_path: Path) -> Founders:
    return Founders(tmp_path)


@pytest.fixture
def tur(founders: Founders) -> Side:
    return founders.side("TUR")


@pytest.mark.parametrize("path", PATHS)
def test_whoever_may_not_found_sees_nothing_of_it_and_does_nothing(tur: Side, path: str) -> None:
    """An administrator neither; the trail hears of each try."""
    client = tur.client("deniz")
    page = client.get(path)
    assert page.status_code == 403
    assert "Only who may found" in seen(page)
    client.get("/account")
    for form in ("/found/card", "/found/propose", "/found/accept"):
        assert client.post(form, {"_do": "say"}).status_code == 403
    assert tur.node.cards() == []
    last = tur.accounts.audit(tur.accounts.newest_audit()[0] - 1)[0]
    assert (last.person, last.what, last.facts) == ("deniz", "audit.refused", {"code": "not_a_founder"})


def test_the_first_page_leads_whoever_may_found_there_and_nobody_else(tur: Side) -> None:
    assert 'href="/found"' in tur.client("ayla").get("/").text
    assert "/found" not in tur.client("deniz").get("/").text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_is_there_in_every_language(tur: Side, language: str) -> None:
    card = tur.card().rpartition("/")[2]
    for path in ("/found", "/found/card", "/found/propose", "/found/accept", f"/found/cards/{card}"):
        page = tur.client("ayla", language).get(path)
        assert page.status_code == 200
        assert f'<html lang="{language}"' in page.text
        assert not re.search(r">\s*(founding|web|say)\.[a-z_.]+\s*<", page.text)


def test_a_card_is_made_shown_with_its_fingerprint_and_downloaded(tur: Side) -> None:
    client = tur.client("ayla")
    client.get("/found/card")
    done = client.post(
        "/found/card",
        {"address": "https://node.example.org", "classic": "yes", "_once": "a"},
        {"_certificate": ("node.pem", CERTIFICATE)},
    )
    assert done.status_code == 303
    page = client.get(done.headers["location"])
    file = client.get(f"{done.headers['location'].partition('?')[0]}/file")
    assert file.headers["content-disposition"].endswith("tur.card")
    card = parse_card(file.content)
    assert f'<p class="fingerprint"><bdi dir="ltr">{card_fingerprint(card)}</bdi></p>' in page.text
    assert (card.address, len(card.tls), [key.partition(":")[0] for key in card.node]) == (
        "https://node.example.org", 43, [ED25519],
    )  # fmt: skip
    assert [one.card for one in tur.node.cards()] == [card]
    row = tur.accounts.audit(tur.accounts.newest_audit()[0] - 1)[0]
    assert (row.person, row.what) == ("ayla", "audit.card_made")


def test_a_second_press_makes_no_second_card(tur: Side) -> None:
    """Two at once neither."""
    clients = [tur.client("ayla") for _ in range(4)]
    for client in clients:
        client.get("/found/card")
    done = at_once(clients, "/found/card", {"_once": "same"})
    assert {one.headers["location"] for one in done} == {done[0].headers["location"]}
    assert len(tur.node.cards()) == 1


@pytest.mark.parametrize(
    ("typed", "files", "at"),
    [
        ({"address": "node.example.org"}, None, "f-address"),
        ({"address": "https://"}, None, "f-address"),
        ({"address": "javascript:alert(1)"}, None, "f-address"),
        ({"address": "https://a b"}, None, "f-address"),
        ({"address": "https://node.example.org"}, {"_certificate": ("x.pem", b"nothing")}, "f-_certificate"),
        ({"address": "https://node.example.org"}, {"_certificate": ("x.pem", b"\x30" * 70_000)}, "f-_certificate"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_card_stands_beside_its_field_and_what_was_typed_stays(
    tur: Side, typed: dict[str, str], files: dict[str, tuple[str, bytes]] | None, at: str
) -> None:
    client = tur.client("ayla")
    client.get("/found/card")
    page = client.post("/found/card", {**typed, "classic": "yes", "_once": "b"}, files)
    assert page.status_code == 422
    assert f'id="{at}-error"' in page.text
    assert f'value="{typed["address"]}"' in page.text
    assert 'name="classic" value="yes" checked' in page.text
    assert hidden(page)["_once"] == ["b"]
    assert tur.node.cards() == []


def test_a_card_that_was_not_made_here_is_not_found(tur: Side) -> None:
    client = tur.client("ayla")
    for name in ("..%2Fnode", "nothing", "%2e%2e"):
        assert client.get(f"/found/cards/{name}").status_code == 404
        assert client.get(f"/found/cards/{name}/file").status_code == 404


def test_the_right_is_given_and_taken_by_an_administrator_not_to_oneself_and_the_trail_says_so(
    tur: Side,
) -> None:
    tur.accounts.add(MACHINE, "murat", "Murat", "en", PASSWORD)
    client = tur.client("deniz")
    assert "May not found mechanisms." in seen(client.get("/admin/people/murat"))
    done = client.post("/admin/people/murat/found")
    assert done.status_code == 303
    page = client.get(done.headers["location"])
    assert "May found mechanisms now." in seen(page)
    assert tur.client("murat").get("/found").status_code == 200
    client.get("/admin/people/murat")
    assert client.post("/admin/people/murat/found_not").status_code == 303
    assert tur.client("murat").get("/found").status_code == 403
    client.get("/admin/people/deniz")
    refused = client.post("/admin/people/deniz/found")
    assert refused.status_code == 409
    assert not tur.accounts.person("deniz").founds
    told = [row.what for row in tur.accounts.audit(0, 1000) if row.person == "deniz" and "found" in row.what]
    assert told == ["audit.may_found", "audit.may_not_found"]
    trail = seen(client.get("/admin/trail"))
    assert "May found mechanisms now: murat" in trail


def test_a_card_form_whose_session_ended_comes_back_with_what_was_typed(tur: Side) -> None:
    client = tur.client("ayla")
    client.get("/found/card")
    client.cookies.clear()
    door = client.post("/found/card", {"address": "https://node.example.org", "_once": "c"})
    assert door.status_code == 401
    assert tur.node.cards() == []
    carried = {name: values[0] for name, values in hidden(door).items()}
    done = client.post("/sign-in", {**carried, "name": "ayla", "password": PASSWORD})
    assert done.headers["location"] == "/found/card"
    assert 'value="https://node.example.org"' in client.get("/found/card").text


def test_a_foreign_page_makes_no_card(tur: Side) -> None:
    client = tur.client("ayla")
    client.get("/found/card")
    assert client.post("/found/card", {"_once": "d"}, origin="https://evil.example").status_code == 403
    client.token = ""
    assert client.post("/found/card", {"_once": "d"}).status_code == 403
    assert tur.node.cards() == []


def test_a_mechanism_is_shown_to_who_may_found_and_read_it_with_who_has_accepted(founders: Founders) -> None:
    tur, irq = founders.side("TUR"), founders.side("IRQ")
    charter, here = founders.proposed()
    page = tur.client("ayla").get(here)
    assert "Not all parties have accepted yet" in seen(page)
    assert tur.client("ayla").get(f"{here}/charter").content == charter
    tur.accounts.add(MACHINE, "murat", "Murat", "en", PASSWORD)
    tur.accounts.let_found(MACHINE, "murat")
    assert tur.client("murat").get(here).status_code == 404
    assert json.loads(charter)["names"]["en"] not in tur.client("murat").get("/found").text
    irq.accepted(charter, {"TUR": founders.print("TUR")})
    founders.exchange()
    assert "the mechanism stands" in seen(tur.client("ayla").get(here))
    assert "the mechanism stands" in seen(irq.client("ayla").get(here))
