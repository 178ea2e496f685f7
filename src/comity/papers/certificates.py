"""Certificates of offices: made by a node for its officer, or brought from a ministry's own authority.

    Subject: O=Republic of Türkiye, CN=Minister of Defence        P-256, for signatures only, 30 years

Readers of PDF know X.509 certificates and not the record's keys, so papers are signed with a key of their own. Nobody
vouches for its certificate but the party, which names it in its charter acts; so it is signed by itself, and names an
office and no person. Keys are ECDSA on P-256: the common readers of PDF do not know Ed25519.
"""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from comity.core.errors import Malformed

__all__ = ["LIMIT", "Certificate", "fingerprint", "make", "read", "read_pem", "read_private"]

LIMIT = 8 * 1024
YEARS = 30
_MOST = 64  # characters in a name's part (X.520, ub-common-name)


class Certificate(NamedTuple):
    """What matters of a certificate: its bytes, the public key as a point, whose it is, and when it is valid."""

    der: bytes
    point: bytes
    subject: str
    since: datetime
    until: datetime


def fingerprint(der: bytes) -> str:
    """SHA-256 of a certificate, in hexadecimal, as readers of PDF show it."""
    return hashlib.sha256(der).hexdigest()


def make(private: ec.EllipticCurvePrivateKey, party: str, office: str, now: datetime) -> bytes:
    """A certificate for that key, signed by itself, in DER: valid from the day before `now` for thirty years."""
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, party[:_MOST]),
            x509.NameAttribute(NameOID.COMMON_NAME, office[:_MOST]),
        ]
    )
    since = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
    usage = x509.KeyUsage(
        digital_signature=True,
        content_commitment=True,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=False,
        crl_sign=False,
        encipher_only=False,
        decipher_only=False,
    )
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(since + timedelta(days=365 * YEARS))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(private.public_key()), critical=False)
        .sign(private, hashes.SHA256())
    )
    return built.public_bytes(serialization.Encoding.DER)


def read(der: bytes, thing: str = "certificate") -> Certificate:
    """A certificate with which papers can be signed. Raises `Malformed`, which says what it lacks."""
    if len(der) > LIMIT:
        raise Malformed(thing, f"is {len(der)} bytes long; at most {LIMIT} are read")
    try:
        found = x509.load_der_x509_certificate(der)
        public = found.public_key()
        subject = found.subject.rfc4514_string()
        usage = _usage(found)
    except Exception as error:  # the library raises many kinds over what a certificate may hold
        raise Malformed(thing, f"is not an X.509 certificate: {error}") from error
    if not isinstance(public, ec.EllipticCurvePublicKey) or not isinstance(public.curve, ec.SECP256R1):
        raise Malformed(thing, "has a key of another kind than ECDSA on P-256, which papers are signed with")
    if usage is not None and not (usage.digital_signature or usage.content_commitment):
        raise Malformed(
            thing, "is not for signatures: its key usage has neither digitalSignature nor nonRepudiation"
        )
    point = public.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)
    return Certificate(der, point, subject, found.not_valid_before_utc, found.not_valid_after_utc)


def _usage(certificate: x509.Certificate) -> x509.KeyUsage | None:
    try:
        return certificate.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound:
        return None


def read_pem(raw: bytes, thing: str = "certificate") -> Certificate:
    """A certificate from PEM (the first one in it) or DER. Raises `Malformed`."""
    if not raw.lstrip().startswith(b"-----BEGIN"):
        return read(raw, thing)
    try:
        found = x509.load_pem_x509_certificate(raw)
    except ValueError as error:
        raise Malformed(thing, f"is not a certificate in PEM: {error}") from error
    return read(found.public_bytes(serialization.Encoding.DER), thing)


def read_private(raw: bytes, passphrase: str = "", thing: str = "private key") -> ec.EllipticCurvePrivateKey:
    """A private key from PEM or DER (PKCS #8 or SEC 1), perhaps under a passphrase. Raises `Malformed`."""
    load = (
        serialization.load_pem_private_key
        if raw.lstrip().startswith(b"-----BEGIN")
        else serialization.load_der_private_key
    )
    try:
        found = load(raw, passphrase.encode() or None)
    except TypeError as error:
        raise Malformed(thing, "is under a passphrase: give it, or it has none and one was given") from error
    except Exception as error:  # the library raises many kinds over what a key file may hold
        raise Malformed(thing, "cannot be read, or not with this passphrase") from error
    if not isinstance(found, ec.EllipticCurvePrivateKey) or not isinstance(found.curve, ec.SECP256R1):
        raise Malformed(thing, "is of another kind than ECDSA on P-256, which papers are signed with")
    return found
