import hashlib

import pytest

from comity.core import merkle
from comity.core.errors import Refused
from comity.core.log import Page
from comity.exchange.pouch.bridge import bridge

LEAVES = [f"leaf {n}".encode() for n in range(40)]
HASHES = [merkle.leaf_hash(leaf) for leaf in LEAVES]


def read(level: int, index: int) -> bytes:
    return merkle.root_of(HASHES[index << level : (index + 1) << level])


def pages(since: int, size: int, step: int) -> list[Page]:
    """What a pouch carries from `since` to a head of `size`, `step` acts a page."""
    made, head = [], hashlib.sha256().digest()
    for start in range(since, size, step):
        end = min(size, start + step)
        base = since if start == since else size
        path = merkle.prefix_proof(base, size, read) if base else []
        made.append(Page("TUR", start, [(leaf, None) for leaf in LEAVES[start:end]], head, base, path, []))
    return made


def test_the_reader_makes_the_very_proof_that_the_sender_would_have_made():
    """For every start, every head of the reader's and every size up to forty."""
    for size in range(1, 41):
        for since in range(size):
            carried = pages(since, size, 7)
            for old in range(max(1, since), size):
                assert bridge(carried, old, size) == merkle.prefix_proof(old, size, read), (since, old, size)


def test_what_it_makes_leads_to_both_roots():
    path = bridge(pages(5, 40, 3), 23, 40)
    assert merkle.prefix_roots(23, 40, path) == (merkle.root_of(HASHES[:23]), merkle.root_of(HASHES))


@pytest.mark.parametrize("carried", [[], pages(5, 30, 4)[1:], pages(5, 30, 4)[:-1], pages(10, 30, 4)])
def test_where_acts_are_missing_there_is_a_gap(carried):
    with pytest.raises(Refused, match="page_gap"):
        bridge(carried, 8, 30)


def test_a_path_of_the_wrong_length_is_a_gap():
    first, *rest = pages(5, 30, 30)
    with pytest.raises(Refused, match="page_gap"):
        bridge(
            [Page(first.log, first.start, first.entries, first.head, 5, first.since_path[1:], []), *rest],
            8,
            30,
        )
