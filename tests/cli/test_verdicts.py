"""Promise: whatever file is judged, its verdict ends with the same facts for a person to compare."""

from __future__ import annotations

from types import SimpleNamespace

from comity.cli.session import Session
from comity.cli.verdicts import heads, identity, when


def test_heads_say_how_much_is_covered_and_who_countersigned_it_when() -> None:
    head = SimpleNamespace(size=29, countersigned={"TUR": 0})
    told = heads(Session(), {"IRQ": head})
    assert [value for _, value in told] == ["IRQ 29", f"TUR ({when(0)})"]
    assert when(0) == "1970-01-01 00:00 UTC"


def test_identity_has_a_fingerprint_for_each_party_and_the_whole_identifier() -> None:
    verdict = SimpleNamespace(
        names={"en": "A mechanism"}, mechanism="m" * 43, fingerprints={"IRQ": "1", "TUR": "2"}
    )
    told = identity(Session(), verdict)
    assert told[0][1] == "A mechanism " + "m" * 43
    assert [name.split()[-1] for name, _ in told[1:]] == ["IRQ", "TUR"]
