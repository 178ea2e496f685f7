"""Checkpoints: the signed head of a log, as a C2SP tlog-checkpoint with C2SP signature and cosignature lines.

    comity/Jx1...43 characters/TUR
    18
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=
    seen IRQ 12 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=

    — comity/Jx1.../TUR Az3grlgtzPICa5OS8npVmf1Myq...
    — comity/Jx1.../IRQ jWbPPwAAAABkGFDLEZMHwSRaJN...

The origin names mechanism and party. Each `seen` line is a receipt: the author held that many acts of that
log, with that root. The first signature is the author's; the second is Iraq's cosignature, with its time:
it has checked that this log only ever grew.

Signature types (C2SP signed-note): 0x01 Ed25519 over the note; 0xff + "comity.note.ml-dsa-44" for ML-DSA-44
over the note, since C2SP's own ML-DSA form leaves extension lines unsigned and the receipts are there;
0x04 and 0x06 are the cosignatures of C2SP tlog-cosignature.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import struct
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from comity.core.act import PARTY, Cut
from comity.core.errors import Broken, Malformed
from comity.core.keys import ED25519, ML_DSA, Signer, raw_key, verify

__all__ = [
    "Checkpoint",
    "Line",
    "Note",
    "Seen",
    "believed",
    "cosign",
    "cosigners",
    "merge",
    "parse_note",
    "require_author",
    "sign",
]

NOTE_LIMIT = 256 * 1024
SIGNATURE_LIMIT = 64
_KINDS = {ED25519: b"\x01", ML_DSA: b"\xffcomity.note.ml-dsa-44"}
_COSIGNING = {ED25519: b"\x04", ML_DSA: b"\x06"}
_ORIGIN = re.compile(rf"comity/([A-Za-z0-9_-]{{43}})/({PARTY})", re.ASCII).fullmatch
_SIZE = re.compile(r"0|[1-9][0-9]{0,11}", re.ASCII).fullmatch
_SEEN = re.compile(rf"seen ({PARTY}) (0|[1-9][0-9]{{0,11}}) ([A-Za-z0-9+/]{{43}}=)", re.ASCII).fullmatch


class Seen(NamedTuple):
    """How much of another log was held: number of acts, and the root over them."""

    size: int
    root: bytes


class Checkpoint(NamedTuple):
    """What a checkpoint says."""

    mechanism: str
    party: str
    size: int
    root: bytes
    seen: Mapping[str, Seen]

    @property
    def origin(self) -> str:
        """The first line: which log this is."""
        return f"comity/{self.mechanism}/{self.party}"

    @property
    def receipts(self) -> Cut:
        """The receipts alone: party -> number of acts held."""
        return {party: seen.size for party, seen in self.seen.items()}

    @property
    def progress(self) -> int:
        """A number that grows with every further head of a log: its size and all its receipts together."""
        return self.size + sum(seen.size for seen in self.seen.values())

    def text(self) -> str:
        """The note text that is signed, with its final newline."""
        lines = [self.origin, str(self.size), _b64(self.root)]
        lines += [f"seen {party} {seen.size} {_b64(seen.root)}" for party, seen in sorted(self.seen.items())]
        return "\n".join(lines) + "\n"


class Line(NamedTuple):
    """One signature line: the signer's name, and key identifier with signature, as written."""

    name: str
    blob: bytes

    def __str__(self) -> str:
        return f"— {self.name} {_b64(self.blob)}"


class Note(NamedTuple):
    """A checkpoint with its signature lines, author's first."""

    checkpoint: Checkpoint
    lines: tuple[Line, ...]

    def encode(self) -> bytes:
        """The bytes of the signed note."""
        return (self.checkpoint.text() + "\n" + "".join(f"{line}\n" for line in self.lines)).encode()


def parse_note(raw: bytes, thing: str = "checkpoint") -> Note:
    """Read a signed checkpoint; nothing is verified yet. Raises `Malformed`."""
    if len(raw) > NOTE_LIMIT:
        raise Malformed(thing, f"is {len(raw)} bytes long; at most {NOTE_LIMIT}")
    try:
        text = raw.decode()
    except UnicodeDecodeError as error:
        raise Malformed(thing, f"is not UTF-8: {error}") from error
    body, gap, tail = text.rpartition("\n\n")
    if not gap or not tail.endswith("\n"):
        raise Malformed(thing, "needs a text, an empty line, and signature lines that end in a newline")
    checkpoint = _parse_text(body.split("\n"), thing)
    lines = tuple(_parse_line(line, thing) for line in tail[:-1].split("\n"))
    if len(lines) > SIGNATURE_LIMIT:
        raise Malformed(thing, f"has {len(lines)} signature lines; at most {SIGNATURE_LIMIT}")
    note = Note(checkpoint, lines)
    if note.encode() != raw:
        raise Malformed(thing, "is not in canonical form")
    return note


def _parse_text(lines: list[str], thing: str) -> Checkpoint:
    if len(lines) < 3:
        raise Malformed(thing, "needs an origin, a size and a root")
    origin, size = _ORIGIN(lines[0]), _SIZE(lines[1])
    if origin is None:
        raise Malformed(thing, f"origin {lines[0][:80]!r} is not comity/MECHANISM/PARTY", at="line 1")
    if size is None:
        raise Malformed(thing, f"size {lines[1][:20]!r} is not a plain number", at="line 2")
    seen: dict[str, Seen] = {}
    for number, line in enumerate(lines[3:], start=4):
        found = _SEEN(line)
        if found is None:
            raise Malformed(
                thing, f"{line[:80]!r} is not a receipt: seen PARTY SIZE ROOT", at=f"line {number}"
            )
        seen[found[1]] = Seen(int(found[2]), _unb64(found[3], thing, f"line {number}"))
    if list(seen) != sorted(seen) or len(seen) != len(lines) - 3 or origin[2] in seen:
        raise Malformed(thing, "receipts must be sorted, one for each other party")
    return Checkpoint(origin[1], origin[2], int(size[0]), _unb64(lines[2], thing, "line 3"), seen)


def _parse_line(line: str, thing: str) -> Line:
    mark, name, blob = (*line.split(" "), "", "")[:3]
    if mark != "—" or line.count(" ") != 2 or not name or "+" in name or not name.isprintable():
        raise Malformed(thing, f"signature line {line[:60]!r} is not: — NAME BASE64")
    try:
        raw = base64.b64decode(blob, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Malformed(thing, f"signature of {name[:80]} is not base64") from error
    if not 5 <= len(raw) <= 8192:
        raise Malformed(thing, f"signature of {name[:80]} has {len(raw)} bytes")
    return Line(name, raw)


def sign(checkpoint: Checkpoint, signers: Iterable[Signer]) -> Note:
    """The checkpoint signed by its author's node keys."""
    text = checkpoint.text().encode()
    lines = [
        Line(checkpoint.origin, _key_hash(checkpoint.origin, s.public, _KINDS) + s.sign(text))
        for s in signers
    ]
    return Note(checkpoint, tuple(lines))


def cosign(note: Note, party: str, signers: Iterable[Signer], time: int) -> Note:
    """The note with another party's cosignatures of POSIX time `time` added."""
    name = f"comity/{note.checkpoint.mechanism}/{party}"
    added = [
        Line(
            name,
            _key_hash(name, s.public, _COSIGNING)
            + struct.pack(">Q", time)
            + s.sign(_cosigned(note.checkpoint, name, raw_key(s.public)[0], time)),
        )
        for s in signers
    ]
    return merge(note, Note(note.checkpoint, tuple(added)))


def merge(note: Note, other: Note) -> Note:
    """One note with the signature lines of both, which must say the same; a key's earliest line is kept."""
    if note.checkpoint != other.checkpoint:
        raise Malformed("checkpoint", "only notes with the same text can be merged")
    known = {(line.name, line.blob[:4]) for line in note.lines}
    new = tuple(line for line in other.lines if (line.name, line.blob[:4]) not in known)
    return Note(note.checkpoint, (note.lines + new)[:SIGNATURE_LIMIT])


def require_author(note: Note, keys: Iterable[str]) -> None:
    """Raise `Broken` unless the author signed with a key of `keys` of every type among them, and none is false."""
    origin, text = note.checkpoint.origin, note.checkpoint.text().encode()
    hashes = {_key_hash(origin, key, _KINDS): key for key in keys}
    good = set()
    for line in note.lines:
        key = hashes.get(line.blob[:4]) if line.name == origin else None
        if key is None:
            continue
        if not verify(key, text, line.blob[4:]):
            raise Broken(f"checkpoint {origin} at {note.checkpoint.size}", "a signature does not verify")
        good.add(raw_key(key)[0])
    missing = {raw_key(key)[0] for key in hashes.values()} - good
    if missing or not good:
        raise Broken(
            f"checkpoint {origin} at {note.checkpoint.size}",
            f"no valid signature by a key of its author that is in force ({', '.join(sorted(missing)) or 'no key'})",
        )


def cosigners(note: Note, keys: Mapping[str, Iterable[str]]) -> dict[str, int]:
    """Party -> POSIX time of each cosignature that verifies under one of that party's keys; others are ignored."""
    found: dict[str, int] = {}
    for party, known in keys.items():
        name = f"comity/{note.checkpoint.mechanism}/{party}"
        hashes = {_key_hash(name, key, _COSIGNING): key for key in known}
        for line in note.lines:
            key = hashes.get(line.blob[:4]) if line.name == name else None
            if key is None or len(line.blob) < 13:
                continue
            (time,) = struct.unpack(">Q", line.blob[4:12])
            if verify(key, _cosigned(note.checkpoint, name, raw_key(key)[0], time), line.blob[12:]):
                found[party] = min(time, found.get(party, time))
    return found


def believed(note: Note, author: Iterable[str], others: Mapping[str, Iterable[str]]) -> Note:
    """The note with only those lines that verify: under one of its author's keys, or as a cosignature of `others`."""
    origin, text = note.checkpoint.origin, note.checkpoint.text().encode()
    hashes = {_key_hash(origin, key, _KINDS): key for key in author}

    def verifies(line: Line) -> bool:
        key = hashes.get(line.blob[:4]) if line.name == origin else None
        if key is not None:
            return verify(key, text, line.blob[4:])
        return bool(cosigners(Note(note.checkpoint, (line,)), others))

    return Note(note.checkpoint, tuple(line for line in note.lines if verifies(line)))


def _cosigned(checkpoint: Checkpoint, name: str, kind: str, time: int) -> bytes:
    """The message of C2SP tlog-cosignature for an Ed25519 or ML-DSA-44 key."""
    if kind == ED25519:
        return f"cosignature/v1\ntime {time}\n{checkpoint.text()}".encode()
    signer, origin = name.encode(), checkpoint.origin.encode()
    return b"".join(
        (
            b"subtree/v1\n\0",
            bytes([len(signer)]),
            signer,
            struct.pack(">Q", time),
            bytes([len(origin)]),
            origin,
            struct.pack(">QQ", 0, checkpoint.size),
            checkpoint.root,
        )
    )


def _key_hash(name: str, key: str, kinds: Mapping[str, bytes]) -> bytes:
    kind, raw = raw_key(key)
    return hashlib.sha256(name.encode() + b"\n" + kinds[kind] + raw).digest()[:4]


def _b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _unb64(text: str, thing: str, at: str) -> bytes:
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise Malformed(thing, f"{text[:60]!r} is not base64", at=at) from error
    if len(raw) != 32:
        raise Malformed(thing, "a root hash has 32 bytes", at=at)
    return raw
