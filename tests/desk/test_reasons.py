"""Every reason for which a file or a text is not read has words in every language; what varies in it stays as it is."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import comity
from comity.chapters.instruments import reader, scans
from comity.chapters.instruments.head import read_head
from comity.chapters.meetings.acts import read_minutes
from comity.chapters.statements.reading import read_statement
from comity.core.act import LANGUAGES
from comity.core.errors import Malformed
from comity.desk import reasons, wording
from comity.words import Words

ROOT = Path(comity.__file__).parent
READERS = sorted([*ROOT.glob("chapters/**/*.py"), ROOT / "core" / "aligned.py"])
PASSED_ON = frozenset(
    {
        "why",
        "wrong[1]",
        "str(error)",
        "f'{error}'",
        "f'{fault.why}: {fault.at}'",
        "f'{fault.thing}: {fault.why}'",
    }
    | {"""f'{error}'.replace('`$.', '`').replace('Object ', 'it ')"""}
)
"""What a reader says that somebody else found: msgspec, or another function that is read here too."""

HEAD = "---\nlanguage: {0}\n{1}\n---\n"


def _sentences(tree: ast.AST) -> Iterator[tuple[ast.expr, int]]:
    """Every reason in a module: what `Malformed` is given, what is called `why`, and what `unfit` returns."""
    if all(getattr(node, "id", "") != "Malformed" for node in ast.walk(tree)):
        return
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name("Malformed"), args=[_, why, *_]):
                yield why, node.lineno
            case ast.Assign(targets=[ast.Name("why")], value=why):
                yield why, node.lineno
            case ast.Return(value=ast.Tuple([_, ast.JoinedStr() as why])):
                yield why, node.lineno


def _sample(why: ast.expr) -> str | None:
    """The sentence with something in each place that varies; None for what is passed on."""
    match why:
        case ast.Constant(str(text)):
            return text
        case ast.JoinedStr(values) if any(isinstance(one, ast.Constant) for one in values):
            return "".join(one.value if isinstance(one, ast.Constant) else "x1" for one in values)  # type: ignore[misc]
    return None


def _reasons() -> Iterator[tuple[str, ast.expr, str]]:
    for file in READERS:
        for why, line in _sentences(ast.parse(file.read_text("utf-8"))):
            yield f"{file.relative_to(ROOT)}:{line}", why, ast.unparse(why)


def test_every_reason_of_every_reader_has_words() -> None:
    """And nothing is passed on that nobody holds to this."""
    lacking = {}
    for at, why, source in _reasons():
        if source in PASSED_ON:
            continue
        text = _sample(why)
        if text is None or reasons.found(text) is None:
            lacking[at] = source
    assert lacking == {}
    assert len(list(_reasons())) > 60


def _wrong() -> Iterator[Malformed]:
    """What the readers say of files that are wrong in one way each."""
    head = HEAD.format("en", "title: T")
    texts = {
        b"\xff": None, b"# Text": None, f"{head}# T\n\n## 4\n\n[a [b]]".encode(): None,
        f"{head}# T\n\n## Article 1\n\n[]".encode(): None, f"{head}\n\n## Article 1\n\n\u202ea".encode(): None,
        HEAD.format("en", "bodies: 3").encode(): None, HEAD.format("en", "color: red").encode(): None,
        b"---\ntitle: T\n---\n# T": None, HEAD.format("en", "a: b: c").encode(): None,
        HEAD.format("en", "title: T\ntitle: U").encode(): None, HEAD.format("en", "final: {duration: {years: x}}").encode(): None,
        f"{head}## Article 1\n\nA\n\n## Article 1\n\nB".encode(): None, HEAD.format("en", "parties: TUR").encode(): None,
        HEAD.format("en", "final: {article: 9}\ntitle: T").encode() + b"\n## Article 1\n\nText": None,
        HEAD.format("en", "final: {entry into force: {after: day, day: soon}}").encode(): None,
    }  # fmt: skip
    for raw in texts:
        yield _told(lambda raw=raw: reader.read_text([("t.en.md", raw)]))
    yield _told(lambda: reader.read_text([]))
    yield _told(lambda: reader.read_amendment([("a.en.md", (head + "## Delete art-4\n\nText").encode())]))
    two = [
        ("a.md", (head + "## Article 1\n\nA").encode()),
        ("b.md", (HEAD.format("tr", "") + "## Madde 1\n\n[B]").encode()),
    ]
    yield _told(lambda: reader.read_text(two))
    yield _told(lambda: scans.read_scan([("s.pdf", b"x")]))
    yield _told(lambda: scans.read_scan([]))
    yield _told(lambda: read_head("h", "x: &a [*a]", 1))
    yield _told(lambda: read_statement([("a.en.md", b"# T"), ("a.tr.md", b"T")]))
    yield _told(lambda: read_minutes([("a.en.md", b"D1 (TUR/1): a"), ("a.tr.md", b"D2 (TUR/1): a")]))
    yield _told(lambda: read_minutes([("a.en.md", b"a\n\nb"), ("a.tr.md", b"a")]))


def _told(read: object) -> Malformed:
    with pytest.raises(Malformed) as found:
        read()  # type: ignore[operator]
    return found.value


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_what_a_reader_says_is_said_in_the_readers_language(language: str) -> None:
    """The terminal's sentence and the form's are made of the same words."""
    words = Words(language)
    for error in _wrong():
        told = reasons.said(words, error.why)
        assert told != error.why, error
        assert told in wording.sentence(words, error)
        assert error.why not in wording.sentence(words, error)


def test_what_varies_is_told_as_it_is() -> None:
    tr = Words("tr")
    assert reasons.said(tr, "is 9 bytes long; a scan has at most 5") == "9 bayt; bir tarama en çok 5 bayttır"
    assert "{en: ...}" in reasons.said(
        tr, "names are by language and seats by party, such as {en: ...} and {TUR: 5}"
    )
    assert reasons.said(tr, "text: is empty") == "metin: boş"
    assert reasons.said(tr, "text (line 4): is empty") == "metin (4. satır): boş"
    assert reasons.said(tr, "a bracket is empty; write the proposed words into it: [ ] x").endswith(": [ ] x")
    assert reasons.place(tr, "line 4") == "4. satır"
    assert reasons.thing(tr, "provision art-4") == "art-4 hükmü"
    assert reasons.thing(tr, "minutes.en.md") == "minutes.en.md"
    assert "madde" in reasons.said(tr, "art-4 is a article in en, elsewhere a point; let them agree")


def test_in_english_a_reason_stays_as_it_was_said() -> None:
    assert (
        reasons.said(Words("en"), "Expected `int`, got `str` - at `$.x`")
        == "Expected `int`, got `str` - at `$.x`"
    )
    assert reasons.place(Words("en"), "line 4") == "line 4"


@given(st.text(max_size=60) | st.text(alphabet=": x{}`…", max_size=4000))
def test_a_reason_that_nobody_worded_stays_as_it_is(why: str) -> None:
    told = reasons.said(Words("ar"), why)
    assert told == why or reasons.found(why) is not None or ": " in why or " - at " in why or ", got `" in why
