"""What every interface does in founding: certificates pinned, fingerprints understood and compared, our card as we made it."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.node.houses import build

from comity.core.charter import Charter, card_fingerprint, parse_card
from comity.core.errors import Malformed, Refused
from comity.core.keys import ED25519, ML_DSA
from comity.desk import founding
from comity.node.home import Node

PRINT = "63086 12345 00000 32001 37049 11111"


def pair(folder: Path) -> tuple[Node, Charter]:
    nodes = [build(folder / code, code) for code in ("IRQ", "TUR")]
    cards = [founding.make_card(node, classic=True).card for node in nodes]
    return nodes[1], founding.proposed(nodes[1], cards, {"en": "M"}, [])


@pytest.mark.parametrize(
    "heard",
    [PRINT, PRINT.replace(" ", ""), PRINT.replace(" ", "-"), f"\u200f{PRINT}\n", PRINT.replace("6", "\u0666"), "\u00a0".join(PRINT)],
)  # fmt: skip
def test_digits_are_the_same_in_whichever_groups_and_numerals(heard: str) -> None:
    assert founding.digits(heard) == PRINT.replace(" ", "")


@given(st.text(max_size=40))
def test_what_is_not_thirty_digits_is_none(heard: str) -> None:
    found = founding.digits(heard)
    assert found == "" or (len(found) == 30 and found.isascii() and found.isdigit())


@pytest.mark.parametrize(
    "heard", ["", PRINT[:-1], PRINT + "1", PRINT.replace("6", "²"), PRINT.replace("6", "six")]
)
def test_anything_else_is_no_fingerprint(tmp_path: Path, heard: str) -> None:
    assert founding.digits(heard) == ""
    assert not founding.same(founding.make_card(build(tmp_path, "TUR"), classic=True).card, heard)


def test_every_other_party_is_compared_and_no_stranger(tmp_path: Path) -> None:
    node, charter = pair(tmp_path)
    right = card_fingerprint(charter.card("IRQ"))
    founding.compare(charter, "TUR", {"IRQ": right})
    for heard, code in (
        ({}, "fingerprint_missing"),
        ({"IRQ": PRINT}, "fingerprint_differs"),
        ({"IRQ": right, "TUR": PRINT}, "fingerprint_differs"),
        ({"IRQ": right, "JOR": PRINT}, "not_a_party"),
    ):
        with pytest.raises(Refused) as refused:
            founding.compare(charter, "TUR", heard)
        assert refused.value.code == code
    assert node.mechanisms() == []


def test_a_certificate_is_pinned_by_its_der_however_it_is_written() -> None:
    der = b"\x30\x03\x02\x01\x01"
    pem = (
        b"text before\n-----BEGIN CERTIFICATE-----\n"
        + base64.encodebytes(der)
        + b"-----END CERTIFICATE-----\n"
    )
    expected = base64.urlsafe_b64encode(hashlib.sha256(der).digest()).rstrip(b"=").decode()
    assert founding.pin(der, "x") == founding.pin(pem, "x") == expected
    for raw in (b"", b"nothing", b"-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----"):
        with pytest.raises(Malformed):
            founding.pin(raw, "x")


def test_a_card_that_is_made_is_kept_and_has_the_keys_that_were_asked_for(tmp_path: Path) -> None:
    node = build(tmp_path, "TUR")
    made = founding.make_card(node, "https://node.example.org")
    assert [key.partition(":")[0] for key in made.card.node] == [ED25519, ML_DSA]
    assert parse_card(made.raw) == made.card == founding.own_card(node, made.name).card
    assert founding.kinds(classic=True) == (ED25519,)


def test_a_charter_that_has_us_otherwise_is_not_proposed(tmp_path: Path) -> None:
    """With another address under our own keys: nobody of ours made such a card."""
    node, charter = pair(tmp_path)
    ours = msgspec.structs.replace(charter.card("TUR"), address="https://evil.example")
    with pytest.raises(Refused) as refused:
        founding.proposed(node, [charter.card("IRQ"), ours], {"en": "M"}, [])
    assert refused.value.code == "card_changed"
