"""Meetings: rounds of a body, from the first date put to the minutes that all approve.

A docket is one meeting, opened by `meeting.convened/1`. Read `acts`, then `state`, `rules`, `account`,
`questions`. `dormancy` looks across the meetings of a body; `ical` writes one for a calendar.
"""

from __future__ import annotations

from functools import partial

from comity.chapters.meetings import account, acts, questions, rules, state, summary
from comity.core.chapter import Chapter, Kind, no, own, yes

__all__ = ["CHAPTER"]

# Every act in a meeting cites the provision that mandates its body (law 5).
_kind = partial(Kind, mandated=True)
_ONE, _SOME, _MAYBE = (1, 1), (1, 100), (0, 1)

CHAPTER = Chapter(
    name="meetings",
    noun="meeting",
    kinds=(
        _kind("meeting.convened/1", acts.Convened, "convene", opens=True, says=own),
        _kind(
            "meeting.date_proposed/1",
            acts.DateProposed,
            "propose-date",
            answers=_MAYBE,
            says=own,
        ),
        _kind("meeting.date_accepted/1", acts.DateAccepted, "accept-date", answers=_ONE, says=yes),
        _kind(
            "meeting.date_acceptance_withdrawn/1",
            acts.DateAcceptanceWithdrawn,
            "withdraw-date",
            answers=_ONE,
            says=no,
        ),
        _kind("meeting.calling_off_proposed/1", acts.CallingOffProposed, "call-off", says=own),
        _kind(
            "meeting.calling_off_accepted/1",
            acts.CallingOffAccepted,
            "accept-calling-off",
            answers=_ONE,
            says=yes,
        ),
        _kind(
            "meeting.calling_off_withdrawn/1",
            acts.CallingOffWithdrawn,
            "withdraw-calling-off",
            answers=_ONE,
            says=no,
        ),
        _kind(
            "meeting.delegation_named/1",
            acts.DelegationNamed,
            "name-delegation",
            erasable=True,
        ),
        _kind("meeting.agenda_item_proposed/1", acts.AgendaItemProposed, "propose-item", says=own),
        _kind(
            "meeting.agenda_item_accepted/1",
            acts.AgendaItemAccepted,
            "accept-item",
            answers=_SOME,
            says=acts.yes_to_all,
        ),
        _kind(
            "meeting.agenda_item_withdrawn/1",
            acts.AgendaItemWithdrawn,
            "withdraw-item",
            answers=_SOME,
            says=acts.no_to_all,
        ),
        _kind("meeting.held/1", acts.Held, "hold", says=acts.held_on),
        _kind(
            "meeting.minutes_proposed/1",
            acts.MinutesProposed,
            "propose-minutes",
            answers=_MAYBE,
            says=own,
            read=acts.read_minutes,
        ),
        _kind(
            "meeting.minutes_approved/1",
            acts.MinutesApproved,
            "approve-minutes",
            answers=_ONE,
            says=yes,
        ),
        _kind(
            "meeting.minutes_approval_withdrawn/1",
            acts.MinutesApprovalWithdrawn,
            "withdraw-approval",
            answers=_ONE,
            says=no,
        ),
    ),
    start=state.Half,
    apply=state.apply,
    check=rules.check,
    describe=account.describe,
    milestones=account.milestones,
    title=account.title,
    passage=account.passage,
    questions=questions.QUESTIONS,
    summary=summary.summary,
)
