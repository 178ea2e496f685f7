"""Our list of what PDF/A-2b asks finds what is wrong with a file: every entry has been seen to fail."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from tests.papers import made
from tests.papers.pdfa import _pages, faults

from comity.papers.typeset import typeset

GOOD = typeset(made.instrument(made.text({"en": "Latin", "ar": "عربي"})))


def test_a_good_file_has_no_faults() -> None:
    assert faults(GOOD) == []


@pytest.mark.parametrize(
    ("old", "new", "clause"),
    [
        (b"%PDF-1.7", b"%PDF-2.0", "6.1.2"),
        (GOOD[8:16], b"\n%abcdef", "6.1.2"),
        (b"%%EOF", b"%%EOF\nmore", "6.1.3"),
        (b"/ID[", b"/IE[", "6.1.3"),
        (b"<pdfaid:part>2<", b"<pdfaid:part>3<", "6.6.4"),
        (b"<pdfaid:conformance>B<", b"<pdfaid:conformance>A<", "6.6.4"),
        (b'<?xpacket begin="\xef\xbb\xbf" id', b'<?xpacket bytes="\xef\xbb\xbf" id', "6.6.2.1"),
        (b"/Keywords(comity", b"/Keywords(Comity", "6.1.5"),
        (b"/CreationDate(D:2024", b"/CreationDate(D:2025", "6.1.5"),
        (b"/OutputIntents", b"/OutputIntentz", "6.2.3"),
        (b"/S/GTS_PDFA1", b"/S/GTS_PDFX1", "6.2.3"),
        (b"/OutputConditionIdentifier", b"/OutputConditionIdentifies", "6.2.3"),
        (b"/N 3", b"/N 4", "6.2.4.2"),
        (b"/FontFile2", b"/FontFileX", "6.2.11.4"),
        (b"/ToUnicode", b"/ToUnicodX", "6.2.11.7"),
        (b"/CIDToGIDMap", b"/CIDToGIDMaq", "6.2.11.3.2"),
        (b"/Encoding/Identity-H", b"/Encoding/Identity-V", "6.2.11.3"),
    ],
    ids=str,
)
def test_a_fault_in_the_bytes_is_found(old: bytes, new: bytes, clause: str) -> None:
    assert old in GOOD
    bad = GOOD.replace(old, new)
    if len(old) != len(new):
        assert clause == "6.1.3"
    assert any(fault.startswith(clause) for fault in faults(bad))


def changed(change: Callable[[IncrementalPdfFileWriter, Any], None]) -> list[str]:
    """The faults of the file after a change of its objects, written behind it."""
    writer = IncrementalPdfFileWriter(io.BytesIO(GOOD))
    change(writer, next(_pages(PdfFileReader(io.BytesIO(GOOD)))))
    out = io.BytesIO()
    writer.write(out)
    return faults(out.getvalue())


def action(writer: IncrementalPdfFileWriter, _: Any) -> None:
    run = {pdf_name("/Type"): pdf_name("/Action"), pdf_name("/S"): pdf_name("/JavaScript")}
    run[pdf_name("/JS")] = generic.pdf_string("app.alert(1)")
    writer.root[pdf_name("/OpenAction")] = generic.DictionaryObject(run)
    writer.update_root()


def attached(writer: IncrementalPdfFileWriter, _: Any) -> None:
    writer.root[pdf_name("/Names")] = generic.DictionaryObject(
        {pdf_name("/EmbeddedFiles"): generic.DictionaryObject({})}
    )
    writer.update_root()


def form(writer: IncrementalPdfFileWriter, _: Any) -> None:
    fields = {
        pdf_name("/NeedAppearances"): generic.BooleanObject(value=True),
        pdf_name("/XFA"): generic.ArrayObject([]),
    }
    writer.root[pdf_name("/AcroForm")] = generic.DictionaryObject(fields)
    writer.update_root()


def layers(writer: IncrementalPdfFileWriter, _: Any) -> None:
    writer.root[pdf_name("/OCProperties")] = generic.DictionaryObject({})
    writer.update_root()


def annotation(**more: Any) -> Callable[[IncrementalPdfFileWriter, Any], None]:
    def put(writer: IncrementalPdfFileWriter, page: Any) -> None:
        rect = generic.ArrayObject([generic.NumberObject(number) for number in (100, 100, 200, 200)])
        one = {
            pdf_name("/Type"): pdf_name("/Annot"),
            pdf_name("/Subtype"): pdf_name("/Widget"),
            pdf_name("/Rect"): rect,
        }
        one |= {pdf_name(f"/{name}"): said for name, said in more.items()}
        page[pdf_name("/Annots")] = generic.ArrayObject([writer.add_object(generic.DictionaryObject(one))])
        writer.mark_update(page.container_ref)

    return put


def content(data: bytes, **resources: Any) -> Callable[[IncrementalPdfFileWriter, Any], None]:
    def put(writer: IncrementalPdfFileWriter, page: Any) -> None:
        more = writer.add_object(generic.StreamObject(stream_data=data))
        old = page.raw_get("/Contents")
        page[pdf_name("/Contents")] = generic.ArrayObject([old, more])
        for name, said in resources.items():
            page["/Resources"][pdf_name(f"/{name}")] = said
            writer.mark_update(page.raw_get("/Resources").reference)
        writer.mark_update(page.container_ref)

    return put


def state(**said: Any) -> generic.DictionaryObject:
    made_state = generic.DictionaryObject({pdf_name(f"/{name}"): value for name, value in said.items()})
    return generic.DictionaryObject({pdf_name("/g0"): made_state})


def small(writer: IncrementalPdfFileWriter, page: Any) -> None:
    page[pdf_name("/MediaBox")] = generic.ArrayObject([generic.NumberObject(n) for n in (0, 0, 2, 2)])
    writer.mark_update(page.container_ref)


def outside(writer: IncrementalPdfFileWriter, _: Any) -> None:
    stream = generic.StreamObject({pdf_name("/F"): generic.pdf_string("/etc/passwd")}, stream_data=b"")
    writer.root[pdf_name("/Extra")] = writer.add_object(stream)
    writer.update_root()


PRINTED = generic.NumberObject(4)


@pytest.mark.parametrize(
    ("change", "clause"),
    [
        (action, "6.5.1"),
        (attached, "6.8"),
        (form, "6.4.1"),
        (form, "6.4.2"),
        (layers, "6.9"),
        (outside, "6.1.7.1"),
        (small, "6.1.13"),
        (annotation(), "6.3.2"),
        (annotation(F=generic.NumberObject(6)), "6.3.2"),
        (annotation(F=PRINTED), "6.3.3"),
        (annotation(F=PRINTED, Subtype=pdf_name("/Movie")), "6.3.1"),
        (annotation(F=PRINTED, A=generic.DictionaryObject({})), "6.4.1"),
        (content(b"0 0 0 1 k 0 0 10 10 re f"), "6.2.4.3"),
        (content(b"q " * 29 + b"Q " * 29), "6.1.13"),
        (content(b"/secret paint"), "6.2.2"),
        (content(b"BT /f99 9 Tf <0001> Tj ET"), "6.2.2"),
        (content(b"BT /f0 9 Tf <0000> Tj ET"), "6.2.11.8"),
        (content(b"BT /f0 9 Tf (\\377\\376) Tj ET"), "6.2.11.7"),
        (content(b"/g0 gs", ExtGState=state(BM=pdf_name("/Multiply"))), "6.2.10"),
        (content(b"/g0 gs", ExtGState=state(CA=generic.FloatObject("0.5"))), "6.2.10"),
        (content(b"/g0 gs", ExtGState=state(TR=pdf_name("/Identity"))), "6.2.5"),
        (
            content(b"", ColorSpace=generic.DictionaryObject({pdf_name("/c0"): pdf_name("/DeviceCMYK")})),
            "6.2.4",
        ),
    ],
)
def test_a_fault_in_the_objects_is_found(
    change: Callable[[IncrementalPdfFileWriter, Any], None], clause: str
) -> None:
    assert any(fault.startswith(f"{clause} ") for fault in changed(change))


def test_an_update_that_adds_nothing_wrong_has_no_faults() -> None:
    assert changed(content(b"q Q")) == []
