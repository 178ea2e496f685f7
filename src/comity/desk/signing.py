"""Certificates of offices, and signatures on papers: for the terminal, the pages and programs alike.

    named = certify(record, node.keys, "defence", None, now)        its key and certificate are made, and it is named
    signed = sign(record, node.keys, Ref("TUR", 4), ("en", "tr"), "defence", "Ankara", now=now)
    signed.raw                                                      the PDF; `signed.ref` said it in the record

Instruments are signed in the record. Minutes and reports are files that people hand on, and the record knows nothing of
their signatures. An officer's document key may lie under a passphrase of its own, as signing keys do (`Held`).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol

from comity.accounts import Accounts, Person
from comity.chapters.instruments import originals
from comity.chapters.instruments.powers import check_powers
from comity.core import charter as charters
from comity.core.act import Ref
from comity.core.chains import unb64_any
from comity.core.chapter import Office
from comity.core.errors import Malformed, Refused
from comity.core.keys import DOCUMENT, Signer, b64, key_id
from comity.node import showing
from comity.node.keystore import DocumentKey, KeyStore
from comity.node.record import Draft, Once, Record, Said
from comity.papers import assembling, bundle, certificates, subjects
from comity.papers.certificates import Certificate
from comity.papers.dates import has_signed
from comity.papers.paper import Paper

__all__ = [
    "Brought",
    "Certified",
    "Held",
    "Keys",
    "Prepared",
    "Signed",
    "begun",
    "certified",
    "certify",
    "consented",
    "document_key",
    "prepared",
    "sign",
    "signed_in_record",
    "subject",
]

CERTIFIED, SIGNED = "charter.certificate_named/1", assembling.SIGNED


class Keys(Protocol):
    """Where private keys are: a `KeyStore`, or one that opens them for an officer."""

    def signer(self, public: str) -> Signer:
        """What signs with the key whose public half this is. Raises `Unavailable` or `Refused`."""

    def document(self, point: bytes) -> DocumentKey:
        """What signs papers with the key of a certificate. Raises `Unavailable` or `Refused`."""

    def put(self, key: DocumentKey) -> None:
        """Keep a key. Raises `Unavailable` or `Refused`."""


class Held:
    """The node's keys in the hands of one person, with the passphrases that they typed.

    passphrase: of the office's signing key, or the root key. document_passphrase: of the key with which papers are
    signed; one that is kept is put under it, where it was given. `trying` says which of the two was used last.
    """

    trying = "passphrase"

    def __init__(
        self, accounts: Accounts, person: Person, keys: KeyStore, passphrase: str = "", document_passphrase: str = "",
        address: str = "",
    ) -> None:  # fmt: skip
        self._accounts, self._person, self._keys, self._address = accounts, person, keys, address
        self._passphrase, self._document_passphrase = passphrase, document_passphrase

    def signer(self, public: str) -> Signer:
        """A key for one signature; see `Accounts.signer`."""
        self.trying = "passphrase"
        return self._accounts.signer(self._person, self._keys, public, self._passphrase, self._address)

    def document(self, point: bytes) -> DocumentKey:
        """A document key for one paper, with the same limit on wrong passphrases."""
        self.trying = "document_passphrase"
        public = document_key(point)
        if not self._keys.asks(public):
            return self._keys.document(point)
        if not self._document_passphrase:
            raise Refused("passphrase_needed")
        with self._accounts.opening(self._person, public, self._address):
            return self._keys.document(point, self._document_passphrase)

    def put(self, key: DocumentKey) -> None:
        """Keep a document key, under the passphrase that its officer chose, or as the node keeps its keys."""
        self._keys.put(key, passphrase=self._document_passphrase)


def document_key(point: bytes) -> str:
    """The typed public key of a certificate."""
    return f"{DOCUMENT}:{b64(point)}"


# --------------------------------------------------------------------------------------- certificates


class Brought(NamedTuple):
    """A certificate from a ministry's own authority with its private key: two files, and what errors call them."""

    certificate: bytes
    private_key: bytes
    passphrase: str = ""
    called: tuple[str, str] = ("certificate", "private key")


class Certified(NamedTuple):
    """A certificate that was named, by which act; `key`: the identifier of its key; `sha256`: its fingerprint."""

    ref: Ref
    office: str
    subject: str
    sha256: str
    key: str
    until: date


def certify(
    record: Record,
    keys: Keys,
    office: str,
    brought: Brought | None,
    now: datetime,
    *,
    clock_checked: bool = False,
    once: Once | None = None,
) -> Certified:
    """Name a certificate for an office: made here, or brought. Its key is kept before it is named.

    Raises `Refused`; `Malformed` where what was brought is none, or its key is another's; `Unavailable`.
    """
    before = record.said_before(once) if once is not None else None
    if before is not None:
        return certified(before)
    key, der = _made(record, office, now) if brought is None else _read(brought)
    draft = Draft(
        CERTIFIED,
        charters.CertificateNamed(office, b64(der)),
        charters.ROOT,
        Ref(record.party, 0),
        (),
        "",
        keys.signer(record.charter.card(record.party).root[0]),
        None,
        clock_checked,
    )
    record.check_draft(draft)
    keys.put(key)
    return certified(record.say(draft, once))


def certified(said: Said) -> Certified:
    """What an act that names a certificate says. Raises `Malformed`."""
    body: Any = said.act.body
    read = certificates.read(unb64_any(body.certificate, "certificate"))
    return Certified(
        said.ref,
        body.office,
        read.subject,
        certificates.fingerprint(read.der),
        key_id(document_key(read.point)),
        read.until.date(),
    )


def subject(record: Record, office: str) -> tuple[str, str]:
    """The party's name and the office's title, as a certificate that is made here has them. Raises `Refused`."""
    party, title = (
        names.get("en") or next(iter(names.values()))
        for names in (record.charter.card(record.party).names, _office(record, office).titles)
    )
    return party, title


def _made(record: Record, office: str, now: datetime) -> tuple[DocumentKey, bytes]:
    key = DocumentKey.generate()
    return key, certificates.make(key.private, *subject(record, office), now)


def _read(brought: Brought) -> tuple[DocumentKey, bytes]:
    of_certificate, of_key = brought.called
    read = certificates.read_pem(brought.certificate, of_certificate)
    key = DocumentKey(certificates.read_private(brought.private_key, brought.passphrase, of_key))
    if key.public != document_key(read.point):
        raise Malformed(of_key, "is not the key of the certificate")
    return key, read.der


def _office(record: Record, office: str) -> Office:
    with record.reading():
        held = record.folds.offices(record.party, record.ready).get(office)
    if held is None or office == charters.ROOT:
        raise Refused("office_not_held", office=office, party=record.party)
    return held


# -------------------------------------------------------------------------------------------- signing


class Prepared(NamedTuple):
    """A paper that an office may sign. `paper` is None where the file that was handed on says what it is.

    `in_record`: the signature is said in the record, and signed with the office's own key too.
    """

    docket: Ref
    sort: str
    officer: Office
    certificate: Certificate
    paper: Paper | None
    in_record: bool


class Signed(NamedTuple):
    """A paper with one more signature. `ref` said so, or None for a file that people hand on.

    `consented`: our party has said in the record that it is bound, or it is no paper that binds.
    """

    ref: Ref | None
    raw: bytes
    consented: bool


def signed_in_record(record: Record, reference: Ref) -> bool:
    """Whether the paper that a reference means is signed in the record; else it is a file that people hand on."""
    return subjects.sort_of(record, _docket(record, reference)) == "instrument"


def begun(record: Record, reference: Ref) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The languages in which a paper is signed so far, or else would be; and who signed it. Raises `Refused`."""
    docket = _docket(record, reference)
    paper = subjects.paper_of(record, reference, docket)
    if subjects.sort_of(record, docket) == "instrument":
        with record.reading():
            rows = originals.files(record.folds.view(docket), str(docket))
        if rows:
            return tuple(rows[0].acts[-1].body.languages), rows[0].parties
    return tuple(paper.languages), ()


def prepared(
    record: Record, reference: Ref, languages: Sequence[str], office: str, on: date, *, handed: bool = False
) -> Prepared:
    """What would be signed by whom on a day; nothing is opened, and nothing typeset. `handed`: a file was handed on.

    Raises `Refused` for an office without a certificate, a key or full powers, and where there is no paper.
    """
    docket = _docket(record, reference)
    sort = subjects.sort_of(record, docket)
    officer = _office(record, office)
    certificate = assembling.certificate_for(record, office)
    paper = None if handed else subjects.paper_of(record, reference, docket, languages)
    in_record = sort == "instrument" and not handed
    if sort == "instrument":
        if in_record and not officer.key:
            raise Refused("office_keyless", office=office)
        with record.reading():
            check_powers(officer, record.folds.half(record.party, record.ready).powers, str(docket), on)
    return Prepared(docket, sort, officer, certificate, paper, in_record)


def sign(
    record: Record,
    keys: Keys,
    reference: Ref,
    languages: Sequence[str],
    office: str,
    place: str,
    over: bytes | None = None,
    *,
    now: datetime,
    afresh: bool = False,
    clock_checked: bool = False,
    once: Once | None = None,
) -> Signed:
    """Sign a paper for an office. over: the file as it was handed on. afresh: whatever others have signed.

    Raises `Refused`, `Malformed` and `Broken` where the file is not this paper or does not verify, `Unavailable`.
    """
    before = record.said_before(once) if once is not None else None
    if before is not None:
        docket = _docket(record, reference)
        raw = assembling.assemble(record, docket, languages)
        return Signed(before.ref, raw, consented(record, docket))
    known = prepared(record, reference, languages, office, now.date(), handed=over is not None)
    document = keys.document(known.certificate.point)
    pen = assembling.Pen(office, known.certificate, document.sign, now, place)
    if not known.in_record:
        raw = bundle.made(record, known.paper).raw if known.paper is not None else over or b""
        subjects.require_about(raw, record, reference, known.docket)
        return Signed(None, assembling.append_signature(record, raw, pen), consented(record, known.docket))
    signed = assembling.sign_in_record(
        record,
        known.docket,
        languages,
        pen,
        keys.signer(known.officer.key),
        afresh=afresh,
        clock_checked=clock_checked,
        once=once,
    )
    return Signed(signed.ref, signed.raw, consented(record, known.docket))


def consented(record: Record, docket: Ref) -> bool:
    """Whether our party has also signed in the record, which is what binds; of what binds nobody, always."""
    if subjects.sort_of(record, docket) != "instrument":
        return True
    with record.reading():
        return has_signed(record.folds.view(docket), record.party)


def _docket(record: Record, reference: Ref) -> Ref:
    return showing.docket_of(record, reference)
