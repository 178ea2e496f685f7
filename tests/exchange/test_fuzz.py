"""Ten thousand damaged inputs to each parser of the exchange raise `Malformed` and nothing else."""

import random

import pytest
from tests.exchange.parties import Parties

from comity.core.errors import Malformed
from comity.core.log import encode_page, parse_page
from comity.exchange.talk import (
    AskHeads,
    AskPage,
    Heads,
    Offer,
    PageReply,
    Refusal,
    Stock,
    Taken,
    answer,
    decode_reply,
    decode_request,
    encode,
)


def damaged(chance: random.Random, samples: list[bytes]) -> bytes:
    if chance.random() < 0.1:
        return chance.randbytes(chance.randint(0, 60))
    data = bytearray(chance.choice(samples))
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(data) or 1)
        patch = chance.choice(
            [
                b"",
                b"\xc0",
                b"\xdf\xff\xff\xff\xff",
                b"\x91" * 40,
                bytes([chance.randrange(256)]),
                bytes(data[:5]),
            ]
        )
        data[at : at + chance.randint(0, 3)] = patch
    return bytes(data)


@pytest.fixture(scope="module")
def parties():
    made = Parties().found()
    for _ in range(3):
        made.world.put("TUR")
    made.world.nodes["TUR"].head()
    return made


def samples(parties):
    page = encode_page(parties.world.nodes["TUR"].page("TUR", 1, 1))
    head = parties.world.nodes["TUR"].heads()["TUR"].encode()
    requests = [encode(one) for one in (AskHeads(), AskPage("TUR", 1, 1), Offer(page))]
    replies = [
        encode(one)
        for one in (Heads({"TUR": Stock(3, head)}), PageReply(page), Taken(3), Refusal("Refused", "x"))
    ]
    return {
        "request": (decode_request, requests),
        "reply": (decode_reply, replies),
        "page": (parse_page, [page]),
    }


@pytest.mark.parametrize("what", ["request", "reply", "page"])
def test_ten_thousand_damaged_messages_raise_nothing_but_malformed(parties, what):
    parse, good = samples(parties)[what]
    chance = random.Random(what)
    for _ in range(10_000):
        try:
            parse(damaged(chance, good))
        except Malformed:
            continue


def test_two_thousand_damaged_pages_change_nothing_at_a_node_but_the_four_errors(parties):
    """What parses is offered to a real node: it answers with a refusal, and holds what it held."""
    node, (_, good) = parties.world.nodes["IRQ"], samples(parties)["page"]
    chance = random.Random(2)
    whole = parse_page(good[0])
    before = parties.world.leaves("IRQ", "TUR")
    for _ in range(2000):
        raw = damaged(chance, good)
        try:
            same = parse_page(raw) == whole
        except Malformed:
            same = False
        if not same:
            answer(node, "TUR", Offer(raw))
    after = parties.world.leaves("IRQ", "TUR")
    assert after[: len(before)] == before
    assert after == parties.world.leaves("TUR", "TUR")[: len(after)]
