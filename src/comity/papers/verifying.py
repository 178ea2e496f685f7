"""Verifying a paper with nothing but its file: is it the accepted text, and who signed it?

    verify_paper(raw)  ->  PaperVerdict(sort="instrument", ref="TUR/4", text="5b1c...", missing=("IRQ",), ...)

Nothing in the file is believed. It is made again from the paper and the proofs in its bundle, part by part, and
compared byte for byte: so a flipped bit, a changed letter, an update after signing have no place to hide, and no PDF
parser is asked what a reader would see. Then pyHanko validates the signatures, as any reader of PDF would. Whose
certificate it is, and whether its holder had full powers, follows from the parties' charter acts in the proof.

What the file cannot show is that nothing else was said: an acceptance may have been withdrawn in an act that is not in
it. Once officers of all parties have signed the text itself, that no longer matters.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

import msgspec

from comity.chapters.instruments.powers import check_powers
from comity.core.act import Names
from comity.core.errors import Broken, ComityError, Malformed, Refused, Unavailable
from comity.core.keys import b64
from comity.core.proof import DocketVerdict, Head, ProvedDocket, open_docket
from comity.papers import bundle as bundles
from comity.papers import certificates, increments, signing, typeset
from comity.papers.bundle import Bundle
from comity.papers.grounds import Consent, Grounds, Yes, grounds
from comity.papers.increments import BundleHeader, File, Part, SignatureHeader
from comity.papers.paper import Paper
from comity.papers.validation import validate

__all__ = ["Made", "PaperVerdict", "Read", "Signature", "read_paper", "verified", "verify_paper"]

_BUNDLE = re.compile(rb"<</Type/ComityBundle/Length (\d{1,9})>>\nstream\n")
_PROOF = re.compile(rb"<</Type/ComityProof/Length (\d{1,9})>>\nstream\n")
_CONTENTS = re.compile(rb"/SubFilter/ETSI\.CAdES\.detached/ByteRange\[[0-9 ]{40}\]/Contents<([0-9a-f]+)>")


class Signature(msgspec.Struct, frozen=True):
    """A party's signature on the paper. `certificate` is the SHA-256 by which readers of PDF show it."""

    party: str
    office: str
    titles: Names
    time: datetime
    place: str
    certificate: str
    subject: str


class PaperVerdict(msgspec.Struct, frozen=True):
    """What a paper's file shows. `text` is the hash that the parties accepted, `file` that of these bytes.

    `missing` are the parties that have not signed it. `fingerprints` are what to compare with the parties.
    """

    mechanism: str
    names: Mapping[str, str]
    fingerprints: Mapping[str, str]
    sort: str
    ref: str
    title: Names
    text: str
    file: str
    languages: tuple[str, ...]
    made_with: str
    parties: tuple[str, ...]
    accepted: Mapping[str, Yes]
    consents: tuple[Consent, ...]
    signatures: tuple[Signature, ...]
    missing: tuple[str, ...]
    heads: Mapping[str, Head]


Made = tuple[Paper, bytes]
"""A paper, and the bytes that Typst made of it."""


class Read(NamedTuple):
    """A paper's file, taken apart and held against itself: so far as it goes, every byte is accounted for."""

    paper: Paper
    grounds: Grounds
    proved: ProvedDocket
    file: File
    fields: tuple[int, ...]
    signatures: tuple[Signature, ...]
    made_with: str


def verify_paper(raw: bytes, thing: str = "paper") -> PaperVerdict:
    """Check a paper's file to the last byte.

    Raises `Malformed` (not a paper of Comity), `Broken` (it claims what does not hold) or `Unavailable` (what is needed
    to make it again is not installed).
    """
    read = verified(raw, thing)
    verdict: DocketVerdict = read.proved.verdict
    signed = {signature.party for signature in read.signatures}
    return PaperVerdict(
        mechanism=verdict.mechanism,
        names=verdict.names,
        fingerprints=verdict.fingerprints,
        sort=read.paper.sort,
        ref=read.paper.ref,
        title=read.grounds.title,
        text=read.paper.digest,
        file=hashlib.sha256(raw).hexdigest(),
        languages=read.paper.languages,
        made_with=read.made_with,
        parties=read.grounds.parties,
        accepted=read.grounds.accepted,
        consents=read.grounds.consents,
        signatures=read.signatures,
        missing=tuple(party for party in read.grounds.parties if party not in signed),
        heads=verdict.heads,
    )


def verified(raw: bytes, thing: str = "paper", made: Made | None = None) -> Read:
    """Check a paper's file to the last byte, and hand out its parts. Raises as `verify_paper`.

    made: a paper with its typeset bytes, where we have just set it ourselves; it need not be set again then.
    """
    try:
        read = read_paper(raw, thing, made)
        validate(raw, read.signatures, thing)
    except (Malformed, Broken) as error:
        if not error.thing.startswith(thing):
            error.thing = f"{thing}: {error.thing}"
        raise
    return read


def read_paper(raw: bytes, thing: str = "paper", made: Made | None = None) -> Read:
    """Take a file apart, make every part again, and compare; the signatures themselves are not validated here."""
    if len(raw) > increments.LIMIT:
        raise Malformed(thing, f"is {len(raw)} bytes long; at most {increments.LIMIT} are read")
    if not raw.startswith(b"%PDF-"):
        raise Malformed(thing, "is not a PDF")
    end, parts = increments.split(raw)
    if not parts or not isinstance(parts[0].header, BundleHeader):
        raise Malformed(
            thing, "was not made by Comity, or its bundle was cut off: nothing is known of its text"
        )
    held = _stream(raw, parts[0], _BUNDLE, thing)
    bundle = bundles.parse(held, f"{thing}: bundle")
    proved = open_docket(bundle.proof, f"{thing}: proof")
    found = grounds(bundle.paper, proved, thing)
    expected = made[1] if made is not None and made[0] == bundle.paper else typeset.typeset(bundle.paper)
    file = _made_again(raw, end, parts[0], bundle, held, expected, thing)
    read = Read(bundle.paper, found, proved, file, (), (), bundle.made_with)
    for part in parts[1:]:
        read = _signed(raw, part, read, thing)
    if len(read.file.raw) != len(raw):
        last = read.signatures[-1].party if read.signatures else ""
        after = f"after {last} signed it" if last else "after it was made"
        raise Broken(
            thing,
            f"was changed {after}: {len(raw) - len(read.file.raw)} bytes were added that Comity did not",
        )
    return read


def _stream(raw: bytes, part: Part, opening: re.Pattern[bytes], thing: str) -> bytes:
    """The data of the stream that begins so, in an increment."""
    found = opening.search(raw, part.start, part.end)
    if found is None or found.end() + int(found[1]) > part.end:
        raise Malformed(thing, "an increment lacks the data that it should hold", at=f"byte {part.start}")
    return raw[found.end() : found.end() + int(found[1])]


def _made_again(
    raw: bytes, end: int, part: Part, bundle: Bundle, held: bytes, expected: bytes, thing: str
) -> File:
    """The typeset bytes and the bundle, made again from the paper as the acts prove it."""
    if expected != raw[:end]:
        here, there = bundles.made_with(bundle.paper), bundle.made_with
        if here != there:
            need = f"pip install 'typst=={there.rpartition('typst ')[2][:20]}'"
            why = f"the paper was set by {there[:60]!r} and this is {here!r}: {need}, then try again"
            raise Unavailable(thing, why)
        at = _difference(expected, raw[:end])
        raise Broken(thing, f"is not the text that the parties accepted: it differs from it at byte {at}")
    file = bundles.with_bundle(expected, held)
    if file.raw != raw[: part.end]:
        at = _difference(file.raw, raw[: part.end])
        raise Broken(thing, f"its bundle was changed after it was made, at byte {at}")
    return file


def _difference(expected: bytes, found: bytes) -> int:
    return next(
        (at for at, (a, b) in enumerate(zip(expected, found, strict=False)) if a != b),
        min(len(expected), len(found)),
    )


# -------------------------------------------------------------------------------------- signatures


def _signed(raw: bytes, part: Part, read: Read, thing: str) -> Read:
    """The file with one more signature taken in: its certificate is known, its holder may sign, its bytes are right."""
    header = part.header
    if not isinstance(header, SignatureHeader):
        raise Broken(thing, f"holds a second bundle, at byte {part.start}")
    thing = f"{thing}: signature of {header.party}"
    if any(header.party == other.party for other in read.signatures):
        raise Broken(thing, "stands twice")
    own = _stream(raw, part, _PROOF, thing) if header.proof else b""
    if len(own) != header.proof:
        raise Malformed(thing, "its proof is not as long as it says")
    proved, found = read.proved, read.grounds
    if own:
        proved = open_docket(bundles.parse_proof(own, f"{thing}: proof"), f"{thing}: proof")
        found = grounds(read.paper, proved, thing)
    container = _container(raw, part, thing)
    who = _who(header, container, proved, read.paper, found, thing)
    placed = signing.place(read.file, read.paper, who, read.fields, own)
    file = placed.filled(container)
    if file.raw != raw[: part.end]:
        at = _difference(file.raw, raw[: part.end])
        raise Broken(thing, f"its part of the file was changed, or is not as Comity writes it, at byte {at}")
    signature = Signature(
        header.party, header.office, who.titles, who.time, who.place,
        certificates.fingerprint(who.certificate.der), who.certificate.subject,
    )  # fmt: skip
    return read._replace(
        proved=proved,
        grounds=found,
        file=file,
        fields=(*read.fields, placed.field),
        signatures=(*read.signatures, signature),
    )


def _container(raw: bytes, part: Part, thing: str) -> bytes:
    """The signature's CMS structure, without the zeros that fill the room for it."""
    found = None
    for found in _CONTENTS.finditer(raw, part.start, part.end):  # noqa: B007 -- the last one: a proof may quote one
        pass
    if found is None:
        raise Malformed(thing, "has no signature in it")
    written = bytes.fromhex(found[1].decode() if len(found[1]) % 2 == 0 else "")
    size = int.from_bytes(written[2:4], "big") + 4 if written[:2] == b"\x30\x82" else 0
    if not 256 <= size <= len(written):
        raise Malformed(thing, "holds no CMS structure")
    return written[:size]


def _who(
    header: SignatureHeader, container: bytes, proved: ProvedDocket, paper: Paper, found: Grounds, thing: str
) -> signing.Who:
    """Who signed: the holder of the office whose certificate this is, with full powers where the paper needs them."""
    der = _certificate(container, thing)
    named = proved.keys.half(header.party).certificates if header.party in found.parties else ()
    office = next((one.office for one in named if one.der == b64(der)), "")
    if not office:
        raise Broken(
            thing, "its certificate is not one that this party named for an office: nobody answers for it"
        )
    if office != header.office:
        raise Broken(thing, f"its certificate is that of the office {office}, not of {header.office}")
    try:
        moment = datetime.strptime(header.time, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
        holder = proved.keys.offices(header.party, 1 << 62)[office]
        if paper.sort == "instrument":
            powers = proved.keys.half(header.party).powers
            check_powers(holder, powers, paper.ref, moment.date())
    except Refused as refusal:
        raise Broken(thing, f"the holder of {office} had no full powers for it: {refusal}") from refusal
    except (ValueError, KeyError) as error:
        raise Malformed(thing, "has no time, or no office") from error
    certificate = certificates.read(der, f"{thing}: certificate")
    if not certificate.since <= moment <= certificate.until:
        raise Broken(thing, f"its certificate was not valid at {header.time}")
    if moment.date() < paper.dated:
        raise Broken(thing, f"is of {header.time[:10]}, before the text was accepted on {paper.dated}")
    return signing.Who(header.party, office, dict(holder.titles), certificate, moment, header.place)


def _certificate(container: bytes, thing: str) -> bytes:
    """The one certificate in a signature, which must be in the one form that Comity writes. Raises `Malformed`."""
    signing.require()
    from asn1crypto import cms  # type: ignore[import-untyped]  # noqa: PLC0415 -- an optional extra

    try:
        data: Any = cms.ContentInfo.load(container, strict=True)["content"]
        info = data["signer_infos"][0]
        der: bytes = data["certificates"][0].chosen.dump()
        again = signing.container(info["signed_attrs"].untag().dump(), info["signature"].native, der)
    except ComityError:
        raise
    except Exception as error:  # the parser raises whatever its reading runs into
        raise Malformed(thing, f"is not a CMS signature: {error}") from error
    if again != container:
        raise Malformed(thing, "is not written in the one form that papers are signed in")
    return der
