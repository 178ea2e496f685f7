"""What a page of another party's log is worth: every way in which it can be wrong, and the proofs that faults leave.

Seen to fail: with each of `_against_old_head`, `_leads_to`, the content's hash, the `seen` comparison and
`_receipts_hold` left out in turn.
"""

from __future__ import annotations

import itertools
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.author import CHARTER, MECHANISM, Author, after, leaf, take

from comity.core import canonical, merkle
from comity.core.checkpoint import parse_note
from comity.core.entry import Entry
from comity.core.errors import Broken, Malformed, Refused
from comity.core.keys import b64
from comity.core.log import Evidence, encode_page, parse_page
from comity.core.merkle import Edge
from comity.core.proof import FaultProof, verify_proof


def author(acts: int = 8) -> Author:
    made = Author()
    for _ in range(acts):
        made.say()
    return made


def replaced(page: Any, **fields: Any) -> Any:
    return msgspec.structs.replace(page, **fields)


def judged(broken: Broken) -> str:
    """What a stranger makes of the proof of a fault."""
    assert broken.proof is not None
    evidence = canonical.parse(broken.proof, Evidence, "evidence")
    verdict = verify_proof(canonical.encode(FaultProof({}, CHARTER, evidence, 1)))
    assert (verdict.party, verdict.mechanism) == ("TUR", MECHANISM)
    return verdict.fault


# ------------------------------------------------------------------------------------- what is right


@settings(max_examples=150)
@given(st.integers(1, 40), st.data())
def test_a_log_comes_in_by_pages_of_any_size_under_any_heads(acts: int, data: st.DataObject) -> None:
    """Any pieces, overlapping or not, under heads that grow: the same entries, edge and nodes as all at once."""
    whole = author(acts)
    held = whole.held()
    brought: list[Entry] = []
    while len(brought) < acts:
        size = data.draw(
            st.integers(max(len(brought) + 1, held.head.checkpoint.size if held.head else 1), acts)
        )
        end = data.draw(st.integers(len(brought) + 1, size))
        start = data.draw(st.integers(0, len(brought)))
        since = held.head.checkpoint.size if held.head else 0
        taken = take(parse_page(encode_page(whole.page(start, end, since, whole.head(size)))), held)
        assert taken.start == len(brought)
        brought += taken.entries
        assert taken.edge == whole.edge(len(brought))
        held = after(taken, whole)
    assert brought == whole.entries


def test_an_empty_page_brings_a_newer_head_alone() -> None:
    """Receipts travel when there is nothing else to say."""
    whole = author()
    old = whole.head(receipts={"IRQ": 1})
    taken = take(whole.page(8, 8, 8, whole.head(receipts={"IRQ": 2})), whole.held(8, old))
    assert not taken.entries
    assert taken.head.checkpoint.receipts == {"IRQ": 2}


# ------------------------------------------------------------------------- what is wrong, and no fault


def test_a_head_of_another_log_or_mechanism_is_malformed() -> None:
    """A page cannot be carried over."""
    whole = author()
    for head in (Author("IRQ", whole.entries).head(), whole.head(mechanism="B" * 43)):
        with pytest.raises(Malformed):
            take(replaced(whole.page(), head=head.encode()), whole.held())


@pytest.mark.parametrize(
    ("start", "since", "code"), [(5, 4, "page_gap"), (4, 3, "page_gap"), (4, 0, "page_gap")]
)
def test_a_gap_is_refused(start: int, since: int, code: str) -> None:
    """A page that begins beyond what is held, or proves itself from another head than the one held."""
    whole = author()
    with pytest.raises(Refused) as refused:
        take(whole.page(start, 8, since), whole.held(4, whole.head(4)))
    assert refused.value.code == code


def test_an_older_head_is_refused_as_such() -> None:
    """A page from before: smaller, or of the same size with smaller receipts. No fault, since it may just be late."""
    whole = author()
    held = whole.held(8, whole.head(receipts={"IRQ": 3}))
    for head in (whole.head(5), whole.head(receipts={"IRQ": 2}), whole.head()):
        with pytest.raises(Refused) as refused:
            take(whole.page(0, 5, head.checkpoint.size, head), held)
        assert refused.value.code == "head_smaller"


def test_every_wrong_proof_is_malformed() -> None:
    """Paths left out, cut, lengthened, swapped, changed, for another size: told before one entry is looked at."""
    whole = author(13)
    page = whole.page(5, 9, 5)
    held = whole.held(5, whole.head(5))
    take(page, held)
    for name in ("since_path", "end_path"):
        path = getattr(page, name)
        wrong = [
            [],
            path[:-1],
            path[1:],
            [*path, path[0]],
            path[::-1],
            [bytes(32), *path[1:]],
            [*path[:-1], bytes(32)],
            [b"x"],
        ]
        for other in wrong:
            if other != path:
                with pytest.raises(Malformed):
                    take(replaced(page, **{name: other}), held)


def test_entries_that_are_not_those_of_the_head_are_malformed() -> None:
    """Changed, swapped, left out, doubled, foreign, more than there are."""
    whole, other = author(9), author(9)
    other.say("else")
    page = whole.page(2, 9, 2)
    held = whole.held(2, whole.head(2))
    entries = page.entries
    foreign = Entry(other.entries[-1].leaf, other.entries[-1].content)
    for wrong in (
        entries[1:], [entries[1], entries[0], *entries[2:]], [entries[0], *entries], [foreign, *entries[1:]],
        [*entries, foreign], [Entry(entries[0].leaf[:-1] + b" }", entries[0].content), *entries[1:]],
    ):  # fmt: skip
        with pytest.raises(Malformed):
            take(replaced(page, entries=wrong), held)


def test_content_that_does_not_match_its_hash_is_malformed() -> None:
    """One byte of it, another salt, the content of the neighbour, nothing where there was something: an empty one."""
    whole = author(3)
    leaf_bytes, content = whole.entries[1]
    assert content is not None
    for wrong in (content[:-1] + b"!", b"\1" + content[1:], whole.entries[2].content, b"", content + b" "):
        entries = [whole.entries[0], Entry(leaf_bytes, wrong), whole.entries[2]]
        with pytest.raises(Malformed, match="TUR/1"):
            take(replaced(whole.page(), entries=entries), whole.held())
    entries = [whole.entries[0], Entry(leaf_bytes, None), whole.entries[2]]
    assert take(replaced(whole.page(), entries=entries), whole.held()).entries == entries


def test_a_malformed_leaf_is_named_by_its_place() -> None:
    """Signed by its author or not, what cannot be read is not stored."""
    whole = author(2)
    whole.entries.append(Entry(b'{"not":"a leaf"}', None))
    with pytest.raises(Malformed, match="TUR/2"):
        take(whole.page(), whole.held())


def test_to_have_seen_what_was_never_said_is_refused() -> None:
    """In a leaf and in a head: of the log that we are sure of, our own. We may have been restored, so it is no fault."""
    whole = Author().say(seen={"IRQ": 5})
    for page in (
        whole.page(head=whole.head(receipts={"IRQ": 5})),
        Author().say().page(head=Author().say().head(receipts={"IRQ": 5})),
    ):
        with pytest.raises(Refused) as refused:
            take(page, whole.held(), {"IRQ": 4})
        assert refused.value.code == "seen_unsaid"
        assert refused.value.facts["claimed"] == "IRQ/4"
        take(page, whole.held(), {"IRQ": 5})


def test_a_head_with_smaller_receipts_than_its_last_act_is_malformed() -> None:
    """A head and its acts that contradict each other say nothing."""
    whole = Author().say(seen={"IRQ": 5})
    for receipts in ({}, {"IRQ": 4}):
        with pytest.raises(Malformed):
            take(whole.page(head=whole.head(receipts=receipts)), whole.held())


# ----------------------------------------------------------------------------- faults, and their proofs


@pytest.mark.parametrize(
    ("common", "old", "new"),
    [
        c
        for c in itertools.product((0, 1, 3, 4, 6), (1, 2, 4, 5, 7, 8), (1, 2, 4, 5, 8))
        if c[0] < c[1] <= c[2] + c[0]
    ],
)
def test_two_histories_are_broken_with_a_proof_that_a_stranger_accepts(
    common: int, old: int, new: int
) -> None:
    """Of any sizes, powers of two and equal ones too: RFC 6962's own path would leave the old root out there."""
    first = author(old)
    second = first.fork(common)
    for number in range(max(new, old) - common):
        second.say(f"other {number}")
    held = first.held(old, first.head())
    with pytest.raises(Broken, match="two histories") as broken:
        take(second.page(old, None, old), held)
    assert "two histories" in judged(broken.value)


def test_a_receipt_that_is_taken_back_is_broken_with_a_proof() -> None:
    """Between heads of growing sizes, and of one size where each has what the other lacks."""
    whole = author(8)
    old = whole.head(6, {"IRQ": 3, "JOR": 1})
    for size, receipts in ((8, {"IRQ": 2, "JOR": 1}), (8, {"IRQ": 9}), (6, {"IRQ": 4}), (7, {})):
        with pytest.raises(Broken, match="receipt was taken back") as broken:
            take(whole.page(6, size, 6, whole.head(size, receipts)), whole.held(6, old))
        assert "receipt was taken back" in judged(broken.value)


PLACES = [(start, place, end) for start in (0, 1, 3) for place in range(max(1, start), 7) for end in (7, 9)]


@pytest.mark.parametrize(("start", "place", "end"), PLACES)
def test_an_act_that_takes_back_what_its_author_had_seen_is_broken_with_a_proof(
    start: int, place: int, end: int
) -> None:
    """Anywhere in a page, first in it too, in whole pages and in ones that stop half way; and to have seen oneself."""
    for bad in ({"IRQ": 2}, {}, {"IRQ": 3, "TUR": 1}):
        whole = Author()
        for number in range(9):
            whole.say(seen=bad if number == place else {"IRQ": 3})
        head = whole.head(receipts={"IRQ": 3})
        held = whole.held(
            start, whole.head(start, {"IRQ": 3}) if start else None, {"IRQ": 3} if start else {}
        )
        with pytest.raises(Broken, match="takes back") as broken:
            take(whole.page(start, end, start, head), held)
        assert "takes back" in judged(broken.value)


def evidence_of_fork() -> Evidence:
    first = author(5)
    second = first.fork(3).say("other").say("other").say("other")
    with pytest.raises(Broken) as broken:
        take(second.page(5, None, 5), first.held(5, first.head()))
    return canonical.parse(broken.value.proof or b"", Evidence, "evidence")


def test_evidence_against_an_honest_party_proves_nothing() -> None:
    """Two heads that agree, in either order; heads of two logs; a changed path; leaves that take nothing back."""
    whole = author(9)
    small, large = whole.head(4, {"IRQ": 1}), whole.head(9, {"IRQ": 2})
    same = whole.head(4, {"IRQ": 2})
    other = Author("IRQ", whole.entries).head(4)
    path = [b64(step) for step in merkle.prefix_proof(4, 9, whole.read)]
    cases = [
        Evidence("heads", [text(small), text(large)], path),
        Evidence("heads", [text(large), text(small)], path),
        Evidence("heads", [text(small), text(same)], path[:1]),
        Evidence("heads", [text(same), text(small)], path[:1]),
        Evidence("heads", [text(other), text(large)], path),
        Evidence("heads", [text(small), text(small)], path[:1]),
        Evidence("heads", [text(small)], path),
        Evidence("leaves", [text(large)], [], 0, [], [entry.leaf.decode() for entry in whole.entries]),
        Evidence("leaves", [text(large)], [], 0, [], [entry.leaf.decode() for entry in whole.entries[::-1]]),
        Evidence("leaves", [text(large)], [], 0, [], []),
        Evidence("leaves", [text(large)], [], 7, [path[0]], [entry.leaf.decode() for entry in whole.entries]),
        Evidence("words", [text(large)], []),
        msgspec.structs.replace(evidence_of_fork(), path=path),
        msgspec.structs.replace(evidence_of_fork(), heads=evidence_of_fork().heads[::-1]),
    ]
    for evidence in cases:
        with pytest.raises((Broken, Malformed)):
            verify_proof(canonical.encode(FaultProof({}, CHARTER, evidence, 1)))


def text(note: Any) -> str:
    return note.encode().decode()


def test_evidence_that_another_key_signed_proves_nothing() -> None:
    """Who is accused must have signed both heads."""
    evidence = evidence_of_fork()
    note = parse_note(evidence.heads[1].encode())
    forged = Author("IRQ").head(0)
    line = msgspec.structs.replace(
        evidence, heads=[evidence.heads[0], text(note._replace(lines=forged.lines))]
    )
    with pytest.raises(Broken):
        verify_proof(canonical.encode(FaultProof({}, CHARTER, line, 1)))


# --------------------------------------------------------------------------------------- malformed pages


@pytest.mark.parametrize("change", [{"start": -1}, {"start": 2**40}, {"since": -1}, {"log": "TOO-LONG-A-CODE"}, {"since_path": [b""] * 65},
                                    {"head": b""}, {"entries": [Entry(b"", None)] * 3}, {"end_path": [b"short"]}])  # fmt: skip
def test_a_page_with_a_wrong_field_is_malformed(change: dict[str, Any]) -> None:
    """By the parser, or by `examine`: never another exception."""
    whole = author(5)
    page = replaced(whole.page(0, 4), **change)
    with pytest.raises((Malformed, Refused)):
        take(parse_page(encode_page(page)), whole.held())


def test_an_edge_grows_alike_in_any_pieces() -> None:
    """What is held after a page depends on its leaves alone."""
    whole = author(7)
    edge = Edge()
    for entry in whole.entries:
        edge, _ = merkle.grow(edge, [merkle.leaf_hash(entry.leaf)])
    assert edge == whole.edge()
    assert leaf().kind == "pact.noted/1"
