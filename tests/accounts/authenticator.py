"""A passkey in software: it does what a phone does, and what a bad one would."""

from __future__ import annotations

import hashlib
import json
import secrets
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import bytes_to_base64url as b64
from webauthn.helpers import encode_cbor

ORIGIN = "http://localhost"


class Authenticator:
    """One credential on one device. Flags and the counter are as they are set."""

    def __init__(self, origin: str = ORIGIN, rp_id: str = "localhost") -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(16)
        self.origin, self.rp_id = origin, rp_id
        self.count, self.verified, self.handle = 0, True, ""

    def create(self, options: str) -> dict[str, Any]:
        """What `navigator.credentials.create` gives."""
        asked = json.loads(options)
        self.handle = asked["user"]["id"]
        client = self._client("webauthn.create", asked["challenge"])
        data = self._data(0x40) + bytes(16) + len(self.id).to_bytes(2, "big") + self.id + self._cose()
        made = encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer({"clientDataJSON": b64(client), "attestationObject": b64(made)})

    def get(self, options: str) -> dict[str, Any]:
        """What `navigator.credentials.get` gives."""
        client = self._client("webauthn.get", json.loads(options)["challenge"])
        data = self._data(0)
        signed = self.private.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer({
            "clientDataJSON": b64(client), "authenticatorData": b64(data), "signature": b64(signed),
            "userHandle": self.handle,
        })  # fmt: skip

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps(
            {"type": kind, "challenge": challenge, "origin": self.origin, "crossOrigin": False}
        ).encode()

    def _data(self, flags: int) -> bytes:
        flags |= 0x01 | (0x04 if self.verified else 0)
        return hashlib.sha256(self.rp_id.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def _cose(self) -> bytes:
        numbers = self.private.public_key().public_numbers()
        x, y = (number.to_bytes(32, "big") for number in (numbers.x, numbers.y))
        return encode_cbor({1: 2, 3: -7, -1: 1, -2: x, -3: y})

    def _answer(self, response: dict[str, Any]) -> dict[str, Any]:
        return {"id": b64(self.id), "rawId": b64(self.id), "type": "public-key", "response": response}
