"""What is appended to a paper's file: one form, read without a PDF parser, and nothing else taken for it.

Seen to fail: with an increment's length not checked against the file, and with a dictionary's old entry left in.
"""

from __future__ import annotations

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.papers.desk import signed, unsigned

from comity.core.errors import Malformed
from comity.papers import increments
from comity.papers.increments import (
    BundleHeader,
    File,
    SignatureHeader,
    append,
    dictionary_with,
    opened,
    split,
)


def base() -> bytes:
    end, _ = split(unsigned())
    return unsigned()[:end]


def test_a_file_is_parted_where_it_was_appended_to() -> None:
    """Every byte belongs to the typeset beginning or to one increment."""
    raw = signed("TUR", "IRQ")
    end, parts = split(raw)
    assert [type(part.header) for part in parts] == [BundleHeader, SignatureHeader, SignatureHeader]
    assert [part.start for part in parts] == [end, *(part.end for part in parts[:-1])]
    assert parts[-1].end == len(raw)
    assert split(raw[:end]) == (end, [])


def test_what_is_appended_is_an_incremental_update_that_readers_follow() -> None:
    """The newest objects stand in the newest table, which points to the one before."""
    file = opened(base())
    one = append(file, BundleHeader("", "x"), {file.size: b"<</A 1>>", file.root: file.text(file.root)})
    assert one.raw.startswith(file.raw)
    assert one.text(file.size) == b"<</A 1>>"
    assert b"/Prev %d>>" % file.xref in one.raw
    again = append(one, BundleHeader("", "x"), {one.size: b"<</B 2>>"})
    assert b"/Prev %d>>" % one.xref in again.raw
    assert again.text(one.size) == b"<</B 2>>"
    assert append(file, BundleHeader("", "x"), {file.size: b"1"}) == append(
        file, BundleHeader("", "x"), {file.size: b"1"}
    )


def test_the_table_has_one_entry_of_twenty_bytes_for_each_object() -> None:
    """Neighbours stand in one section (ISO 32000-1, 7.5.4)."""
    file = opened(base())
    made = append(file, BundleHeader("", "x"), {3: b"1", 4: b"2", file.size + 1: b"3"})
    table = made.raw[made.xref : made.raw.rindex(b"trailer")]
    assert table.startswith(b"xref\n3 2\n")
    assert b"\n%d 1\n" % (file.size + 1) in table
    for number in (3, 4, file.size + 1):
        assert b"%010d 00000 n \n" % made.offsets[number] in table
        assert made.raw[made.offsets[number] :].startswith(b"%d 0 obj\n" % number)


@pytest.mark.parametrize(
    "wrong",
    [
        b'\n%comity {"length":"12","made_with":"x","revision":"bundle"}\n',
        b'\n%comity {"length":"9999999999","made_with":"x","revision":"bundle"}\n',
        b'\n%comity {"length":"0000000001","made_with":"x","revision":"bundle"}\n',
        b'\n%comity {"length":"0000000100","made_with":"x","revision":"other"}\n',
        b'\n%comity {"made_with":"x","length":"0000000100","revision":"bundle"}\n',
        b"\n%comity {}\n",
        b"\n%comity {not json\n}\n",
    ],
)
def test_a_first_line_of_another_form_is_malformed_or_no_increment(wrong: bytes) -> None:
    raw = base() + wrong + b"%%EOF\n"
    try:
        _, parts = split(raw)
    except Malformed:
        return
    assert parts == []


@given(st.binary(max_size=400))
def test_bytes_that_are_no_paper_raise_nothing_but_malformed(raw: bytes) -> None:
    """Whatever they are."""
    for read in (split, opened):
        try:
            read(raw)
        except Malformed:
            pass
        except Exception as error:  # noqa: BLE001 -- that is what is tested
            pytest.fail(repr(error))


@given(st.data())
def test_a_damaged_file_raises_nothing_but_malformed(data: st.DataObject) -> None:
    """Also where its table or its trailer lies."""
    raw = base()
    at = data.draw(st.integers(len(raw) - 900, len(raw) - 1))
    raw = raw[:at] + data.draw(st.binary(max_size=3)) + raw[at + data.draw(st.integers(0, 3)) :]
    with suppress(Malformed):
        file = opened(raw)
        file.text(file.root)
        file.last_page()


def test_pages_that_lead_round_in_a_circle_are_malformed() -> None:
    """A hostile file must not make us walk for ever; nor one whose page tree is empty."""
    file = opened(base())
    pages = int(re.findall(rb"/Pages (\d+) 0 R", file.text(file.root))[0])
    for kids in (b"%d 0 R" % pages, b""):
        looped = append(file, BundleHeader("", "x"), {pages: b"<</Type/Pages/Count 1/Kids[%s]>>" % kids})
        with pytest.raises(Malformed):
            looped.last_page()


def test_an_object_that_is_not_where_the_table_says_is_malformed() -> None:
    file = opened(base())
    with pytest.raises(Malformed):
        file.text(9999)
    moved = File(
        file.raw, {**file.offsets, file.root: 5}, file.size, file.root, file.info, file.id, file.xref
    )
    with pytest.raises(Malformed):
        moved.text(file.root)
    with pytest.raises(Malformed):
        file.stream(file.root)


def test_an_entry_takes_the_place_of_the_one_that_was_there() -> None:
    """A dictionary with two entries of a name is read differently by different readers."""
    said = b"<</Type/Page/Annots[1 0 R 2 0 R]/Contents 3 0 R>>"
    assert dictionary_with(said, {b"Annots": b"[9 0 R]"}) == b"<</Type/Page/Contents 3 0 R/Annots[9 0 R]>>"
    assert dictionary_with(said, {b"Contents": b" 4 0 R"}).count(b"/Contents") == 1
    with pytest.raises(Malformed):
        dictionary_with(b"[1 2]", {b"A": b" 1"})


def test_links_on_the_signing_page_stay_beside_the_signatures() -> None:
    """Where a page had annotations, a signature is added to them."""
    file = opened(base())
    page = file.last_page()
    linked = append(
        file, BundleHeader("", "x"), {page: dictionary_with(file.text(page), {b"Annots": b"[7 0 R]"})}
    )
    stamp = opened(base())
    entries = {"Type": b"/Sig", "M": b"(D:20240815000000Z)"}
    objects, field = increments.signature_objects(linked, (0, 0, 10, 10), entries, stamp, b"", ())
    assert b"/Annots[7 0 R %d 0 R]" % field in objects[page]
    more = append(linked, BundleHeader("", "x"), objects)
    objects, other = increments.signature_objects(more, (0, 0, 10, 10), entries, stamp, b"", (field,))
    assert b"/Annots[7 0 R %d 0 R %d 0 R]" % (field, other) in objects[page]
    assert objects[file.root].count(b"/AcroForm") == 1


def test_text_is_written_so_that_every_letter_fits() -> None:
    assert increments.string("İ") == b"<FEFF0130>"
    assert increments.string("") == b"<FEFF>"
