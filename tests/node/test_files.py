"""Files on the disk: a piece at a time, whole or not at all, and every refusal names the file."""

from __future__ import annotations

import fcntl
import os
import stat
from pathlib import Path

import pytest

from comity.core.errors import Broken, Unavailable
from comity.node import files
from comity.node.files import (
    is_locked,
    opened,
    overwrite,
    pieces,
    require_private,
    save,
    sync_folder,
    written,
)


def test_a_file_is_read_in_pieces_that_make_the_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files, "PIECE", 4)
    (tmp_path / "file").write_bytes(b"0123456789")
    with opened(tmp_path / "file") as file:
        assert list(pieces(file, "file")) == [b"0123", b"4567", b"89"]


def test_a_disk_that_stops_reading_is_unavailable() -> None:
    class Failing:
        def read(self, _: int) -> bytes:
            raise OSError(5, "Input/output error")

    with pytest.raises(Unavailable, match=r"minutes\.pdf: cannot be read: Input/output error"):
        list(pieces(Failing(), "minutes.pdf"))


def test_only_a_file_is_opened(tmp_path: Path) -> None:
    """A pipe would be waited for, and a device never ends."""
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path, tmp_path / "absent", Path("/dev/zero")):
        with pytest.raises(Unavailable) as caught, opened(path):
            pass
        assert caught.value.thing == str(path)


def test_what_is_written_has_its_name_when_it_is_whole_and_is_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "out"
    path.write_bytes(b"before")
    with written(path) as file:
        file.write(b"after")
        file.flush()
        assert path.read_bytes() == b"before"
    assert path.read_bytes() == b"after"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_what_is_saved_is_whole_for_its_owner_alone_and_else_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where somebody left a half of it that everybody may read. Seen to fail when that was written into."""
    path = tmp_path / "signed"
    half = tmp_path / "signed.new"
    half.write_bytes(b"half")
    half.chmod(0o666)
    save(path, b"17\n")
    assert path.read_bytes() == b"17\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space"):
        save(path, b"18\n")
    assert path.read_bytes() == b"17\n"


@pytest.mark.parametrize(
    "error", [Broken("x", "y"), OSError(28, "No space left on device"), KeyboardInterrupt()]
)
def test_what_failed_half_way_is_not_there(tmp_path: Path, error: BaseException) -> None:
    expected = Unavailable if isinstance(error, OSError) else type(error)
    with pytest.raises(expected), written(tmp_path / "out") as file:
        file.write(b"half")
        raise error
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_cannot_be_written_into(tmp_path: Path) -> None:
    with pytest.raises(Unavailable) as caught, written(tmp_path / "no" / "out"):
        pass
    assert caught.value.thing == str(tmp_path / "no" / "out")


def test_a_lock_of_somebody_else_is_seen_and_ends_with_them(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with path.open("wb") as file:
        assert not is_locked(path)
        fcntl.flock(file, fcntl.LOCK_EX)
        assert is_locked(path)
    assert not is_locked(path)
    assert not is_locked(tmp_path / "absent")
    assert not is_locked(tmp_path)


def test_overwriting_leaves_zeros_of_the_same_length(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "PIECE", 4)
    path = tmp_path / "file"
    path.write_bytes(b"0123456789")
    overwrite(path)
    assert path.read_bytes() == bytes(10)


def test_a_folder_s_names_are_synced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[bool] = []
    monkeypatch.setattr(os, "fsync", lambda number: synced.append(stat.S_ISDIR(os.fstat(number).st_mode)))
    sync_folder(tmp_path)
    assert synced == [True]


def test_a_file_that_others_can_reach_is_not_private(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"")
    for mode in (0o600, 0o400):
        path.chmod(mode)
        require_private("file", path)
    for mode in (0o640, 0o604, 0o620, 0o601):
        path.chmod(mode)
        with pytest.raises(Unavailable, match=f"mode {mode:04o}"):
            require_private("file", path)
