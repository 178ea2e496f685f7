"""Signing a paper: one increment a party, each in its own time, as PAdES (ETSI EN 319 142-1, level B-B).

    file = bundle.made(record, paper)                                    # typeset, with its proofs
    file = sign(file, paper, Signer("TUR", "defence", ...), [])          # Türkiye signs that file
    file = sign(file, paper, Signer("IRQ", "foreign-minister", ...), [47])   # Iraq signs the signed one

The increment's bytes follow from the file before it, the header, the stamp and the certificate, all but the signature
itself. That is how a reader checks them (`comity.papers.verifying`). pyHanko makes the signature's container; it is
taken only in the one form that is written here too (`container`), so nothing in it is left to chance.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from importlib import import_module
from typing import Any, NamedTuple

from comity.core.act import Names
from comity.core.errors import Malformed, Unavailable
from comity.papers import increments, stamp
from comity.papers.certificates import Certificate, fingerprint
from comity.papers.increments import File, SignatureHeader
from comity.papers.paper import Paper

__all__ = ["Placed", "Signer", "Who", "container", "place", "require", "sign"]

_ROOM = 1024  # bytes of a container beside its certificate: at most some 500 are used


class Who(NamedTuple):
    """Who signs, and what the paper shows of it: party, office with its titles, certificate, time and place."""

    party: str
    office: str
    titles: Names
    certificate: Certificate
    time: datetime
    place: str = ""


class Signer(NamedTuple):
    """Who signs, and the private key: a function from bytes to their signature (ECDSA with SHA-256, in DER)."""

    who: Who
    sign: Callable[[bytes], bytes]


class Placed(NamedTuple):
    """A file with a signature's increment: where the container stands (`<` and `>` not counted), the field's number."""

    file: File
    start: int
    end: int
    field: int

    @property
    def digest(self) -> bytes:
        """What is signed: SHA-256 over everything but the container, with the signs around it."""
        raw = self.file.raw
        return hashlib.sha256(raw[: self.start - 1] + raw[self.end + 1 :]).digest()

    def filled(self, signed: bytes) -> File:
        """The file with the container put in."""
        room = (self.end - self.start) // 2
        if len(signed) > room:
            raise Malformed("signature", f"is {len(signed)} bytes long; there is room for {room}")
        raw = self.file.raw
        written = signed.hex().encode().ljust(self.end - self.start, b"0")
        return self.file._replace(raw=raw[: self.start] + written + raw[self.end :])


def sign(file: File, paper: Paper, signer: Signer, fields: Sequence[int], proof: bytes = b"") -> File:
    """The file with one more signature. `fields` are the field numbers of those before. Raises `Unavailable`."""
    placed = place(file, paper, signer.who, fields, proof)
    return placed.filled(_signed(placed.digest, signer))


def place(file: File, paper: Paper, who: Who, fields: Sequence[int], proof: bytes = b"") -> Placed:
    """The increment of a signature with an empty container. The same arguments give the same bytes."""
    moment = who.time.astimezone(UTC).replace(microsecond=0)
    written = moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    seal = stamp.Seal(who.party, who.titles, written, who.place, fingerprint(who.certificate.der))
    drawn = increments.opened(stamp.stamp(paper, seal))
    room = 2 * (len(who.certificate.der) + _ROOM)
    titles = who.titles.get("en") or next(iter(who.titles.values()), who.office)
    entries = {
        "Type": b"/Sig",
        "Filter": b"/Adobe.PPKLite",
        "SubFilter": b"/ETSI.CAdES.detached",
        "ByteRange": b"[" + b" " * 40 + b"]",
        "Contents": b"<" + b"0" * room + b">",
        "M": moment.strftime("(D:%Y%m%d%H%M%SZ)").encode(),
        "Name": increments.string(f"{titles} ({who.party})"),
        "Reason": increments.string(f"{paper.sort} {paper.ref}, SHA-256 {paper.digest}"),
    }
    if who.place:
        entries["Location"] = increments.string(who.place)
    box = stamp.box_of(paper, who.party)
    objects, field = increments.signature_objects(file, box, entries, drawn, proof, fields)
    header = SignatureHeader("", who.office, who.party, who.place, len(proof), written)
    made = increments.append(file, header, objects)
    return _ranged(made, made.offsets[field - 1], room, field)


def _ranged(file: File, at: int, room: int, field: int) -> Placed:
    """The file with the range of signed bytes written in, once it is known where the container stands."""
    hole, opening = b"/ByteRange[" + b" " * 40 + b"]", b"/Contents<"
    ranged = file.raw.index(hole, at) + len(b"/ByteRange[")
    start = file.raw.index(opening, at) + len(opening)
    after = start + room + 1
    numbers = b"0 %d %d %d" % (start - 1, after, len(file.raw) - after)
    raw = file.raw[:ranged] + numbers.ljust(40) + file.raw[ranged + 40 :]
    return Placed(file._replace(raw=raw), start, start + room, field)


# -------------------------------------------------------------------------------------- the container (CMS)


def require() -> None:
    """Raise `Unavailable` unless what signs and validates PDF is installed."""
    try:
        import_module("pyhanko.sign.signers.pdf_cms")
        import_module("pyhanko.sign.validation")
    except ImportError as error:
        raise Unavailable("pyHanko", "is not installed: pip install 'comity[papers]'") from error


def _signed(digest: bytes, signer: Signer) -> bytes:
    """The signature's container, made by pyHanko, in the one form that `container` writes."""
    require()
    import asyncio  # noqa: PLC0415 -- only where something is signed

    from asn1crypto import x509  # type: ignore[import-untyped]  # noqa: PLC0415 -- an optional extra
    from pyhanko.sign.signers.pdf_cms import PdfCMSSignedAttributes  # noqa: PLC0415 -- the same
    from pyhanko.sign.signers.pdf_cms import Signer as Pades  # noqa: PLC0415 -- the same

    class WithKey(Pades):
        """pyHanko's signer over a key of the node."""

        async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
            del digest_algorithm, dry_run
            return signer.sign(data)

    pades = WithKey(signing_cert=x509.Certificate.load(signer.who.certificate.der))
    settings = PdfCMSSignedAttributes(signing_time=None)
    made = asyncio.run(pades.async_sign(digest, "sha256", use_pades=True, signed_attr_settings=settings))
    raw: bytes = made.dump()
    info = made["content"]["signer_infos"][0]
    if (
        container(info["signed_attrs"].untag().dump(), info["signature"].native, signer.who.certificate.der)
        != raw
    ):
        raise Unavailable(
            "pyHanko", "writes signatures in another form than this program reads: take another version"
        )
    return raw


def container(attributes: bytes, signature: bytes, certificate: bytes) -> bytes:
    """The CMS structure (RFC 5652) of a signature with one certificate: nothing in it can be chosen but these three.

    `attributes` is the DER of the signed attributes, as a SET.
    """
    from asn1crypto import cms, x509  # noqa: PLC0415 -- an optional extra

    held = x509.Certificate.load(certificate)
    info = {
        "version": "v1",
        "sid": cms.SignerIdentifier(
            "issuer_and_serial_number",
            {"issuer": held.issuer, "serial_number": held.serial_number},
        ),
        "digest_algorithm": {"algorithm": "sha256"},
        "signed_attrs": cms.CMSAttributes.load(attributes),
        "signature_algorithm": {"algorithm": "sha256_ecdsa"},
        "signature": signature,
    }
    data = {
        "version": "v1",
        "digest_algorithms": [{"algorithm": "sha256"}],
        "encap_content_info": {"content_type": "data"},
        "certificates": [held],
        "signer_infos": [info],
    }
    made: Any = cms.ContentInfo({"content_type": "signed_data", "content": cms.SignedData(data)})
    return bytes(made.dump())
