"""Signatures that any reader of PDF takes for valid, in files that stay PDF/A, each made in one way only.

Seen to fail: with the signing time in the CMS too (PAdES forbids it), and with a stamp whose font is not embedded.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

import pytest
from tests.papers.desk import Desk, certificate, document_key, signed, unsigned
from tests.papers.pdfa import faults

from comity.core.errors import Malformed, Unavailable
from comity.papers import increments, signing
from comity.papers.signing import Signer, Who, container
from comity.papers.verifying import read_paper, verify_paper

ORDERS = [("TUR", "IRQ"), ("IRQ", "TUR"), ("JOR", "IRQ", "TUR")]


def pdfsig(file: Path) -> str:
    """What Poppler says. It must be there: a signature that only one library takes for valid is worth little."""
    program = shutil.which("pdfsig")
    if program is None:
        pytest.fail("pdfsig is not installed: apt-get install poppler-utils (`make setup` does it as root)")
    done = subprocess.run([program, str(file)], capture_output=True, text=True, check=True, timeout=60)
    return done.stdout


@pytest.mark.parametrize("order", ORDERS, ids="-".join)
def test_poppler_finds_every_signature_valid(order: tuple[str, ...], tmp_path: Path) -> None:
    """An earlier one over its revision, the last one over the whole document."""
    file = tmp_path / "signed.pdf"
    file.write_bytes(signed(*order))
    told = pdfsig(file)
    assert told.count("Signature is Valid.") == len(order)
    assert told.count("Total document signed") == 1
    assert told.count("ETSI.CAdES.detached") == len(order)
    assert told.index("Total document signed") > told.index(f"Signature #{len(order)}")


def test_poppler_sees_a_changed_byte_as_well(tmp_path: Path) -> None:
    """So what it says above means something."""
    raw = bytearray(signed("TUR", "IRQ"))
    raw[2000] ^= 1
    file = tmp_path / "changed.pdf"
    file.write_bytes(raw)
    assert "Signature is Valid." not in pdfsig(file)


@pytest.mark.parametrize("order", ORDERS, ids="-".join)
def test_a_signed_paper_is_pdf_a_still(order: tuple[str, ...]) -> None:
    """Stamps bring their fonts; the bundle is private data, which level 2b allows."""
    assert faults(signed(*order)) == []


@pytest.mark.parametrize("languages", [("ar",), ("en", "ar"), ("en", "tr", "ar")])
def test_a_paper_in_any_columns_can_be_signed(languages: tuple[str, ...]) -> None:
    """Upright or on its side, from the right or from the left."""
    raw = Desk.laid().sign("IRQ", languages=languages)
    assert faults(raw) == []
    assert verify_paper(raw).languages == languages


def test_the_same_signature_is_placed_in_the_same_way_every_time() -> None:
    """All but the container follows from what is known; that is what makes it comparable."""
    read = read_paper(unsigned())
    pen = Desk.laid().pen("TUR")
    who = Who("TUR", "minister", {"en": "Minister"}, pen.certificate, pen.time, "Baghdad")
    one, other = (signing.place(read.file, read.paper, who, ()) for _ in range(2))
    assert one == other
    moved = signing.place(read.file, read.paper, who._replace(place="Ankara"), ())
    assert moved.digest != one.digest
    raw = one.file.raw
    assert one.digest == hashlib.sha256(raw[: one.start - 1] + raw[one.end + 1 :]).digest()
    assert raw[one.start - 1 : one.start] + raw[one.end : one.end + 1] == b"<>"


def test_the_container_is_what_pyhanko_writes_and_holds_nothing_to_choose() -> None:
    """Content type, digest and certificate are signed; the time stands in the file, as PAdES wants it."""
    from asn1crypto import cms

    raw = signed("TUR", "IRQ")
    at = raw.index(b"/Contents<") + len(b"/Contents<")
    written = bytes.fromhex(raw[at : raw.index(b">", at)].decode())
    size = int.from_bytes(written[2:4], "big") + 4
    info = cms.ContentInfo.load(written[:size], strict=True)["content"]["signer_infos"][0]
    assert {one["type"].native for one in info["signed_attrs"]} == {
        "content_type",
        "message_digest",
        "signing_certificate_v2",
    }
    assert info["unsigned_attrs"].native is None
    der = certificate("TUR minister")
    assert container(info["signed_attrs"].untag().dump(), info["signature"].native, der) == written[:size]
    assert set(written[size:]) == {0}


def test_a_signature_too_large_for_its_room_is_malformed() -> None:
    read = read_paper(unsigned())
    pen = Desk.laid().pen("TUR")
    who = Who("TUR", "minister", {"en": "Minister"}, pen.certificate, pen.time)
    placed = signing.place(read.file, read.paper, who, ())
    with pytest.raises(Malformed):
        placed.filled(bytes(10_000))


def test_without_pyhanko_what_to_install_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """Papers are an optional extra."""

    def missing(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(signing, "import_module", missing)
    with pytest.raises(Unavailable, match=r"comity\[papers\]"):
        signing.require()


def test_whoever_signs_in_another_form_than_ours_is_stopped_at_signing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A later pyHanko might write more into the container; then nothing is signed that would not verify."""
    read = read_paper(unsigned())
    pen = Desk.laid().pen("TUR")
    who = Who("TUR", "minister", {"en": "Minister"}, pen.certificate, pen.time)
    monkeypatch.setattr(signing, "container", lambda *_: b"another")
    with pytest.raises(Unavailable, match="another form"):
        signing.sign(read.file, read.paper, Signer(who, document_key("TUR minister").sign), ())


def test_each_signature_has_a_place_of_its_own_on_the_last_page() -> None:
    """As the typeset page has it; nobody stamps over the text."""
    import io

    from pyhanko.pdf_utils.reader import PdfFileReader

    raw = signed("JOR", "IRQ", "TUR")
    read = read_paper(raw)
    from comity.papers.paper import stamp_boxes

    boxes = stamp_boxes(read.paper)
    found = PdfFileReader(io.BytesIO(raw)).embedded_signatures
    for one, party in zip(found, ("JOR", "IRQ", "TUR"), strict=True):
        rect = tuple(float(edge) for edge in one.sig_field["/Rect"])
        assert rect == pytest.approx(boxes[party][1], abs=0.01)
        assert int(one.sig_field["/F"]) & 0b111 == 0b100, "printed, and not hidden"
    assert len(increments.split(raw)[1]) == 4
