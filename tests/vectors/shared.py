"""Where the vectors made by others lie: beside the project, never in it."""

from __future__ import annotations

from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[3] / "shared" / "data" / "record"
needs_shared = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the shared test data is not beside this checkout"
)
