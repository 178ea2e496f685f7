"""What is measured is asked of a node as others ask it, and what is wrong is not measured."""

from unittest import mock

import pytest

from comity.bench import programme
from comity.core.errors import Broken


def test_the_figures_of_a_node(tmp_path):
    """Each is there; the overview is put away for the next process; a wrong overview is no figure."""
    assert programme.live(tmp_path, 1000, "100").keys() == {"commitments", "acts", "fill_s"}
    assert programme.first(tmp_path, 1000)["overview_first_s"] > 0
    with mock.patch.object(programme, "ROUNDS", 2), mock.patch.object(programme, "_SAMPLES", 5):
        found = programme.across(tmp_path, 1000)
        assert all(value > 0 for value in found.values())
        assert {"overview_ms", "report_ms", "lineage_ms", "open_docket_p99_ms"} <= found.keys()
        told = [{"total": {"commitments": number}} for number in (100, 7)]
        with (
            mock.patch.object(programme, "overview", side_effect=told),
            pytest.raises(Broken, match="counts 7"),
        ):
            programme.across(tmp_path, 1000)
