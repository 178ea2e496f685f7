"""Files that are withheld: whole and on disk before they are spoken of, gone when they are refused, checked byte by byte."""

from __future__ import annotations

import fcntl
import hashlib
import os
import stat
import tracemalloc
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from comity.core import canonical
from comity.core.errors import Broken, ComityError, Malformed, Refused, Unavailable
from comity.node import withheld
from comity.node.files import pieces
from comity.node.withheld import SALT, Kept, Withheld, file_named

NOW = datetime(2024, 10, 1, 9, 0, 0, tzinfo=UTC)
SECRET = b"minutes of the joint centre, page one"


@pytest.fixture
def shelf(tmp_path: Path) -> Withheld:
    (tmp_path / "mechanism").mkdir()
    return Withheld(tmp_path / "mechanism" / "withheld")


@pytest.fixture
def source(tmp_path: Path) -> Path:
    file = tmp_path / "minutes.pdf"
    file.write_bytes(SECRET)
    return file


def nobody(_: Kept) -> bool:
    """No act names it."""
    return True


def keep(shelf: Withheld, source: Path) -> Kept:
    with shelf.keeping(source, nobody) as kept:
        return kept


def left(shelf: Withheld) -> list[str]:
    return sorted(path.name for path in shelf.folder.iterdir()) if shelf.folder.exists() else []


def wrong(shelf: Withheld, *acts: Kept) -> list[str]:
    ours = {f"TUR/{number}": kept for number, kept in enumerate(acts, 40)}
    return [f"{thing} {why}" for thing, why in shelf.check(shelf.listed(), ours)]


# ---------------------------------------------------------------------------------------------- keeping


def test_what_is_kept_is_a_salt_and_the_file_under_the_name_of_their_hash(
    shelf: Withheld, source: Path
) -> None:
    kept = keep(shelf, source)
    raw = shelf.path(kept.digest).read_bytes()
    assert raw[SALT:] == SECRET
    assert hashlib.sha256(raw).hexdigest() == kept.digest
    assert kept.size == len(SECRET)
    assert left(shelf) == [kept.digest]
    assert wrong(shelf, kept) == []


def test_the_same_file_has_another_digest_each_time_so_that_nobody_can_guess_it(
    shelf: Withheld, source: Path
) -> None:
    assert keep(shelf, source).digest != keep(shelf, source).digest


def test_nobody_else_on_the_machine_can_read_it(shelf: Withheld, source: Path) -> None:
    kept = keep(shelf, source)
    assert stat.S_IMODE(shelf.path(kept.digest).stat().st_mode) == 0o600
    assert stat.S_IMODE(shelf.folder.stat().st_mode) == 0o700


def test_it_is_whole_and_on_disk_before_anything_is_said(
    shelf: Withheld, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is synced, then named, then the folder is synced; only then does the caller speak."""
    done: list[str] = []
    sync, replace = os.fsync, Path.replace

    def synced(number: int) -> None:
        done.append("folder" if stat.S_ISDIR(os.fstat(number).st_mode) else "file")
        sync(number)

    def named_(self: Path, target: Path) -> Path:
        done.append("name")
        return replace(self, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", named_)
    with shelf.keeping(source, nobody) as kept:
        assert done == ["folder", "file", "name", "folder"]
        assert shelf.path(kept.digest).read_bytes()[SALT:] == SECRET


@pytest.mark.parametrize(
    "error", [Refused("x"), Malformed("x", "y"), Unavailable("x", "y"), Broken("x", "y")]
)
def test_what_is_refused_is_not_kept(shelf: Withheld, source: Path, error: ComityError) -> None:
    with pytest.raises(type(error)), shelf.keeping(source, nobody):
        raise error
    assert left(shelf) == []


def test_what_may_have_been_said_is_kept(shelf: Withheld, source: Path) -> None:
    """An interrupt may come after the act was on disk; a database that failed may have the act, or not be asked."""

    def cannot_tell(_: Kept) -> bool:
        raise Unavailable("database", "is gone")

    with pytest.raises(KeyboardInterrupt), shelf.keeping(source, nobody):
        raise KeyboardInterrupt
    for unsaid in (lambda _: False, cannot_tell):
        with pytest.raises(Unavailable, match="fell over"), shelf.keeping(source, unsaid):
            raise Unavailable("database", "fell over")
    assert len(left(shelf)) == 3


def test_while_it_is_spoken_of_nobody_takes_it_for_a_stray(shelf: Withheld, source: Path) -> None:
    with shelf.keeping(source, nobody):
        assert shelf.listed() == []
        assert wrong(shelf) == []
    assert len(wrong(shelf)) == 1


# ------------------------------------------------------------------------------------------ bad sources


def test_a_file_that_is_not_there_or_is_no_file_is_unavailable(shelf: Withheld, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name in ("absent.pdf", "mechanism", "pipe"):
        with pytest.raises(Unavailable) as caught, shelf.keeping(tmp_path / name, nobody):
            pass
        assert name in caught.value.thing
    assert left(shelf) == []


def test_an_empty_file_is_refused(shelf: Withheld, source: Path) -> None:
    source.write_bytes(b"")
    with pytest.raises(Refused) as caught, shelf.keeping(source, nobody):
        pass
    assert caught.value.code == "evidence_empty"
    assert left(shelf) == []


@pytest.mark.parametrize(("size", "fits"), [(99, True), (100, True), (101, False)])
def test_the_limit_is_held_to_the_byte(shelf: Withheld, source: Path, size: int, fits: bool) -> None:
    source.write_bytes(bytes(size))
    if fits:
        with shelf.keeping(source, nobody, limit=100) as kept:
            assert kept.size == size
        return
    with pytest.raises(Refused) as caught, shelf.keeping(source, nobody, limit=100):
        pass
    assert caught.value.code == "evidence_too_large"
    assert left(shelf) == []


class Source:
    """A file to which something happens while it is read."""

    def __init__(self, file: Any, then: Callable[[], None]) -> None:
        self._file, self._then = file, then

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)

    def read(self, size: int) -> bytes:
        piece: bytes = self._file.read(size)
        if not piece:
            self._then()
        return piece


@pytest.mark.parametrize("change", [b"longer than it was: " + SECRET, SECRET[::-1], b"short"])
def test_a_file_that_changes_while_it_is_read_is_refused(
    shelf: Withheld, source: Path, monkeypatch: pytest.MonkeyPatch, change: bytes
) -> None:
    """Half of it would be of one version, half of another, and nobody could show it again."""
    copied = withheld._copied

    def changing(file: Any, *more: Any) -> Kept:
        def write() -> None:
            source.write_bytes(change)
            os.utime(source, ns=(1, 1))

        return copied(Source(file, write), *more)

    monkeypatch.setattr(withheld, "_copied", changing)
    with pytest.raises(Refused) as caught, shelf.keeping(source, nobody):
        pass
    assert caught.value.code == "evidence_changing"
    assert left(shelf) == []


def test_a_file_that_grows_beyond_the_limit_while_it_is_read_is_refused(
    shelf: Withheld, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(withheld, "pieces", lambda *_: iter([b"x" * 60, b"y" * 60]))
    with pytest.raises(Refused) as caught, shelf.keeping(source, nobody, limit=100):
        pass
    assert caught.value.code == "evidence_too_large"
    assert left(shelf) == []


def test_a_disk_that_is_full_or_a_folder_that_cannot_be_made_is_unavailable(
    shelf: Withheld, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    shelf.folder.mkdir()
    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", full)
        with pytest.raises(Unavailable, match="No space left"), shelf.keeping(source, nobody):
            pass
    assert left(shelf) == []
    shelf.folder.rmdir()
    shelf.folder.write_bytes(b"a file where the folder should be")
    with pytest.raises(Unavailable, match="withheld"), shelf.keeping(source, nobody):
        pass


def test_a_disk_that_fills_up_on_the_way_is_unavailable(
    shelf: Withheld, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    create = Withheld._create

    class Full:
        def __init__(self, file: Any) -> None:
            self._file = file

        def __getattr__(self, name: str) -> Any:
            return getattr(self._file, name)

        def write(self, _: bytes) -> int:
            raise OSError(28, "No space left on device")

        def close(self) -> None:
            self._file.close()
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(Withheld, "_create", lambda self, path: Full(create(self, path)))
    with pytest.raises(Unavailable, match=r"minutes\.pdf: cannot be copied: No space left"):
        keep(shelf, source)
    assert left(shelf) == []


def test_a_folder_that_cannot_be_listed_is_unavailable(
    shelf: Withheld, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep(shelf, source)

    def fails(_: Path) -> Iterator[Path]:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "iterdir", fails)
    with pytest.raises(Unavailable, match="Permission denied"):
        shelf.listed()


def test_a_big_file_takes_little_memory(shelf: Withheld, tmp_path: Path) -> None:
    """Sixty-four megabytes are copied, hashed, checked and read with less than four in memory."""
    big = tmp_path / "big.bin"
    with big.open("wb") as file:
        file.truncate(64 << 20)
    tracemalloc.start()
    kept = keep(shelf, big)
    assert wrong(shelf, kept) == []
    with shelf.read(kept.digest, "TUR/40") as (_, file):
        assert sum(len(piece) for piece in pieces(file, "big")) == 64 << 20
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 << 20


# ---------------------------------------------------------------------------------------------- reading


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(raw=st.binary(min_size=1, max_size=200))
def test_what_was_kept_is_read_back(shelf: Withheld, source: Path, raw: bytes) -> None:
    source.write_bytes(raw)
    kept = keep(shelf, source)
    with shelf.read(kept.digest, "TUR/40") as (salt, file):
        data = file.read()
    assert data == raw
    assert hashlib.sha256(salt + data).hexdigest() == kept.digest


def flips(raw: bytes) -> Iterator[bytes]:
    """Every byte changed in turn, one missing, one more."""
    for place in range(len(raw)):
        yield raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
    yield raw[:-1]
    yield raw + b"\0"
    yield b""


def test_one_flipped_byte_anywhere_in_a_kept_file_is_found(shelf: Withheld, source: Path) -> None:
    kept = keep(shelf, source)
    path = shelf.path(kept.digest)
    whole = path.read_bytes()
    for changed in flips(whole):
        path.write_bytes(changed)
        found = wrong(shelf, kept)
        assert len(found) == 1
        assert "TUR/40" in found[0]
        with pytest.raises(Broken) as caught, shelf.read(kept.digest, "TUR/40"):
            pass
        assert "TUR/40" in caught.value.thing
    path.write_bytes(whole)
    assert wrong(shelf, kept) == []


def test_a_kept_file_that_is_gone_is_named_and_not_read(shelf: Withheld, source: Path) -> None:
    kept = keep(shelf, source)
    shelf.path(kept.digest).unlink()
    assert "TUR/40" in wrong(shelf, kept)[0]
    assert "backup" in wrong(shelf, kept)[0]
    with pytest.raises(Unavailable, match="backup"), shelf.read(kept.digest, "TUR/40"):
        pass
    shelf.path(kept.digest).mkdir()
    assert any("is a directory" in found.lower() for found in wrong(shelf, kept))
    with pytest.raises(Unavailable), shelf.read(kept.digest, "TUR/40"):
        pass


def test_a_disk_that_cannot_be_read_is_unavailable(
    shelf: Withheld, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = keep(shelf, source)

    real = withheld.pieces

    class Failing:
        def read(self, _: int) -> bytes:
            raise OSError(5, "Input/output error")

    monkeypatch.setattr(withheld, "pieces", lambda _, thing: real(Failing(), thing))
    with pytest.raises(Unavailable, match="Input/output"), shelf.read(kept.digest, "TUR/40"):
        pass
    assert "Input/output" in wrong(shelf, kept)[0]
    with pytest.raises(Unavailable, match="Input/output"), shelf.keeping(source, nobody):
        pass


def test_what_the_act_says_of_the_size_is_checked_too(shelf: Withheld, source: Path) -> None:
    kept = keep(shelf, source)
    assert "12 bytes" in wrong(shelf, kept._replace(size=12))[0]


def test_a_file_that_others_can_read_is_named(shelf: Withheld, source: Path) -> None:
    kept = keep(shelf, source)
    shelf.path(kept.digest).chmod(0o640)
    assert "0600" in wrong(shelf, kept)[0]


def test_no_error_shows_a_byte_of_the_file(shelf: Withheld, source: Path) -> None:
    kept = keep(shelf, source)
    path = shelf.path(kept.digest)
    path.write_bytes(path.read_bytes() + b"!")
    with pytest.raises(Broken) as caught, shelf.read(kept.digest, "TUR/40"):
        pass
    told = [str(caught.value), *wrong(shelf, kept)]
    assert not [text for text in told if "minutes" in text or "joint" in text]


# ------------------------------------------------------------------------------------------------ strays


def test_a_file_of_no_act_is_named_and_never_taken_away(shelf: Withheld, source: Path) -> None:
    """After a restore of the database alone, its act may come back from the other side."""
    kept = keep(shelf, source)
    found = wrong(shelf)
    assert kept.digest in found[0]
    assert "comity sync" in found[0]
    assert left(shelf) == [kept.digest]
    (shelf.folder / "half.new").write_bytes(b"half")
    assert [text for text in wrong(shelf, kept) if "half.new" in text and "Delete" in text]


def test_a_copy_on_its_way_in_another_program_is_no_stray(shelf: Withheld, source: Path) -> None:
    kept = keep(shelf, source)
    with (shelf.folder / "half.new").open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert wrong(shelf, kept) == []
    seen = shelf.listed()
    (shelf.folder / "half.new").unlink()
    assert list(shelf.check(seen, {"TUR/40": kept})) == []


def test_a_folder_that_is_not_there_has_nothing_wrong(shelf: Withheld) -> None:
    assert wrong(shelf) == []


# --------------------------------------------------------------------------------------------- discarding


def test_what_was_discarded_is_gone_and_missed_by_nobody(
    shelf: Withheld, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = keep(shelf, source)
    unlink = Path.unlink
    last: list[bytes] = []

    def watched(self: Path, missing_ok: bool = False) -> None:
        if self.name == kept.digest:
            last.append(self.read_bytes())
        unlink(self, missing_ok=missing_ok)

    monkeypatch.setattr(Path, "unlink", watched)
    shelf.discard(kept.digest, "retention, 2 years", NOW)
    assert last == [bytes(SALT + len(SECRET))]
    assert left(shelf) == [f"{kept.digest}.discarded"]
    assert wrong(shelf, kept) == []
    mark = shelf.discarded(kept.digest)
    assert mark is not None
    assert (mark.rule, mark.time) == ("retention, 2 years", NOW)
    with pytest.raises(Refused) as caught, shelf.read(kept.digest, "TUR/40"):
        pass
    assert caught.value.code == "evidence_discarded"


def test_a_file_that_was_to_be_discarded_and_is_still_here_is_named_and_goes_the_next_time(
    shelf: Withheld, source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = keep(shelf, source)

    def fails(_: Path) -> None:
        raise OSError(5, "Input/output error")

    with monkeypatch.context() as disk:
        disk.setattr(withheld, "overwrite", fails)
        with pytest.raises(Unavailable):
            shelf.discard(kept.digest, "a rule", NOW)
    assert "discard it again" in wrong(shelf, kept)[0]
    for _ in range(2):
        shelf.discard(kept.digest, "a rule", NOW)
        assert wrong(shelf, kept) == []


def test_one_flipped_byte_anywhere_in_a_mark_is_found(shelf: Withheld, source: Path) -> None:
    kept = keep(shelf, source)
    shelf.discard(kept.digest, "a rule", NOW)
    mark = shelf.folder / f"{kept.digest}.discarded"
    whole = mark.read_bytes()
    for changed in flips(whole):
        mark.write_bytes(changed)
        assert len(wrong(shelf, kept)) == 1
    mark.write_bytes(whole)
    assert wrong(shelf, kept) == []


def test_the_mark_of_one_file_is_not_that_of_another(shelf: Withheld, source: Path) -> None:
    one, other = keep(shelf, source), keep(shelf, source)
    shelf.discard(one.digest, "a rule", NOW)
    (shelf.folder / f"{other.digest}.discarded").write_bytes(
        (shelf.folder / f"{one.digest}.discarded").read_bytes()
    )
    assert "another file" in wrong(shelf, one, other)[0]


def test_a_mark_that_is_no_mark_is_malformed(shelf: Withheld, source: Path) -> None:
    kept = keep(shelf, source)
    line = canonical.encode({"digest": kept.digest, "rule": "r", "time": "2024-10-01T09:00:00Z", "why": "x"})
    (shelf.folder / f"{kept.digest}.discarded").write_bytes(
        line + b"\n" + hashlib.sha256(line).hexdigest().encode() + b"\n"
    )
    with pytest.raises(Malformed):
        shelf.discarded(kept.digest)


def test_discarding_without_a_rule_changes_nothing(shelf: Withheld, source: Path) -> None:
    kept = keep(shelf, source)
    with pytest.raises(Malformed):
        shelf.discard(kept.digest, "", NOW)
    assert left(shelf) == [kept.digest]


# ------------------------------------------------------------------------------------------------- naming


def test_an_act_s_content_names_its_file() -> None:
    body = canonical.encode({"digest": "ab" * 32, "media_type": "text/plain", "size": 12})
    assert file_named(bytes(SALT) + body, "TUR/40") == Kept("ab" * 32, 12)


@given(raw=st.binary(max_size=100) | st.just(bytes(SALT) + b'{"digest":"AB","size":1}'))
def test_any_other_content_is_malformed(raw: bytes) -> None:
    with pytest.raises(Malformed):
        file_named(raw, "TUR/40")
