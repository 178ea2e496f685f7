"""Ed25519: the 914 edge cases of C2SP/CCTV, and the one rule by which Comity accepts a signature.

Accepted is exactly what has no flag but low_order_component_A and low_order_component_R: keys and commitments that
are canonical and not of small order, though they may have a component of small order, whose equation without the
cofactor holds. Seen to fail: with `_sound_point` not asked about the key.
"""

from __future__ import annotations

import json

from tests.vectors.shared import FOLDER, needs_shared

from comity.core.keys import ED25519, b64, verify

ALLOWED = {"low_order_component_A", "low_order_component_R"}


@needs_shared
def test_exactly_these_signatures_are_accepted() -> None:
    """Nodes that disagreed here would disagree on what was said."""
    vectors = json.loads((FOLDER / "ed25519" / "ed25519vectors.json").read_text())
    assert len(vectors) == 914
    wrong = []
    for vector in vectors:
        key = f"{ED25519}:{b64(bytes.fromhex(vector['key']))}"
        accepted = verify(key, vector["msg"].encode(), bytes.fromhex(vector["sig"]))
        if accepted != (set(vector["flags"] or ()) <= ALLOWED):
            wrong.append((vector["number"], vector["flags"], accepted))
    assert not wrong
