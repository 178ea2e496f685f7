"""Contents are strict: a field more, a wrong hash or a float is not read."""

from __future__ import annotations

import pytest

from comity.chapters.instruments import acts
from comity.core import canonical
from comity.core.errors import Malformed

HASH = "a" * 64


@pytest.mark.parametrize(
    ("kind", "raw"),
    [
        (acts.Accepted, b'{"text":"%s","version":"TUR/1","x":1}' % HASH.encode()),
        (acts.Accepted, b'{"text":"A","version":"TUR/1"}'),
        (acts.Accepted, b'{"version":"TUR/1","text":"%s"}' % HASH.encode()),
        (acts.Accepted, b'{"choices":{},"text":"%s","version":"TUR/1"}' % HASH.encode()),
        (acts.Notified, b'{"matter":"TUR/1","received":"2024-13-01"}'),
        (acts.BracketPosition, b'{"bracket":"b1","status":"perhaps","version":"TUR/1"}'),
        (acts.Edit, b'{"at":"art-1","op":"delete","rows":1.5}'),
    ],
)
def test_it_is_malformed(kind: type, raw: bytes) -> None:
    with pytest.raises(Malformed):
        canonical.parse(raw, kind, "content")


def test_golden_bytes() -> None:
    """Never edit these: they are what has been signed."""
    raw = b'{"choices":{"b1":"TUR"},"text":"%s","version":"IRQ/9"}' % HASH.encode()
    assert canonical.encode(acts.Accepted("IRQ/9", HASH, {"b1": "TUR"})) == raw
    assert canonical.parse(raw, acts.Accepted, "content") == acts.Accepted("IRQ/9", HASH, {"b1": "TUR"})
    assert canonical.encode(acts.Denounced()) == b"{}"
