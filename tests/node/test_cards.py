"""The cards that a node made: kept as they were given away, whole, and found again by their names."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from tests.node.houses import build, reopen

from comity.core.charter import parse_card
from comity.core.errors import Broken, Malformed, Refused, Unavailable
from comity.node.cards import cards, held, keep
from comity.node.check import check


def test_every_card_that_is_made_is_kept_byte_for_byte_in_the_order_in_which_they_were(
    tmp_path: Path,
) -> None:
    node = build(tmp_path, "TUR")
    assert cards(tmp_path) == []
    made = [node.make_card(f"https://{name}.example.org") for name in "abc"]
    assert [one.raw for one in node.cards()] == made
    assert [held(tmp_path, one.name).card for one in node.cards()] == [parse_card(raw) for raw in made]
    for path in (tmp_path / "cards").iterdir():
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("name", ["", "..", "../node", "nothing", "x/y", "\0"])
def test_what_is_no_card_of_ours_is_not_found(tmp_path: Path, name: str) -> None:
    node = build(tmp_path, "TUR")
    for _ in range(2):
        with pytest.raises(Refused) as refused:
            held(tmp_path, name)
        assert refused.value.code == "card_unknown"
        node.make_card()


def test_a_file_that_was_changed_is_noticed(tmp_path: Path) -> None:
    node = build(tmp_path, "TUR")
    node.make_card("https://node.example.org")
    assert list(check(reopen(node))) == []
    (path,) = (tmp_path / "cards").iterdir()
    raw = path.read_bytes()
    path.write_bytes(raw.replace(b"node.example", b"evil.example"))
    with pytest.raises(Broken):
        cards(tmp_path)
    assert [found.thing for found in check(reopen(node))] == ["cards"]
    path.write_bytes(raw[:-9])
    with pytest.raises(Malformed):
        cards(tmp_path)


def test_where_nothing_can_be_written_it_is_said(tmp_path: Path) -> None:
    raw = build(tmp_path, "TUR").make_card()
    (tmp_path / "other").write_text("in the way")
    with pytest.raises(Unavailable):
        keep(tmp_path / "other", raw)
