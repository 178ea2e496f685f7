"""Instruments: memoranda and agreements, from a first draft to signature, entry into force, amendment and
end.

The folder's README explains the chapter in a page. `CHAPTER` is all that the rest of Comity sees of it.
"""

from __future__ import annotations

from collections.abc import Sequence

from comity.chapters.instruments import (
    account,
    acts,
    filling,
    mandates,
    matters,
    milestones,
    questions,
    rules,
    scans,
    state,
)
from comity.chapters.instruments.reader import read_amendment, read_text
from comity.chapters.instruments.text import digest
from comity.core.act import Act
from comity.core.chapter import Chapter, Kind

__all__ = ["CHAPTER"]

Speech = Sequence[tuple[str, bool]]


def _accepts(act: Act) -> Speech:
    return ((matters.accept_subject(act.body.version, act.body.text), True),)


def _withdraws(act: Act) -> Speech:
    return ((matters.accept_subject(act.body.version, act.body.text), False),)


def _puts_and_accepts(act: Act) -> Speech:
    """Whoever proposes an amendment or a termination says yes to it."""
    return ((matters.accept_subject(str(act.ref), digest(act.body)), True),)


def _records(act: Act) -> Speech:
    return ((matters.accept_subject(str(act.ref), digest(act.body.text)), True),)


def _positions(act: Act) -> Speech:
    """Yes to the choice that is agreed, and no to every other: a changed position withdraws the earlier
    one."""
    said: acts.BracketPosition = act.body
    return [
        (
            matters.bracket_subject(said.version, said.bracket, choice),
            said.status == "agreed" and choice == said.choice,
        )
        for choice in said.among
    ]


def _signs(act: Act) -> Speech:
    return ((matters.sign_subject(act.body.matter, act.body.text), True),)


CHAPTER = Chapter(
    name="instruments",
    noun="instrument",
    kinds=(
        Kind("instrument.proposed/1", acts.Proposed, "propose", opens=True, read=read_text),
        Kind(
            "instrument.revised/1",
            acts.Revised,
            "revise",
            answers=(0, 1),
            read=read_text,
            fill=filling.fill_revised,
        ),
        Kind(
            "instrument.bracket_position/1",
            acts.BracketPosition,
            "position",
            answers=(0, 1),
            says=_positions,
            fill=filling.fill_position,
        ),
        Kind(
            "instrument.accepted/1",
            acts.Accepted,
            "accept",
            answers=(0, 1),
            says=_accepts,
            fill=filling.fill_accepted,
        ),
        Kind(
            "instrument.acceptance_withdrawn/1",
            acts.Withdrawn,
            "withdraw",
            answers=(0, 1),
            says=_withdraws,
            fill=filling.fill_withdrawn,
        ),
        Kind("instrument.declined/1", acts.Declined, "decline", answers=(0, 1), fill=filling.fill_declined),
        Kind(
            "instrument.signed/1",
            acts.Signed,
            "sign",
            answers=(0, 1),
            signed=True,
            says=_signs,
            fill=filling.fill_matter,
        ),
        Kind(
            "instrument.paper_signed/1",
            acts.PaperSigned,
            "sign-paper",
            answers=(0, 1),
            signed=True,
            fill=filling.fill_matter,
        ),
        Kind(
            "instrument.paper_supplied/1",
            acts.PaperSupplied,
            "supply-paper",
            answers=(1, 1),
            erasable=True,
        ),
        Kind(
            "instrument.original_recorded/1",
            acts.OriginalRecorded,
            "record-original",
            answers=(0, 1),
            read=scans.read_scan,
            fill=filling.fill_matter,
        ),
        Kind("instrument.notified/1", acts.Notified, "notify", answers=(0, 1), fill=filling.fill_notified),
        Kind("instrument.recorded/1", acts.Recorded, "record", opens=True, says=_records, read=read_text),
        Kind(
            "instrument.affirmed/1",
            acts.Affirmed,
            "affirm",
            answers=(0, 1),
            says=_accepts,
            fill=filling.fill_affirmed,
        ),
        Kind(
            "instrument.amendment_proposed/1",
            acts.AmendmentProposed,
            "amend",
            answers=(0, 1),
            says=_puts_and_accepts,
            read=read_amendment,
        ),
        Kind(
            "instrument.termination_proposed/1",
            acts.TerminationProposed,
            "terminate",
            answers=(0, 1),
            says=_puts_and_accepts,
        ),
        Kind("instrument.denounced/1", acts.Denounced, "denounce"),
        Kind("instrument.renewal_declined/1", acts.RenewalDeclined, "decline-renewal"),
    ),
    start=state.Half,
    apply=state.apply,
    check=rules.check,
    describe=account.describe,
    milestones=milestones.milestones,
    title=account.title,
    questions=questions.QUESTIONS,
    mandate=mandates.mandate,
    passage=mandates.passage,
)
