"""Committees: who sits in a body for how long, and the reports on its work that all accept.

A docket is the register and report file of one body, opened by `committee.constituted/1`. Read `acts`, then `state`,
`rules`, `account`, `questions`.
"""

from __future__ import annotations

from functools import partial

from comity.chapters.committees import account, acts, questions, rules, state
from comity.core.chapter import Chapter, Kind, no, own, yes

__all__ = ["CHAPTER"]

# Every act of a committee cites the provision that mandates it (law 5).
_kind = partial(Kind, mandated=True)
_ONE, _MAYBE = (1, 1), (0, 1)

CHAPTER = Chapter(
    name="committees",
    noun="committee",
    kinds=(
        _kind("committee.constituted/1", acts.Constituted, "constitute", opens=True),
        _kind("committee.seat_filled/1", acts.SeatFilled, "fill-seat"),
        _kind("committee.person_named/1", acts.PersonNamed, "name-person", answers=_ONE, erasable=True),
        _kind("committee.seat_vacated/1", acts.SeatVacated, "vacate-seat", answers=_ONE),
        _kind("committee.report_proposed/1", acts.ReportProposed, "propose-report", answers=_MAYBE, says=own),
        _kind("committee.report_accepted/1", acts.ReportAccepted, "accept-report", answers=_ONE, says=yes),
        _kind("committee.report_withdrawn/1", acts.ReportWithdrawn, "withdraw-report", answers=_ONE, says=no),
    ),
    start=state.Half,
    apply=state.apply,
    check=rules.check,
    describe=account.describe,
    milestones=account.milestones,
    title=account.title,
    questions=questions.QUESTIONS,
    summary=account.summary,
)
