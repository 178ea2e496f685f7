"""What a lawyer types becomes a text, or an error that names the file, the line or field, and what to do."""

from __future__ import annotations

import contextlib
import random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.chapters.instruments.drafts import BRACKETS, HEAD, PLAIN_BRACKET, draft, files, text

from comity.chapters.instruments.reader import LIMIT, read_amendment, read_text
from comity.chapters.instruments.text import Text
from comity.core.errors import Malformed


def test_three_files_become_one_text_aligned_by_what_their_provisions_are() -> None:
    one = text()
    assert one.languages == ("en", "tr", "ar")
    assert [row.id for row in one.provisions] == [
        "preamble", "preamble.t1", "art-1", "art-1.1", "art-1.2", "art-1.2.a", "art-1.2.b", "art-2", "art-2.t1",
        "art-3", "art-3.t1",
    ]  # fmt: skip
    assert all(set(row.words) == {"en", "tr", "ar"} for row in one.provisions)
    assert one.bodies[0].provision == "art-2"
    assert one.final.denunciation is not None


def test_the_order_of_the_files_does_not_matter() -> None:
    assert read_text(files()) == read_text(files()[::-1])


def test_text_is_normalised_so_that_what_looks_the_same_is_the_same() -> None:
    composed = draft("tr").replace("Ticaret", "Şarap")
    decomposed = composed.replace("Ş", "S\u0327")
    both = [[files()[0], ("a.tr.md", form.encode()), files()[2]] for form in (composed, decomposed)]
    assert read_text(both[0]) == read_text(both[1])


def test_what_one_language_lacks_is_kept() -> None:
    more = draft("ar").replace("## المادة 3", "فقرة أخرى.\n\n## المادة 3")
    one = msgspec.convert(read_text([*files()[:2], ("draft.ar.md", more.encode())])["text"], Text)
    extra = one.provision("art-2.t2")
    assert extra is not None
    assert set(extra.words) == {"ar"}
    assert [row.id for row in one.provisions].index("art-2.t2") == 9


ENGLISH = draft("en", languages="en")
BAD = [
    ("two articles of one number", ENGLISH.replace("## Article 2", "## Article 1"), "article 1 stands here a second time", "line"),
    ("two paragraphs of one number", ENGLISH.replace("\n2. ", "\n1. "), "paragraph 1 stands here a second time", "line"),
    ("a bracket left open", ENGLISH.replace("The Parties Committee", "The [Parties Committee"), "bracket is not closed", "line 37"),
    ("an authentic language without a file", draft("en"), "no file has `language: tr`; add that file", "authentic"),
    ("no head", ENGLISH.replace("---", "", 1), "has no head", "line"),
    ("a head that is not YAML", ENGLISH.replace("parties", "x: [", 1).replace("language: en", "language: [en"), "not plain YAML", "line"),
    ("a doubled key", ENGLISH.replace("prevailing: en", "prevailing: en\nprevailing: en"), "stands twice", "line 5"),
    ("an alias", ENGLISH.replace("prevailing: en", "prevailing: &x en\nnote: *x"), "aliases are not allowed", "line 5"),
    ("an unknown field", ENGLISH.replace("prevailing:", "prevails:"), "unknown field `prevails`", "head"),
    ("a wrong type", ENGLISH.replace("{years: 5}", "{years: five}"), "Expected `int`", "head"),
    ("a body in no article", ENGLISH.replace("article: 2", "article: 9"), "sets up a body in art-9", "bodies.trade"),
    ("final clauses in no article", ENGLISH.replace("article: 3", "article: 9"), "stands in art-9", "final.article"),
    ("renewal without duration", ENGLISH.replace("  duration: {years: 5}\n", ""), "tacit renewal needs a duration", "final.renewal"),
    ("a heading of nothing", ENGLISH.replace("## Article 2", "## Foo 2"), "names no provision", "line 35"),
    ("a direction mark", ENGLISH.replace("The Parties,", "The \u202eParties,"), "U+202E", "line 23"),
    ("a right-to-left mark", ENGLISH.replace("The Parties,", "The\u200f Parties,"), "U+200F", "line 23"),
    ("a control character", ENGLISH.replace("The Parties,", "The\x07 Parties,"), "U+0007", "line 23"),
    ("one party", ENGLISH.replace("prevailing: en", "prevailing: en\nparties: [TUR]"), "at least two", "parties"),
    ("seats for a stranger", ENGLISH.replace("prevailing: en", "prevailing: en\nparties: [TUR, JOR]"), "seats are for", "seats"),
    ("no articles", "---\nlanguage: en\n---\n# Title\n", "has no provisions", "provisions"),
    ("no title", ENGLISH.replace("# Memorandum on trade", ""), "give a title", "title"),
    ("nothing", "", "has no head", "line 1"),
]  # fmt: skip


@pytest.mark.parametrize(("typed", "why", "where"), [case[1:] for case in BAD], ids=[case[0] for case in BAD])
def test_a_bad_file_is_malformed_and_says_where_and_what_to_do(typed: str, why: str, where: str) -> None:
    with pytest.raises(Malformed) as caught:
        read_text([("memo.en.md", typed.encode())])
    assert "memo.en.md" in caught.value.thing
    assert why in caught.value.why
    assert where in caught.value.at


def test_a_file_that_is_not_utf_8_names_the_line() -> None:
    with pytest.raises(Malformed, match=r"memo.md \(line 2\): is not UTF-8"):
        read_text([("memo.md", b"---\nlanguage: \xff\n---\n")])


def test_a_file_above_the_limit_is_refused_before_it_is_decoded() -> None:
    with pytest.raises(Malformed, match="larger than 4 MB"):
        read_text([("memo.md", b"\xff" * (LIMIT + 1))])


def test_two_files_of_one_language_are_refused() -> None:
    with pytest.raises(Malformed, match=r"a second text in en, beside draft\.en\.md"):
        read_text([files()[0], ("other.md", files()[0][1])])


def test_heads_that_contradict_each_other_are_refused() -> None:
    turkish = draft("tr").replace("language: tr", "language: tr\nprevailing: tr")
    with pytest.raises(Malformed, match=r"`prevailing` is not the same as in draft\.en\.md"):
        read_text([files()[0], ("draft.tr.md", turkish.encode()), files()[2]])


def test_no_file_is_malformed() -> None:
    with pytest.raises(Malformed, match="name one Markdown file for each language"):
        read_text([])
    with pytest.raises(Malformed, match="name one Markdown file for each language"):
        read_amendment([])


def test_codes_that_look_like_yaml_booleans_stay_what_was_typed() -> None:
    head = HEAD.replace("{TUR: 5, IRQ: 5}", "{NO: 5, ON: 5}")
    one = text(head=f"parties: [NO, ON]\n{head}")
    assert one.parties == ("NO", "ON")
    assert one.bodies[0].terms.seats == {"NO": 5, "ON": 5}


AMENDMENT = """---
language: {tag}
---
# First amendment

## Replace art-1.2

2. New words, with:

(a) one point.

## Insert after art-2

## Article 2a — More

It meets.

## Delete art-1.1
"""


def test_an_amendment_is_read_as_edits_by_provision_id() -> None:
    fields = read_amendment(
        [(f"a.{tag}.md", AMENDMENT.format(tag=tag).encode()) for tag in ("en", "tr", "ar")]
    )
    assert [(edit["op"], edit["at"]) for edit in fields["edits"]] == [
        ("replace", "art-1.2"), ("insert_after", "art-2"), ("delete", "art-1.1"),
    ]  # fmt: skip
    replaced, inserted, _ = fields["edits"]
    assert [row["id"] for row in replaced["rows"]] == ["art-1.2", "art-1.2.a"]
    assert [row["id"] for row in inserted["rows"]] == ["art-2a", "art-2a.t1"]
    assert set(replaced["rows"][0]["words"]) == {"en", "tr", "ar"}


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        (AMENDMENT.replace("# First", "Some words.\n\n# First"), "before the first change"),
        (AMENDMENT.replace("## Delete art-1.1", "## Delete art-1.1\n\nwords"), "a deletion has no text"),
        (AMENDMENT.replace("## Delete art-1.1", "## Replace art-3"), "every other change has one"),
        (AMENDMENT.replace("## Delete art-1.1", "## Replace art-1.2\n\n2. Again."), "twice in the same way"),
    ],
)
def test_a_bad_amendment_is_malformed(typed: str, why: str) -> None:
    with pytest.raises(Malformed, match=why):
        read_amendment([("a.md", typed.format(tag="en").encode())])


# --------------------------------------------------------------------------------------------- fuzz

SEEDS = [
    draft(tag, more=BRACKETS, committee=PLAIN_BRACKET, languages=tag).encode() for tag in ("en", "tr", "ar")
] + [AMENDMENT.format(tag="en").encode()]
PIECES = (
    b"---\n", b"# ", b"## Article 1\n", b"## ", b"{#art-1}", b"[TUR: x]", b"[", b"]", b"\\", b"(a) ", b"1. ", b"- ",
    b"\xd9\xa1", b"\xff", b"\x00", b"\xe2\x80\xae", b"\n\n", b": ", b"{", b"}", b"&a ", b"*a", b"!!python/object ",
    b"\xef\xbb\xbf", b"## Replace art-1\n", b"## Annex\n", b"## \xc4\xb0mza\n", b"\xef\xac\x85", b"9999999999", b"-1",
)  # fmt: skip


def mutated(chance: random.Random, seeds: list[bytes]) -> bytes:
    """A file with a few bytes changed, cut, doubled or put in; now and then nothing but noise."""
    if chance.random() < 0.05:
        return chance.randbytes(chance.randrange(200))
    raw = bytearray(chance.choice(seeds))
    for _ in range(chance.choice((1, 1, 1, 2, 5))):
        at = chance.randrange(len(raw) + 1)
        match chance.randrange(5):
            case 0:
                raw[at : at + 1] = bytes([chance.randrange(256)])
            case 1:
                del raw[at : at + chance.randrange(60)]
            case 2:
                raw[at:at] = raw[at : at + chance.randrange(80)]
            case 3:
                raw[at:at] = chance.choice(PIECES)
            case _:
                raw[at:] = raw[at:][::-1] if chance.random() < 0.1 else raw[at:]
                raw[at:at] = chance.choice(PIECES) * chance.randrange(1, 40)
    return bytes(raw)


def test_ten_thousand_broken_files_raise_nothing_but_malformed() -> None:
    """Both readers. Seen to fail when the exceptions of the YAML parser are let through."""
    chance = random.Random(2024)
    read, told = 0, True
    for number in range(10_000):
        reader, seeds = (read_amendment, SEEDS[3:]) if number % 4 == 3 else (read_text, SEEDS[:3])
        raw = mutated(chance, seeds)
        try:
            reader([("fuzz.md", raw)])
            read += 1
        except Malformed as fault:
            told &= bool(fault.thing and fault.why)
    assert told
    assert 500 < read < 9_000, "the mutations should neither always nor never break a file"


@settings(max_examples=100)
@given(st.binary(max_size=300), st.text(max_size=200))
def test_noise_raises_nothing_but_malformed(raw: bytes, body: str) -> None:
    for noise in (
        raw,
        f"---\nlanguage: en\n---\n{body}".encode("utf-8", "surrogatepass"),
        b"---\n" + raw + b"\n---\n# T\n",
    ):
        for reader in (read_text, read_amendment):
            with contextlib.suppress(Malformed):
                reader([("noise.md", noise)])


@pytest.mark.parametrize("deep", ["[" * 20_000, "{a: " * 10_000, "- " * 20_000, "a:\n" * 5_000])
def test_a_deeply_nested_head_is_malformed(deep: str) -> None:
    with pytest.raises(Malformed):
        read_text([("deep.md", f"---\n{deep}\n---\n# T\n\nx\n".encode())])
