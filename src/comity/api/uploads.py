"""Files that programs have sent and not used yet: kept for the token that sent them, for an hour, by their SHA-256.

    PUT /api/v1/uploads/9f86d081...a08       the bytes, whatever their type
    201  {"file":"9f86d081...a08","size":81234,"until":"2024-09-01T10:00:00Z"}

A file's name is the hash of its bytes. So a body that was cut or changed on its way is noticed, the same file sent
twice is one, and a request that names a file (`{"file": "9f86..."}`) says by its own bytes which file it means, as its
Idempotency-Key needs it. The files have no names on the disk: whatever ends this program, nothing of them is left.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TypeVar

from comity.core.errors import Malformed, Refused, Unavailable
from comity.node.withheld import LIMIT as EVIDENCE

__all__ = ["KEPT", "LIMIT", "MOST", "UPLOAD", "Uploads"]

UPLOAD = "/uploads/{digest}"
KEPT = 3600
"""Seconds for which a file waits to be used."""
LIMIT = EVIDENCE + (32 << 20)
"""The largest file in bytes: the largest evidence, with what a disclosure puts before it."""
MOST = 4
"""Files that wait for one token, or are on their way."""
_ALL = 64
_PIECE = 1 << 20

Key = tuple[str, str]
T = TypeVar("T")


class _Kept:
    """One file: open, and nowhere else."""

    def __init__(self, file: BinaryIO, until: float) -> None:
        self.file, self.until = file, until


class Uploads:
    """What was sent, by token and hash. `folder` is where the disk is asked for room; `clock` never goes back."""

    def __init__(self, folder: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._folder, self._clock = folder, clock
        self._turn = threading.Lock()
        self._kept: dict[Key, _Kept] = {}
        self._coming: list[str] = []

    async def take(self, token: str, digest: str, pieces: AsyncIterator[bytes], run: Executor) -> int:
        """Keep what comes, if it is what its name says; its size. Whatever goes wrong, nothing of it is kept.

        Raises `Refused` (too many, too long), `Malformed` (empty, or another file), `Unavailable` (no room).
        """
        self._begin(token, digest)
        file: BinaryIO | None = None
        try:
            file = await _in(run, self._fresh)
            size = await self._copied(pieces, file, digest, run)
        except BaseException:
            if file is not None:
                file.close()
            raise
        finally:
            self._end(token)
        with self._turn:
            before = self._kept.pop((token, digest), None)
            self._kept[token, digest] = _Kept(file, self._clock() + KEPT)
        if before is not None:
            before.file.close()
        asyncio.get_running_loop().call_later(KEPT + 1, self.sweep)
        return size

    async def _copied(self, pieces: AsyncIterator[bytes], file: BinaryIO, digest: str, run: Executor) -> int:
        total, size, held = hashlib.sha256(), 0, bytearray()

        def write(piece: bytes) -> None:
            try:
                total.update(piece)
                file.write(piece)
                file.flush()
            except OSError as error:
                raise Unavailable("file", f"cannot be kept: {error.strerror}") from error

        async for piece in pieces:
            held += piece
            size += len(piece)
            if size > LIMIT:
                raise Refused("body_long", limit=LIMIT >> 20)
            if len(held) >= _PIECE:
                await _in(run, write, bytes(held))
                held.clear()
        await _in(run, write, bytes(held))
        if not size:
            raise Malformed("file", "is empty")
        if total.hexdigest() != digest:
            raise Malformed("file", f"has the SHA-256 {total.hexdigest()}, and not the one in the path")
        return size

    @contextmanager
    def opened(self, token: str, digest: str) -> Iterator[Path]:
        """A path at which the file can be opened while the block lasts. Raises `Refused` where it is not here."""
        self.sweep()
        with self._turn:
            kept = self._kept.get((token, digest))
            own = os.fdopen(os.dup(kept.file.fileno()), "rb") if kept is not None else None
        if own is None:
            raise Refused("upload_unknown", file=digest)
        with own:
            yield Path(f"/dev/fd/{own.fileno()}")

    def drop(self, token: str, digest: str) -> None:
        """Let go of a file that was used."""
        with self._turn:
            kept = self._kept.pop((token, digest), None)
        if kept is not None:
            kept.file.close()

    def sweep(self) -> None:
        """Let go of what has waited for too long."""
        now = self._clock()
        with self._turn:
            old = [key for key, kept in self._kept.items() if kept.until <= now]
            files = [self._kept.pop(key).file for key in old]
        for file in files:
            file.close()

    def close(self) -> None:
        """Let go of everything."""
        with self._turn:
            files = [kept.file for kept in self._kept.values()]
            self._kept.clear()
        for file in files:
            file.close()

    def _begin(self, token: str, digest: str) -> None:
        self.sweep()
        with self._turn:
            others = [key for key in self._kept if key != (token, digest)]
            mine = sum(key[0] == token for key in others) + self._coming.count(token)
            if mine >= MOST or len(others) + len(self._coming) >= _ALL:
                raise Refused("uploads_many", most=MOST)
            self._coming.append(token)

    def _end(self, token: str) -> None:
        with self._turn:
            self._coming.remove(token)

    def _fresh(self) -> BinaryIO:
        try:
            return tempfile.TemporaryFile(dir=self._folder)
        except OSError as error:
            raise Unavailable("file", f"cannot be kept: {error.strerror}") from error


def _in(run: Executor, work: Callable[..., T], *given: object) -> asyncio.Future[T]:
    return asyncio.get_running_loop().run_in_executor(run, work, *given)
