"""What may be said about an instrument, and when: the refusals, with the rule that each comes from.

`check` judges an act in the docket as its author knew it. It is the same for one's own acts, before they
are said, and for everybody else's, when they arrive.

    Refused("brackets_open", "VCLT art. 10", version="IRQ/9", brackets="b1, b2")
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from comity.chapters.instruments import acts, edits, effects, matters, originals, sound
from comity.chapters.instruments.brackets import brackets, resolve
from comity.chapters.instruments.powers import check_signer
from comity.chapters.instruments.state import SUPPLIED, Said
from comity.chapters.instruments.text import Final, digest
from comity.core.act import Act
from comity.core.chapter import Setting, View
from comity.core.errors import Malformed, Refused

__all__ = ["check"]


def check(view: View, act: Act, setting: Setting) -> None:
    """Raise `Refused` unless the act may be said in this docket, as its author knew it."""
    if isinstance(act.body, acts.Proposed | acts.Recorded):
        _check_opening(view, act)
        return
    if matters.opener(view) is None:
        raise Refused("instrument_unknown", docket=act.docket)
    if act.party not in matters.required(view):
        raise Refused("not_named", party=act.party, parties=", ".join(matters.required(view)))
    if act.kind == SUPPLIED:  # told by its kind: its content may have been destroyed
        originals.check_supplied(view, act, setting)
        return
    _RULES[type(act.body)](view, act, setting)


# -------------------------------------------------------------------------------------- putting a text


def _check_opening(view: View, act: Act) -> None:
    text = act.body.text
    _sound(act)
    unknown = [party for party in text.parties if party not in view.parties]
    if unknown:
        raise Refused("parties_unknown", parties=", ".join(unknown))
    if text.parties and act.party not in text.parties:
        raise Refused("not_named", party=act.party, parties=", ".join(text.parties))
    if isinstance(act.body, acts.Recorded):
        if brackets(text):
            raise Refused("brackets_in_record", brackets=len(brackets(text)))
        if act.body.in_force_since > act.time.date():
            raise Refused("date_in_future", field="in_force_since", day=act.body.in_force_since)


def _sound(act: Act) -> None:
    try:
        sound.check(act.body.text)
    except Malformed as fault:
        raise Refused("text_malformed", why=str(fault)) from fault


def _check_revised(view: View, act: Act, _: Setting) -> None:
    revised = _version(view, act.body.version)
    if isinstance(revised.body, acts.Recorded):
        raise Refused("recorded_not_negotiated", version=revised.ref)
    _not_adopted(view, str(view.docket))
    _sound(act)
    if sorted(act.body.text.parties or view.parties) != list(matters.required(view)):
        raise Refused("parties_changed", parties=", ".join(matters.required(view)))


def _check_position(view: View, act: Act, _: Setting) -> None:
    said: acts.BracketPosition = act.body
    version = _version(view, said.version)
    bracket = next((one for one in brackets(version.body.text) if one.id == said.bracket), None)
    if bracket is None:
        raise Refused("bracket_unknown", bracket=said.bracket, version=said.version)
    if said.status in ("agreed", "ad_referendum") and not said.choice:
        raise Refused("choice_missing", bracket=said.bracket, choices=", ".join(bracket.choices))
    if (said.choice and said.choice not in bracket.choices) or said.among != bracket.choices:
        raise Refused("choice_unknown", choice=said.choice or "—", choices=", ".join(bracket.choices))
    agreed = matters.agreed_choice(view, said.version, bracket)
    if agreed:
        raise Refused("bracket_agreed", bracket=said.bracket, choice=agreed[0])
    _not_adopted(view, str(view.docket))


# -------------------------------------------------------------------------------------- yes and no


def _check_accepted(view: View, act: Act, _: Setting) -> None:
    said: acts.Accepted = act.body
    put = _put(view, said.version)
    if isinstance(put.body, acts.Recorded):
        raise Refused("affirm_instead", version=said.version)
    matter = matters.matter_of(view, put)
    _not_adopted(view, matter)
    text = put.body
    if matter == str(view.docket):
        _brackets_agreed(view, put, said.choices)
        text = resolve(put.body.text, said.choices)
    if digest(text) != said.text:
        raise Refused(
            "text_differs",
            "VCLT art. 10",
            version=said.version,
            expected=digest(text)[:12],
            given=said.text[:12],
        )
    for one in matters.every(view, "acceptances"):
        standing = matters.accept_subject(one.body.version, one.body.text)
        other = matters.put(view, one.body.version)
        if (
            one.party == act.party
            and other
            and matters.matter_of(view, other) == matter
            and view.stands(standing, act.party)
        ):
            raise Refused("acceptance_stands", version=one.body.version, ref=one.ref)
    if view.stands(matters.accept_subject(said.version, said.text), act.party):
        raise Refused("acceptance_stands", version=said.version, ref=said.version)


def _brackets_agreed(view: View, version: Said, choices: Mapping[str, str]) -> None:
    """Every bracket is agreed by all, and the choices are those."""
    found = {
        one.id: matters.agreed_choice(view, str(version.ref), one) for one in brackets(version.body.text)
    }
    pending = [id_ for id_, agreed in found.items() if agreed is None]
    if pending:
        raise Refused("brackets_open", "VCLT art. 10", version=version.ref, brackets=", ".join(pending))
    agreed = {id_: one[0] for id_, one in found.items() if one}
    if agreed != choices:
        raise Refused(
            "choices_differ",
            version=version.ref,
            agreed=", ".join(f"{id_}: {one}" for id_, one in agreed.items()),
        )


def _check_affirmed(view: View, act: Act, _: Setting) -> None:
    said: acts.Affirmed = act.body
    record = _put(view, said.version)
    if not isinstance(record.body, acts.Recorded):
        raise Refused("accept_instead", version=said.version)
    if said.text != digest(record.body.text) or said.in_force_since != record.body.in_force_since:
        raise Refused("record_differs", version=said.version, since=record.body.in_force_since)
    if view.stands(matters.accept_subject(said.version, said.text), act.party):
        raise Refused("acceptance_stands", version=said.version, ref=said.version)


def _check_withdrawn(view: View, act: Act, _: Setting) -> None:
    said: acts.Withdrawn = act.body
    put = _put(view, said.version)
    _not_adopted(view, matters.matter_of(view, put))
    if not view.stands(matters.accept_subject(said.version, said.text), act.party):
        raise Refused("nothing_to_withdraw", version=said.version)


def _check_declined(view: View, act: Act, _: Setting) -> None:
    put = _put(view, act.body.version)
    _not_adopted(view, matters.matter_of(view, put))
    for said in matters.every(view, "acceptances"):
        subject = matters.accept_subject(said.body.version, said.body.text)
        if (
            said.party == act.party
            and said.body.version == act.body.version
            and view.stands(subject, act.party)
        ):
            raise Refused("acceptance_stands", version=act.body.version, ref=said.ref)


# -------------------------------------------------------------------------------------- consent to be bound


def _check_signed(view: View, act: Act, setting: Setting) -> None:
    said: acts.Signed = act.body
    bound = matters.adopted(view, said.matter)
    if bound is None:
        raise Refused("not_adopted", "VCLT art. 9", matter=said.matter)
    if isinstance(bound.version.body, acts.Recorded | acts.TerminationProposed):
        raise Refused("nothing_to_sign", matter=said.matter)
    if said.text != bound.text:
        raise Refused(
            "text_differs",
            "VCLT art. 10",
            version=bound.version.ref,
            expected=bound.text[:12],
            given=said.text[:12],
        )
    if said.original and said.original not in matters.required(view):
        raise Refused("original_unknown", original=said.original, parties=", ".join(matters.required(view)))
    original = said.original or act.party
    for one in matters.every(view, "signatures"):
        same = (one.party, one.body.matter, one.body.text, one.body.original or one.party)
        if same == (act.party, said.matter, said.text, original):
            raise Refused("already_signed", original=original, ref=one.ref)
    _not_future("signed_on", said.signed_on, act)
    if said.signed_on < bound.version.day:
        raise Refused("date_too_early", field="signed_on", day=said.signed_on, since=bound.version.day)
    check_signer(act, setting, max(said.signed_on, act.time.date()))


def _check_notified(view: View, act: Act, _: Setting) -> None:
    said: acts.Notified = act.body
    bound = matters.adopted(view, said.matter)
    if bound is None:
        raise Refused("not_adopted", "VCLT art. 9", matter=said.matter)
    rule = effects.rule_for(view, said.matter)
    if (
        isinstance(bound.version.body, acts.Recorded | acts.TerminationProposed)
        or rule.after != "notifications"
    ):
        raise Refused("notification_not_needed", matter=said.matter)
    if act.party in effects.notifications(view, said.matter):
        raise Refused("already_notified", matter=said.matter)
    signed = effects.signatures(view, said.matter, bound.text).get(act.party)
    if rule.signed and signed is None:
        raise Refused("signature_first", matter=said.matter)
    if said.received:
        _not_future("received", said.received, act)
        earliest = signed.body.signed_on if signed else bound.version.day
        if said.received < earliest:
            raise Refused("date_too_early", field="received", day=said.received, since=earliest)


# -------------------------------------------------------------------------------------- change and end


def _check_amendment(view: View, act: Act, _: Setting) -> None:
    said: acts.AmendmentProposed = act.body
    _bound(view, act)
    standing = effects.consolidated(view)
    if standing is None or not said.edits:
        raise Refused("amendment_empty")
    text = standing[0]
    known = {row.id for row in text.provisions}
    for edit in said.edits:
        if edit.at not in known and not any(row.id == edit.at for other in said.edits for row in other.rows):
            raise Refused("provision_unknown", provision=edit.at)
    amended, failed = edits.amend(text, said)
    if failed:
        raise Refused("edit_misplaced", provision=", ".join(failed))
    lost = [setup.provision for setup in said.bodies if amended.provision(setup.provision) is None]
    if lost:
        raise Refused("provision_unknown", provision=", ".join(lost))
    try:
        sound.check(amended)
    except Malformed as fault:
        raise Refused("text_malformed", why=str(fault)) from fault
    if brackets(amended):
        raise Refused("brackets_in_record", brackets=len(brackets(amended)))


def _check_termination(view: View, act: Act, _: Setting) -> None:
    _bound(view, act)
    if act.body.ends_on is not None and act.body.ends_on < act.time.date():
        raise Refused("date_too_early", field="ends_on", day=act.body.ends_on, since=act.time.date())


def _check_denounced(view: View, act: Act, _: Setting) -> None:
    if _final(view, act).denunciation is None:
        raise Refused("no_denunciation", "VCLT art. 56")
    _check_notice(view, act, "denunciations")


def _check_refusal(view: View, act: Act, _: Setting) -> None:
    if _final(view, act).refusal is None:
        raise Refused("no_tacit_renewal", "VCLT art. 54")
    _check_notice(view, act, "refusals")


def _final(view: View, act: Act) -> Final:
    _bound(view, act)
    text = matters.base_text(view)
    return text.final if text else Final()


def _check_notice(view: View, act: Act, field: str) -> None:
    if effects.since(view) is None:
        raise Refused("entry_not_fixed", docket=view.docket)
    if any(said.party == act.party for said in matters.every(view, field)):
        raise Refused("notice_given", party=act.party)


def _bound(view: View, act: Act) -> None:
    """The base text is adopted and has not ended."""
    if matters.base(view) is None:
        raise Refused("not_adopted", "VCLT art. 9", matter=view.docket)
    end = effects.until(view)
    if end is not None and end <= act.time.date():
        raise Refused("ended", on=end)


# -------------------------------------------------------------------------------------- shared


def _version(view: View, ref: str) -> Said:
    found = next((said for said in matters.versions(view) if str(said.ref) == ref), None)
    if found is None:
        raise Refused("version_unknown", version=ref)
    return found


def _put(view: View, ref: str) -> Said:
    found = matters.put(view, ref)
    if found is None:
        raise Refused("version_unknown", version=ref)
    return found


def _not_adopted(view: View, matter: str) -> None:
    bound = matters.adopted(view, matter)
    if bound is not None:
        raise Refused("already_adopted", version=bound.version.ref)


def _not_future(field: str, day: date, act: Act) -> None:
    if day > act.time.date():
        raise Refused("date_in_future", field=field, day=day)


_RULES: dict[type[Any], Callable[[View, Act, Setting], None]] = {
    acts.Revised: _check_revised,
    acts.BracketPosition: _check_position,
    acts.Accepted: _check_accepted,
    acts.Affirmed: _check_affirmed,
    acts.Withdrawn: _check_withdrawn,
    acts.Declined: _check_declined,
    acts.Signed: _check_signed,
    acts.PaperSigned: originals.check_paper,
    acts.OriginalRecorded: originals.check_original,
    acts.Notified: _check_notified,
    acts.AmendmentProposed: _check_amendment,
    acts.TerminationProposed: _check_termination,
    acts.Denounced: _check_denounced,
    acts.RenewalDeclined: _check_refusal,
}
