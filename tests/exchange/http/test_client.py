import hashlib
import ipaddress
import socket
from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from tests.exchange.http.raw import answering, cut_line
from tests.exchange.parties import BOTH, Parties
from tests.worlds.world import key

from comity.core.errors import Broken, Malformed, Refused, Unavailable
from comity.core.keys import b64, key_id
from comity.exchange.http import profile
from comity.exchange.http.client import MAX_SKEW, HttpPeer, Place
from comity.exchange.http.profile import Heard
from comity.exchange.http.wire import Wire
from comity.exchange.station import Station
from comity.exchange.talk import AskHeads, Heads


def test_two_nodes_talk_until_both_hold_everything():
    """TUR asks Iraq's node once, then Iraq asks Türkiye's; after that nobody has anything new to say."""
    parties = Parties(kinds=BOTH).found()
    for _ in range(5):
        parties.world.put("TUR")
        parties.world.put("IRQ")
    with parties.listening("IRQ") as iraq, parties.listening("TUR") as turkiye:
        first = parties.talk("TUR", "IRQ", iraq)
        assert first.report.received == {"IRQ": 5}
        assert first.report.given["TUR"] == 5
        assert first.report.said == first.report.held_by_them == {"IRQ": 6, "TUR": 6}
        assert first.report.faults == {}
        assert parties.talk("IRQ", "TUR", turkiye).report.received == {"TUR": 0}
        again = parties.talk("TUR", "IRQ", iraq).report
        assert set(again.received.values()) | set(again.given.values()) == {0}
    assert parties.sizes("IRQ") == parties.sizes("TUR") == {"IRQ": 6, "TUR": 6}


def test_three_nodes_pass_on_what_a_third_has_said():
    """Syria's acts reach Türkiye through Iraq, under Syria's own signature."""
    parties = Parties("IRQ", "SYR", "TUR").found()
    parties.world.put("SYR")
    with parties.listening("IRQ") as iraq:
        parties.talk("SYR", "IRQ", iraq)
        assert parties.talk("TUR", "IRQ", iraq).report.received == {"IRQ": 0, "SYR": 1}
    assert parties.sizes("TUR")["SYR"] == 2


def test_a_conversation_uses_one_connection(monkeypatch):
    parties = Parties(page=600).found()
    for _ in range(5):
        parties.world.put("TUR")
    opened = []
    real = socket.create_connection
    monkeypatch.setattr(socket, "create_connection", lambda *a, **k: opened.append(a) or real(*a, **k))
    with parties.listening("TUR") as place:
        assert parties.talk("IRQ", "TUR", place).report.received["TUR"] == 5
    assert len(opened) == 1


@pytest.mark.parametrize("after", [100, 1500, 4000, 7000])
def test_an_interrupted_transfer_goes_on_where_it_stopped(after):
    """The line breaks after so many bytes: what came whole stays, the rest comes the next time, and nothing twice."""
    parties = Parties(page=600).found()
    for _ in range(10):
        parties.world.put("TUR", "text" * 20)
    before = parties.sizes("IRQ")["TUR"]
    with parties.listening("TUR") as place:
        with cut_line(place, after) as broken, pytest.raises(Unavailable, match="TUR at http"):
            parties.talk("IRQ", "TUR", broken, timeout=5)
        part = parties.sizes("IRQ")["TUR"]
        assert before <= part < 11
        assert parties.talk("IRQ", "TUR", place).report.received["TUR"] == 11 - part
    assert parties.sizes("IRQ")["TUR"] == 11


def test_a_connection_that_was_closed_while_idle_is_opened_again():
    parties = Parties().found()
    with parties.listening("IRQ") as place, parties.peer("TUR", "IRQ", place) as peer:
        peer.ask(AskHeads())
        peer._wire._socket.shutdown(socket.SHUT_RDWR)
        assert isinstance(peer.ask(AskHeads()), Heads)


def test_a_node_that_was_restarted_is_talked_to_at_once():
    """It has a new word; the client takes it up without being told."""
    parties = Parties().found()
    with parties.listening("IRQ") as place, parties.peer("TUR", "IRQ", place) as peer:
        peer.ask(AskHeads())
        port = int(place.address.rpartition(":")[2])
    peer.close()
    with parties.listening("IRQ", port=port):
        assert isinstance(peer.ask(AskHeads()), Heads)
    peer.close()


@pytest.mark.parametrize("ahead", [-3 * 3600, 3 * 3600, -40 * 3600, 47 * 3600])
def test_a_wrong_clock_does_not_cut_the_link_and_is_reported(ahead):
    """Three hours, a time zone's worth, or nearly two days: they still talk, and are told the difference."""
    parties = Parties().found()
    parties.world.put("TUR")
    parties.clocks["IRQ"].ahead = ahead
    with parties.listening("IRQ") as place:
        carried = parties.talk("TUR", "IRQ", place)
    assert abs(carried.skew - ahead) <= 5
    assert carried.report.given["TUR"] == 1


def test_a_clock_that_is_days_off_is_named_and_nothing_is_said_at_its_time():
    parties = Parties().found()
    parties.clocks["IRQ"].ahead = MAX_SKEW + 60
    with (
        parties.listening("IRQ") as place,
        pytest.raises(Unavailable, match="48 hours: set the one that is wrong"),
    ):
        parties.talk("TUR", "IRQ", place)


def test_keys_are_rotated_without_losing_the_link():
    """Türkiye revokes its key; Iraq, which has not heard of it, still understands, and then knows the new one."""
    parties = Parties().found()
    old = parties.rotate("TUR")
    with parties.listening("IRQ") as iraq, parties.listening("TUR") as turkiye:
        assert parties.talk("TUR", "IRQ", iraq).report.faults == {}
        assert parties.talk("IRQ", "TUR", turkiye).report.faults == {}
        assert old.public not in parties.stations["IRQ"].keys("TUR")
        for _ in range(2):
            assert parties.talk("TUR", "IRQ", iraq).report.faults == {}
            assert parties.talk("IRQ", "TUR", turkiye).report.faults == {}


def test_a_second_key_is_tried_where_the_first_is_not_known():
    parties = Parties().found()
    at = parties.stations["TUR"]
    both = Station(at.mechanism, at.journal, at.keys, lambda _: [key("TUR", "node2"), key("TUR", "node")])
    with parties.listening("IRQ") as place, HttpPeer(both, "IRQ", place, parties.clocks["TUR"]) as peer:
        assert isinstance(peer.ask(AskHeads()), Heads)


def test_a_node_that_does_not_know_us_refuses_and_says_which_it_was():
    parties = Parties().found()
    at = parties.stations["TUR"]
    strange = Station(at.mechanism, at.journal, at.keys, lambda _: [key("TUR", "root")])
    with (
        parties.listening("IRQ") as place,
        HttpPeer(strange, "IRQ", place, parties.clocks["TUR"]) as peer,
        pytest.raises(Refused) as refused,
    ):
        peer.ask(AskHeads())
    assert refused.value.code == "request_refused"
    assert refused.value.facts["party"] == "IRQ"


def test_without_a_key_of_our_own_or_of_theirs_nothing_is_asked():
    parties = Parties().found()
    at = parties.stations["TUR"]
    for station in (at._replace(signers=lambda _: []), at._replace(keys=lambda _: [])):
        with (
            HttpPeer(station, "IRQ", Place("http://127.0.0.1:9"), parties.clocks["TUR"]) as peer,
            pytest.raises(Unavailable),
        ):
            peer.ask(AskHeads())
    with pytest.raises(Refused, match="not_a_party"):
        HttpPeer(at, "NLD", Place("http://127.0.0.1:9"), parties.clocks["TUR"])


# ------------------------------------------------------------------ somebody stands between the nodes


@pytest.fixture
def between(monkeypatch):
    """Changes every reply on its way: `between(change)`."""

    def put(change):
        real = Wire.post

        def post(self, *args):
            return change(real(self, *args))

        monkeypatch.setattr(Wire, "post", post)

    return put


def altered(body: bytes) -> bytes:
    return body[:-1] + bytes([body[-1] ^ 1])


@pytest.mark.parametrize(
    "change",
    [
        lambda r: r._replace(body=altered(r.body)) if r.body else r,
        lambda r: (
            r._replace(headers=[h for h in r.headers if h[0] != b"signature"]) if r.status == 200 else r
        ),
        lambda r: r._replace(status=200) if r.status == 401 else r,
        lambda r: r._replace(
            headers=[
                h if h[0] != b"content-digest" else (h[0], profile.digest(r.body + b"x").encode())
                for h in r.headers
            ]
        ),
    ],
)
def test_a_changed_reply_is_broken_and_nothing_is_stored(between, change):
    parties = Parties().found()
    parties.world.put("IRQ")
    between(change)
    with parties.listening("IRQ") as place, pytest.raises(Broken, match="IRQ at http"):
        parties.talk("TUR", "IRQ", place)
    assert parties.sizes("TUR")["IRQ"] == 1


def test_an_old_reply_played_back_is_broken(between):
    """Each reply is signed for its own request, so yesterday's answer answers nothing today."""
    parties = Parties().found()
    kept = []

    def play_back(reply):
        if reply.status == 200:
            kept.append(reply)
            return kept[0]
        return reply

    between(play_back)
    with parties.listening("IRQ") as place, parties.peer("TUR", "IRQ", place) as peer:
        assert isinstance(peer.ask(AskHeads()), Heads)
        with pytest.raises(Broken, match="changed or replayed"):
            peer.ask(AskHeads())


def test_a_node_of_another_party_at_that_address_does_not_answer_for_it():
    parties = Parties("IRQ", "SYR", "TUR").found()
    with parties.listening("SYR") as syria, parties.peer("TUR", "SYR", syria) as peer:
        peer._peer = "IRQ"  # the address book is wrong: Syria's node answers at Iraq's address
        with pytest.raises(Refused, match="request_refused"):
            peer.ask(AskHeads())


def test_what_is_not_http_is_malformed_and_names_the_address():
    parties = Parties().found()
    with answering(b"SSH-2.0-x\r\n\r\n", close=False) as place, pytest.raises(Malformed, match=place.address):
        parties.talk("TUR", "IRQ", place)


@pytest.mark.parametrize("status", [404, 408, 500, 502, 503, 418])
def test_any_other_status_is_unavailable_and_names_the_address(status):
    parties = Parties().found()
    with (
        answering(f"HTTP/1.1 {status} X\r\ncontent-length: 0\r\n\r\n".encode()) as place,
        pytest.raises(Unavailable, match=place.address),
    ):
        parties.talk("TUR", "IRQ", place)


def test_a_signed_400_says_that_what_we_sent_cannot_be_read(between):
    parties = Parties().found()
    asked = []
    real = HttpPeer._sign

    def sign(self, body, signer):
        asked.append(real(self, body, signer))
        return asked[-1]

    HttpPeer._sign = sign
    try:
        between(lambda _: answer_of(400, asked[-1].signature))
        with parties.listening("IRQ") as place, pytest.raises(Malformed, match="could not be read there"):
            parties.talk("TUR", "IRQ", place)
        between(lambda _: answer_of(401, asked[-1].signature))
        with parties.listening("IRQ") as place, pytest.raises(Unavailable, match="do not come together"):
            parties.talk("TUR", "IRQ", place)
    finally:
        HttpPeer._sign = real


def answer_of(status, asked):
    from comity.exchange.http.wire import Received

    heard = Heard(int(datetime.now(UTC).timestamp()), "W" * 22)
    return Received(status, profile.sign_reply(status, b"", asked, key("IRQ", "node"), heard), b"")


# -------------------------------------------------------------------------------------------- TLS


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """A self-signed certificate that has even expired, its key, and its pin."""
    folder = tmp_path_factory.mktemp("tls")
    private = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mfa.example.iq")])
    long_ago = datetime.now(UTC) - timedelta(days=400)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(private.public_key())
        .serial_number(7).not_valid_before(long_ago).not_valid_after(long_ago + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .sign(private, hashes.SHA256())
    )  # fmt: skip
    cert, secret = folder / "cert.pem", folder / "key.pem"
    cert.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        private.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    pin = b64(hashlib.sha256(made.public_bytes(serialization.Encoding.DER)).digest())
    return {"tls_cert": str(cert), "tls_key": str(secret), "pin": pin}


def test_a_pinned_certificate_may_be_self_signed_and_expired(certificate):
    """The card names the certificate; an expiry date must not cut off a network."""
    parties = Parties().found()
    with parties.listening("IRQ", **certificate) as place:
        assert place.address.startswith("https://")
        assert parties.talk("TUR", "IRQ", place).report.faults == {}


def test_any_other_certificate_than_the_pinned_one_is_broken(certificate):
    parties = Parties().found()
    with (
        parties.listening("IRQ", **certificate) as place,
        pytest.raises(Broken, match="not the one that the party's card names"),
    ):
        parties.talk("TUR", "IRQ", Place(place.address, b64(bytes(32))))


def test_without_a_pin_a_certificate_must_be_good_for_the_machine(certificate):
    parties = Parties().found()
    with (
        parties.listening("IRQ", **certificate) as place,
        pytest.raises(Unavailable, match="pin it in the party card"),
    ):
        parties.talk("TUR", "IRQ", Place(place.address))


def test_an_https_address_where_nobody_speaks_tls_says_so():
    parties = Parties().found()
    with parties.listening("IRQ") as place, pytest.raises(Unavailable, match="does that port speak TLS"):
        parties.talk("TUR", "IRQ", Place(place.address.replace("http:", "https:")))


def test_a_tls_peer_that_falls_silent_does_not_keep_us():
    parties = Parties().found()
    with answering(b"", close=False) as place, pytest.raises(Unavailable, match="in time"):
        parties.talk("TUR", "IRQ", Place(place.address.replace("http:", "https:")), timeout=0.5)


def test_the_key_by_which_the_other_is_addressed_is_its_newest():
    parties = Parties().found()
    parties.rotate("IRQ")
    parties.world.sync("TUR", "IRQ")
    parties.world.sync("TUR", "IRQ")
    with parties.peer("TUR", "IRQ", Place("http://127.0.0.1:9")) as peer:
        assert peer._sign(b"", key("TUR", "node")).known == key_id(key("IRQ", "node2").public)
