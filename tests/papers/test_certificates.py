"""Certificates that sign papers: made for an office and no person, or brought from a ministry's own authority.

Seen to fail: with the key's curve not looked at, and with a certificate for encryption let through.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st
from tests.papers.desk import certificate, document_key

from comity.core.errors import Malformed
from comity.papers.certificates import LIMIT, fingerprint, make, read, read_pem, read_private

NOON = datetime(2024, 8, 15, 12, tzinfo=UTC)


def another(key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey, **usage: bool) -> bytes:
    """A certificate that an authority of another mind made."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Authority")])
    built = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    built = built.serial_number(1).not_valid_before(NOON).not_valid_after(NOON + timedelta(days=1))
    if usage:
        no = dict.fromkeys(("digital_signature", "content_commitment", "key_encipherment", "data_encipherment",
                            "key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"), False)  # fmt: skip
        built = built.add_extension(x509.KeyUsage(**{**no, **usage}), critical=True)
    return built.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)


def test_a_certificate_is_made_for_an_office_and_is_good_for_thirty_years() -> None:
    """Signed by itself; long titles are cut to what X.520 allows."""
    private = document_key("x").private
    found = read(make(private, "Republic of Türkiye", "Minister " * 20, NOON))
    assert found.subject.startswith("CN=Minister")
    assert "O=Republic of Türkiye" in found.subject
    assert found.since <= NOON <= found.until
    assert (found.until - found.since).days == 365 * 30
    assert found.point == private.public_key().public_bytes(
        Encoding.X962,
        PublicFormat.UncompressedPoint,
    )
    assert len(fingerprint(found.der)) == 64


def test_what_cannot_sign_papers_is_malformed_and_says_why() -> None:
    """Another curve, another kind of key, a certificate for encryption, too large, bytes behind it, none at all."""
    good = certificate("TUR minister")
    p384, other = ec.generate_private_key(ec.SECP384R1()), rsa.generate_private_key(65537, 2048)
    for der, said in (
        (another(p384), "P-256"),
        (another(other), "P-256"),
        (another(document_key("x").private, key_encipherment=True), "not for signatures"),
        (good + b"\0", "is not an X.509"),
        (b"", "is not an X.509"),
        (b"0" * 300, "is not an X.509"),
        (bytes(LIMIT + 1), "at most"),
    ):
        with pytest.raises(Malformed, match=said):
            read(der)
    assert read(another(document_key("x").private)).subject == "CN=Authority"
    assert read(another(document_key("x").private, content_commitment=True))


@given(st.data())
def test_a_damaged_certificate_raises_nothing_but_malformed(data: st.DataObject) -> None:
    good = certificate("TUR minister")
    at = data.draw(st.integers(0, len(good) - 1))
    try:
        read(good[:at] + bytes([good[at] ^ data.draw(st.integers(1, 255))]) + good[at + 1 :])
    except Malformed:
        pass
    except Exception as error:  # noqa: BLE001 -- that is what is tested
        pytest.fail(repr(error))


def test_pem_and_der_are_read_alike() -> None:
    der = certificate("TUR minister")
    pem = x509.load_der_x509_certificate(der).public_bytes(Encoding.PEM)
    assert read_pem(pem) == read_pem(der) == read(der)
    with pytest.raises(Malformed):
        read_pem(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")


@pytest.mark.parametrize("encoding", [Encoding.PEM, Encoding.DER])
def test_a_private_key_is_read_with_its_passphrase_and_not_without(encoding: Encoding) -> None:
    private = document_key("x").private
    plain = private.private_bytes(encoding, PrivateFormat.PKCS8, NoEncryption())
    sealed = private.private_bytes(encoding, PrivateFormat.PKCS8, BestAvailableEncryption(b"sesame"))
    number = private.private_numbers().private_value
    assert read_private(plain).private_numbers().private_value == number
    assert read_private(sealed, "sesame").private_numbers().private_value == number
    for raw, passphrase in (
        (plain, "sesame"),
        (sealed, ""),
        (sealed, "other"),
        (b"", ""),
        (b"-----BEGIN", ""),
    ):
        with pytest.raises(Malformed):
            read_private(raw, passphrase)
    other = rsa.generate_private_key(65537, 2048).private_bytes(encoding, PrivateFormat.PKCS8, NoEncryption())
    with pytest.raises(Malformed, match="P-256"):
        read_private(other)
