"""Packing: every log's acts from where the recipient stands, and the newest signed head of each, into one file.

    with path.open("wb") as out:
        pack(out, station, "IRQ", sealing_key)      ->  Head(id=..., carries={"TUR": (12, 40)}, ...)

A pouch with no new acts is worth sending too: its heads carry our receipts and cosignatures.
"""

from __future__ import annotations

import hashlib
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from typing import BinaryIO

import msgspec

from comity.core.checkpoint import parse_note
from comity.core.errors import Refused, Unavailable
from comity.core.keys import b64, key_id
from comity.core.log import Page, encode_page
from comity.exchange.pouch.outside import END, Head, Inside, frame_info, signed_bytes
from comity.exchange.sealing import seal
from comity.exchange.station import Station, signer_known_as
from comity.exchange.talk import Journal

__all__ = ["covered", "pack"]

PAGE_BYTES = 1 << 20


def covered(journal: Journal, party: str) -> dict[str, int]:
    """How much of each log a party has said that it holds: its newest receipts, and all of its own log."""
    head = journal.heads().get(party)
    receipts = head.checkpoint.receipts if head is not None else {}
    return {**{log: receipts.get(log, 0) for log in journal.parties}, party: journal.held(party)[0]}


def pack(
    out: BinaryIO,
    station: Station,
    to: str,
    sealing_key: str,
    *,
    start: Mapping[str, int] | None = None,
    answers: str = "",
    limit: int = PAGE_BYTES,
    folder: str | None = None,
) -> Head:
    """Write a pouch to `out` for party `to`, sealed to its typed sealing key. Raises `Refused` or `Unavailable`.

    start: the acts from which on each log travels; what its receipts do not cover, if None. A recipient that was
    restored from a backup may need its own log from an earlier number. answers: see `Inside`. limit: bytes a page.

    The frames are sealed into a temporary file first, since the head names the numbers that they turn out to carry.
    folder: where that file lies, as large as the pouch; the machine's place for such files, if None.
    """
    journal = station.journal
    begin = covered(journal, station.other(to)) if start is None else start
    held = {party: journal.held(party)[0] for party in journal.heads()}
    inside = Inside(station.mechanism, station.own, to, answers, held)
    carries: dict[str, tuple[int, int]] = {}
    head = Head(b64(secrets.token_bytes(16)), station.own, to, key_id(sealing_key), carries)
    try:
        with tempfile.TemporaryFile(dir=folder) as frames:
            plain = msgspec.msgpack.encode(inside)
            index = 0
            for page in _pages(journal, to, begin, limit):
                _put(frames, plain, sealing_key, frame_info(head, index, last=False))
                plain, index = encode_page(page), index + 1
                if page.entries:
                    first, _ = carries.get(page.log, (page.start, 0))
                    carries[page.log] = (first, page.start + len(page.entries) - 1)
            _put(frames, plain, sealing_key, frame_info(head, index, last=True))
            frames.write(END)
            frames.seek(0)
            _write(out, head, frames, station)
    except OSError as error:
        raise Unavailable(f"pouch for {to}", f"cannot be written: {error.strerror or error}") from error
    return head


def _pages(journal: Journal, to: str, begin: Mapping[str, int], limit: int) -> Iterator[Page]:
    """The pages of every log, one log after the other; at least one for each log that we hold a head of.

    The recipient's own comes first: if it lost some of it, heads that cover the lost part are not yet to be believed.
    """
    logs = journal.heads()
    for party in sorted(logs, key=lambda log: (log != to, log)):
        start = since = begin.get(party, 0)
        while True:
            try:
                page = journal.page(party, start, since, limit)
            except Refused as refusal:
                if refusal.code != "nothing_newer":
                    raise
                break
            yield page
            since = parse_note(page.head).checkpoint.size
            start += len(page.entries)
            if not page.entries or start >= journal.held(party)[0]:
                break


def _put(frames: BinaryIO, plain: bytes, sealing_key: str, info: bytes) -> None:
    sealed = seal(plain, sealing_key, info)
    frames.write(len(sealed).to_bytes(4, "big"))
    frames.write(sealed)


def _write(out: BinaryIO, head: Head, frames: BinaryIO, station: Station) -> None:
    text = head.text().encode()
    digest = hashlib.sha256(text)
    while chunk := frames.read(1 << 18):
        digest.update(chunk)
    frames.seek(0)
    signer = signer_known_as(station.signers(head.recipient), "")
    whole = b64(digest.digest())
    signature = b64(signer.sign(signed_bytes(head, whole)))
    out.write(text)
    shutil.copyfileobj(frames, out, 1 << 18)
    out.write(f"sha-256 {whole}\nsignature {key_id(signer.public)} {signature}\n".encode())
