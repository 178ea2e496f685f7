"""Evidence by its files: record one, release it, save what was released, show one that is withheld.

comity commitments record-evidence minutes.pdf --docket TUR/30 --title en="Minutes of the centre" --shows done
comity commitments release-evidence TUR/40                     the file goes into the record, for every party
comity commitments save-evidence TUR/40 -o minutes.pdf         what another party released, held against its digest
comity commitments disclose TUR/40 -o minutes.disclosure       for one reader, outside the record: `comity verify`
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import click
import msgspec

from comity.chapters.commitments import CHAPTER, acts
from comity.cli import fields
from comity.cli.acts import about, completed
from comity.cli.session import Session
from comity.cli.show import cell, emit, facts, line
from comity.cli.spoken import REF, Argument, Option, command
from comity.core.act import Ref
from comity.core.chapter import Kind
from comity.core.errors import Unavailable
from comity.core.keys import b64
from comity.desk.exhibits import about_file, file_name, media_type
from comity.node import evidence as files
from comity.node import showing
from comity.node.disclosing import Disclosed, disclose, require_recorded, verify_disclosure
from comity.node.files import written
from comity.node.record import Draft, Said
from comity.node.withheld import LIMIT, RECORDED, SALT

__all__ = [
    "discard_evidence",
    "disclose_evidence",
    "record_evidence",
    "release_evidence",
    "save_evidence",
    "tell_disclosed",
    "verify_evidence",
]

_FILE = click.Path(path_type=Path)
_PLACE = "commitments"
_EVIDENCE = Argument(["reference"], type=REF, metavar="REF", key="option.evidence")
_OUTPUT = partial(
    Option, ["-o", "--output", "output"], type=_FILE, metavar="FILE", key="option.evidence.output"
)
_ORIGINAL = Option(["--file", "original"], type=_FILE, metavar="FILE", key="option.disclosure.file")
_NAME = Option(["--name"], metavar="TEXT", key="option.evidence.name")
_KINDS = {kind.name: kind for kind in CHAPTER.kinds}
_RECORDED, _RELEASED = _KINDS[RECORDED], _KINDS[files.RELEASED]
_TYPED = [
    o for o in fields.options(acts.EvidenceRecorded, _PLACE) if o.name not in ("field_digest", "field_size")
]


# ------------------------------------------------------------------------------------------------ saying


@command(
    "record-evidence",
    Argument(["file"], type=_FILE, metavar="FILE", key="option.evidence.file"),
    *_TYPED,
    *about(_RECORDED, set()),
    Option(["--release"], is_flag=True, key="option.evidence.release"),
    key="command.commitments.record-evidence",
)
def record_evidence(session: Session, file: Path, release: bool, **values: Any) -> None:
    """Keep a file, say that it exists, and with --release put it into the record at once."""
    record, withheld = session.record, session.node.withheld(session.record)
    values = {**values, "field_media_type": values["field_media_type"] or media_type(file.name)}
    # Everything that can be wrong with what was typed is told before the file is touched.
    draft = _draft(session, _RECORDED, {**values, "field_digest": "0" * 64, "field_size": 1})
    if release:
        files.require_releasable(_size(file), str(file))
    limit = acts.EVIDENCE_LIMIT if release else LIMIT
    if values["dry_run"]:
        files.try_file(record, withheld, file, about_file(draft), limit)
        _tell_allowed(session, _RECORDED)
        return
    said = files.record_file(record, withheld, file, about_file(draft), limit)
    if not release:
        _tell_said(session, [said])
        return
    given = msgspec.structs.replace(draft, body=None)
    _tell_said(session, [said, files.release(record, withheld, said.ref, file.name, given)])


@command(
    "release-evidence",
    _EVIDENCE,
    _NAME,
    *(option for option in about(_RELEASED, set()) if option.name not in ("docket", "answers")),
    key="command.commitments.release-evidence",
)
def release_evidence(session: Session, reference: Ref, name: str | None, **values: Any) -> None:
    """Put the file of evidence that we recorded into the record."""
    record, withheld = session.record, session.node.withheld(session.record)
    found = files.evidence(record, reference)
    empty = {"field_name": "x", "field_salt": b64(bytes(SALT)), "field_data": "AA=="}
    draft = _draft(session, _RELEASED, {**values, **empty, "answers": (found.ref,)})
    arguments = (record, withheld, found.ref, name or file_name(found), draft)
    if values["dry_run"]:
        files.try_release(*arguments)
        _tell_allowed(session, _RELEASED)
    else:
        _tell_said(session, [files.release(*arguments)])


def _draft(session: Session, kind: Kind, values: Mapping[str, Any]) -> Draft:
    return completed(session, session.record, kind, values)


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except OSError as error:
        raise Unavailable(str(file), f"cannot be read: {error.strerror}") from error


def _tell_allowed(session: Session, kind: Kind) -> None:
    if session.json:
        emit({"allowed": True, "kind": kind.name})
    else:
        line(session.say("done.allowed"))


def _tell_said(session: Session, several: list[Said]) -> None:
    """The acts that were said; as data the last one, whose content leaves the file itself out."""
    if session.json:
        told = showing.show(session.record, several[-1].ref)
        content = {name: value for name, value in told["content"].items() if name not in ("data", "salt")}
        emit({**told, "content": content, "said": [str(said.ref) for said in several]})
        return
    for said in several:
        what = session.say(f"kind.{said.act.kind.partition('/')[0]}", _PLACE)
        line(session.say("done.said", ref=said.ref, what=what, standing=session.say("standing.said")))


# ----------------------------------------------------------------------------------------------- reading


@command("save-evidence", _EVIDENCE, _OUTPUT(required=True), key="command.commitments.save-evidence")
def save_evidence(session: Session, reference: Ref, output: Path) -> None:
    """Write a released file out, once it was held against the digest that was recorded."""
    name, data = files.released_file(session.record, reference)
    with written(output) as file:
        file.write(data)
    if session.json:
        emit({"file": str(output), "bytes": len(data), "name": name})
    else:
        line(session.say("done.evidence_saved", name=name, bytes=len(data), file=output))


@command(
    "disclose",
    _EVIDENCE,
    _NAME,
    Option(["--salt-only"], is_flag=True, key="option.disclosure.salt_only"),
    _OUTPUT(required=True),
    key="command.commitments.disclose",
)
def disclose_evidence(
    session: Session, reference: Ref, name: str | None, salt_only: bool, output: Path
) -> None:
    """Write a disclosure: the file with the proof of the act that recorded it, or the salt alone."""
    record = session.record
    found = files.evidence(record, reference)
    withheld = session.node.withheld(record)
    disclose(record, withheld, found.ref, name or file_name(found), output, salt_only=salt_only)
    if session.json:
        emit({"file": str(output), "bytes": output.stat().st_size, "evidence": str(found.ref)})
    else:
        done = "done.disclosed_salt" if salt_only else "done.disclosed"
        line(session.say(done, evidence=found.ref, file=output))


@command(
    "verify-evidence",
    Argument(["file"], type=_FILE, metavar="FILE", key="option.disclosure"),
    _ORIGINAL,
    _OUTPUT(),
    key="command.commitments.verify-evidence",
)
def verify_evidence(session: Session, file: Path, original: Path | None, output: Path | None) -> None:
    """Check a disclosure, and that its act is one of this record."""
    record = session.record
    disclosed = verify_disclosure(file, original, output, lambda shown: require_recorded(record, shown))
    tell_disclosed(session, disclosed, output)


@command(
    "discard-evidence",
    _EVIDENCE,
    Option(["--rule"], required=True, metavar="TEXT", key="option.evidence.rule"),
    key="command.commitments.discard-evidence",
)
def discard_evidence(session: Session, reference: Ref, rule: str) -> None:
    """Destroy the kept file of evidence that we recorded. What was released is destroyed by `destroy`."""
    record = session.record
    found = files.evidence(record, reference)
    files.require_ours(record, found)
    session.node.withheld(record).discard(found.said.digest, rule, session.clock())
    if session.json:
        emit({"evidence": str(found.ref), "discarded": True})
    else:
        line(session.say("done.evidence_discarded", evidence=found.ref))


def tell_disclosed(session: Session, disclosed: Disclosed, output: Path | None) -> None:
    """What a disclosure shows: whose evidence, what it is called, and that the file is the recorded one."""
    verdict, said = disclosed.verdict, disclosed.said
    if session.json:
        emit({"verified": True, "name": disclosed.name, "file": str(output) if output else None,
              **msgspec.to_builtins(verdict)})  # fmt: skip
        return
    line(session.say("verify.disclosure", party=verdict.party, ref=verdict.ref))
    told = {"name": disclosed.name, "bytes": said.size, "media_type": said.media_type, "digest": said.digest}
    if output is not None:
        told["saved_as"] = str(output)
    facts([(session.say(f"label.{name}"), cell(value, session)) for name, value in told.items()], session)
