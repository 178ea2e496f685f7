"""What is read from bytes: what acts of a release may hold, and nothing beside it."""

from __future__ import annotations

from typing import Any

import pytest

from comity.chapters.releases import CHAPTER, acts
from comity.core import canonical
from comity.core.errors import Malformed

BAD: list[tuple[type[Any], bytes]] = [
    (acts.Proposed, b"{}"),
    (acts.Proposed, b'{"extent":"outcome"}'),
    (acts.Proposed, b'{"extent":"all","matter":"TUR/4"}'),
    (acts.Proposed, b'{"extent":"outcome","matter":"TUR/04"}'),
    (acts.Proposed, b'{"extent":"outcome","matter":"TUR/4#art-2"}'),
    (acts.Proposed, b'{"extent":"outcome","matter":"TUR/4","title":{"English":"x"}}'),
    (acts.Proposed, b'{"extent":"outcome","matter":"TUR/4","title":{"en":""}}'),
    (acts.Proposed, b'{"at":{"TUR":9},"extent":"outcome","matter":"TUR/4"}'),
    (acts.Accepted, b'{"reason":{"en":"x"}}'),
    (acts.Declined, b'{"reason":"x"}'),
    (acts.Ended, b'{"on":"2024-08-15"}'),
]


@pytest.mark.parametrize(("kind", "raw"), BAD)
def test_content_outside_its_schema_is_malformed(kind: type[Any], raw: bytes) -> None:
    with pytest.raises(Malformed):
        canonical.parse(raw, kind, "content")


def test_contents_keep_their_bytes_for_ever() -> None:
    """Golden vectors: never edited."""
    for said, raw in (
        (
            acts.Proposed("TUR/4", "outcome", {"en": "Memorandum"}, {"tr": "Not"}),
            b'{"extent":"outcome","matter":"TUR/4","note":{"tr":"Not"},"title":{"en":"Memorandum"}}',
        ),
        (acts.Proposed("TUR/4", "record"), b'{"extent":"record","matter":"TUR/4"}'),
        (acts.Accepted(), b"{}"),
        (acts.Declined({"en": "Not yet."}), b'{"reason":{"en":"Not yet."}}'),
        (acts.Ended(), b"{}"),
    ):
        assert canonical.encode(said) == raw
        assert canonical.parse(raw, type(said), "content") == said


def test_nothing_of_a_release_can_be_destroyed_and_nothing_needs_a_mandate() -> None:
    """Whether something was released must stay known; the parties need no body to say so."""
    assert [kind.name for kind in CHAPTER.kinds if kind.erasable or kind.mandated] == []
