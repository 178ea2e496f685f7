"""A stranger folds a docket again, and comes to what a node has; what a rule forbids is without effect there too."""

from __future__ import annotations

import msgspec
import pytest
from tests.papers.desk import Desk
from tests.papers.meeting import furnished

from comity.chapters.instruments import CHAPTER, acts, matters
from comity.chapters.meetings import CHAPTER as MEETINGS
from comity.core.act import Ref
from comity.core.errors import Broken, Malformed
from comity.core.proof import open_docket
from comity.node.proving import docket_proof, prove_docket
from comity.papers.refolding import refold


def proof(desk: Desk, docket: Ref, **how: object) -> object:
    from comity.core import canonical
    from comity.core.proof import DocketProof

    return canonical.parse(prove_docket(desk.nodes["IRQ"], docket).rstrip(b"\n"), DocketProof, "proof")


def test_a_whole_docket_folds_to_the_state_that_the_node_has() -> None:
    """By the chapter's own rules, all of them."""
    desk = Desk.laid()
    desk.sign("TUR")
    desk.meet()
    proved = open_docket(proof(desk, desk.docket))  # type: ignore[arg-type]
    view = refold(proved, CHAPTER, {}, ())
    node = desk.nodes["IRQ"].folds.view(desk.docket)
    assert msgspec.to_builtins(CHAPTER.describe(view)) == msgspec.to_builtins(CHAPTER.describe(node))
    assert [m.what for m in CHAPTER.milestones(view)] == [m.what for m in CHAPTER.milestones(node)]


def test_a_meeting_folds_without_the_mandate_that_another_docket_holds() -> None:
    """The stranger has not that docket; the parties' nodes judged it when the acts were said."""
    room = furnished()
    proved = open_docket(proof(room, room.meeting))  # type: ignore[arg-type]
    told = MEETINGS.describe(refold(proved, MEETINGS, {}))
    node = MEETINGS.describe(room.nodes["IRQ"].folds.view(room.meeting))
    assert {name: told[name] for name in told if name != "delegations"} == {
        name: node[name] for name in node if name != "delegations"
    }


def test_an_act_that_a_rule_forbids_makes_the_proof_broken() -> None:
    """A hostile node's: an acceptance of a text that nobody put."""
    desk = Desk.laid()
    desk.force("TUR", "instrument.accepted/1", acts.Accepted(str(desk.docket), "0" * 64), desk.docket)
    desk.meet()
    proved = open_docket(proof(desk, desk.docket))  # type: ignore[arg-type]
    with pytest.raises(Broken, match="without effect"):
        refold(proved, CHAPTER, {}, ())


def test_a_content_that_is_neither_shown_nor_known_folds_to_nothing() -> None:
    """It is not made up."""
    desk = Desk.laid()
    made = docket_proof(desk.nodes["IRQ"], desk.docket, [desk.docket], shown=())
    with pytest.raises((Broken, Malformed)):
        refold(open_docket(made), CHAPTER, {})
    from tests.chapters.instruments.drafts import text

    view = refold(open_docket(made), CHAPTER, {desk.docket: acts.Proposed(text())})
    assert matters.opener(view) is not None
