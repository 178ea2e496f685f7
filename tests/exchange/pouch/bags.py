"""Pouches made for tests: packed from parties, opened, and taken apart frame by frame."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Sequence

from tests.exchange.parties import Parties, sealing
from tests.worlds.world import key

from comity.core.keys import b64, key_id
from comity.exchange.pouch.opening import Opened, open_pouch
from comity.exchange.pouch.outside import END, Head, frame_info, inspect, signed_bytes
from comity.exchange.pouch.packing import pack
from comity.exchange.sealing import seal


def packed(parties: Parties, sender: str, to: str, **how) -> bytes:
    out = io.BytesIO()
    pack(out, parties.stations[sender], to, sealing(to).public, **how)
    return out.getvalue()


def opened(parties: Parties, at: str, raw: bytes, **how) -> Opened:
    return open_pouch(io.BytesIO(raw), parties.stations[at], sealing(at), **how)


def taken_apart(raw: bytes) -> tuple[Head, list[bytes]]:
    """Head and sealed frames."""
    outside = inspect(io.BytesIO(raw))
    return outside.head, [raw[offset : offset + length] for offset, length in outside.frames]


def put_together(head: Head, frames: Sequence[bytes], signer=None) -> bytes:
    """A pouch of these frames, whole and signed by its sender unless another signer is given."""
    signer = signer or key(head.sender, "node")
    body = head.text().encode() + b"".join(len(frame).to_bytes(4, "big") + frame for frame in frames) + END
    digest = b64(hashlib.sha256(body).digest())
    signature = b64(signer.sign(signed_bytes(head, digest)))
    return body + f"sha-256 {digest}\nsignature {key_id(signer.public)} {signature}\n".encode()


def sealed_anew(head: Head, plains: Sequence[bytes]) -> list[bytes]:
    """Frames as the sender's own program would seal them."""
    last = len(plains) - 1
    to = sealing(head.recipient).public
    return [seal(plain, to, frame_info(head, at, last=at == last)) for at, plain in enumerate(plains)]


def plains_of(raw: bytes) -> list[bytes]:
    head, frames = taken_apart(raw)
    last = len(frames) - 1
    return [
        sealing(head.recipient).open(frame, frame_info(head, at, last=at == last))
        for at, frame in enumerate(frames)
    ]
