"""`comity paper`: papers that people sign, and what `comity verify` says of them.

comity paper make TUR/4 -o memorandum.pdf                  typeset, with the proofs that its text was accepted
comity paper certify --office foreign-minister             a certificate for the office, named in the charter
comity paper sign TUR/4 --office foreign-minister -o signed.pdf
comity paper assemble TUR/4 -o signed.pdf                  the same file from the record, on any node
comity paper pack TUR/4 -o registration.zip                for a register, once it is in force
comity verify signed.pdf                                   no node, no network: the file alone
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import msgspec

from comity.cli.files import read_file, write_file
from comity.cli.secret import Prompted
from comity.cli.session import Session
from comity.cli.show import cell, emit, facts, line, moment, named, table
from comity.cli.spoken import DAY, REF, Argument, Group, Option, command
from comity.cli.verdicts import heads, identity
from comity.core.act import Ref
from comity.core.errors import Broken
from comity.node import showing
from comity.node.record import Record

if TYPE_CHECKING:
    from comity.papers.pack import PackVerdict
    from comity.papers.paper import Paper
    from comity.papers.verifying import PaperVerdict

__all__ = ["paper", "tell_original", "verify_pack_file", "verify_paper_file"]

_FILE = click.Path(path_type=Path, dir_okay=False)
_REF = Argument(["reference"], type=REF, metavar="REF", key="option.paper.ref")
_IN = Option(["--in", "languages"], metavar="LANGUAGE", multiple=True, key="option.paper.in")
_OUTPUT = Option(
    ["-o", "--output", "output"], type=_FILE, required=True, metavar="FILE", key="option.paper.output"
)
_OFFICE = Option(["--office"], metavar="OFFICE", required=True, key="option.paper.office")
_CLOCK = Option(["--clock-checked"], is_flag=True)


def _written(session: Session, output: Path, raw: bytes, key: str, **more: Any) -> None:
    """Write a file, and say so."""
    write_bytes(output, raw)
    digest = hashlib.sha256(raw).hexdigest()
    if session.json:
        emit({"file": str(output), "bytes": len(raw), "sha256": digest, **more})
    else:
        line(session.say(key, file=output, **more))
        line(f"SHA-256 {digest}")


def write_bytes(path: Path, raw: bytes) -> None:
    """Write a file that is no text. Raises `Unavailable`."""
    if str(path) == "-":
        raise click.UsageError("usage.paper_output", click.get_current_context())
    write_file(path, raw)


# --------------------------------------------------------------------------------------------- making


@command("make", _REF, _IN, _OUTPUT, key="command.paper.make")
def _make(session: Session, reference: Ref, languages: tuple[str, ...], output: Path) -> None:
    """The paper with its bundle, unsigned."""
    from comity.papers import bundle

    record = session.record
    made = bundle.made(record, _paper(record, reference, languages))
    _written(session, output, made.raw, "done.paper_made")


def _paper(record: Record, ref: Ref, languages: tuple[str, ...]) -> Paper:
    """The paper that a reference means, by the chapter of its docket. Raises `Refused`."""
    from comity.papers import subjects

    docket = showing.docket_of(record, ref)
    return subjects.paper_of(record, ref, docket, languages)


@command("assemble", _REF, _IN, _OUTPUT, key="command.paper.assemble")
def _assemble(session: Session, reference: Ref, languages: tuple[str, ...], output: Path) -> None:
    """The paper with all signatures that the record has of it."""
    from comity.papers.assembling import assemble

    _written(session, output, assemble(session.record, reference, languages), "done.paper_assembled")


@command("pack", _REF, Option(["--on"], type=DAY, metavar="DAY"), _OUTPUT, key="command.paper.pack")
def _pack(session: Session, reference: Ref, on: Any, output: Path) -> None:
    """The registration pack of an instrument in force."""
    from comity.papers.pack import pack

    _written(session, output, pack(session.record, reference, on or session.today()), "done.paper_packed")


# --------------------------------------------------------------------------------------------- signing


@command(
    "certify",
    _OFFICE,
    Option(["--certificate"], type=_FILE, metavar="FILE", key="option.paper.certificate"),
    Option(["--private-key"], type=_FILE, metavar="FILE", key="option.paper.private_key"),
    Option(["--key-passphrase-file"], type=_FILE, metavar="FILE", key="option.paper.key_passphrase"),
    _CLOCK,
    key="command.paper.certify",
)
def _certify(
    session: Session,
    office: str,
    certificate: Path | None,
    private_key: Path | None,
    key_passphrase_file: Path | None,
    clock_checked: bool,
) -> None:
    """A certificate for an office: made here, or brought from a ministry's own authority; and its naming."""
    from comity.desk import signing

    if (certificate is None) != (private_key is None):
        raise click.UsageError("usage.certify", click.get_current_context())
    brought = None
    if certificate is not None and private_key is not None:
        passphrase = read_file(key_passphrase_file).decode().rstrip("\r\n") if key_passphrase_file else ""
        files = read_file(certificate), read_file(private_key)
        brought = signing.Brought(*files, passphrase, (str(certificate), str(private_key)))
    keys = Prompted(session)
    named = signing.certify(
        session.record, keys, office, brought, session.clock(), clock_checked=clock_checked
    )
    told = {"ref": str(named.ref), "office": office, "subject": named.subject, "sha256": named.sha256}
    if session.json:
        emit({**told, "key": named.key, "until": named.until.isoformat()})
        return
    line(session.say("done.certified", **told))
    line(f"SHA-256 {named.sha256}")


@command(
    "sign",
    _REF,
    _IN,
    _OFFICE,
    Option(["--place"], metavar="TEXT", default="", key="option.paper.place"),
    Option(["--over"], type=_FILE, metavar="FILE", key="option.paper.over"),
    Option(["--afresh"], is_flag=True, key="option.paper.afresh"),
    _CLOCK,
    Option(["-o", "--output", "output"], type=_FILE, metavar="FILE", key="option.paper.output"),
    key="command.paper.sign",
)
def _sign(
    session: Session,
    reference: Ref,
    languages: tuple[str, ...],
    office: str,
    place: str,
    over: Path | None,
    afresh: bool,
    clock_checked: bool,
    output: Path | None,
) -> None:
    """Sign a paper: an instrument's in the record, others as files that people hand on."""
    from comity.desk import signing

    record = session.record
    if output is None and (over is not None or not signing.signed_in_record(record, reference)):
        raise click.UsageError("usage.paper_sign", click.get_current_context())
    signed = signing.sign(
        record,
        Prompted(session),
        reference,
        languages,
        office,
        place,
        read_file(over) if over is not None else None,
        now=session.clock(),
        afresh=afresh,
        clock_checked=clock_checked,
    )
    if signed.ref is None:
        if output is not None:
            _written(session, output, signed.raw, "done.paper_signed_file")
        return
    if output is not None:
        _written(session, output, signed.raw, "done.paper_signed", ref=str(signed.ref))
    elif session.json:
        emit(showing.show(record, signed.ref))
    else:
        line(session.say("done.paper_signed_said", ref=signed.ref))
    if not session.json and not signed.consented:
        line(session.say("paper.not_consent", docket=showing.docket_of(record, signed.ref)))


# --------------------------------------------------------------------------------------------- verifying


def verify_paper_file(session: Session, file: Path, *, text_only: bool) -> int:
    """`comity verify` for a PDF. Returns 1 where a signature is missing and was asked for."""
    from comity.papers.verifying import verify_paper

    verdict = verify_paper(read_file(file), str(file))
    incomplete = bool(verdict.missing) and not text_only
    if session.json:
        emit({"verified": not incomplete, **_data(verdict)})
        return int(incomplete)
    _tell_paper(session, verdict)
    if verdict.missing:
        line(session.say("paper.missing", parties=cell(verdict.missing, session)))
        line(session.say("paper.cannot_show"))
    _tell_identity(session, verdict)
    line(session.say("verify.compare"))
    return int(incomplete)


def _data(verdict: PaperVerdict | PackVerdict) -> dict[str, Any]:
    data: dict[str, Any] = msgspec.to_builtins(verdict)
    return data


def _tell_paper(session: Session, verdict: PaperVerdict) -> None:
    line(session.say(f"paper.verified_{verdict.sort}", ref=verdict.ref))
    facts(
        [
            (session.say("label.title"), named(verdict.title, session)),
            (session.say("label.docket"), cell(verdict.ref, session)),
            (session.say("label.text"), cell(verdict.text, session)),
            (session.say("label.file"), cell(verdict.file, session)),
            (session.say("label.languages"), cell(verdict.languages, session)),
        ],
        session,
    )
    rows = []
    signed = {one.party: one for one in verdict.signatures}
    for party in verdict.parties:
        yes, one = verdict.accepted[party], signed.get(party)
        who = f"{named(one.titles, session)} ({one.office})" if one else ""
        when = moment(one.time.isoformat()) if one else ""
        rows.append(
            [
                cell(party, session),
                cell(f"{yes.ref}, {moment(yes.time.isoformat())}", session),
                who or cell("", session),
                cell(when, session),
                cell(one.place if one else "", session),
                cell(f"{one.certificate[:16]}…" if one else "", session),
            ]
        )
    names = ("party", "accepted", "signed_by", "time", "place", "certificate")
    table([session.say(f"label.{name}") for name in names], rows, session)


def _tell_identity(session: Session, verdict: PaperVerdict | PackVerdict) -> None:
    facts([*heads(session, verdict.heads), *identity(session, verdict)], session)


def verify_pack_file(session: Session, file: Path, *, text_only: bool) -> int:
    """`comity verify` for a registration pack."""
    from comity.papers.pack import verify_pack

    verdict = verify_pack(read_file(file), str(file))
    incomplete = bool(verdict.paper.missing) and not text_only
    if session.json:
        emit({"verified": not incomplete, **_data(verdict)})
        return int(incomplete)
    line(session.say("pack.verified", docket=verdict.docket, on=verdict.on))
    entry = verdict.dates["entry_into_force"]
    facts(
        [
            (session.say("label.title"), named(verdict.title, session)),
            (session.say("label.text"), cell(verdict.text, session)),
            (session.say("label.entry_into_force"), cell(entry["on"], session)),
            (session.say("label.certified_by"), cell(verdict.by, session)),
            (session.say("label.unchecked"), cell(verdict.unchecked, session)),
        ],
        session,
    )
    rows = [
        [
            cell(party, session),
            session.say(f"consent.{act['what']}", "papers"),
            cell(act["on"], session),
            cell(act["ref"], session),
        ]
        for party, acts in verdict.dates["parties"].items()
        for act in acts
    ]
    table([session.say(f"label.{name}") for name in ("party", "act", "day", "ref")], rows, session)
    if verdict.paper.missing:
        line(session.say("paper.missing", parties=cell(verdict.paper.missing, session)))
    _tell_identity(session, verdict)
    line(session.say("verify.compare"))
    return int(incomplete)


def tell_original(session: Session, file: Path, docket: Ref) -> None:
    """Whether a scan is one that was recorded of this instrument. Raises `Broken` where it is not."""
    from comity.papers.dates import recorded_originals

    raw = read_file(file)
    digest = hashlib.sha256(raw).hexdigest()
    record = session.record
    with record.reading():
        known = (
            recorded_originals(record.folds.view(docket))
            if docket.number < record.ready.get(docket.party, 0)
            else []
        )
    found = [one for one in known if one["digest"] == digest]
    if not found:
        raise Broken(
            str(file), f"is none of the {len(known)} originals recorded in {docket}: its SHA-256 is {digest}"
        )
    if session.json:
        emit({"recorded": True, "sha256": digest, "acts": found})
        return
    for one in found:
        line(session.say("original.recorded", by=one["by"], ref=one["ref"]))
        facts(
            [
                (session.say("label.original"), cell(one["original"], session)),
                (session.say("label.day"), cell(one["signed_on"], session)),
                (session.say("label.place"), cell(one["place"], session)),
                (session.say("label.kept_at"), named(one["kept_at"], session)),
            ],
            session,
        )


_COMMANDS = {"make": _make, "certify": _certify, "sign": _sign, "assemble": _assemble, "pack": _pack}
paper = Group("paper", {name: (f"command.paper.{name}", "cli") for name in _COMMANDS}, _COMMANDS.get)
