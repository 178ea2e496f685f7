"""How requests and replies are signed: one fixed profile of HTTP Message Signatures (RFC 9421).

A request of Türkiye's node to Iraq's:

    POST /v1/kZTSRD4Sg8U0B87l7lMFQOK_3-80llolbDGfs6O_7dw HTTP/1.1
    comity-from: TUR
    comity-to: IRQ;key="0AAoxCq6Zl9AX3JOJG7WmQ"
    content-digest: sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:
    signature-input: comity=("@method" "@path" "comity-from" "comity-to" "content-digest");created=1732226400;
        keyid="sm5ZLrIx0S0vU5vYfdS6mg";alg="ed25519";nonce="...44 characters";tag="comity-request/1"   (one line)
    signature: comity=:pVn0...:

and what is signed are the bytes of RFC 9421 section 2.5, here without a final newline:

    "@method": POST
    "@path": /v1/kZTSRD4Sg8U0B87l7lMFQOK_3-80llolbDGfs6O_7dw
    "comity-from": TUR
    "comity-to": IRQ;key="0AAoxCq6Zl9AX3JOJG7WmQ"
    "content-digest": sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:
    "@signature-params": ("@method" "@path" "comity-from" "comity-to" "content-digest");created=1732226400;keyid=...

So it is bound to the mechanism (in the path), to both parties, to the body (RFC 9530), to a time and to a nonce.
"@authority" is left out: proxies rewrite it, and who is meant is the party, whose name is signed. `key` names the
key of the addressee that the asker knows, so that a reply stays readable while keys are being rotated.

**The nonce** is 22 characters of the server's *word* and 22 of the asker's own. A server draws a new word when it
starts, so what was captured before a restart is worth nothing after it, whatever the clocks say. An asker learns the
word from the first reply.

**A reply** covers its status, its body and the request's signature, so it answers this request and no other:

    "@status": 200
    "content-digest": sha-256=:...:
    "signature";req;key="comity": :pVn0...:
    "@signature-params": ("@status" "content-digest" "signature";req;key="comity");created=1732226401;keyid="...";
        alg="ed25519";nonce="...22 characters: the server's word";tag="comity-reply/1"

Parameters come in this order and in this spelling; anything else is `Malformed`. `alg` is `ed25519` or `ml-dsa-44`
(the latter is not in the registry of RFC 9421), and must be the type of the key that `keyid` names.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from comity.core.act import PARTY
from comity.core.errors import Broken, Malformed
from comity.core.keys import ED25519, ML_DSA, Signer, key_id, raw_key, verify

__all__ = [
    "NO_WORD",
    "Heard",
    "Params",
    "Request",
    "by_id",
    "digest",
    "path",
    "read_reply",
    "read_request",
    "sign_reply",
    "sign_request",
]

Headers = Sequence[tuple[bytes, bytes]]
NO_WORD = "A" * 22
_ASKED = '("@method" "@path" "comity-from" "comity-to" "content-digest")'
_REPLIED = '("@status" "content-digest" "signature";req;key="comity")'
_REQUEST_TAG, _REPLY_TAG = "comity-request/1", "comity-reply/1"
_ID = r"[A-Za-z0-9_-]{22}"
_PARAMS = re.compile(
    rf'comity=(\([^()]*\));created=([1-9][0-9]{{0,11}});keyid="({_ID})";alg="({ED25519}|{ML_DSA})"'
    rf';nonce="({_ID}(?:{_ID})?)";tag="([a-z/1-]+)"',
    re.ASCII,
).fullmatch
_FROM = re.compile(PARTY, re.ASCII).fullmatch
_TO = re.compile(rf'({PARTY});key="({_ID})"', re.ASCII).fullmatch
_SIGNATURE = re.compile(r"comity=(:[A-Za-z0-9+/]+={0,2}:)", re.ASCII).fullmatch
_PATH = re.compile(rb"/v1/([A-Za-z0-9_-]{43})").fullmatch


class Params(NamedTuple):
    """The parameters of a signature: POSIX seconds, the key's identifier and type, the nonce."""

    created: int
    keyid: str
    alg: str
    nonce: str

    def text(self, covered: str, tag: str) -> str:
        """As they are sent and signed."""
        who = f'keyid="{self.keyid}";alg="{self.alg}"'
        return f'{covered};created={self.created};{who};nonce="{self.nonce}";tag="{tag}"'


class Request(NamedTuple):
    """A signed request's head. `known` is the key that the asker knows us by; `signature` is as it was sent."""

    mechanism: str
    sender: str
    recipient: str
    known: str
    digest: str
    params: Params
    signature: str

    def base(self) -> bytes:
        """The bytes that are signed."""
        lines = (
            '"@method": POST',
            f'"@path": /v1/{self.mechanism}',
            f'"comity-from": {self.sender}',
            f'"comity-to": {_address(self.recipient, self.known)}',
            f'"content-digest": {self.digest}',
            f'"@signature-params": {self.params.text(_ASKED, _REQUEST_TAG)}',
        )
        return "\n".join(lines).encode()

    def headers(self) -> list[tuple[bytes, bytes]]:
        """What is sent."""
        return _fields(
            {
                "comity-from": self.sender,
                "comity-to": _address(self.recipient, self.known),
                "content-digest": self.digest,
                "signature-input": f"comity={self.params.text(_ASKED, _REQUEST_TAG)}",
                "signature": f"comity={self.signature}",
            }
        )

    def signed_by(self, key: str) -> bool:
        """Whether the signature verifies under a typed public key of the type that it claims."""
        return raw_key(key)[0] == self.params.alg and verify(key, self.base(), _unsigned(self.signature))


class Heard(NamedTuple):
    """What every signed reply tells beside its body: the server's time (POSIX seconds) and its word."""

    time: int
    word: str


def path(raw: bytes) -> str | None:
    """The mechanism that a request's path names, or None."""
    found = _PATH(raw)
    return found[1].decode() if found else None


def digest(body: bytes) -> str:
    """The Content-Digest of a body (RFC 9530)."""
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


def by_id(keys: Iterable[str]) -> dict[str, str]:
    """Typed keys by their identifiers."""
    return {key_id(key): key for key in keys}


def sign_request(
    mechanism: str,
    parties: tuple[str, str],
    known: str,
    body: bytes,
    signer: Signer,
    created: int,
    nonce: str,
) -> Request:
    """A signed head for `body`. `parties` are asker and addressee; `known` is the addressee's key's identifier."""
    params = Params(created, key_id(signer.public), raw_key(signer.public)[0], nonce)
    request = Request(mechanism, *parties, known, digest(body), params, "")
    return request._replace(signature=_signed(signer, request.base()))


def read_request(mechanism: str, headers: Headers) -> Request:
    """A request's head; nothing is verified yet. Raises `Malformed`."""
    sender, to = _one(headers, b"comity-from"), _TO(_one(headers, b"comity-to"))
    if not _FROM(sender) or to is None:
        raise Malformed("request", "comity-from and comity-to do not name parties")
    params = _read_params(headers, _ASKED, _REQUEST_TAG, 44)
    return Request(mechanism, sender, to[1], to[2], _read_digest(headers), params, _read_signature(headers))


def sign_reply(
    status: int, body: bytes, asked: str, signer: Signer, heard: Heard
) -> list[tuple[bytes, bytes]]:
    """The headers that sign a reply to the request whose signature is `asked`."""
    params = Params(heard.time, key_id(signer.public), raw_key(signer.public)[0], heard.word)
    covered = digest(body)
    return _fields(
        {
            "content-digest": covered,
            "signature-input": f"comity={params.text(_REPLIED, _REPLY_TAG)}",
            "signature": f"comity={_signed(signer, _reply_base(status, covered, asked, params))}",
        }
    )


def read_reply(status: int, headers: Headers, body: bytes, asked: str, keys: Iterable[str]) -> Heard:
    """Verify a reply to the request whose signature is `asked`. Raises `Malformed` or `Broken`."""
    params, covered = _read_params(headers, _REPLIED, _REPLY_TAG, 22), _read_digest(headers)
    key, signature = by_id(keys).get(params.keyid), _unsigned(_read_signature(headers))
    if key is None:
        raise Broken("reply", f"is signed by key {params.keyid}, which is not in force for that party")
    signed = raw_key(key)[0] == params.alg and verify(
        key, _reply_base(status, covered, asked, params), signature
    )
    if not signed or covered != digest(body):
        raise Broken(
            "reply", "its signature does not verify: somebody between the nodes has changed or replayed it"
        )
    return Heard(params.created, params.nonce)


def _reply_base(status: int, covered: str, asked: str, params: Params) -> bytes:
    lines = (
        f'"@status": {status}',
        f'"content-digest": {covered}',
        f'"signature";req;key="comity": {asked}',
        f'"@signature-params": {params.text(_REPLIED, _REPLY_TAG)}',
    )
    return "\n".join(lines).encode()


def _read_params(headers: Headers, covered: str, tag: str, nonce: int) -> Params:
    found = _PARAMS(_one(headers, b"signature-input"))
    if found is None or found[1] != covered or found[6] != tag or len(found[5]) != nonce:
        raise Malformed("signature-input", f"is not: {covered};created;keyid;alg;nonce;tag")
    return Params(int(found[2]), found[3], found[4], found[5])


def _read_digest(headers: Headers) -> str:
    text = _one(headers, b"content-digest")
    if len(text) != 54 or not text.startswith("sha-256=:") or not text.endswith("=:"):
        raise Malformed("content-digest", "is not one sha-256")
    return text


def _read_signature(headers: Headers) -> str:
    found = _SIGNATURE(_one(headers, b"signature"))
    if found is None:
        raise Malformed("signature", "is not: comity=:BASE64:")
    return found[1]


def _one(headers: Headers, name: bytes) -> str:
    values = [value for key, value in headers if key.lower() == name]
    if len(values) != 1:
        raise Malformed(name.decode(), f"must be there once, not {len(values)} times")
    try:
        return values[0].decode("ascii")
    except UnicodeDecodeError as error:
        raise Malformed(name.decode(), "is not ASCII") from error


def _fields(fields: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in fields.items()]


def _address(party: str, known: str) -> str:
    return f'{party};key="{known}"'


def _signed(signer: Signer, base: bytes) -> str:
    return f":{base64.b64encode(signer.sign(base)).decode()}:"


def _unsigned(text: str) -> bytes:
    try:
        return base64.b64decode(text[1:-1], validate=True)
    except (binascii.Error, ValueError) as error:
        raise Malformed("signature", "is not base64") from error
