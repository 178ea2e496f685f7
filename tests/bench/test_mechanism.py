"""The mechanism that is measured is one: nothing in it is irregular, and each thing that can become of a step does."""

from contextlib import ExitStack

import pytest

from comity.bench import mechanism
from comity.bench.pact import ONE, TWO
from comity.node.check import check_record
from comity.node.lineage import lineage
from comity.node.programme import overview, work_programme


@pytest.fixture(scope="module")
def records(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mechanism")
    mechanism.found(folder)
    clock = mechanism.Clock()
    with ExitStack() as stack:
        nodes = [mechanism.open_node(folder, party, clock) for party in (ONE, TWO)]
        for node in nodes:
            stack.callback(node.close)
        made = [node.record() for node in nodes]
        assert mechanism.fill(*made, clock, 150, 1600) == {"commitments": 150, "acts": 1600}
        yield made


def test_every_act_is_regular_and_both_nodes_hold_the_same(records):
    """They were said by the real path, so the rules allowed them; and `comity check` finds nothing."""
    one, two = records
    assert one.ready == two.ready
    for record in records:
        assert list(check_record(record)) == []
        with record.reading():
            for ref in record.store.opened("commitment", None, 1000):
                assert record.folds.fold(ref).irregular == []
    ours, theirs = (overview(record, mechanism.ASKED) for record in records)
    assert ours == {**theirs, "party": ONE}


def test_every_state_that_an_overview_counts_comes_about(records):
    """Else it would be measured on a world that is easier than the one there is."""
    told = overview(records[0], mechanism.ASKED)
    total = told["total"]
    assert total["commitments"] == 150
    assert all(
        total["is"][word] for word in ("silent", "unanswered", "disputed", "agreed", "replaced", "dropped")
    )
    assert total["status"]["done"]
    assert total["overdue"]
    assert total["dormant"]
    assert [body["body"] for body in told["bodies"]] == list(mechanism.BODIES)
    told = lineage(records[0], mechanism.MANDATE.partition("#")[0])["down"]
    splits = {(edge["parent"], edge["child"]) for edge in told if edge["by"] == "split"}
    assert len(splits) == 2 * total["is"]["replaced"]


def test_the_five_committees_have_seats_and_programmes(records):
    rows = work_programme(records[1], mechanism.MANDATE, mechanism.BODIES[0], mechanism.ASKED)["rows"]
    assert 20 <= len(rows) <= 40
