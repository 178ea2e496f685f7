"""Files that programs send: kept whole or not at all, for the token that sent them, for an hour and no longer."""

from __future__ import annotations

import asyncio
import errno
import hashlib
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from comity.api import uploads as here
from comity.api.uploads import KEPT, MOST, Uploads
from comity.core.errors import Malformed, Refused, Unavailable

FILE = b"minutes of the joint centre, page one" * 50_000


class Desk:
    """Uploads with a clock that is turned by hand. `open` is how many files it holds."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.now = folder, 0.0
        self.uploads = Uploads(folder, lambda: self.now)
        self._run = ThreadPoolExecutor(1)

    def send(self, raw: bytes, digest: str = "", token: str = "one", cut: bool = False) -> int:
        async def pieces() -> AsyncIterator[bytes]:
            for start in range(0, len(raw), 65_536):
                yield raw[start : start + 65_536]
            if cut:
                raise ConnectionResetError

        async def take() -> int:
            return await self.uploads.take(token, digest or sha(raw), pieces(), self._run)

        return asyncio.run(take())

    def read(self, digest: str, token: str = "one") -> bytes:
        with self.uploads.opened(token, digest) as path:
            return path.read_bytes()

    @property
    def open(self) -> int:
        return len(self.uploads._kept)

    def close(self) -> None:
        self.uploads.close()
        self._run.shutdown()


def sha(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.close()


def test_a_file_is_what_was_sent_and_the_disk_has_no_name_for_it(desk: Desk) -> None:
    assert desk.send(FILE) == len(FILE)
    assert desk.read(sha(FILE)) == desk.read(sha(FILE)) == FILE
    assert list(desk.folder.iterdir()) == []
    desk.uploads.drop("one", sha(FILE))
    desk.uploads.drop("one", sha(FILE))
    with pytest.raises(Refused, match="upload_unknown"):
        desk.read(sha(FILE))


def test_a_body_that_is_not_what_its_name_says_is_not_kept(desk: Desk) -> None:
    """Cut, changed, empty: seen to fail when the hash is not looked at."""
    for raw, why in ((FILE[:-1], "SHA-256"), (FILE[:-1] + b"X", "SHA-256"), (b"", "empty")):
        with pytest.raises(Malformed, match=why):
            desk.send(raw, sha(FILE))
    with pytest.raises(ConnectionResetError):
        desk.send(FILE, cut=True)
    assert (desk.open, desk.uploads._coming) == (0, [])


def test_a_file_that_is_too_long_is_refused_on_its_way(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(here, "LIMIT", 70_000)
    with pytest.raises(Refused, match="body_long"):
        desk.send(FILE)
    assert desk.open == 0


def test_a_disk_without_room_keeps_nothing_and_says_so(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the folder is gone."""

    class Full:
        def write(self, _: bytes) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

        def close(self) -> None:
            pass

    monkeypatch.setattr(desk.uploads, "_fresh", Full)
    with pytest.raises(Unavailable, match="No space left"):
        desk.send(FILE)
    monkeypatch.undo()
    desk.folder.rmdir()
    with pytest.raises(Unavailable, match="cannot be kept"):
        desk.send(FILE)
    assert (desk.open, desk.uploads._coming) == (0, [])


def test_a_file_is_there_for_the_token_that_sent_it_and_for_an_hour(desk: Desk) -> None:
    """Seen to fail when the token is left out of its key, and when nothing is swept."""
    desk.send(FILE)
    with pytest.raises(Refused, match="upload_unknown"):
        desk.read(sha(FILE), "two")
    desk.now = KEPT - 1.0
    assert desk.read(sha(FILE)) == FILE
    desk.now = float(KEPT)
    with pytest.raises(Refused, match="upload_unknown"):
        desk.read(sha(FILE))
    assert desk.open == 0


def test_so_many_files_wait_and_no_more_but_one_sent_again_is_the_same(desk: Desk) -> None:
    for number in range(MOST):
        desk.send(b"%d" % number)
    with pytest.raises(Refused, match="uploads_many"):
        desk.send(b"one more")
    assert desk.send(b"0") == 1
    assert desk.send(b"one more", token="two") == 8
    assert desk.open == MOST + 1
    desk.uploads.drop("one", sha(b"0"))
    assert desk.send(b"one more") == 8


def test_a_file_that_is_read_is_not_cut_off_by_its_end(desk: Desk) -> None:
    desk.send(FILE)
    with desk.uploads.opened("one", sha(FILE)) as path:
        desk.uploads.close()
        assert path.read_bytes() == FILE
