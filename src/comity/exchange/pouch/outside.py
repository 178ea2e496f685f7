"""A pouch: one file that carries what a conversation would have carried, for networks that may not touch.

    comity pouch v1
    id 7wZk...22 characters
    from TUR
    to IRQ
    sealed-to sm5ZLrIx0S0vU5vYfdS6mg
    carries IRQ 9..11
    carries TUR 12..40
    (empty line)
    0000090f (4 bytes, big-endian) and that many bytes: a sealed frame
    ... more frames ...
    00000000 (4 bytes)
    sha-256 47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU
    signature 0AAoxCq6Zl9AX3JOJG7WmQ pVn0...

Text lines end in one newline; `carries` lines are sorted by party, one for each log of which acts travel. The SHA-256
(base64url) is over every byte before its line. The signature (key identifier, base64url) is over the head, from
`comity pouch v1` to the empty line, followed by the `sha-256` line. Nothing follows it.

The outside says from whom, to whom and which numbers, and no more. The name of the mechanism is inside; a recipient
who takes part in several knows which one is meant by the sealing key, since a card serves one mechanism.

Each frame is sealed by HPKE (`comity.exchange.sealing`) with `info` = `comity pouch v1 frame\\n` and the lines `id`,
`from`, `to`, then `frame N last` or `frame N more`, N from 0: it opens at that place of that pouch and nowhere else.
Frame 0 holds the `Inside` (MessagePack), each further one a page (`comity.core.log`).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Annotated, BinaryIO, NamedTuple

import msgspec
from msgspec import Meta

from comity.core.act import PARTY
from comity.core.errors import Broken, Malformed, Unavailable
from comity.core.keys import SIGNATURES, key_id, unb64, verify
from comity.core.log import PAGE_LIMIT
from comity.exchange.sealing import OVERHEAD

__all__ = [
    "END",
    "FRAME_LIMIT",
    "Head",
    "Inside",
    "Outside",
    "frame_info",
    "inspect",
    "parse_head",
    "require_sender",
]

FRAME_LIMIT = PAGE_LIMIT + OVERHEAD
HEAD_LIMIT = 8192
TAIL_LIMIT = 8192
END = bytes(4)
_FIRST = "comity pouch v1"
_CHUNK = 1 << 18
_Party = Annotated[str, Meta(pattern=rf"^{PARTY}\Z")]
_Size = Annotated[int, Meta(ge=0, lt=2**40)]
_ID = r"[A-Za-z0-9_-]{22}"
_NUMBER = r"0|[1-9][0-9]{0,11}"
_HEAD = re.compile(
    rf"{_FIRST}\nid ({_ID})\nfrom ({PARTY})\nto ({PARTY})\nsealed-to ({_ID})\n"
    rf"((?:carries {PARTY} (?:{_NUMBER})\.\.(?:{_NUMBER})\n)*)\n",
    re.ASCII,
).fullmatch
_CARRIES = re.compile(rf"carries ({PARTY}) ({_NUMBER})\.\.({_NUMBER})\n", re.ASCII).findall
_TAIL = re.compile(
    rf"sha-256 ([A-Za-z0-9_-]{{43}})\nsignature ({_ID}) ([A-Za-z0-9_-]{{86,3300}})\n", re.ASCII
).fullmatch


class Head(NamedTuple):
    """The head of a pouch. `carries`: party -> (first, last) number, both included."""

    id: str
    sender: str
    recipient: str
    sealed_to: str
    carries: Mapping[str, tuple[int, int]]

    def text(self) -> str:
        """As it is written, with the empty line."""
        lines = [
            _FIRST,
            f"id {self.id}",
            f"from {self.sender}",
            f"to {self.recipient}",
            f"sealed-to {self.sealed_to}",
        ]
        lines += [f"carries {party} {first}..{last}" for party, (first, last) in sorted(self.carries.items())]
        return "\n".join(lines) + "\n\n"


class Inside(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Frame 0. `held`: how much of each log the sender held. `answers`: the pouch of the recipient's that the sender

    opened last (its id, or empty): a restored node knows by it that this pouch was packed after it had asked (law 10).
    """

    mechanism: Annotated[str, Meta(max_length=43)]
    sender: _Party
    recipient: _Party
    answers: Annotated[str, Meta(max_length=22)]
    held: Annotated[dict[_Party, _Size], Meta(max_length=64)]


class Outside(NamedTuple):
    """What can be known of a pouch without any key: its head, where each frame lies (offset, length), its tail."""

    head: Head
    frames: Sequence[tuple[int, int]]
    digest: str
    signed_by: str
    signature: bytes

    def signed(self) -> bytes:
        """The bytes that the sender's signature is over."""
        return signed_bytes(self.head, self.digest)


def signed_bytes(head: Head, digest: str) -> bytes:
    """The bytes that a pouch's signature is over."""
    return f"{head.text()}sha-256 {digest}\n".encode()


def frame_info(head: Head, index: int, *, last: bool) -> bytes:
    """What a frame is bound to."""
    place = f"frame {index} {'last' if last else 'more'}"
    return f"comity pouch v1 frame\nid {head.id}\nfrom {head.sender}\nto {head.recipient}\n{place}\n".encode()


def parse_head(raw: bytes, thing: str = "pouch") -> Head:
    """Read a head, up to and with its empty line. Raises `Malformed`."""
    try:
        found = _HEAD(raw.decode("ascii"))
    except UnicodeDecodeError as error:
        raise Malformed(thing, "its head is not ASCII") from error
    if found is None:
        raise Malformed(
            thing, f"does not begin with the lines of a pouch's head ({_FIRST}, id, from, to, ...)"
        )
    carries = {party: (int(first), int(last)) for party, first, last in _CARRIES(found[5])}
    head = Head(found[1], found[2], found[3], found[4], carries)
    if head.text().encode() != raw or any(first > last for first, last in carries.values()):
        raise Malformed(thing, "its `carries` lines are not sorted, once for each party, lowest number first")
    return head


def inspect(stream: BinaryIO, thing: str = "pouch") -> Outside:
    """Check a pouch from its first to its last byte, with no key. Raises `Malformed` or `Unavailable`.

    `stream` is seekable; memory does not grow with the pouch.
    """
    try:
        return _inspect(_Reader(stream, thing), thing)
    except OSError as error:
        raise Unavailable(thing, f"cannot be read: {error.strerror or error}") from error


def require_sender(outside: Outside, keys: Iterable[str], thing: str = "pouch") -> None:
    """Raise `Broken` unless a node key of `keys` signed the pouch."""
    known = {key_id(key): key for key in keys}
    key = known.get(outside.signed_by)
    if key is None:
        why = (
            f"is signed by key {outside.signed_by}, which is not a node key of {outside.head.sender} in force"
        )
        raise Broken(thing, why)
    if not verify(key, outside.signed(), outside.signature):
        raise Broken(
            thing, f"the signature of {outside.head.sender} does not verify: ask for the pouch again"
        )


class _Reader:
    """Reads on from where it is, hashing what it reads; short input is `Malformed`."""

    def __init__(self, stream: BinaryIO, thing: str) -> None:
        self._stream, self._thing, self.at = stream, thing, 0
        self.hash = hashlib.sha256()
        stream.seek(0)

    def take(self, size: int, keep: Callable[[bytes], object] = lambda _: None) -> None:
        """The next `size` bytes, chunk by chunk."""
        while size:
            chunk = self._stream.read(min(size, _CHUNK))
            if not chunk:
                raise Malformed(self._thing, "is cut off: bring the file again", at=f"byte {self.at}")
            self.hash.update(chunk)
            keep(chunk)
            self.at += len(chunk)
            size -= len(chunk)

    def number(self) -> int:
        """Four bytes, big-endian."""
        parts: list[bytes] = []
        self.take(4, parts.append)
        return int.from_bytes(b"".join(parts), "big")

    def lines(self, limit: int) -> bytes:
        """Lines up to and with the first empty one."""
        lines = b""
        while not lines.endswith(b"\n\n"):
            line = self._stream.readline(limit - len(lines))
            if not line.endswith(b"\n"):
                raise Malformed(self._thing, "its head is not ended by an empty line", at=f"byte {self.at}")
            lines += line
            self.at += len(line)
        self.hash.update(lines)
        return lines

    def rest(self, limit: int) -> bytes:
        """Everything that follows, not hashed, and one byte more than `limit` at most."""
        return self._stream.read(limit + 1)


def _inspect(reader: _Reader, thing: str) -> Outside:
    head = parse_head(reader.lines(HEAD_LIMIT), thing)
    frames: list[tuple[int, int]] = []
    while length := reader.number():
        if not OVERHEAD <= length <= FRAME_LIMIT:
            raise Malformed(thing, f"a frame of {length} bytes", at=f"byte {reader.at - 4}")
        frames.append((reader.at, length))
        reader.take(length)
    if not frames:
        raise Malformed(thing, "holds no frame", at=f"byte {reader.at}")
    digest = reader.hash.digest()
    raw = reader.rest(TAIL_LIMIT)
    try:
        found = _TAIL(raw.decode("ascii"))
    except UnicodeDecodeError as error:
        raise Malformed(thing, "its tail is not ASCII", at=f"byte {reader.at}") from error
    if found is None:
        raise Malformed(
            thing, "is cut off, or does not end in its digest and signature", at=f"byte {reader.at}"
        )
    if unb64(found[1], 32, f"{thing}: digest") != digest:
        raise Malformed(thing, "is damaged: its digest does not match its bytes; bring the file again")
    size = len(found[3]) * 3 // 4
    if size not in SIGNATURES.values():
        raise Malformed(thing, f"its signature has {size} bytes", at=f"byte {reader.at}")
    signature = unb64(found[3], size, f"{thing}: signature")
    return Outside(head, frames, found[1], found[2], signature)
