"""The same call makes the same bytes, and no reference leads out of its path."""

from __future__ import annotations

import msgspec
import pytest

from comity.client.asked import body_of, ref_of
from comity.core.act import Ref
from comity.core.errors import Malformed


def test_the_same_call_makes_the_same_bytes() -> None:
    one = body_of(
        {"b": 1, "a": {"y": 1, "x": 2}}, {"docket": "TUR/6", "mandate": "", "answers": [Ref("TUR", 9)]}
    )
    two = body_of({"a": {"x": 2, "y": 1}, "b": 1}, {"answers": ["TUR/9"], "docket": Ref("TUR", 6)})
    assert one == two
    assert msgspec.json.decode(one) == {
        "answers": ["TUR/9"],
        "docket": "TUR/6",
        "fields": {"a": {"x": 2, "y": 1}, "b": 1},
    }
    assert body_of(None, {"files": {"a.md": b"x"}}) == b'{"files":[{"data":"eA==","name":"a.md"}]}'


@pytest.mark.parametrize("ref", ["../mechanism", "TUR", "TUR/1/2", "TUR/1?x=1"])
def test_what_is_no_reference_is_told_here(ref: str) -> None:
    with pytest.raises(Malformed):
        ref_of(ref)
