"""What could not be had, and what is broken, is told in every language: no reason stays in English."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.desk.raised import SAMPLE, english, raised, texts
from tests.desk.raised import sample as sample_of

from comity.core.act import LANGUAGES
from comity.core.errors import Broken, Unavailable
from comity.desk import reasons, wording
from comity.node import token
from comity.storage import sqlite
from comity.words import Words

OTHERS = sorted(set(LANGUAGES) - {"en"})

SQLITE = (
    "database is locked", "database table is locked", "disk I/O error", "database disk image is malformed",
    "file is not a database", "attempt to write a readonly database", "unable to open database file",
    "database or disk is full", "database schema is locked: x7", "no such table: x7", "malformed database",
    "malformed row", "malformed database schema (x7)",
)  # fmt: skip
SYSTEM = (
    "No such file or directory", "Permission denied", "Operation not permitted", "Is a directory", "Not a directory",
    "File exists", "Directory not empty", "No space left on device", "Disk quota exceeded", "Read-only file system",
    "Input/output error", "File name too long", "Text file busy", "Too many open files", "Cross-device link",
    "Invalid cross-device link", "Address already in use", "Cannot assign requested address", "Connection refused",
    "Connection reset by peer", "Connection timed out", "timed out", "No route to host", "Network is unreachable",
    "Broken pipe", "Name or service not known", "Temporary failure in name resolution",
)  # fmt: skip
ADVICE = tuple(sqlite._advice(sqlite3.DatabaseError(text)) for text in SQLITE)
TOKEN = (*token._WHY.values(), "cannot be used: x7")

REASONS: dict[tuple[str, str], tuple[str, ...]] = {
    ("accounts/directory.py", "found.why"): ("cannot be reached: [Errno 111] Connection refused",),
    ("desk/index.py", "str(error)"): (*SQLITE, "[Errno 13] Permission denied: 'x7'"),
    ("node/token.py", "_WHY.get(name, f'cannot be used: {name} {error}'.rstrip())"): TOKEN,
    ("papers/grounds.py", "f\"does not show that {', '.join(missing)} {what}\""): (
        "does not show that x7, x7 accepted this text",
        "does not show that x7 approved these minutes",
        "does not show that x7 accepted this report",
    ),
    ("papers/pack.py", "f\"holds {', '.join(extra) or 'less than it must'}: {', '.join(needed) or 'not listed'}\""): (
        "holds x7, x7: not listed",
        "holds less than it must: text.json, paper.pdf",
        "holds x7: text.json",
        "holds x7: paper.pdf",
    ),
    (
        "papers/verifying.py",
        "f'was changed {after}: {len(raw) - len(read.file.raw)} bytes were added that Comity did not'",
    ): (
        "was changed after it was made: 7 bytes were added that Comity did not",
        "was changed after TUR signed it: 7 bytes were added that Comity did not",
    ),
    ("storage/sqlite.py", "f'has format {version}; this program reads {_VERSION}: {advice}'"): (
        "has format 7; this program reads 1: update it",
        "has format 1; this program reads 7: use the version that wrote it",
    ),
    ("storage/sqlite.py", "_advice(error)"): ADVICE,
    ("storage/sqlite.py", "_advice(sqlite3.DatabaseError('malformed row'))"): ADVICE,
    ("storage/sqlite.py", "_advice(sqlite3.DatabaseError('malformed database'))"): ADVICE,
}  # fmt: skip
"""What a reason may be that no constant tells: nothing is passed on that is not here."""

TYPED = frozenset(
    {"str(file)", "str(path)", "str(self.passphrase_file)", "self.text", "self._at.text"}
)  # fmt: skip
"""Things that are called as a person called them: a path, an address."""

THINGS: dict[str, tuple[str, ...]] = {
    "self.name": ("database x7", "memory"),
    "store.name": ("database x7", "memory"),
    "record.store.name": ("database x7", "memory"),
    "self._thing": ("directory x7", "search index x7"),
    "self.thing": ("pouch",),
    "thing": (
        "proof", "paper", "pack", "party card", "pouch", "reply of x7", "withheld file x7 of x7", "file x7",
        "signature of x7", "paper: signature of x7", "x7: proof", "proof: x7", "the paper that x7 signed",
    ),
    "_thing(digest, evidence)": ("withheld file x7 of x7",),
    "_thing(token)": ("hardware token x7",),
    "_thing(self._place.token)": ("hardware token x7",),
}  # fmt: skip
"""And those whose names come from elsewhere."""

NAMES = frozenset({"comity.papers", "Akoma Ntoso", "typst", "pyHanko"})
"""Things whose names are the same in every language."""

FAILURES = list(raised({"Broken", "Unavailable"}))


def _reasons() -> Iterator[tuple[str, str, str | None]]:
    """Where, the source, and a sample of each reason."""
    yield (
        "core/checkpoint.py",
        "no key",
        "no valid signature by a key of its author that is in force (no key)",
    )
    for failure in FAILURES:
        for source, expr in texts(failure.why, failure):
            samples = REASONS.get((failure.file, source), (sample_of(expr),))
            for sample in samples:
                yield f"{failure.file}:{failure.line}", source, sample


def _things() -> Iterator[tuple[str, str, str | None]]:
    for failure in FAILURES:
        for source, expr in texts(failure.thing, failure):
            if source in TYPED:
                continue
            for sample in THINGS.get(source, (sample_of(expr),)):
                yield f"{failure.file}:{failure.line}", source, sample


@pytest.mark.parametrize("language", OTHERS)
def test_every_reason_is_told_in_every_language(language: str) -> None:
    """One that is new needs an entry `reason.*` in the catalogues; one that is passed on, a sample here."""
    words = Words(language)
    lacking = {
        at: source
        for at, source, sample in _reasons()
        if sample is None
        or reasons.said(words, sample) == sample
        or english(reasons.said(words, sample), sample)
    }
    assert lacking == {}
    assert len(FAILURES) > 170


@pytest.mark.parametrize("language", OTHERS)
def test_everything_that_fails_is_named_in_every_language(language: str) -> None:
    words = Words(language)
    lacking = {}
    for at, source, sample in _things():
        if sample in NAMES or (sample is not None and not re.search("[A-Za-z]", sample.replace(SAMPLE, ""))):
            continue
        if (
            sample is None
            or reasons.thing(words, sample) == sample
            or english(reasons.thing(words, sample), sample)
        ):
            lacking[at] = source
    assert lacking == {}


def test_what_is_passed_on_is_still_passed_on() -> None:
    sources = {(failure.file, source) for failure in FAILURES for source, _ in texts(failure.why, failure)}
    assert set(REASONS) - sources == set()
    things = {source for failure in FAILURES for source, _ in texts(failure.thing, failure)}
    assert (set(THINGS) | TYPED) - things == set()


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("text", [*SYSTEM, *SQLITE])
def test_what_the_system_and_the_database_say_is_told(text: str, language: str) -> None:
    """By itself, with its number, and inside another reason."""
    words = Words(language)
    for why in (
        text,
        f"cannot be read: {text}",
        f"cannot be reached ({text}): check the address and the line",
    ):
        assert english(reasons.said(words, why), why) == set()
    assert reasons.said(words, text) in reasons.said(words, f"[Errno 7] {text}")


def test_a_missing_file_is_told_whole() -> None:
    try:
        Path("/nowhere").read_bytes()
    except OSError as error:
        missing = error
    assert (
        wording.sentence(Words("en"), missing) == "/nowhere: No such file or directory. Nothing was changed."
    )
    assert wording.sentence(Words("tr"), missing) == (
        "/nowhere: böyle bir dosya veya klasör yok. Hiçbir şey değiştirilmedi."
    )
    assert wording.sentence(Words("ar"), missing) == (
        "\u2066/nowhere\u2069: \u2068لا يوجد ملف أو مجلد بهذا الاسم\u2069. لم يتغير شيء."
    )


def test_a_failure_is_told_whole_and_its_data_stay_as_they_are() -> None:
    error = Unavailable("file /a", "cannot be read: Permission denied")
    told = wording.told(Words("tr"), error)
    assert told["message"] == "/a dosyası: okunamıyor: erişim izni yok. Hiçbir şey değiştirilmedi."
    assert (told["thing"], told["why"]) == ("file /a", "cannot be read: Permission denied")
    broken = Broken("t.pdf: signature of TUR", "stands twice")
    assert (
        wording.sentence(Words("tr"), broken)
        == "t.pdf: TUR imzası: iki kez var. Ondan hiçbir şey saklanmadı."
    )


def test_what_another_program_says_is_not_lost() -> None:
    assert reasons.said(Words("tr"), "cannot be read: the moon is full") == "okunamıyor: the moon is full"
    assert reasons.said(Words("ar"), "TLS failed (odd): does that port speak TLS?").count("odd") == 1


def test_a_reason_within_many_others_is_told_and_not_sunk_in() -> None:
    for why in ("cannot be read: ", "[Errno 1] ", "its reply ", "cannot be reached: "):
        assert reasons.said(Words("tr"), why * (1900 // len(why)) + "x7").endswith("x7")


def test_a_name_in_parentheses_stays_as_it_is() -> None:
    for language in LANGUAGES:
        for name in ("/tmp/a (1).txt", "/tmp/a (1)", "a: b", "/a (b): c (d).pdf"):
            assert reasons.thing(Words(language), name) == name
