"""`comity check`, `prove`, `verify`: what is stored still holds, and a stranger can see that it does.

comity prove TUR/17 -o proof.json        act, content if it is public, path into a countersigned head, keys
comity prove --docket TUR/4 -o all.json  every act of a matter, under heads of all their logs
comity verify proof.json                 no node, no network: the file alone
comity verify memorandum.pdf             the same for a paper: is it the accepted text, and who signed it?
comity verify scan.pdf --against TUR/4   whether a scan is one that was recorded in this node's record
comity verify minutes.disclosure         a withheld file that its author shows, with the proof that it was recorded
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
import msgspec

from comity.cli.files import read_file, write_file
from comity.cli.session import Session
from comity.cli.show import cell, emit, facts, line, moment, nested, spans, table
from comity.cli.spoken import REF, Argument, Option, command
from comity.cli.trail import Verified, checked
from comity.cli.verdicts import heads, identity, when
from comity.core.act import Ref
from comity.core.errors import Broken, Malformed, Unavailable
from comity.core.proof import LIMIT, DocketVerdict, Verdict, verify_proof
from comity.desk import wording

__all__ = ["check", "prove", "verify"]

_FILE = click.Path(path_type=Path, dir_okay=False)
_POUCH, _DISCLOSURE, _PDF, _ZIP = b"comity pouch ", b"comity disclosure ", b"%PDF-", b"PK\x03\x04"
_OUTPUT = ["-o", "--output", "output"]


@command("check", Option(["--all", "everything"], is_flag=True))
def check(session: Session, everything: bool) -> int:
    """Derive everything again from stored bytes; the first broken thing is named, and the exit code is 1."""
    from comity.node.check import Finding
    from comity.node.check import check as findings

    found: list[Finding] = []
    trail: Verified | None = None

    def broken(finding: Finding) -> None:
        found.append(finding)
        if not session.json:
            line(wording.failure(session.words, "check.broken", finding.thing, finding.why))

    for finding in findings(session.node):
        broken(finding)
        if not everything:
            break
    if everything or not found:
        try:
            trail = checked(session)
        except Unavailable as error:
            broken(Finding(error.thing, error.why))
    if trail is not None and trail.broken is not None:
        broken(Finding("accounts.db", session.say("done.audit_broken", number=trail.broken)))
        trail = None
    if session.json:
        told = {} if trail is None else {"trail": {"number": trail.number, "hash": trail.hash}}
        emit({"sound": not found, "findings": [finding._asdict() for finding in found]} | told)
        return 1 if found else 0
    if not found:
        line(session.say("check.sound", folder=session.folder))
    if trail is not None:
        line(f"accounts.db: {session.say('done.audit_verified', number=trail.number, hash=trail.hash)}")
    return 1 if found else 0


@command(
    "prove",
    Argument(["reference"], type=REF, required=False, metavar="REF"),
    Option(["--docket"], type=REF, metavar="REF", key="option.prove.docket"),
    Option(["--fault"], metavar="PARTY"),
    Option(["--with-content/--without-content"], default=None),
    Option(_OUTPUT, type=_FILE, required=True, metavar="FILE"),
)
def prove(
    session: Session,
    reference: Ref | None,
    docket: Ref | None,
    fault: str | None,
    with_content: bool | None,
    output: Path,
) -> None:
    """A proof file, for an act, for a docket or for a fault."""
    from comity.node import proving

    if [reference, docket, fault].count(None) != 2:
        raise click.UsageError("usage.prove", click.get_current_context())
    if fault is not None:
        raw = proving.prove_fault(session.record, fault)
    elif docket is not None:
        raw = proving.prove_docket(session.record, docket, with_content=with_content)
    else:
        raw = proving.prove(session.record, reference or Ref("", 0), with_content=with_content)
    write_file(output, raw)
    if session.json and str(output) != "-":
        emit({"file": str(output), "bytes": len(raw), "proves": str(fault or docket or reference)})
    elif str(output) != "-":
        line(session.say("done.proved", what=fault or docket or reference, file=output))


@command(
    "verify",
    Argument(["file"], type=_FILE, metavar="FILE", key="option.proof.file"),
    Option(["--file", "original"], type=_FILE, metavar="FILE", key="option.disclosure.file"),
    Option(_OUTPUT, type=_FILE, metavar="FILE", key="option.disclosure.output"),
    Option(["--text-only"], is_flag=True),
    Option(["--against"], type=REF, metavar="REF"),
)
def verify(
    session: Session,
    file: Path,
    original: Path | None,
    output: Path | None,
    text_only: bool,
    against: Ref | None,
) -> int:
    """Check a proof, a paper, a pack or a disclosure, or look at a pouch, with nothing but the file."""
    head = _beginning(file)
    if against is not None:
        from comity.cli.papers import tell_original

        tell_original(session, file, against)
        return 0
    if head.startswith((_PDF, _ZIP)):
        from comity.cli import papers

        tell = papers.verify_paper_file if head.startswith(_PDF) else papers.verify_pack_file
        return tell(session, file, text_only=text_only)
    _verify_other(session, file, head, original, output)
    return 0


def _verify_other(
    session: Session, file: Path, head: bytes, original: Path | None, output: Path | None
) -> None:
    """A proof, a disclosure or a pouch."""
    if head.startswith(_DISCLOSURE):
        _tell_disclosure(session, file, original, output)
        return
    if original is not None or output is not None:
        raise click.UsageError("usage.verify_file", click.get_current_context())
    if head.startswith(_POUCH):
        _tell_pouch(session, file)
        return
    if not head.lstrip().startswith(b"{"):
        raise Malformed(
            str(file), "is no proof, paper, pack, disclosure or pouch of Comity: it begins otherwise"
        )
    raw = read_file(file)
    if len(raw) > LIMIT:
        raise Malformed(str(file), f"is {len(raw)} bytes long; a proof has at most {LIMIT}")
    try:
        verdict = verify_proof(raw, str(file))
    except (Malformed, Broken) as error:
        if not error.thing.startswith(str(file)):
            error.thing = f"{file}: {error.thing}"
        raise
    if isinstance(verdict, DocketVerdict):
        _tell_docket(session, verdict)
    else:
        _tell_verdict(session, verdict)


def _beginning(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            return opened.read(len(_DISCLOSURE))
    except OSError as error:
        raise Unavailable(str(file), f"cannot be read: {error.strerror}") from error


def _tell_disclosure(session: Session, file: Path, original: Path | None, output: Path | None) -> None:
    """The file that a disclosure shows is the one that its act recorded; and what to compare."""
    from comity.cli.evidence import tell_disclosed
    from comity.node.disclosing import verify_disclosure

    disclosed = verify_disclosure(file, original, output)
    tell_disclosed(session, disclosed, output)
    if not session.json:
        facts(identity(session, disclosed.verdict), session)
        line(session.say("verify.compare"))


def _tell_pouch(session: Session, file: Path) -> None:
    """What a pouch says on its outside. Whose key signed it only its recipient can tell: the keys are in its record."""
    from comity.node.pouches import look

    outside = look(file)
    head = outside.head
    if session.json:
        carries = {log: list(span) for log, span in head.carries.items()}
        emit({"verified": True, "pouch": head.id, "from": head.sender, "to": head.recipient, "carries": carries,
              "sealed_to": head.sealed_to, "signed_by": outside.signed_by, "digest": outside.digest})  # fmt: skip
        return
    line(session.say("verify.pouch"))
    numbers = spans(head.carries)
    facts(
        [
            (session.say("label.from"), cell(head.sender, session)),
            (session.say("label.to"), cell(head.recipient, session)),
            (session.say("label.acts"), cell(numbers, session)),
            (session.say("label.sealed_to"), cell(head.sealed_to, session)),
            (session.say("label.signer"), cell(outside.signed_by, session)),
        ],
        session,
    )


def _tell_verdict(session: Session, verdict: Verdict) -> None:
    data: dict[str, Any] = msgspec.to_builtins(verdict)
    if session.json:
        emit({"verified": True, **data})
        return
    line(session.say("verify.fault" if verdict.fault else "verify.act", party=verdict.party))
    countersigned = [f"{party} ({when(time)})" for party, time in verdict.countersigned.items()]
    facts(
        [
            (session.say("label.fault"), cell(verdict.fault, session)),
            (session.say("label.act"), cell(verdict.ref, session)),
            (session.say("label.kind"), cell(verdict.kind, session)),
            (
                session.say("label.time"),
                cell(moment(verdict.time.isoformat()) if verdict.time else "", session),
            ),
            (session.say("label.office"), cell(verdict.office, session)),
            (session.say("label.signer"), cell(verdict.person, session)),
            (session.say("label.docket"), cell(verdict.docket, session)),
            (session.say("label.checkpoint"), cell(f"{verdict.party} {verdict.size}", session)),
            (session.say("label.countersigned"), cell(countersigned, session)),
            *identity(session, verdict),
        ],
        session,
    )
    if verdict.content is not None:
        line(f"{session.say('label.content')}:")
        for text in nested(verdict.content, lambda name: name, 1):
            line(text)
    line(session.say("verify.compare"))


def _tell_docket(session: Session, verdict: DocketVerdict) -> None:
    """The acts of a docket, one a line; contents are for `--json`."""
    if session.json:
        emit({"verified": True, **msgspec.to_builtins(verdict)})
        return
    line(session.say("verify.docket", docket=verdict.docket))
    names = ("act", "kind", "time", "office", "signer")
    rows = [
        [cell(value, session) for value in (a.ref, a.kind, moment(a.time.isoformat()), a.office, a.person)]
        for a in verdict.acts
    ]
    table([session.say(f"label.{name}") for name in names], rows, session)
    facts([*heads(session, verdict.heads), *identity(session, verdict)], session)
    line(session.say("verify.compare"))
