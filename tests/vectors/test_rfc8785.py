"""RFC 8785 canonical JSON: the vectors of its author.

Seen to fail: with the comparison left out of `decode`.
"""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest
from tests.vectors.shared import FOLDER, needs_shared

from comity.core import canonical
from comity.core.errors import Malformed

INPUTS = sorted((FOLDER / "jcs" / "input").glob("*.json"))
NAMES = [path.stem for path in INPUTS]


@needs_shared
def test_the_vectors_are_all_there() -> None:
    """A folder that was moved must not make these tests pass by testing nothing."""
    assert len(INPUTS) >= 6


@needs_shared
@pytest.mark.parametrize("path", INPUTS, ids=NAMES)
def test_canonical_bytes_come_out_and_are_read_back(path: Path) -> None:
    """`encode` writes exactly the output of the vector, `decode` accepts it; the hex form says the same."""
    output = (FOLDER / "jcs" / "output" / path.name).read_bytes()
    value = msgspec.json.decode(path.read_bytes())
    assert canonical.encode(value) == output
    assert canonical.encode(json.loads(path.read_bytes())) == output
    assert canonical.decode(output) == value
    assert bytes.fromhex((FOLDER / "jcs" / "outhex" / f"{path.stem}.txt").read_text()) == output


@needs_shared
@pytest.mark.parametrize("path", INPUTS, ids=NAMES)
def test_any_other_spelling_is_refused(path: Path) -> None:
    """The inputs themselves are not canonical; nor is the output with a space, a newline or an escape more."""
    output = (FOLDER / "jcs" / "output" / path.name).read_bytes()
    quote = output.index(b'"') + 1
    spellings = [
        path.read_bytes(),
        output + b"\n",
        b" " + output,
        output.replace(b",", b", ", 1),
        output[:quote] + b"\\u%04x" % output[quote] + output[quote + 1 :],
    ]
    for spelling in spellings:
        if spelling != output:
            with pytest.raises(Malformed):
                canonical.decode(spelling)
