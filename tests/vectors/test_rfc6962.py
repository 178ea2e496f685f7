"""RFC 6962 proofs: every vector of transparency-dev/merkle, most of which must be refused.

Seen to fail: with the last node of a level not taken as a right child, and with the old root not carried along.
"""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from tests.vectors.shared import FOLDER, needs_shared

from comity.core import merkle
from comity.core.errors import Malformed

INCLUSION = sorted((FOLDER / "merkle" / "inclusion").rglob("*.json"))
CONSISTENCY = sorted((FOLDER / "merkle" / "consistency").rglob("*.json"))


def raw(text: str) -> bytes:
    return base64.b64decode(text or "")


def hashes(vector: dict[str, Any]) -> list[bytes]:
    return [raw(step) for step in vector["proof"] or []]


def name(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


@needs_shared
def test_the_vectors_are_all_there() -> None:
    """A folder that was moved must not make these tests pass by testing nothing."""
    assert (len(INCLUSION), len(CONSISTENCY)) >= (80, 80)


@needs_shared
@pytest.mark.parametrize("path", INCLUSION, ids=name)
def test_an_inclusion_proof_is_accepted_or_refused_as_the_vector_says(path: Path) -> None:
    """The root it leads to is the one given, or it is `Malformed`, or it is another root."""
    vector = json.loads(path.read_text())
    try:
        leaf = raw(vector["leafHash"])
        good = merkle.root_from_inclusion(vector["leafIdx"], vector["treeSize"], leaf, hashes(vector)) == raw(
            vector["root"]
        )
    except Malformed:
        good = False
    assert good == (not vector["wantErr"]), vector["desc"]


def consistent(old: int, new: int, old_root: bytes, new_root: bytes, path: list[bytes]) -> bool:
    try:
        return merkle.consistent_roots(old, new, old_root, path) == (old_root, new_root)
    except Malformed:
        return False


@needs_shared
@pytest.mark.parametrize("path", CONSISTENCY, ids=name)
def test_a_consistency_proof_is_accepted_or_refused_as_the_vector_says(path: Path) -> None:
    """Both roots follow from it, or it is refused."""
    vector = json.loads(path.read_text())
    good = consistent(
        vector["size1"], vector["size2"], raw(vector["root1"]), raw(vector["root2"]), hashes(vector)
    )
    assert good == (not vector["wantErr"]), vector["desc"]
