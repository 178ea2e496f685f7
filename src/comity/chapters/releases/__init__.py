"""Releases: what the parties show to everybody, of a matter of theirs and only together.

A docket is one release, opened by `release.proposed/1`. Read `acts`, then `state`, `rules`, `account`, `questions`.
"""

from __future__ import annotations

from comity.chapters.releases import account, acts, questions, rules, state
from comity.core.chapter import Chapter, Kind, no, own, yes

__all__ = ["CHAPTER"]

_ONE = (1, 1)

CHAPTER = Chapter(
    name="releases",
    noun="release",
    kinds=(
        Kind("release.proposed/1", acts.Proposed, "propose", opens=True, says=own),
        Kind("release.accepted/1", acts.Accepted, "accept", answers=_ONE, says=yes),
        Kind("release.declined/1", acts.Declined, "decline", answers=_ONE, says=no),
        Kind("release.ended/1", acts.Ended, "end"),
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
