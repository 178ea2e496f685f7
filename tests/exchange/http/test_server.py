import asyncio
import time

import pytest
from tests.exchange.http.raw import HEADS, as_bytes, exchange_bytes, post, signed, word
from tests.exchange.parties import BOTH, Parties
from tests.worlds.world import key

from comity.exchange.http import profile
from comity.exchange.http.server import WINDOW, Nonces
from comity.exchange.station import Station
from comity.exchange.talk import AskHeads, AskPage, Offer, PageReply, decode_reply, encode


@pytest.fixture(scope="module")
def three():
    """IRQ, SYR and TUR; Iraq's node listens."""
    parties = Parties("IRQ", "SYR", "TUR", kinds=BOTH).found()
    with parties.listening("IRQ", limit=1 << 20, patience=3.0) as place:
        yield parties, place, word(parties, place, "TUR", "IRQ")


def test_a_signed_request_is_answered_and_the_answer_is_signed_for_it(three):
    parties, place, known = three
    head = signed(parties, "TUR", "IRQ", word=known)
    reply = post(place, head)
    assert reply.status == 200
    assert set(decode_reply(reply.body).stock) == {"IRQ", "SYR", "TUR"}
    assert (
        profile.read_reply(200, reply.headers, reply.body, head.signature, [key("IRQ", "node").public]).word
        == known
    )


def test_a_request_may_be_signed_by_a_post_quantum_key(three):
    parties, place, known = three
    assert (
        post(place, signed(parties, "TUR", "IRQ", word=known, signer=key("TUR", "node", "ml-dsa-44"))).status
        == 200
    )


def strangers(parties, place, known):
    """Requests that deserve nothing, each for its own reason: as the bytes that go over the line."""
    good = signed(parties, "TUR", "IRQ", word=known)
    assert post(place, good).status == 200
    fields = {name: [one for one in good.headers() if one[0] != name] for name, _ in good.headers()}

    def fresh(**other):
        return signed(parties, "TUR", "IRQ", word=known, **other)

    asked, one, two = fresh(), fresh(), fresh()
    elsewhere = parties.mechanism[::-1]
    return {
        "unsigned": as_bytes(good, headers=[]),
        "signature taken off": as_bytes(good, headers=fields[b"signature"]),
        "replayed": as_bytes(good),
        "an unknown mechanism": as_bytes(fresh(mechanism=elsewhere)),
        "another mechanism's path": as_bytes(fresh(), path=f"/v1/{elsewhere}"),
        "a root key": as_bytes(fresh(signer=key("TUR", "root"))),
        "an unknown key": as_bytes(fresh(signer=key("TUR", "node2"))),
        "another party's key": as_bytes(fresh(signer=key("SYR", "node"))),
        "ourselves": as_bytes(signed(parties, "IRQ", "IRQ", word=known)),
        "no party to it": as_bytes(signed(parties, "NLD", "IRQ", word=known)),
        "meant for another": as_bytes(signed(parties, "TUR", "SYR", word=known)),
        "another body": as_bytes(asked, HEADS[:-1] + bytes([HEADS[-1] ^ 1])),
        "a longer body": as_bytes(fresh(), HEADS + b"\0"),
        "another time": as_bytes(one._replace(params=one.params._replace(created=one.params.created + 1))),
        "another nonce": as_bytes(two._replace(params=two.params._replace(nonce=known + "A" * 22))),
        "a false signature, old": as_bytes(fresh(created=1)._replace(signature=good.signature)),
    }


def test_a_stranger_gets_nothing_whatever_is_wrong(three):
    """Unknown mechanism, unknown key, replay, altered body, path, time or nonce: one and the same empty 403, byte for byte."""
    parties, place, known = three
    replies = {why: exchange_bytes(place, raw) for why, raw in strangers(parties, place, known).items()}
    assert set(replies.values()) == {
        b"HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    }, replies


def test_a_request_captured_at_one_node_is_worth_nothing_at_another(three):
    """The addressee is signed: what was said to Iraq cannot be repeated to Syria, though both serve this mechanism."""
    parties, _, _ = three
    with parties.listening("SYR") as syria:
        head = signed(parties, "TUR", "IRQ", word=word(parties, syria, "TUR", "SYR"))
        assert post(syria, head).status == 403


def test_a_replay_within_the_window_gets_nothing_and_changes_nothing(three):
    parties, place, known = three
    parties.world.put("TUR")
    page = parties.world.nodes["TUR"]
    page.head()
    held, since = parties.world.nodes["IRQ"].held("TUR")
    body = encode(Offer(encode_page_of(page, held, since)))
    head = signed(parties, "TUR", "IRQ", body, word=known)
    assert post(place, head, body).status == 200
    sizes = parties.sizes("IRQ")
    assert sizes["TUR"] == held + 1
    assert [post(place, head, body).status for _ in range(3)] == [403, 403, 403]
    assert parties.sizes("IRQ") == sizes


def encode_page_of(node, start, since):
    from comity.core.log import encode_page

    return encode_page(node.page("TUR", start, since, 1 << 20))


def test_a_restart_does_not_reopen_replay():
    """What was captured before a restart is worth nothing after it, even if the clock was put back in between."""
    parties = Parties().found()
    with parties.listening("IRQ") as place:
        head = signed(parties, "TUR", "IRQ", word=word(parties, place, "TUR", "IRQ"))
        assert post(place, head).status == 200
    parties.clocks["IRQ"].ahead = -100
    with parties.listening("IRQ") as place:
        assert [post(place, head).status for _ in range(2)] == [401, 401]


@pytest.mark.parametrize("off", [-WINDOW - 5, WINDOW + 5, -7 * 86400])
def test_a_good_signature_of_another_time_learns_the_servers_time_and_nothing_else(three, off):
    parties, place, known = three
    now = int(parties.clocks["IRQ"]().timestamp())
    head = signed(parties, "TUR", "IRQ", word=known, created=now + off)
    reply = post(place, head)
    assert (reply.status, reply.body) == (401, b"")
    heard = profile.read_reply(401, reply.headers, b"", head.signature, [key("IRQ", "node").public])
    assert abs(heard.time - now) <= 5


def test_a_clock_that_is_a_little_off_is_no_matter(three):
    parties, place, known = three
    now = int(parties.clocks["IRQ"]().timestamp())
    for off in (-WINDOW + 20, WINDOW - 20):
        assert post(place, signed(parties, "TUR", "IRQ", word=known, created=now + off)).status == 200


def test_a_revoked_key_gets_nothing():
    parties = Parties().found()
    old = parties.rotate("TUR")
    parties.world.sync("IRQ", "TUR")
    parties.world.sync("IRQ", "TUR")
    assert old.public not in parties.stations["IRQ"].keys("TUR")
    with parties.listening("IRQ") as place:
        assert post(place, signed(parties, "TUR", "IRQ", signer=old)).status == 403
        assert post(place, signed(parties, "TUR", "IRQ", signer=key("TUR", "node2"))).status == 401


def test_nothing_but_its_path_is_there(three):
    """No page, no version, no name of the software; the same empty 404 everywhere."""
    _, place, _ = three
    paths = [b"GET / ", b"GET /v1/ ", b"HEAD / ", b"POST / ", b"POST /v2/" + b"A" * 43 + b" ", b"OPTIONS * "]
    replies = {exchange_bytes(place, path + b"HTTP/1.1\r\nhost: x\r\n\r\n") for path in paths}
    assert replies == {b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"}


def test_a_known_path_with_a_query_or_another_method_is_not_there(three):
    parties, place, known = three
    head = signed(parties, "TUR", "IRQ", word=known)
    assert post(place, head, path=f"/v1/{parties.mechanism}?x=1").status == 404
    assert exchange_bytes(place, as_bytes(head).replace(b"POST", b"PUT", 1)).startswith(b"HTTP/1.1 404 ")


def test_a_body_that_is_too_long_is_refused_before_all_of_it_is_read(three):
    """The first megabyte is enough to know; the reply is signed, since a party asked."""
    parties, place, known = three
    body = bytes(3 << 20)
    head = signed(parties, "TUR", "IRQ", body, word=known)
    raw = exchange_bytes(place, as_bytes(head, body)[: (1 << 20) + 100_000])
    assert raw.startswith(b"HTTP/1.1 413 ")
    assert b"signature: comity=:" in raw


def test_a_body_that_is_no_request_is_answered_with_a_signed_400(three):
    parties, place, known = three
    head = signed(parties, "TUR", "IRQ", b"\xc1", word=known)
    reply = post(place, head, b"\xc1")
    assert (reply.status, reply.body) == (400, b"")
    profile.read_reply(400, reply.headers, b"", head.signature, [key("IRQ", "node").public])


def test_a_body_that_stops_coming_holds_nobody_up(three):
    """After its patience the server hangs up; a second party is answered all the while."""
    parties, place, known = three
    head = signed(parties, "TUR", "IRQ", bytes(1000), word=known)
    started = time.monotonic()
    line = as_bytes(head, bytes(1000))[:-900]
    assert (
        exchange_bytes(place, line)
        == b"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    )
    assert 1.5 < time.monotonic() - started < 20
    assert post(place, signed(parties, "TUR", "IRQ", word=known)).status == 200


def test_a_stranger_cannot_make_the_server_wait_for_a_body(three):
    parties, place, known = three
    head = signed(parties, "TUR", "IRQ", bytes(1000), word=known, signer=key("TUR", "node2"))
    assert exchange_bytes(place, as_bytes(head, bytes(1000))[:-900]).startswith(b"HTTP/1.1 403 ")


def test_one_listener_serves_several_mechanisms_and_each_knows_only_its_own():
    """A bilateral and a trilateral mechanism at one address: keys of the one open nothing of the other."""
    two, other = Parties("IRQ", "TUR").found(), Parties("IRQ", "JOR", "TUR").found()
    stations = {two.mechanism: two.stations["IRQ"], other.mechanism: other.stations["IRQ"]}
    with two.listening("IRQ", stations=stations) as place:
        assert two.talk("TUR", "IRQ", place).report.faults == {}
        assert other.talk("JOR", "IRQ", place).report.faults == {}
        assert post(place, signed(two, "JOR", "IRQ")).status == 403


def test_many_callers_at_once_are_all_answered():
    parties = Parties().found()
    from concurrent.futures import ThreadPoolExecutor

    with parties.listening("IRQ") as place, ThreadPoolExecutor(8) as pool:

        def ask(_):
            with parties.peer("TUR", "IRQ", place) as peer:
                return [type(peer.ask(AskPage("IRQ", 0, 0))) for _ in range(5)]

        assert {kind for kinds in pool.map(ask, range(8)) for kind in kinds} == {PageReply}


def test_a_full_memory_makes_old_requests_stale_never_new():
    """Instead of forgetting a nonce the server takes a new word."""
    nonces = Nonces(memory=3)
    first = [nonces.word + str(n) * 22 for n in range(3)]
    assert [nonces.use(nonce) for nonce in first] == ["fresh"] * 3
    assert [nonces.use(nonce) for nonce in first] == ["stale"] * 3
    assert nonces.use(nonces.word + "x" * 22) == "fresh"
    assert nonces.use(nonces.word + "x" * 22) == "used"


def test_a_client_goes_on_when_the_server_takes_a_new_word():
    parties = Parties().found()
    with (
        parties.listening("IRQ", nonces=Nonces(memory=2)) as place,
        parties.peer("TUR", "IRQ", place) as peer,
    ):
        for _ in range(8):
            peer.ask(AskHeads())


def test_what_is_not_http_is_none_of_its_business():
    from comity.exchange.http.server import Endpoint

    app = Endpoint({}, Parties().clocks["IRQ"])
    assert asyncio.run(app({"type": "websocket"}, None, None)) is None
    app.close()


def test_a_node_without_its_key_answers_nobody():
    """It could sign no reply, and an unsigned one would be believed by nobody."""
    parties = Parties().found()
    mute = Station(
        parties.mechanism, parties.stations["IRQ"].journal, parties.stations["IRQ"].keys, lambda _: []
    )
    with parties.listening("IRQ", stations={parties.mechanism: mute}) as place:
        assert post(place, signed(parties, "TUR", "IRQ")).status == 403
