"""The papers of an instrument: which files were signed one after the other, and which scans of originals are recorded.

    files(view, "TUR/4")  ->  [Signing("9f2e...", ("TUR", "IRQ"), (TUR/14, IRQ/11))]

A signed file grows by what each signer appends. Each signature names the file that it was put to (`base`) and the one
that it made (`file`), both by SHA-256, so the signatures form rows. Where two parties signed the same file without
sight of each other there are two rows; the one with more signers goes on, and of equal ones that with the lower hash: a
rule that needs no arrival order. What was appended is carried by acts that can be destroyed, and no rule reads it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from comity.chapters.instruments import acts, matters
from comity.chapters.instruments.matters import Adopted
from comity.chapters.instruments.powers import check_signer
from comity.chapters.instruments.state import Said
from comity.core.act import Act
from comity.core.chapter import Milestone, Setting, View
from comity.core.errors import Refused

__all__ = [
    "Signing",
    "check_original",
    "check_paper",
    "check_supplied",
    "described",
    "files",
    "goes_on",
    "original_milestones",
    "paper_milestones",
    "supplied",
]


class Signing(NamedTuple):
    """A row of signatures: the file that it leads to, its signers in order, and their acts."""

    file: str
    parties: tuple[str, ...]
    acts: tuple[Said, ...]


def files(view: View, matter: str, languages: tuple[str, ...] = ()) -> list[Signing]:
    """Every file that signatures made of the adopted text, the one that goes on first.

    `languages` keeps to papers in these columns. A row in which a party stands twice leads nowhere.
    """
    bound = matters.adopted(view, matter)
    signed: dict[str, Said] = {}
    for said in matters.every(view, "papers"):
        body: acts.PaperSigned = said.body
        about = bound is not None and (body.matter, body.text) == (matter, bound.text)
        if about and (not languages or body.languages == languages):
            signed.setdefault(body.file, said)
    found = []
    for file in signed:
        row = _row(signed, file)
        parties = tuple(said.party for said in row)
        if row and len(set(parties)) == len(parties):
            found.append(Signing(file, parties, row))
    return sorted(found, key=lambda one: (-len(one.parties), one.file))


def _row(signed: dict[str, Said], file: str) -> tuple[Said, ...]:
    """The signatures that lead to a file, the first one first; nothing where they go round in a circle."""
    row: list[Said] = []
    at = file
    while at in signed:
        if signed[at] in row or signed[at].body.languages != signed[file].body.languages:
            return ()
        row.append(signed[at])
        at = signed[at].body.base
    return tuple(row[::-1])


def goes_on(view: View, matter: str, languages: tuple[str, ...] = ()) -> Signing | None:
    """The file that the next signature is put to, or the finished one; None where nobody has signed."""
    return next(iter(files(view, matter, languages)), None)


def supplied(view: View, said: Said) -> list[Said]:
    """The acts that carry what a signature appended."""
    return [one for one in matters.every(view, "supplied") if one.answers[:1] == (said.ref,)]


# -------------------------------------------------------------------------------------- what may be said


def check_paper(view: View, act: Act, setting: Setting) -> None:
    """A paper is signed by someone who may sign for the state, for the text that all accepted, once in a row."""
    said: acts.PaperSigned = act.body
    bound = _adopted(view, said.matter, said.text)
    text = matters.base_text(view)
    unknown = [tag for tag in said.languages if text is None or tag not in text.languages]
    if unknown or len(set(said.languages)) != len(said.languages):
        raise Refused("paper_languages", languages=", ".join(unknown or said.languages))
    if act.time.date() < bound.day:
        raise Refused("date_too_early", field="time", day=act.time.date(), since=bound.day)
    before = next((one for one in files(view, said.matter) if one.file == said.base), None)
    own = [one for one in matters.every(view, "papers") if one.party == act.party]
    twice = [one for one in own if said.base == one.body.base or said.file == one.body.file]
    twice += [one for one in before.acts if one.party == act.party] if before else []
    if twice:
        raise Refused("paper_signed_already", ref=twice[0].ref)
    check_signer(act, setting, act.time.date())


def check_supplied(view: View, act: Act, _: Setting) -> None:
    """Only who signed supplies what the signature appended. What that is, no rule looks at."""
    own = [said.ref for said in matters.every(view, "papers") if said.party == act.party]
    if act.answers[0] not in own:
        raise Refused("paper_unknown", answered=act.answers[0])


def check_original(view: View, act: Act, _: Setting) -> None:
    """An original is recorded for the text that all accepted; a scan of it once by each."""
    said: acts.OriginalRecorded = act.body
    bound = _adopted(view, said.matter, said.text)
    if said.original and said.original not in matters.required(view):
        raise Refused("original_unknown", original=said.original, parties=", ".join(matters.required(view)))
    if said.signed_on > act.time.date():
        raise Refused("date_in_future", field="signed_on", day=said.signed_on)
    if said.signed_on < bound.day:
        raise Refused("date_too_early", field="signed_on", day=said.signed_on, since=bound.day)
    for one in matters.every(view, "originals"):
        if (one.party, one.body.digest) == (act.party, said.digest):
            raise Refused("original_known", ref=one.ref)


def _adopted(view: View, matter: str, text: str) -> Adopted:
    """What was adopted, if the act is about exactly that. Papers are made of whole texts, not of amendments."""
    bound = matters.adopted(view, matter)
    if bound is None:
        raise Refused("not_adopted", "VCLT art. 9", matter=matter)
    if matter != str(view.docket):
        raise Refused("paper_of_text", matter=matter, docket=view.docket)
    if text != bound.text:
        raise Refused(
            "text_differs",
            "VCLT art. 10",
            version=bound.version.ref,
            expected=bound.text[:12],
            given=text[:12],
        )
    return bound


# -------------------------------------------------------------------------------------- what is told


def described(view: View) -> dict[str, list[dict[str, Any]]]:
    """Signed papers and recorded originals, as data."""
    return {
        "papers": [
            {
                **matters.facts_of(said),
                "office": said.office,
                "matter": said.body.matter,
                "text": said.body.text,
                "languages": list(said.body.languages),
                "base": said.body.base,
                "file": said.body.file,
                "supplied": [str(one.ref) for one in supplied(view, said)],
            }
            for said in matters.every(view, "papers")
        ],
        "originals": [
            {
                **matters.facts_of(said),
                "matter": said.body.matter,
                "text": said.body.text,
                "digest": said.body.digest,
                "size": said.body.size,
                "media_type": said.body.media_type,
                "pages": said.body.pages,
                "signed_on": said.body.signed_on.isoformat(),
                "place": said.body.place,
                "kept_at": dict(said.body.kept_at),
                "original": said.body.original or said.party,
            }
            for said in matters.every(view, "originals")
        ],
    }


def paper_milestones(view: View) -> Iterator[Milestone]:
    """Each signature on paper, and each file that all have signed."""
    for said in matters.every(view, "papers"):
        facts = {"matter": said.body.matter, "file": said.body.file}
        yield Milestone("paper_signed", {said.party: said.ref.number}, str(said.ref), facts)
    bound, parties = matters.base(view), matters.required(view)
    for signing in files(view, str(view.docket)) if bound is not None else []:
        if bound is not None and set(parties) <= set(signing.parties):
            made = {said.party: max(said.ref.number, bound.halves[said.party]) for said in signing.acts}
            yield Milestone("paper_signed_by_all", made, signing.file, {"file": signing.file})


def original_milestones(view: View) -> Iterator[Milestone]:
    """Each original whose scan was recorded."""
    for said in matters.every(view, "originals"):
        facts = {
            "digest": said.body.digest,
            "date": said.body.signed_on.isoformat(),
            "place": said.body.place,
        }
        yield Milestone("original_recorded", {said.party: said.ref.number}, str(said.ref), facts)
