"""Commitments: what is to be done, whose it is and by when, and what each side says of how far it is.

A docket is one commitment, opened by `commitment.proposed/1`. Read `acts`, then `status`, `state`, `rules`, `summary`,
`account`, `questions`. `due` counts periods, `evidence` holds a released file against its digest, `filling` completes
what a person leaves out.
"""

from __future__ import annotations

from functools import partial

from comity.chapters.commitments import account, acts, filling, questions, rules, state, summary
from comity.core.chapter import Chapter, Kind, no, own, yes

__all__ = ["CHAPTER"]

# Every act on a commitment cites the provision that mandates the body in whose work programme it stands (law 5).
_kind = partial(Kind, mandated=True)
_ONE, _MAYBE = (1, 1), (0, 1)

CHAPTER = Chapter(
    name="commitments",
    noun="commitment",
    kinds=(
        _kind("commitment.proposed/1", acts.Proposed, "propose", opens=True, says=own),
        _kind(
            "commitment.terms_proposed/1",
            acts.TermsProposed,
            "propose-terms",
            answers=_MAYBE,
            says=own,
            fill=filling.fill_terms,
        ),
        _kind("commitment.closing_proposed/1", acts.ClosingProposed, "propose-closing", says=own),
        _kind("commitment.accepted/1", acts.Accepted, "accept", answers=_ONE, says=yes),
        _kind(
            "commitment.acceptance_withdrawn/1",
            acts.AcceptanceWithdrawn,
            "withdraw-acceptance",
            answers=_ONE,
            says=no,
        ),
        _kind(
            "commitment.status_asserted/1",
            acts.StatusAsserted,
            "assert-status",
            answers=_MAYBE,
            says=acts.status_said,
        ),
        _kind("commitment.evidence_recorded/1", acts.EvidenceRecorded, "record-evidence"),
        _kind(
            "commitment.evidence_released/1",
            acts.EvidenceReleased,
            "release-evidence",
            answers=_ONE,
            erasable=True,
        ),
        _kind("commitment.implementation_recorded/1", acts.ImplementationRecorded, "record-implementation"),
    ),
    start=state.Half,
    apply=state.apply,
    check=rules.check,
    describe=account.describe,
    milestones=account.milestones,
    title=account.title,
    questions=questions.QUESTIONS,
    summary=summary.summary,
)
