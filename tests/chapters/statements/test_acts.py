"""What is read from bytes: what acts about statements and sources may hold, and nothing beside it."""

from __future__ import annotations

from typing import Any

import pytest

from comity.chapters.statements import CHAPTER, acts
from comity.core import canonical
from comity.core.errors import Malformed

_TEXT = b'"passages":[{"en":"x"}],"title":{"en":"y"}'
_DIGEST = b'"digest":"' + b"0a" * 32 + b'"'
_WHERE = b'"language":"tr","on":"2024-08-16","outlet":"x"'
BAD: list[tuple[type[Any], bytes]] = [
    (acts.Proposed, b'{"passages":[],"sort":"communique","title":{"en":"y"}}'),
    (acts.Proposed, b'{"passages":[{}],"sort":"communique","title":{"en":"y"}}'),
    (acts.Proposed, b"{" + _TEXT[:-1] + b',"sort":"speech"}}'),
    (acts.Proposed, b'{"about":["TUR/01"],' + _TEXT[:-1] + b'},"sort":"communique"}'),
    (acts.Revised, b'{"passages":[{"en":""}],"title":{"en":"y"}}'),
    (acts.Revised, b"{" + _TEXT + b',"version":"TUR/1"}'),
    (acts.Published, b'{"digest":"0a",' + _WHERE + b"}"),
    (acts.Published, b"{" + _DIGEST + b',"language":"Turkish","on":"2024-08-16","outlet":"x"}'),
    (acts.Published, b"{" + _DIGEST + b',"language":"tr","on":"2024-08-16","outlet":""}'),
    (acts.Published, b"{" + _DIGEST + b"," + _WHERE + b',"url":"javascript:alert(1)"}'),
    (acts.Published, b"{" + _DIGEST + b"," + _WHERE + b',"url":"https://x.example/ y"}'),
    (acts.Published, b"{" + _DIGEST + b"," + _WHERE + b',"url":"https://x.example/\\n"}'),
    (acts.Published, b"{" + _DIGEST + b"," + _WHERE + b',"text":"x"}'),
    (acts.TextAttached, b'{"text":""}'),
    (acts.TextAttached, b'{"text":"' + b"x" * (acts.TEXT_LIMIT + 1) + b'"}'),
    (acts.TextAttached, b'{"text":"' + b"x" * 10_000_000 + b'"}'),
    (acts.SourceRecorded, b'{"title":{}}'),
    (acts.SourceRecorded, b'{"digest":"0a","title":{"en":"x"}}'),
    (acts.SourceRecorded, b'{"facts":[{"fact":"TUR/1#"}],"title":{"en":"x"}}'),
    (acts.SourceCited, b'{"fact":"the meeting"}'),
]


@pytest.mark.parametrize(("kind", "raw"), BAD)
def test_content_outside_its_schema_is_malformed(kind: type[Any], raw: bytes) -> None:
    with pytest.raises(Malformed):
        canonical.parse(raw, kind, "content")


GOLDEN: list[tuple[type[Any], str]] = [
    (
        acts.Proposed,
        (
            '{"about":["TUR/12#art-4"],"on":"2024-08-15","passages":[{"ar":"اجتمع الجانبان.","en":"They met."}],'
            '"sort":"joint_statement","title":{"ar":"بيان","en":"Statement"}}'
        ),
    ),
    (
        acts.Published,
        '{"digest":"'
        + "0a" * 32
        + '","language":"tr","on":"2024-08-16","origin":"press","outlet":"A newspaper",'
        '"title":"Görüşme","url":"https://example.org/1"}',
    ),
    (
        acts.SourceRecorded,
        (
            '{"accessed":"2024-08-17","facts":[{"fact":"TUR/31#D1","says":{"en":"It was decided."}}],'
            '"publisher":"An agency","title":{"en":"The round of August"}}'
        ),
    ),
]


@pytest.mark.parametrize(("kind", "text"), GOLDEN)
def test_contents_keep_their_bytes_for_ever(kind: type[Any], text: str) -> None:
    """Golden vectors: never edited."""
    assert canonical.encode(canonical.parse(text.encode(), kind, "content")) == text.encode()


def test_only_the_text_of_others_can_be_destroyed() -> None:
    """Law 8: what was published where stays, by its hash."""
    assert [kind.name for kind in CHAPTER.kinds if kind.erasable] == ["statement.text_attached/1"]
