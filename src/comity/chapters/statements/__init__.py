"""Statements: one text that all made together, what was published of it, and sources for facts of the record.

A docket is one statement, opened by `statement.proposed/1`, or one source, opened by `statement.source_recorded/1`.
Read `acts`, then `reading`, `state`, `rules`, `account`, `questions`. `compare` holds a published text against the
agreed one.
"""

from __future__ import annotations

from comity.chapters.statements import account, acts, questions, reading, rules, state
from comity.core.chapter import Chapter, Kind, no, own, yes

__all__ = ["CHAPTER"]

_ONE = (1, 1)

CHAPTER = Chapter(
    name="statements",
    noun="statement",
    kinds=(
        Kind(
            "statement.proposed/1",
            acts.Proposed,
            "propose",
            opens=True,
            says=own,
            read=reading.read_statement,
        ),
        Kind(
            "statement.revised/1",
            acts.Revised,
            "revise",
            answers=_ONE,
            says=own,
            read=reading.read_statement,
            fill=reading.fill_revised,
        ),
        Kind("statement.accepted/1", acts.Accepted, "accept", answers=_ONE, says=yes),
        Kind(
            "statement.acceptance_withdrawn/1",
            acts.AcceptanceWithdrawn,
            "withdraw-acceptance",
            answers=_ONE,
            says=no,
        ),
        Kind("statement.published/1", acts.Published, "record-publication", read=reading.read_published),
        Kind(
            "statement.text_attached/1",
            acts.TextAttached,
            "attach-text",
            answers=_ONE,
            erasable=True,
            read=reading.read_text,
            fill=reading.fill_attached,
        ),
        Kind("statement.source_recorded/1", acts.SourceRecorded, "record-source", opens=True),
        Kind("statement.source_cited/1", acts.SourceCited, "cite-source"),
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
