"""Appending to a paper's file: what signers add after the bytes that were typeset, each addition in one form only.

    %PDF-1.7 ... %%EOF                                                 as typeset
    %comity {"length":"0000004821","made_with":"...","revision":"bundle"}
    31 0 obj ... xref ... trailer ... %%EOF                            an increment
    %comity {"length":"0000019554","office":"defence",...}
    34 0 obj ... xref ... trailer ... %%EOF                            another

An increment is an incremental update (ISO 32000-1 section 7.5.6) behind one comment line that says what it is and how
long. Its bytes follow from the file before it and from a few values, so a reader needs no PDF parser to check it: it
makes the increment again, and compares. Only this module writes or reads PDF syntax.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from comity.core import canonical
from comity.core.errors import Malformed

__all__ = [
    "BundleHeader",
    "File",
    "Header",
    "Part",
    "SignatureHeader",
    "append",
    "bundle_objects",
    "dictionary_with",
    "opened",
    "signature_objects",
    "split",
    "stamp_objects",
    "string",
]

START = b"\n%comity "
_MARK = re.compile(rb"%%EOF(?=\n%comity \{)")
_HEAD = re.compile(rb"\n%comity (\{[^\n]{1,4000}\})\n")
_TRAILER = re.compile(
    rb"trailer\n<<(?=[^\n]*/Size (\d+))(?=[^\n]*/Root (\d+) 0 R)(?:[^\n]*/Info (\d+) 0 R)?"
    rb"[^\n]*?/ID\[\(([^()\\]*)\)[^\n]*>>\n"
    rb"startxref\n(\d+)\n%%EOF"
)
_ENTRY = re.compile(rb"(\d{10}) 00000 n[\r ]\n")
_REFERENCE = re.compile(rb"(?<![\w.])(\d+) 0 R(?![\w])")
LIMIT = 64 * 1024 * 1024


class BundleHeader(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="revision", tag="bundle"
):
    """The first line of the increment that holds the bundle. `made_with`: by what the file was typeset."""

    length: str
    made_with: str


class SignatureHeader(
    msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="revision", tag="signature"
):
    """The first line of a signature: who, in which office, where and when, and how long its own proof is (0: none)."""

    length: str
    office: str
    party: str
    place: str
    proof: int
    time: str


Header = BundleHeader | SignatureHeader


class Part(NamedTuple):
    """One increment of a file: its header, and where it begins and ends."""

    header: Header
    start: int
    end: int


def split(raw: bytes) -> tuple[int, list[Part]]:
    """Where the typeset bytes end, and the increments after them. Raises `Malformed`.

    Whatever follows the last increment belongs to none: the last part's end is then before the end of the file.
    """
    mark = _MARK.search(raw)
    if mark is None:
        return len(raw), []
    parts: list[Part] = []
    at = mark.end()
    while found := _HEAD.match(raw, at):
        kinds: Any = Header
        header: Header = canonical.parse(found[1], kinds, f"the increment at byte {at}")
        if not re.fullmatch(r"[0-9]{10}", header.length):
            raise Malformed("paper", "an increment does not say how long it is", at=f"byte {at}")
        end = at + int(header.length)
        if end > len(raw) or end <= found.end():
            raise Malformed("paper", "is cut off, or an increment's length is wrong", at=f"byte {at}")
        parts.append(Part(header, at, end))
        at = end
    return mark.end(), parts


# -------------------------------------------------------------------------------------- reading what Typst writes


class File(NamedTuple):
    """A file that can be appended to: its bytes, where each object begins, and what its last trailer says."""

    raw: bytes
    offsets: Mapping[int, int]
    size: int
    root: int
    info: int
    id: bytes
    xref: int

    def text(self, number: int) -> bytes:
        """What stands between `obj` and `endobj` (or the data of a stream). Raises `Malformed`."""
        start = self.offsets.get(number, -1)
        opening = b"%d 0 obj\n" % number
        if start < 0 or not self.raw.startswith(opening, start):
            raise Malformed("PDF", f"has no object {number} where its table says", at=f"byte {max(start, 0)}")
        start += len(opening)
        ends = (self.raw.find(word, start) for word in (b"\nstream\n", b"\nendobj"))
        return self.raw[start : min((end for end in ends if end >= 0), default=start)]

    def stream(self, number: int) -> bytes:
        """The data of a stream, as it is stored. Raises `Malformed`."""
        said = self.text(number)
        length = re.search(rb"/Length (\d+)(?! 0 R)", said)
        start = self.offsets[number] + len(b"%d 0 obj\n" % number) + len(said) + len(b"\nstream\n")
        if length is None:
            raise Malformed("PDF", f"object {number} is no stream of a known length")
        return self.raw[start : start + int(length[1])]

    def last_page(self) -> int:
        """The number of the last page's object. Raises `Malformed`."""
        at = _reference(self.text(self.root), b"Pages")
        for _ in range(64):
            said = self.text(at)
            kids = re.search(rb"/Kids\[([0-9 R\n]*)\]", said)
            if kids is None:
                return at
            numbers = _REFERENCE.findall(kids[1])
            at = int(numbers[-1]) if numbers else 0
        raise Malformed("PDF", "its pages are nested without end")


def opened(raw: bytes) -> File:
    """A file as Typst wrote it, with one table of objects. Raises `Malformed` where it is of another form."""
    trailer = None
    for trailer in _TRAILER.finditer(raw, max(0, len(raw) - 4096)):  # noqa: B007 -- the last one
        pass
    if trailer is None or trailer.end() != len(raw):
        raise Malformed(
            "PDF", "does not end with a table of objects and a trailer of the form that Typst writes"
        )
    xref, count = int(trailer[5]), int(trailer[1])
    opening = b"xref\n0 %d\n" % count
    table = raw[xref + len(opening) : trailer.start()]
    if not raw.startswith(opening, xref) or len(table) != 20 * count:
        raise Malformed("PDF", "has a table of objects of another form than Typst writes")
    offsets = {}
    for number in range(1, count):
        entry = _ENTRY.fullmatch(table, 20 * number, 20 * number + 20)
        if entry is not None:
            offsets[number] = int(entry[1])
    return File(raw, offsets, count, int(trailer[2]), int(trailer[3] or 0), trailer[4], xref)


def _reference(said: bytes, name: bytes) -> int:
    found = re.search(rb"/" + name + rb" (\d+) 0 R", said)
    if found is None:
        raise Malformed("PDF", f"has no /{name.decode()}")
    return int(found[1])


# -------------------------------------------------------------------------------------- writing


def append(file: File, header: Header, objects: Mapping[int, bytes]) -> File:
    """The file with one more increment that holds these objects. The header's `length` is filled in."""
    first = msgspec.structs.replace(header, length="0" * 10)
    opening = START + canonical.encode(first) + b"\n"
    body, offsets = bytearray(opening), {}
    for number, said in sorted(objects.items()):
        offsets[number] = len(file.raw) + len(body)
        body += b"%d 0 obj\n%s\nendobj\n" % (number, said)
    size, xref = max(file.size, *(number + 1 for number in objects)), len(file.raw) + len(body)
    body += b"xref\n"
    for run in _runs(sorted(offsets)):
        body += b"%d %d\n" % (run[0], len(run))
        body += b"".join(b"%010d 00000 n \n" % offsets[number] for number in run)
    info = b"/Info %d 0 R" % file.info if file.info else b""
    identity = hashlib.sha256(file.raw).hexdigest()[:32].encode()
    body += b"trailer\n<</Size %d/Root %d 0 R%s/ID[(%s)<%s>]/Prev %d>>\nstartxref\n%d\n%%%%EOF\n" % (
        size, file.root, info, file.id, identity, file.xref, xref,
    )  # fmt: skip
    said = START + canonical.encode(msgspec.structs.replace(header, length=f"{len(body):010}")) + b"\n"
    made = file.raw + said + bytes(body[len(opening) :])
    return File(made, {**file.offsets, **offsets}, size, file.root, file.info, file.id, xref)


def _runs(numbers: Sequence[int]) -> list[list[int]]:
    """Neighbouring numbers together, as a table of objects wants them."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return runs


def dictionary_with(said: bytes, entries: Mapping[bytes, bytes]) -> bytes:
    """A dictionary with these entries put in, in place of any that it had. Values must not be nested dictionaries."""
    for name in entries:
        said = re.sub(rb"/" + name + rb"(?:\[[^\]]*\]| \d+ 0 R)", b"", said, count=1)
    if not said.endswith(b">>"):
        raise Malformed("PDF", "a dictionary does not end where it should")
    return said[:-2] + b"".join(b"/%s%s" % (name, value) for name, value in entries.items()) + b">>"


def string(text: str) -> bytes:
    """A text string: UTF-16 in hexadecimal, which every character fits in (ISO 32000-1 section 7.9.2.2)."""
    return b"<FEFF" + text.encode("utf-16-be").hex().upper().encode() + b">"


def stream(data: bytes, entries: bytes = b"") -> bytes:
    """A stream object with these entries."""
    return b"<<%s/Length %d>>\nstream\n%s\nendstream" % (entries, len(data), data)


def bundle_objects(file: File, bundle: bytes, dated: str) -> dict[int, bytes]:
    """The objects of the increment that embeds a bundle, as private data of the catalog (section 14.5).

    The bundle is stored as it is, so that it can be read with any text editor. dated: `D:20240815090000Z`.
    """
    info = b"<</Comity<</LastModified(%s)/Private %d 0 R>>>>" % (dated.encode(), file.size)
    return {
        file.size: stream(bundle, b"/Type/ComityBundle"),
        file.root: dictionary_with(file.text(file.root), {b"PieceInfo": info}),
    }


def signature_objects(
    file: File,
    box: tuple[float, float, float, float],
    entries: Mapping[str, bytes],
    stamp: File,
    proof: bytes,
    fields: Sequence[int],
) -> tuple[dict[int, bytes], int]:
    """The objects of a signature: its dictionary, its field on the last page, its stamp, a proof; the field's number.

    `entries` are those of the signature's dictionary, complete; `fields` are the numbers of earlier fields. Catalog and
    page are written anew with the fields of all signatures so far.
    """
    objects: dict[int, bytes] = {}
    number = file.size
    private = b""
    if (
        proof
    ):  # private data of the form that is drawn (section 14.5): readers then know what the new object is for
        objects[number] = stream(proof, b"/Type/ComityProof")
        private = b"/LastModified%s/PieceInfo<</Comity<</LastModified%s/Private %d 0 R>>>>" % (
            entries["M"], entries["M"], number,
        )  # fmt: skip
        number += 1
    drawn = stamp_objects(stamp, number, (box[2] - box[0], box[3] - box[1]), private)
    objects |= drawn
    appearance = number
    signature, field = number + len(drawn), number + len(drawn) + 1
    objects[signature] = b"<<" + b"".join(b"/%s%s" % (k.encode(), v) for k, v in entries.items()) + b">>"
    page = file.last_page()
    rect = b" ".join(b"%.3f" % edge for edge in box)
    objects[field] = (
        b"<</Type/Annot/Subtype/Widget/FT/Sig/T%s/V %d 0 R/F 132/Rect[%s]/P %d 0 R/AP<</N %d 0 R>>>>"
        % (string(f"Signature{len(fields) + 1}"), signature, rect, page, appearance)
    )  # fmt: skip
    mine = [*fields, field]
    listed = b" ".join(b"%d 0 R" % one for one in mine)
    said = file.text(page)
    had = re.search(rb"/Annots\[([0-9 R\n]*)\]", said)
    others = [one for one in _REFERENCE.findall(had[1]) if int(one) not in mine] if had else []
    annotations = b" ".join([*(b"%s 0 R" % one for one in others), listed])
    objects[page] = dictionary_with(said, {b"Annots": b"[%s]" % annotations})
    objects[file.root] = _with_fields(file.text(file.root), listed)
    return objects, field


def _with_fields(catalog: bytes, fields: bytes) -> bytes:
    plain = re.sub(rb"/AcroForm<</Fields\[[^\]]*\]/SigFlags 3>>", b"", catalog)
    return dictionary_with(plain, {b"AcroForm": b"<</Fields[%s]/SigFlags 3>>" % fields})


def stamp_objects(stamp: File, number: int, size: tuple[float, float], more: bytes = b"") -> dict[int, bytes]:
    """A page that Typst set, as a form for the stamp (section 8.10), with its resources; numbered from `number` on."""
    page = stamp.text(stamp.last_page())
    resources = re.search(rb"/Resources (\d+) 0 R", page)
    contents = stamp.stream(_reference(page, b"Contents"))
    named = b"%s 0 R" % resources[1] if resources else _inner(page, b"Resources")
    wanted = _reachable(stamp, named)
    numbers = {old: at for at, old in enumerate(wanted, number + 1)}

    def moved(said: bytes) -> bytes:
        return _REFERENCE.sub(lambda found: b"%d 0 R" % numbers.get(int(found[1]), 0), said)

    filtered = b"/Filter/FlateDecode" if b"/FlateDecode" in stamp.text(_reference(page, b"Contents")) else b""
    form = (
        b"/Type/XObject/Subtype/Form/BBox[0 0 %.3f %.3f]/Resources " % size + moved(named) + filtered + more
    )
    objects = {number: stream(contents, form)}
    for old, new in numbers.items():
        said = moved(stamp.text(old))
        is_stream = stamp.raw.startswith(
            b"\nstream\n", stamp.offsets[old] + len(b"%d 0 obj\n" % old) + len(stamp.text(old))
        )
        objects[new] = said + (b"\nstream\n" + stamp.stream(old) + b"\nendstream" if is_stream else b"")
    return objects


def _inner(said: bytes, name: bytes) -> bytes:
    """The dictionary that stands directly under a name."""
    start = said.find(b"/" + name + b"<<")
    if start < 0:
        raise Malformed("PDF", f"has no /{name.decode()}")
    start += len(name) + 1
    depth, at = 0, start
    while True:
        opening, closing = said.find(b"<<", at), said.find(b">>", at)
        if closing < 0:
            raise Malformed("PDF", f"/{name.decode()} does not end")
        deeper = 0 <= opening < closing
        depth, at = depth + (1 if deeper else -1), (opening if deeper else closing) + 2
        if depth == 0:
            return said[start:at]


def _reachable(file: File, said: bytes) -> list[int]:
    """The numbers of all objects that a text refers to, directly or through others, in the order of finding."""
    found: list[int] = []
    waiting = [int(one) for one in _REFERENCE.findall(said)]
    while waiting:
        number = waiting.pop(0)
        if number not in found and number in file.offsets:
            found.append(number)
            waiting += [int(one) for one in _REFERENCE.findall(file.text(number))]
    return found
