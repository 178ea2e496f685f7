"""Which paper a reference means, and that nobody signs another one by mistake."""

from __future__ import annotations

import pytest
from tests.papers.desk import Desk, unsigned
from tests.papers.meeting import furnished

from comity.core.act import Ref
from comity.core.errors import Malformed, Refused
from comity.papers import bundle
from comity.papers.subjects import paper_of, require_about, sort_of


def test_a_docket_has_the_paper_of_its_chapter() -> None:
    room = furnished()
    node = room.nodes["TUR"]
    committee = Ref("TUR", room.report.number - 1)
    for ref, docket, sort in (
        (room.docket, room.docket, "instrument"),
        (room.meeting, room.meeting, "minutes"),
        (room.report, committee, "report"),
        (committee, committee, "report"),
    ):
        assert sort_of(node, docket) == sort
        paper = paper_of(node, ref, docket)
        assert paper.sort == sort
        require_about(bundle.made(node, paper).raw, node, ref, docket)


def test_a_matter_without_papers_is_refused_and_so_is_one_that_is_not_ready() -> None:
    """A charter; a meeting without minutes; a committee whose report was not accepted."""
    room = furnished()
    node = room.nodes["TUR"]
    with pytest.raises(Refused) as refused:
        sort_of(node, Ref("TUR", 0))
    assert refused.value.code == "paper_of_what"
    from datetime import date

    from comity.chapters.committees import acts as committee
    from comity.chapters.meetings import acts as meeting

    how = {"mandate": room.mandate, "office": "minister"}
    from tests.papers.meeting import STARTS

    bare = room.say("TUR", "meeting.convened/1", meeting.Convened("trade", 5, STARTS), **how)
    with pytest.raises(Refused):
        paper_of(node, bare, bare)
    docket = Ref("TUR", room.report.number - 1)
    proposed = committee.ReportProposed(date(2024, 1, 1), date(2024, 2, 1), "0" * 64, {"TUR": 5, "IRQ": 3})
    ref = room.say("TUR", "committee.report_proposed/1", proposed, docket, **how)
    with pytest.raises(Refused) as refused:
        paper_of(node, ref, docket)
    assert refused.value.code == "paper_no_report"


def test_a_file_of_another_matter_is_not_signed_as_this_one() -> None:
    """The person named a reference; the file says another."""
    desk, room = Desk.laid(), furnished()
    require_about(unsigned(), desk.nodes["TUR"], desk.docket, desk.docket)
    with pytest.raises(Malformed, match="not of"):
        require_about(unsigned(), desk.nodes["TUR"], Ref("TUR", 9), Ref("TUR", 9))
    with pytest.raises(Malformed):
        require_about(unsigned(), room.nodes["TUR"], desk.docket, desk.docket)
