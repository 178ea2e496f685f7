"""A signed paper from the record: what was typeset, and what each signer appended, in the order of signing.

    assemble(record, Ref("TUR", 4), ("en", "tr"))  ->  b"%PDF-1.7..."      the same bytes on every node

No node sends the file to another. Each can typeset the text itself; the signatures are in the record
(`instrument.paper_signed/1` has their hashes, `instrument.paper_supplied/1` their bytes).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from comity.chapters.instruments import acts, originals
from comity.chapters.instruments.originals import Signing
from comity.chapters.instruments.powers import check_powers
from comity.chapters.instruments.state import SUPPLIED, Said
from comity.core.act import Ref
from comity.core.chains import unb64_any
from comity.core.errors import Broken, Malformed, Refused, Unavailable
from comity.core.keys import Signer as Officer
from comity.core.keys import b64
from comity.node import repeating, saying, showing
from comity.node.record import Draft, Once, Record
from comity.papers import bundle as bundles
from comity.papers import certificates, increments, signing, typeset
from comity.papers.certificates import Certificate
from comity.papers.instrument import adopted, instrument_paper
from comity.papers.paper import Paper, frame
from comity.papers.signing import Signer, Who
from comity.papers.verifying import Made, Read, verified

__all__ = ["Pen", "Signed", "append_signature", "assemble", "certificate_for", "paper_of", "sign_in_record"]

SIGNED = "instrument.paper_signed/1"


class Pen(NamedTuple):
    """With what an officer signs: the office, its certificate, the private key behind it, and when and where."""

    office: str
    certificate: Certificate
    sign: Callable[[bytes], bytes]
    time: datetime
    place: str = ""


class Signed(NamedTuple):
    """A signature that was put and said: the file as it is now, and the act that says so."""

    raw: bytes
    ref: Ref


def paper_of(record: Record, docket: Ref, languages: Sequence[str] = ()) -> Paper:
    """The paper of an instrument's adopted text. Raises `Refused`, `Malformed`."""
    text, dated = adopted(record, docket)
    return instrument_paper(text, str(docket), dated, frame(record), languages)


def certificate_for(record: Record, office: str) -> Certificate:
    """The certificate that our party named for an office. Raises `Refused`, `Malformed`."""
    with record.reading():
        half = record.folds.half(record.party, record.ready)
    found = next((one.der for one in half.certificates if one.office == office), "")
    if not found:
        raise Refused("certificate_missing", office=office)
    return certificates.read(unb64_any(found, "certificate"), f"certificate of {office}")


# -------------------------------------------------------------------------------------- assembling


def assemble(record: Record, docket: Ref, languages: Sequence[str] = ()) -> bytes:
    """The paper with the signatures that it has so far; without any, as `comity paper make` makes it.

    Raises `Refused` (no adopted text) or `Unavailable` (a signature's bytes are not here, or another Typst set it).
    """
    paper = paper_of(record, docket, languages)
    made = (paper, typeset.typeset(paper))
    found = _going_on(record, docket, made)
    return bundles.made(record, *made).raw if found is None else found[1]


def _going_on(record: Record, docket: Ref, made: Made) -> tuple[Signing, bytes] | None:
    """The row of signatures that goes on, with its file; None where there is none.

    Rows that make no true paper are passed over, so that nobody can stop the others by saying that they signed.
    """
    with record.reading():
        rows = originals.files(record.folds.view(docket), str(docket), made[0].languages)
    missing: Unavailable | None = None
    for row in rows:
        try:
            raw = _assembled(record, docket, made, row)
            verified(raw, f"the paper that {row.acts[-1].ref} signed", made)
        except Unavailable as error:
            missing = missing or error
        except (Malformed, Broken):
            continue
        else:
            return row, raw
    if missing is not None:
        raise missing
    return None


def _assembled(record: Record, docket: Ref, made: Made, row: Signing) -> bytes:
    paper, raw = made
    first: acts.PaperSigned = row.acts[0].body
    if _hash(raw) != first.base:
        here = bundles.made_with(paper)
        why = f"was set by {first.made_with!r} and this is {here!r}: install that version, then try again"
        raise Unavailable(f"the paper that {row.acts[0].ref} signed", why)
    for said in row.acts:
        raw += _appended(record, docket, said)
        if _hash(raw) != said.body.file:
            raise Broken(f"signature {said.ref}", "does not make the file that it says it does")
    return raw


def _appended(record: Record, docket: Ref, said: Said) -> bytes:
    """What a signature appended, from an act that supplies just that. Raises `Unavailable`."""
    with record.reading():
        supplied = originals.supplied(record.folds.view(docket), said)
    for one in supplied:
        body = showing.act_of(record, one.ref).body
        if isinstance(body, acts.PaperSupplied):
            raw = unb64_any(body.data, str(one.ref))
            if _hash(raw) == said.body.increment:
                return raw
    raise Unavailable(
        f"signature {said.ref}",
        f"what it appended is not here, or was destroyed: ask {said.party} to supply it again",
    )


def _hash(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()


# -------------------------------------------------------------------------------------- signing


def sign_in_record(
    record: Record,
    docket: Ref,
    languages: Sequence[str],
    pen: Pen,
    officer: Officer,
    *,
    afresh: bool = False,
    clock_checked: bool = False,
    once: Once | None = None,
) -> Signed:
    """Sign the paper as it stands in the record, and say so: the signature, and what it appended, in one transaction.

    afresh: sign the unsigned paper, whatever others have signed; for when their bytes do not come. once: the key under
    which it is asked for, said once.
    Raises `Refused` (no adopted text, signed already, no full powers), `Broken` (what the others appended does not
    verify) or `Unavailable`.
    """
    paper = paper_of(record, docket, languages)
    made = (paper, typeset.typeset(paper))
    found = None if afresh else _going_on(record, docket, made)
    if found is not None and record.party in found[0].parties:
        row = found[0]
        raise Refused("paper_signed_already", ref=row.acts[row.parties.index(record.party)].ref)
    base = made[1] if found is None else found[1]
    start = bundles.made(record, *made).raw if found is None else base
    raw = append_signature(record, start, pen, made)
    appended = raw[len(base) :]
    body = acts.PaperSigned(
        matter=str(docket), text=paper.digest, languages=paper.languages, base=_hash(base), file=_hash(raw),
        increment=_hash(appended), size=len(appended), made_with=bundles.made_with(paper),
    )  # fmt: skip

    def say() -> Ref:
        before = repeating.said(record, once) if once is not None else None
        if before is not None:  # asked for twice at the same time: the other was quicker
            raise Refused("paper_signed_already", ref=before.ref)
        last = (
            record.last_time
        )  # others may have spoken while the paper was set: that is no clock that went back
        time = pen.time if last is None or pen.time >= last else None
        signed = Draft(SIGNED, body, pen.office, docket, (), "", officer, time, clock_checked)
        ref = repeating.say(record, signed, once).ref
        supplied = acts.PaperSupplied(b64(appended))
        saying.say(
            record, Draft(SUPPLIED, supplied, pen.office, docket, (ref,), "", None, time, clock_checked)
        )
        return ref

    return Signed(raw, record.write(say))


def append_signature(record: Record, raw: bytes, pen: Pen, made: Made | None = None) -> bytes:
    """A paper's file with our party's signature after those that it has; all that it holds is verified first.

    Where the file's proof is older than our certificate or full powers, a newer one goes with the signature.
    made: the paper with its typeset bytes, if we have just set it.
    """
    read = verified(raw, made=made)
    if any(other.party == record.party for other in read.signatures):
        raise Refused("paper_signed_already", ref=read.paper.ref)
    with record.reading():
        office = record.folds.offices(record.party, record.ready).get(pen.office)
        issued = record.folds.half(record.party, record.ready).powers
    if office is None:
        raise Refused("office_not_held", office=pen.office, party=record.party)
    if read.paper.sort == "instrument":
        check_powers(office, issued, read.paper.ref, pen.time.date())
    who = Who(record.party, pen.office, dict(office.titles), pen.certificate, pen.time, pen.place)
    proof = (
        b"" if _known(read, record, who) else bundles.encode_proof(bundles.prove_paper(record, read.paper))
    )
    signed = signing.sign(read.file, read.paper, Signer(who, pen.sign), read.fields, proof).raw
    # What a stranger would refuse is never said, nor handed on. (That the beginning is right was seen just now.)
    verified(signed, made=(read.paper, raw[: increments.split(raw)[0]]))
    return signed


def _known(read: Read, record: Record, who: Who) -> bool:
    """Whether the proof in the file already shows the office as it is, its certificate and full powers."""
    keys, der = read.proved.keys, b64(who.certificate.der)
    half = keys.half(record.party)
    named = any((one.office, one.der) == (who.office, der) for one in half.certificates)
    with record.reading():
        now = record.folds.half(record.party, record.ready)
    return named and half.powers == now.powers and half.offices == now.offices
