"""Which paper a reference means: the instrument, the minutes or the committee's report of a docket.

paper_of(record, Ref("TUR", 4), Ref("TUR", 4))  ->  Paper(sort="instrument", ref="TUR/4", ...)
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from comity.chapters.committees import CHAPTER as COMMITTEES
from comity.core.act import Ref
from comity.core.errors import Malformed, Refused
from comity.node import showing
from comity.node.record import Record
from comity.node.report import digest, report
from comity.papers import assembling
from comity.papers.minutes import minutes_paper
from comity.papers.paper import Paper, frame
from comity.papers.report import report_paper
from comity.papers.verifying import read_paper

__all__ = ["paper_of", "require_about", "sort_of"]

_SORTS = {"instruments": "instrument", "meetings": "minutes", "committees": "report"}


def sort_of(record: Record, docket: Ref) -> str:
    """The sort of paper that a docket has. Raises `Refused` where it has none."""
    with record.reading():
        chapter = record.folds.fold(docket).chapter.name
    if chapter not in _SORTS:
        raise Refused("paper_of_what", docket=docket, chapter=chapter)
    return _SORTS[chapter]


def paper_of(record: Record, ref: Ref, docket: Ref, languages: Sequence[str] = ()) -> Paper:
    """The paper of a docket. Raises `Refused`, `Malformed`."""
    sort = sort_of(record, docket)
    if sort == "instrument":
        return assembling.paper_of(record, docket, languages)
    if sort == "minutes":
        return minutes_paper(record, docket, languages)
    return _report(record, ref, docket, languages)


def _report(record: Record, ref: Ref, docket: Ref, languages: Sequence[str]) -> Paper:
    """The report that an act proposed and all accepted; of a whole committee, the newest one."""
    with record.reading():
        told = COMMITTEES.summary(record.folds.view(docket)) if COMMITTEES.summary else {}
    agreed = [
        one for one in told.get("reports", []) if one["agreed"] and (ref == docket or one["ref"] == str(ref))
    ]
    if not agreed:
        raise Refused("paper_no_report", ref=ref)
    found = max(agreed, key=lambda one: (one["newest"], one["until"], one["ref"]))
    since, until = date.fromisoformat(found["since"]), date.fromisoformat(found["until"])
    made = report(record, told["mandate"], told["body"], since, until, found["at"])
    if digest(made) != found["digest"]:
        raise Refused("paper_no_report", ref=ref)
    days = [showing.act_of(record, Ref.parse(yes)).time.date() for yes in found["yes"].values()]
    return report_paper(made, found["ref"], max(days), frame(record), languages)


def require_about(raw: bytes, record: Record, ref: Ref, docket: Ref) -> None:
    """Raise `Malformed` or `Broken` unless a file is a paper of this docket that holds together, so that nobody signs
    another one by mistake.
    """
    read = read_paper(raw)
    if read.paper.mechanism != record.mechanism or str(docket) != read.proved.verdict.docket:
        raise Malformed("paper", f"is of {read.paper.ref}, not of {ref}")
