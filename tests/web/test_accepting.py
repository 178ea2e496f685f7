"""Proposing and accepting a charter in the pages: what was heard decides, and nothing is accepted before the last press."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.web.founders import Founders, Side, at_once
from tests.web.stage import PASSWORD
from tests.web.world import hidden, seen

from comity.accounts import MACHINE
from comity.core import canonical
from comity.core.act import LANGUAGES
from comity.core.charter import ROOT, card_fingerprint, make_card, parse_card, parse_charter
from comity.core.errors import Unavailable
from comity.core.keys import ED25519
from comity.node.home import Node
from comity.node.record import Record

WRONG = "12345 12345 12345 12345 12345 12345"


@pytest.fixture
def founders(tmp_path: Path) -> Founders:
    return Founders(tmp_path)


def nothing_said(side: Side) -> bool:
    return side.node.mechanisms() == [] and side.accounts.person("ayla").offices("") == frozenset()


def offices(side: Side) -> set[tuple[str, str]]:
    return {one for one in side.accounts.person("ayla").held if one[0] != "+founding"}


def test_two_parties_found_a_mechanism_and_each_founder_holds_the_root_office_in_it(
    founders: Founders,
) -> None:
    tur, irq = founders.side("TUR"), founders.side("IRQ")
    charter, here = founders.proposed()
    identifier = parse_charter(charter).id
    assert here == f"/found/m/{identifier[:12]}"
    done = irq.accepted(charter, {"TUR": founders.print("TUR")})
    assert done.headers["location"].startswith(here)
    founders.exchange()
    for side in (tur, irq):
        assert side.node.mechanisms() == [identifier]
        assert side.house.mechanisms()[0].ready == {"IRQ": 1, "TUR": 1}
        assert offices(side) == {(identifier, ROOT)}
        row = next(row for row in side.accounts.audit(0, 1000) if row.what == "audit.founded")
        assert (row.person, row.facts) == ("ayla", {"about": "ayla", "mechanism": identifier[:12]})
        assert side.client("ayla").get(f"/m/{identifier[:12]}").status_code == 200


def test_nothing_is_accepted_before_the_last_press_and_the_page_before_it_shows_everything(
    founders: Founders,
) -> None:
    tur = founders.side("TUR")
    client = tur.client("ayla")
    data, files = founders.form(client)
    page = client.post("/found/propose", {**data, "_do": "check"}, files)
    told = seen(page)
    for shown in (
        "cannot be unsaid",
        "Trade mechanism",
        "آلية التجارة",
        "Iraq",
        "Türkiye",
        "https://node.example.org",
    ):
        assert shown in told
    for party in ("TUR", "IRQ"):
        assert founders.print(party) in page.text
    assert nothing_said(tur)
    back = client.post("/found/propose", {**hidden(page), "_do": "edit"})
    assert 'value="Trade mechanism"' in back.text
    assert nothing_said(tur)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        (WRONG, "Not the fingerprint of this card"),
        ("", "Type the fingerprint that Iraq read to you"),
        ("63086", "six groups of five digits"),
        ("<script>alert(1)</script>", "six groups of five digits"),
    ],
)
def test_what_was_not_heard_so_is_refused_beside_its_field_and_the_right_digits_are_not_shown(
    founders: Founders, typed: str, why: str
) -> None:
    """Whoever saw them there would copy them. What was typed stays, and so does the card that was given."""
    tur = founders.side("TUR")
    client = tur.client("ayla")
    data, files = founders.form(client, **{"heard.IRQ": typed})
    page = client.post("/found/propose", {**data, "_do": "check"}, files)
    assert page.status_code == 422
    assert why in seen(page).partition("Cards of the other parties")[0]
    assert 'id="f-heard.IRQ-error"' in page.text
    assert founders.print("IRQ") not in page.text
    assert len(hidden(page)["card"]) == 1
    for value in ("Trade mechanism", "Ticaret mekanizması"):
        assert f'value="{value}"' in page.text
    assert "<script>alert" not in page.text
    assert nothing_said(tur)
    again = {**hidden(page), **data, "heard.IRQ": founders.print("IRQ"), "_do": "check"}
    assert "cannot be unsaid" in seen(client.post("/found/propose", again))


def test_digits_are_understood_as_people_write_them(founders: Founders) -> None:
    """In Arabic numerals, in other groups, with hyphens."""
    charter, _ = founders.proposed()
    irq = founders.side("IRQ")
    said = founders.print("TUR")
    arabic = said.translate({ord(str(digit)): 0x660 + digit for digit in range(10)})
    for typed in (arabic, said.replace(" ", "-"), said.replace(" ", ""), f" {said} \u200f"):
        assert irq.confirmed(charter, {"TUR": typed}).status_code == 200
    assert nothing_said(irq)


def test_a_wrong_fingerprint_goes_into_the_trail(founders: Founders) -> None:
    charter, _ = founders.proposed()
    irq = founders.side("IRQ")
    page = irq.confirmed(charter, {"TUR": WRONG})
    assert page.status_code == 422
    assert founders.print("TUR") not in page.text
    row = irq.accounts.audit(irq.accounts.newest_audit()[0] - 1)[0]
    assert (row.person, row.what, row.facts) == ("ayla", "audit.refused", {"code": "fingerprint_differs"})
    assert nothing_said(irq)


def test_the_last_press_compares_again(founders: Founders) -> None:
    """A form whose hidden fields were changed accepts nothing."""
    charter, _ = founders.proposed()
    irq = founders.side("IRQ")
    client = irq.client("ayla")
    page = irq.confirmed(charter, {"TUR": founders.print("TUR")}, client)
    done = client.post("/found/accept", {**hidden(page), "heard.TUR": WRONG, "_do": "say"})
    assert done.status_code == 422
    assert nothing_said(irq)


def test_a_second_press_says_nothing_twice_also_when_two_come_at_once(founders: Founders) -> None:
    charter, here = founders.proposed()
    irq = founders.side("IRQ")
    client = irq.client("ayla")
    page = irq.confirmed(charter, {"TUR": founders.print("TUR")}, client)
    data = {**hidden(page), "_do": "say"}
    others = [irq.client("ayla") for _ in range(3)]
    for other in others:
        other.get("/found/accept")
    done = at_once(others, "/found/accept", data)
    assert {one.headers["location"] for one in done} == {f"{here}?told=accepted"}
    assert irq.house.mechanisms()[0].logs["IRQ"].size == 1


# ------------------------------------------------------------------------------------------- whose and what


def changed(founders: Founders, charter: bytes, party: str, **other: Any) -> bytes:
    """The charter with something else in one party's card."""
    found = parse_charter(charter)
    cards = [
        msgspec.structs.replace(card, **other) if card.party == party else card for card in found.parties
    ]
    return canonical.encode(msgspec.structs.replace(found, parties=cards))


def test_a_card_that_was_changed_after_its_fingerprint_was_read_is_found(founders: Founders) -> None:
    """Theirs by what was heard; ours because it is not what was made here."""
    charter, _ = founders.proposed()
    irq = founders.side("IRQ")
    theirs = changed(founders, charter, "TUR", address="https://evil.example")
    assert irq.confirmed(theirs, {"TUR": founders.print("TUR")}).status_code == 422
    for other in ({"address": "https://evil.example"}, {"names": {"en": "Iran"}}):
        ours = changed(founders, charter, "IRQ", **other)
        client = irq.client("ayla")
        client.get("/found/accept")
        page = client.post("/found/accept", {"_do": "look"}, {"_file": ("m.charter", ours)})
        assert page.status_code == 409
        assert "otherwise than any card that was made here" in seen(page)
    assert nothing_said(irq)


def test_keys_of_ours_from_two_cards_are_no_card_of_ours(founders: Founders) -> None:
    charter, _ = founders.proposed()
    irq = founders.side("IRQ")
    irq.card("https://second.example.org")
    second = irq.node.cards()[-1].card
    mixed = changed(founders, charter, "IRQ", sealing=second.sealing)
    assert irq.confirmed(mixed, {"TUR": founders.print("TUR")}).status_code == 422
    assert nothing_said(irq)


FILES: Mapping[str, tuple[bytes, str]] = {
    "nothing": (b"", "not a party card"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\x00", "not a party card"),
    "too much": (b" " * 70_000, "not a party card"),
    "not canonical": (b'{"signatures":[],"card":{}}', "not a party card"),
    "deep": (b"[" * 60_000, "not a party card"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_no_card_is_refused_by_its_name(founders: Founders, name: str) -> None:
    raw, why = FILES[name]
    client = founders.side("TUR").client("ayla")
    client.get("/found/propose")
    files = {"_files": ("<s>\u202ecard.exe", raw)}
    page = client.post("/found/propose", {"_do": "add", "names.en": "Trade"}, files)
    assert page.status_code == 422
    assert why in seen(page)
    assert "<s>" not in page.text
    assert "\u202e" not in page.text
    assert 'value="Trade"' in page.text


def test_our_own_card_a_second_one_of_a_party_and_one_that_was_changed_are_not_taken(
    founders: Founders,
) -> None:
    tur, irq = founders.side("TUR"), founders.side("IRQ")
    client = tur.client("ayla")
    data, files = founders.form(client)
    page = client.post("/found/propose", {**data, "_do": "add"}, files)
    carried = {**hidden(page), **data, "_do": "add"}
    ours = tur.file(tur.card())
    again = client.post("/found/propose", carried, {"_files": ("tur.card", ours)})
    assert "a card of our own party" in seen(again)
    second = irq.file(irq.card("https://other.example.org"))
    again = client.post("/found/propose", carried, {"_files": ("irq2.card", second)})
    assert "another card of IRQ is here already" in seen(again)
    assert hidden(again)["card"] == hidden(page)["card"]
    forged = second.replace(b"https://other", b"https://evil5")
    again = client.post("/found/propose", {**data, "_do": "add"}, {"_files": ("irq3.card", forged)})
    assert "changed after it was signed" in seen(again)
    assert "card" not in hidden(again)


def test_the_same_card_twice_is_one_and_one_that_is_removed_is_gone(founders: Founders) -> None:
    client = founders.side("TUR").client("ayla")
    data, files = founders.form(client)
    page = client.post("/found/propose", {**data, "_do": "add"}, [("_files", files["_files"])] * 2)
    assert page.status_code == 200
    assert len(hidden(page)["card"]) == 1
    page = client.post("/found/propose", {**hidden(page), **data, "_remove": "IRQ"})
    assert "card" not in hidden(page)
    assert 'value="Trade mechanism"' in page.text


def test_a_form_without_what_a_charter_needs_says_so_for_each_field(founders: Founders) -> None:
    client = founders.side("TUR").client("ayla")
    client.get("/found/propose")
    page = client.post("/found/propose", {"_do": "check"})
    assert page.status_code == 422
    for name in ("own", "_files", "names", "chapters"):
        assert f'href="#f-{name}"' in page.text
        assert f'id="f-{name}-error"' in page.text


def test_a_hostile_card_is_shown_inert(founders: Founders) -> None:
    """Its names and its address are text, and what turns text round is written out."""
    tur = founders.side("TUR")
    folder = tur.node.folder.parent / "hostile"
    other = Node.init(folder, "IRQ", {"en": "<i>I\u202eraq", "x-y": "a"}, {}, tur.house.clock, "", [ED25519])
    card = other.make_card('https://x/"><script>alert(1)</script>', "", [ED25519])
    client = tur.client("ayla")
    client.get("/found/propose")
    page = client.post("/found/propose", {"_do": "add"}, {"_files": ("irq.card", card)})
    assert page.status_code == 200
    assert "<script>alert" not in page.text
    assert "<i>I" not in page.text
    assert "⟨U+202E⟩" in page.text
    assert parse_card(hidden(page)["card"][0].encode()) == parse_card(card)


def test_two_cards_with_a_key_in_common_found_nothing(founders: Founders) -> None:
    tur = founders.side("TUR")
    client = tur.client("ayla")
    data, files = founders.form(client)
    irq = founders.side("IRQ").node
    twin = msgspec.structs.replace(irq.cards()[-1].card, party="JOR")
    raw = make_card(twin, [irq.keys.signer(key) for key in twin.root])
    sent = {**data, "heard.JOR": card_fingerprint(twin), "_do": "check"}
    page = client.post("/found/propose", sent, [("_files", files["_files"]), ("_files", ("jor.card", raw))])
    assert page.status_code == 422
    assert "have a key in common" in seen(page)
    assert nothing_said(tur)


@pytest.mark.parametrize("raw", [b"", b"{}", b"\xff\xfe", b" " * 900_000, b"[" * 100_000])
def test_a_file_that_is_no_charter_is_refused(founders: Founders, raw: bytes) -> None:
    client = founders.side("IRQ").client("ayla")
    client.get("/found/accept")
    page = client.post("/found/accept", {"_do": "look"}, {"_file": ("m.charter", raw)})
    assert page.status_code == 422
    assert 'id="f-_file-error"' in page.text


def test_a_charter_between_others_is_not_ours_to_accept(founders: Founders, tmp_path: Path) -> None:
    charter, _ = founders.proposed()
    jor = Side(tmp_path / "JOR", "JOR")
    client = jor.client("ayla")
    client.get("/found/accept")
    page = client.post("/found/accept", {"_do": "look"}, {"_file": ("m.charter", charter)})
    assert page.status_code == 409
    assert jor.node.mechanisms() == []


# ------------------------------------------------------------------------------------------ who gets what


def test_whoever_brings_the_charter_of_a_mechanism_that_stands_gets_nothing_by_it(founders: Founders) -> None:
    """Else the right to found would be a way into every mechanism of the node."""
    charter, _ = founders.proposed()
    irq = founders.side("IRQ")
    irq.accepted(charter, {"TUR": founders.print("TUR")})
    irq.accounts.add(MACHINE, "murat", "Murat", "en", PASSWORD)
    irq.accounts.let_found(MACHINE, "murat")
    client = irq.client("murat")
    page = irq.confirmed(charter, {"TUR": founders.print("TUR")}, client)
    done = client.post("/found/accept", {**hidden(page), "_do": "say"})
    assert done.headers["location"] == "/found?told=stands"
    assert "accepted that charter already" in seen(client.get("/found?told=stands"))
    assert irq.accounts.person("murat").offices(parse_charter(charter).id) == frozenset()
    irq.accounts.revoke("deniz", "ayla", parse_charter(charter).id, ROOT)
    client = irq.client("ayla")
    page = irq.confirmed(charter, {"TUR": founders.print("TUR")}, client)
    assert (
        client.post("/found/accept", {**hidden(page), "_do": "say"}).headers["location"]
        == "/found?told=stands"
    )
    assert offices(irq) == set()


def test_an_acceptance_that_was_broken_off_is_taken_up_again(
    founders: Founders, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The database is there and the act is not: the same press says it, and its founder holds the office."""
    charter, here = founders.proposed()
    irq = founders.side("IRQ")
    client = irq.client("ayla")
    page = irq.confirmed(charter, {"TUR": founders.print("TUR")}, client)
    with monkeypatch.context() as broken:

        def full(*_: object) -> None:
            raise Unavailable("disk", "is full")

        broken.setattr(Record, "say", full)
        failed = client.post("/found/accept", {**hidden(page), "_do": "say"})
    assert failed.status_code == 503
    assert "cannot be unsaid" in seen(failed)
    done = client.post("/found/accept", {**hidden(failed), "_do": "say"})
    assert done.headers["location"] == f"{here}?told=accepted"
    assert irq.house.mechanisms()[0].logs["IRQ"].size == 1
    assert not irq.house.mechanisms()[0].silent
    assert offices(irq) == {(parse_charter(charter).id, ROOT)}


def test_a_root_key_under_its_holder_s_passphrase_asks_for_it(founders: Founders) -> None:
    charter, here = founders.proposed()
    irq = founders.side("IRQ")
    irq.node.keys.reseal(irq.node.settings.root[0], "", "a lamp by the door")
    client = irq.client("ayla")
    page = irq.confirmed(charter, {"TUR": founders.print("TUR")}, client)
    assert 'name="_passphrase"' in page.text
    for typed in ("", "something else"):
        wrong = client.post("/found/accept", {**hidden(page), "_do": "say", "_passphrase": typed})
        assert wrong.status_code == 409
        assert 'id="f-_passphrase-error"' in wrong.text
        assert "something else" not in wrong.text
    assert nothing_said(irq)
    assert offices(irq) == set()
    done = client.post("/found/accept", {**hidden(page), "_do": "say", "_passphrase": "a lamp by the door"})
    assert done.headers["location"] == f"{here}?told=accepted"


def test_a_form_whose_session_ended_comes_back_whole_with_the_cards(founders: Founders) -> None:
    tur = founders.side("TUR")
    client = tur.client("ayla")
    data, files = founders.form(client)
    page = client.post("/found/propose", {**data, "_do": "add"}, files)
    client.cookies.clear()
    door = client.post("/found/propose", {**hidden(page), **data, "_do": "check"})
    assert door.status_code == 401
    carried = {name: values[0] for name, values in hidden(door).items()}
    done = client.post("/sign-in", {**carried, "name": "ayla", "password": PASSWORD})
    back = client.get(done.headers["location"])
    assert hidden(back)["card"] == hidden(page)["card"]
    assert 'value="Trade mechanism"' in back.text
    assert founders.print("IRQ") in back.text  # as it was typed
    assert nothing_said(tur)


def test_a_foreign_page_accepts_nothing(founders: Founders) -> None:
    charter, _ = founders.proposed()
    irq = founders.side("IRQ")
    client = irq.client("ayla")
    page = irq.confirmed(charter, {"TUR": founders.print("TUR")}, client)
    data = {**hidden(page), "_do": "say"}
    assert client.post("/found/accept", data, origin="https://evil.example").status_code == 403
    client.token = ""
    assert client.post("/found/accept", data).status_code == 403
    assert nothing_said(irq)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_step_is_in_the_reader_s_language(founders: Founders, language: str) -> None:
    client = founders.side("TUR").client("ayla", language)
    data, files = founders.form(client, **{"heard.IRQ": ""})
    for page in (
        client.post("/found/propose", {**data, "_do": "check"}, files),
        client.post("/found/propose", {**data, "heard.IRQ": founders.print("IRQ"), "_do": "check"}, files),
    ):
        assert f'<html lang="{language}"' in page.text
        assert ">founding." not in page.text
