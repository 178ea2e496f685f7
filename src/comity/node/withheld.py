"""The files of evidence that its author withholds: on the author's own node, and nowhere else.

    mechanisms/ID/withheld/9f86d081...a08       a random salt of 32 bytes, then the file's bytes; mode 0600
    mechanisms/ID/withheld/9f86d081...a08.discarded     that it is not kept any longer, since when and by which rule

A file's name is the SHA-256 of its bytes, salt included, in hex: the digest that the act gives. The salt keeps anybody
from telling by guesses what the file is. A file is whole and on disk before the act that names it is said, and taken
away again where that is refused. It never travels; a backup of the node's folder has it.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import secrets
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Annotated, BinaryIO, NamedTuple

import msgspec
from msgspec import Meta

from comity.core import canonical
from comity.core.errors import Broken, ComityError, Malformed, Refused, Unavailable
from comity.node.files import is_locked, opened, overwrite, pieces, sync_folder

__all__ = ["LIMIT", "RECORDED", "SALT", "Discarded", "Kept", "Withheld", "file_named"]

RECORDED = "commitment.evidence_recorded/1"
SALT = 32
LIMIT = 256 * 1024 * 1024
_DIGEST = re.compile(r"[0-9a-f]{64}").fullmatch
_GONE = ".discarded"


class Kept(NamedTuple):
    """A kept file: its digest, salt included, and how many bytes the file itself has."""

    digest: str
    size: int


class _Named(msgspec.Struct, frozen=True):
    """What an act says of a file, beside much else."""

    digest: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
    size: int


class Discarded(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Why and when a kept file was discarded; the first line of its mark, whose second is that line's SHA-256."""

    digest: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
    rule: Annotated[str, Meta(min_length=1, max_length=400)]
    time: datetime


class Withheld:
    """The withheld files of one mechanism at one node. The folder is made when the first file is kept."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    # ------------------------------------------------------------------------------------------ keeping

    @contextmanager
    def keeping(self, source: Path, unsaid: Callable[[Kept], bool], limit: int = LIMIT) -> Iterator[Kept]:
        """A copy of a file, on disk while the caller says that it exists. Raises `Refused` or `Unavailable`.

        The copy stays when the caller succeeds. When it ends with one of the four errors, the copy goes if `unsaid`
        finds that no act names it. Where that is not certain (an interrupt, a disk that failed), the copy stays:
        `comity check` names it if it belongs to nothing.
        """
        fresh = self.folder / f"{secrets.token_hex(16)}.new"
        with opened(source) as original:
            copy = self._create(fresh)
            try:
                # Whoever checks meanwhile sees by the lock that this file is on its way; no crash leaves a lock behind.
                fcntl.flock(copy, fcntl.LOCK_EX)
                kept = _copied(original, copy, source, limit)
                path = self.path(kept.digest)
                self._place(copy, fresh, path)
                try:
                    yield kept
                except ComityError:
                    with suppress(ComityError, OSError):
                        if unsaid(kept):
                            path.unlink(missing_ok=True)
                            sync_folder(self.folder)
                    raise
            finally:
                with suppress(OSError):  # a full disk, which has been told of already
                    copy.close()
                fresh.unlink(missing_ok=True)

    def path(self, digest: str) -> Path:
        """Where the file of that digest is kept."""
        return self.folder / digest

    def _create(self, path: Path) -> BinaryIO:
        try:
            new = not self.folder.is_dir()
            self.folder.mkdir(mode=0o700, exist_ok=True)
            if new:
                sync_folder(self.folder.parent)
            return os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600), "w+b")
        except OSError as error:
            raise Unavailable(f"folder {self.folder}", f"cannot be written: {error.strerror}") from error

    def _place(self, copy: BinaryIO, fresh: Path, path: Path) -> None:
        """Give a whole copy its name, and have both on disk."""
        try:
            copy.flush()
            os.fsync(copy.fileno())
            fresh.replace(path)
            sync_folder(self.folder)
        except OSError as error:
            path.unlink(missing_ok=True)
            raise Unavailable(f"folder {self.folder}", f"cannot be written: {error.strerror}") from error

    # ------------------------------------------------------------------------------------------ reading

    @contextmanager
    def read(self, digest: str, evidence: str) -> Iterator[tuple[bytes, BinaryIO]]:
        """The salt of a kept file, and the file from its first byte on; its digest is held against it first.

        `evidence` names what it is kept for, such as TUR/40. Raises `Refused`, `Unavailable`, or `Broken` where the
        kept file is not what it was.
        """
        thing = _thing(digest, evidence)
        with self._file(digest, thing, evidence) as file:
            total = hashlib.sha256()
            for piece in pieces(file, thing):
                total.update(piece)
            file.seek(0)
            salt = file.read(SALT)
            if total.hexdigest() != digest:
                raise Broken(thing, "is not the file that was recorded: put it back from a backup")
            yield salt, file

    def _file(self, digest: str, thing: str, evidence: str) -> BinaryIO:
        try:
            return self.path(digest).open("rb")
        except FileNotFoundError as error:
            mark = self.discarded(digest)
            if mark is not None:
                on = mark.time.date().isoformat()
                raise Refused("evidence_discarded", "law 8", evidence=evidence, on=on) from error
            raise Unavailable(thing, f"is not in {self.folder}: put it back from a backup") from error
        except OSError as error:
            raise Unavailable(thing, f"cannot be read: {error.strerror}") from error

    def discarded(self, digest: str) -> Discarded | None:
        """When and why a file was discarded, or None. Raises `Malformed` where the mark is not what was written."""
        path = self._mark(digest)
        try:
            raw = path.read_bytes()
        except OSError:
            return None
        said, _, sum_ = raw.partition(b"\n")
        if sum_ != hashlib.sha256(said).hexdigest().encode() + b"\n":
            raise Malformed(path.name, "is not what was written")
        mark = canonical.parse(said, Discarded, path.name)
        if mark.digest != digest:
            raise Malformed(path.name, "is the mark of another file")
        return mark

    # --------------------------------------------------------------------------------------- discarding

    def discard(self, digest: str, rule: str, now: datetime) -> None:
        """Discard a kept file, overwritten first, and leave a mark. Raises `Malformed` or `Unavailable`."""
        mark = canonical.encode(Discarded(digest, rule, now.replace(microsecond=0)))
        canonical.parse(mark, Discarded, "discarding")
        path, fresh = self.path(digest), self.folder / f"{secrets.token_hex(16)}.new"
        try:
            self.folder.mkdir(mode=0o700, exist_ok=True)
            with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                file.write(b"%s\n%s\n" % (mark, hashlib.sha256(mark).hexdigest().encode()))
                file.flush()
                os.fsync(file.fileno())
                # The mark first: a file that is marked and still here is named by `comity check`, and goes next time.
                fresh.replace(self._mark(digest))
            sync_folder(self.folder)
            if path.exists():
                overwrite(path)
                path.unlink()
                sync_folder(self.folder)
        except OSError as error:
            raise Unavailable(f"folder {self.folder}", f"cannot be written: {error.strerror}") from error
        finally:
            fresh.unlink(missing_ok=True)

    def _mark(self, digest: str) -> Path:
        return self.folder / f"{digest}{_GONE}"

    # ----------------------------------------------------------------------------------------- checking

    def listed(self) -> list[str]:
        """The names of all that lies in the folder, but for what is being kept or told of at this moment."""
        try:
            found = sorted(self.folder.iterdir()) if self.folder.is_dir() else []
        except OSError as error:
            raise Unavailable(f"folder {self.folder}", f"cannot be read: {error.strerror}") from error
        return [path.name for path in found if not is_locked(path)]

    def check(self, names: list[str], acts: Mapping[str, Kept]) -> Iterator[tuple[str, str]]:
        """What is wrong with the files, as (thing, why): one is gone, changed, or of no act.

        names: what `listed` gave *before* the acts were read. acts: reference -> file of our own evidence.
        """
        for evidence, kept in acts.items():
            yield from self._check_one(kept.digest, evidence, kept.size)
        ours = {kept.digest for kept in acts.values()}
        for name in names:
            digest = name.removesuffix(_GONE)
            if digest not in ours and (self.folder / name).exists():
                yield f"withheld file {name}", _STRAY if _DIGEST(digest) else _UNFINISHED

    def _check_one(self, digest: str, evidence: str, size: int) -> Iterator[tuple[str, str]]:
        thing = _thing(digest, evidence)
        path = self.path(digest)
        try:
            mark = self.discarded(digest)
            if mark is not None:
                if path.exists():
                    yield thing, "is still here, and was to be discarded: discard it again"
                return
            if stat.S_IMODE(path.stat().st_mode) & 0o077:
                yield thing, "can be read by others: set its mode to 0600"
            with self.read(digest, evidence) as (_, file):
                if os.fstat(file.fileno()).st_size != size + SALT:
                    yield thing, f"is not of {size} bytes, as its act says"
        except FileNotFoundError:
            yield thing, f"is not in {self.folder}: put it back from a backup"
        except (ComityError, OSError) as error:
            yield thing, str(error).removeprefix(f"{thing}: ")


_STRAY = (
    "belongs to no act of ours. After a restore, run `comity sync` first: its act may come back. Else a program ended "
    "while it was being recorded: delete the file"
)
_UNFINISHED = "is no withheld file: a program ended while it wrote it. Delete the file"


def file_named(content: bytes, thing: str) -> Kept:
    """The file that an act with this content names. Raises `Malformed`."""
    try:
        found = msgspec.json.decode(content[SALT:], type=_Named)
    except (msgspec.DecodeError, UnicodeError) as error:
        raise Malformed(f"content of {thing}", "names no file by its digest and size") from error
    return Kept(found.digest, found.size)


def _thing(digest: str, evidence: str) -> str:
    return f"withheld file {digest[:12]} of {evidence}"


def _copied(source: BinaryIO, copy: BinaryIO, path: Path, limit: int) -> Kept:
    """Copy a file behind a fresh salt. Raises `Refused` or `Unavailable`."""
    before = os.fstat(source.fileno())
    _judge_size(path, before.st_size, limit)
    salt = secrets.token_bytes(SALT)
    total, size = hashlib.sha256(salt), 0
    try:
        copy.write(salt)
        for piece in pieces(source, str(path)):
            size += len(piece)
            _judge_size(path, size, limit)
            total.update(piece)
            copy.write(piece)
    except OSError as error:
        raise Unavailable(str(path), f"cannot be copied: {error.strerror}") from error
    after = os.fstat(source.fileno())
    if (after.st_size, after.st_mtime_ns) != (size, before.st_mtime_ns):
        raise Refused("evidence_changing", file=path)
    return Kept(total.hexdigest(), size)


def _judge_size(path: Path, size: int, limit: int) -> None:
    if not size:
        raise Refused("evidence_empty", file=path)
    if size > limit:
        raise Refused("evidence_too_large", file=path, limit=limit >> 20)
