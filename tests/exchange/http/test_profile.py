import random

import pytest
from tests.worlds.world import key

from comity.core.errors import Broken, Malformed
from comity.core.keys import ED25519, ML_DSA, key_id
from comity.exchange.http import profile
from comity.exchange.http.profile import Heard

MECHANISM = "kZTSRD4Sg8U0B87l7lMFQOK_3-80llolbDGfs6O_7dw"
NONCE = "A" * 22 + "B" * 22
TUR, IRQ = key("TUR", "node"), key("IRQ", "node")


def request(body=b"body", signer=TUR):
    return profile.sign_request(
        MECHANISM, ("TUR", "IRQ"), key_id(IRQ.public), body, signer, 1732226400, NONCE
    )


def test_the_signed_bytes_of_a_request_are_those_of_rfc_9421_and_never_change():
    """RFC 9421 section 2.5, as `profile`'s page shows it: whoever writes a second node signs exactly this."""
    covered = '("@method" "@path" "comity-from" "comity-to" "content-digest")'
    assert request().base().decode() == (
        '"@method": POST\n'
        f'"@path": /v1/{MECHANISM}\n'
        '"comity-from": TUR\n'
        f'"comity-to": IRQ;key="{key_id(IRQ.public)}"\n'
        '"content-digest": sha-256=:Iw2DWNyOiJC0xY3utikS7i8gNXrpKlzIYbmOaP4xrLU=:\n'
        f'"@signature-params": {covered};created=1732226400;keyid="{key_id(TUR.public)}";alg="ed25519"'
        f';nonce="{NONCE}";tag="comity-request/1"'
    )


def test_the_digest_is_that_of_rfc_9530():
    assert profile.digest(b'{"hello": "world"}\n') == "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:"


@pytest.mark.parametrize("kind", [ED25519, ML_DSA])
def test_a_request_reads_back_as_it_was_signed_and_verifies_under_that_key_alone(kind):
    sent = request(signer=key("TUR", "node", kind))
    read = profile.read_request(MECHANISM, sent.headers())
    assert read == sent
    assert read.signed_by(key("TUR", "node", kind).public)
    assert not read.signed_by(key("TUR", "root", kind).public)
    assert not read.signed_by(key("TUR", "node", ML_DSA if kind == ED25519 else ED25519).public)


def test_every_part_of_a_request_is_bound_by_its_signature():
    read = request()
    params = read.params
    changed = [
        read._replace(mechanism=MECHANISM[::-1]),
        read._replace(sender="IRQ"),
        read._replace(recipient="SYR"),
        read._replace(known="C" * 22),
        read._replace(digest=profile.digest(b"other")),
        read._replace(params=params._replace(created=params.created + 1)),
        read._replace(params=params._replace(nonce="C" * 44)),
        read._replace(params=params._replace(keyid="C" * 22)),
    ]
    assert read.signed_by(TUR.public)
    assert not any(one.signed_by(TUR.public) for one in changed)


@pytest.mark.parametrize(
    "name", [b"comity-from", b"comity-to", b"content-digest", b"signature-input", b"signature"]
)
def test_a_missing_doubled_or_foreign_header_is_malformed(name):
    headers = request().headers()
    without = [field for field in headers if field[0] != name]
    value = dict(headers)[name]
    for wrong in (
        without,
        [*headers, (name, value)],
        [*without, (name, b"\xff")],
        [*without, (name, value + b" ")],
        [*without, (name, b"")],
    ):
        with pytest.raises(Malformed):
            profile.read_request(MECHANISM, wrong)


def reply(status=200, body=b"reply", asked="asked", signer=IRQ):
    return profile.sign_reply(status, body, f":{asked}:", signer, Heard(1732226401, "W" * 22))


def test_a_reply_tells_the_servers_time_and_word_to_who_asked():
    assert profile.read_reply(200, reply(), b"reply", ":asked:", [TUR.public, IRQ.public]) == Heard(
        1732226401, "W" * 22
    )


@pytest.mark.parametrize(
    ("status", "body", "asked", "keys"),
    [
        (401, b"reply", ":asked:", [IRQ.public]),
        (200, b"other", ":asked:", [IRQ.public]),
        (200, b"reply", ":another question:", [IRQ.public]),
        (200, b"reply", ":asked:", [TUR.public]),
        (200, b"reply", ":asked:", []),
    ],
)
def test_a_reply_with_another_status_body_question_or_signer_is_broken(status, body, asked, keys):
    with pytest.raises(Broken):
        profile.read_reply(status, reply(), body, asked, keys)


def test_a_request_is_never_taken_for_a_reply_nor_a_reply_for_a_request():
    with pytest.raises(Malformed):
        profile.read_reply(200, request().headers(), b"body", ":asked:", [TUR.public])
    with pytest.raises(Malformed):
        profile.read_request(MECHANISM, [*request().headers()[:2], *reply()])


@pytest.mark.parametrize(
    "raw",
    [
        b"/v1/",
        b"/v1/short",
        b"/v1/" + b"A" * 44,
        b"/v1/" + b"A" * 42 + b"%",
        b"//v1/" + b"A" * 43,
        b"/v1/" + b"A" * 43 + b"\n",
    ],
)
def test_only_a_mechanisms_own_path_names_a_mechanism(raw):
    assert profile.path(raw) is None
    assert profile.path(b"/v1/" + MECHANISM.encode()) == MECHANISM


def test_ten_thousand_fuzzed_heads_raise_nothing_but_malformed_or_broken():
    chance = random.Random(9421)
    asked, answered = request().headers(), reply()
    for round_ in range(10_000):
        fields = list(asked if round_ % 2 else answered)
        for _ in range(chance.randint(1, 3)):
            at = chance.randrange(len(fields))
            name, value = fields[at]
            place = chance.randrange(len(value))
            change = chance.choice([b"", bytes([chance.randrange(256)]), b'"', b":", b"=", b";", value[:7]])
            fields[at] = (name, value[:place] + change + value[place + chance.randint(0, 2) :] or b"x")
        try:
            if round_ % 2:
                profile.read_request(MECHANISM, fields).signed_by(TUR.public)
            else:
                profile.read_reply(200, fields, b"reply", ":asked:", [IRQ.public])
        except (Malformed, Broken):
            continue
