"""Files on the disk, a piece at a time: opened, written whole or not at all, overwritten, held by a lock.

    with opened(Path("minutes.pdf")) as source, written(Path("copy.pdf")) as copy:
        for piece in pieces(source, "minutes.pdf"):
            copy.write(piece)

Whatever the disk refuses is `Unavailable`, which names the file.
"""

from __future__ import annotations

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

from comity.core.errors import Unavailable

__all__ = ["is_locked", "opened", "overwrite", "pieces", "require_private", "save", "sync_folder", "written"]

PIECE = 1 << 20


@contextmanager
def opened(path: Path) -> Iterator[BufferedReader]:
    """A person's file, opened: a file, and not a pipe that never ends. Raises `Unavailable`."""
    try:
        file = os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb")
    except OSError as error:
        raise Unavailable(str(path), f"cannot be read: {error.strerror}") from error
    with file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise Unavailable(str(path), "cannot be read: it is not a file")
        yield file


def pieces(file: BinaryIO, thing: str) -> Iterator[bytes]:
    """The rest of a file, a megabyte at a time: nobody needs the memory for a whole one. Raises `Unavailable`."""
    try:
        while piece := file.read(PIECE):
            yield piece
    except OSError as error:
        raise Unavailable(thing, f"cannot be read: {error.strerror}") from error


def require_private(thing: str, path: Path) -> None:
    """Raise `Unavailable` where others than its owner can read or write a file; `OSError` where it is not there."""
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        raise Unavailable(thing, f"can be read by others (mode {mode:04o}): set it to 0600")


@contextmanager
def written(path: Path) -> Iterator[BinaryIO]:
    """A file that a person asked for, for its owner's eyes alone: whole when this ends well, else not there at all.

    Raises `Unavailable`.
    """
    fresh = _fresh(path)
    try:
        with _made(fresh) as file:
            yield file
        fresh.replace(path)
    except OSError as error:
        raise Unavailable(str(path), f"cannot be written: {error.strerror}") from error
    finally:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)


def save(path: Path, raw: bytes) -> None:
    """A file of the node's own, for its owner alone: whole and on disk, or as it was before. Raises `OSError`."""
    fresh = _fresh(path)
    with _made(fresh) as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def _fresh(path: Path) -> Path:
    return path.with_name(path.name + ".new")


def _made(fresh: Path) -> BinaryIO:
    """A new file, in the place of one that was left half written; nobody else may read it from the first moment."""
    fresh.unlink(missing_ok=True)
    return os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "wb")


def is_locked(path: Path) -> bool:
    """Whether another program is at work on it."""
    with suppress(OSError), path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def overwrite(path: Path) -> None:
    """Zeros over a file's bytes, as far as its disk lets a program do that."""
    with path.open("r+b") as file:
        left = os.fstat(file.fileno()).st_size
        while left > 0:
            left -= file.write(bytes(min(left, PIECE)))
        file.flush()
        os.fsync(file.fileno())


def sync_folder(folder: Path) -> None:
    """Have a folder's names on disk."""
    opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
