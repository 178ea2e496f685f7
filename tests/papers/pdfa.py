"""Our own list of what PDF/A-2b (ISO 19005-2, level B) asks of a file, since no independent checker can be installed.

    faults(raw)  ->  []        or sentences, each with the clause: "6.2.11.4 /F1: the font is not embedded"

What cannot occur in a file of ours or in what a signature adds (images, sound, optional content, forms of other kinds)
is not examined further: its presence is a fault. pyHanko reads the structure, fontTools the embedded fonts.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree as ET

from fontTools.ttLib import TTFont
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import PdfFileReader

__all__ = ["faults"]

_BLEND = {"/Normal", "/Compatible"}
_ANNOTATIONS = {"/Widget", "/Link"}
_ACTIONS = {"/GoTo", "/URI", "/Named", "/GoToR", "/Thread"}
_FORBIDDEN_KEYS = {
    "/AA": "6.5.2 additional actions",
    "/JS": "6.5.1 JavaScript",
    "/JavaScript": "6.5.1 JavaScript",
    "/XFA": "6.4.2 an XFA form",
    "/OPI": "6.2.9.1 OPI",
    "/Alternates": "6.2.8 alternate images",
    "/TR": "6.2.5 a transfer function",
    "/HTP": "6.2.5 a halftone phase",
    "/EmbeddedFiles": "6.8 embedded files",
    "/AF": "6.8 associated files (a PDF/A-3 key)",
    "/OCProperties": "6.9 optional content",
    "/Requirements": "6.11 requirements",
    "/AlternatePresentations": "6.10 alternate presentations",
    "/PresSteps": "6.10 presentation steps",
}


def faults(raw: bytes) -> list[str]:
    """Every fault that is found, or nothing."""
    reader = PdfFileReader(io.BytesIO(raw), strict=True)
    return [
        *_file(raw, reader),
        *_objects(reader),
        *_metadata(reader),
        *_intent(reader),
        *(fault for page in _pages(reader) for fault in _page(page)),
    ]


def _at(thing: Any, key: str, otherwise: Any = None) -> Any:
    return thing[key] if key in thing else otherwise  # noqa: SIM401  pyHanko's `get` does not follow references


def _each(array: Any) -> list[Any]:
    return [array[at] for at in range(len(array))]


def _named(things: Any) -> dict[str, Any]:
    return {name: things[name] for name in things}


# ------------------------------------------------------------------------------------------- the file as bytes


def _file(raw: bytes, reader: PdfFileReader) -> Iterator[str]:
    if not re.match(rb"%PDF-1\.[0-7]\r?\n%[\x80-\xff]{4,}", raw):
        yield "6.1.2 the header is not %PDF-1.n and a comment of four bytes above 127"
    if not re.search(rb"%%EOF\r?\n?\Z", raw):
        yield "6.1.3 something stands behind the last %%EOF"
    trailer = reader.trailer
    if "/ID" not in trailer or len(trailer["/ID"]) != 2:
        yield "6.1.3 the trailer has no /ID of two strings"
    if "/Encrypt" in trailer:
        yield "6.1.3 the file is encrypted"
    for found in re.finditer(rb"[\r\n](\d+) (\d+) obj", raw):
        if raw[found.end() : found.end() + 1] not in (b"\r", b"\n"):
            yield "6.1.9 an object's header is not alone on its line"
    for found in re.finditer(rb"stream(\r\n|\n|\r)", raw):
        if found[1] == b"\r" and not raw[: found.start()].endswith(b"end"):
            yield "6.1.7.1 the word stream is followed by a lone carriage return"


def _objects(reader: PdfFileReader) -> Iterator[str]:
    """Every object that the newest revision leads to."""
    for thing in _walk(reader.root, reader):
        if isinstance(thing, generic.StreamObject):
            filters = _at(thing, "/Filter", [])
            named = [filters] if isinstance(filters, str) else _each(filters)
            if "/LZWDecode" in named or "/Crypt" in named:
                yield "6.1.7.2 a filter that is not allowed"
            if {"/F", "/FFilter", "/FDecodeParms"} & set(thing.keys()):
                yield "6.1.7.1 a stream outside the file"
            if _at(thing, "/Subtype") in ("/PS", "/Image"):
                yield "6.2.9 an XObject of a kind that papers do not have"
            if _at(thing, "/Subtype") == "/Form" and ("/Ref" in thing or "/PS" in thing):
                yield "6.2.9 a reference XObject or PostScript"
        if isinstance(thing, generic.DictionaryObject):
            yield from _dictionary(thing)
        if isinstance(thing, (generic.NameObject, str)) and len(str(thing).encode()) > 32767:
            yield "6.1.13 a string or name that is too long"
        if isinstance(thing, generic.NumberObject) and not -(2**31) <= thing < 2**31:
            yield "6.1.13 an integer that is too large"


def _dictionary(thing: Any) -> Iterator[str]:
    for key, what in _FORBIDDEN_KEYS.items():
        if key in thing:
            yield f"{what}"
    if "/S" in thing and _at(thing, "/Type") == "/Action" and thing["/S"] not in _ACTIONS:
        yield f"6.5.1 the action {thing['/S']}"
    if _at(thing, "/Type") == "/Annot" or ("/Rect" in thing and "/Subtype" in thing):
        yield from _annotation(thing)
    if _at(thing, "/Type") == "/ExtGState" or {"/BM", "/SMask", "/CA", "/ca"} & set(thing.keys()):
        mask = _at(thing, "/SMask", "/None")
        if _at(thing, "/BM", "/Normal") not in _BLEND or mask != "/None" or float(_at(thing, "/CA", 1)) != 1:
            yield "6.2.10 transparency, which papers do without"
    if _at(thing, "/NeedAppearances"):
        yield "6.4.1 NeedAppearances is true"


def _annotation(thing: Any) -> Iterator[str]:
    if thing["/Subtype"] not in _ANNOTATIONS:
        yield f"6.3.1 an annotation of the kind {thing['/Subtype']}"
    flags = int(_at(thing, "/F", 0))
    left, low, right, high = (float(number) for number in thing["/Rect"])
    seen = right > left and high > low
    if seen and not flags & 4:
        yield "6.3.2 an annotation that is not printed"
    if flags & (1 | 2 | 32 | 256):
        yield "6.3.2 an annotation that is hidden, invisible, not viewed or toggled"
    if seen and "/N" not in _at(thing, "/AP", {}):
        yield "6.3.3 an annotation without its appearance"
    if "/A" in thing and thing["/Subtype"] == "/Widget":
        yield "6.4.1 a field with an action"


def _walk(root: Any, reader: PdfFileReader) -> Iterator[Any]:
    seen: set[Any] = set()
    waiting = [root]
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, generic.IndirectObject):
            if (thing.idnum, thing.generation) in seen:
                continue
            seen.add((thing.idnum, thing.generation))
            thing = reader.get_object(generic.Reference(thing.idnum, thing.generation, reader))
        if isinstance(thing, generic.DictionaryObject):
            waiting += [thing.raw_get(key) for key in thing]
        elif isinstance(thing, generic.ArrayObject):
            waiting += [thing.raw_get(at) for at in range(len(thing))]
        yield thing


# ------------------------------------------------------------------------------------------- metadata and colour

_NS = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "pdfaid": "http://www.aiim.org/pdfa/ns/id/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "pdf": "http://ns.adobe.com/pdf/1.3/",
}


def _metadata(reader: PdfFileReader) -> Iterator[str]:
    packet = reader.root["/Metadata"].data
    head = re.match(rb"<\?xpacket ([^>]*)\?>", packet)
    if head is None or b"bytes=" in head[1] or b"encoding=" in head[1]:
        yield "6.6.2.1 the packet's header is absent, or has attributes that are not allowed"
    tree = ET.fromstring(packet)
    said = {name: _said(tree, name) for name in (*_NAMES.values(), "pdfaid:part", "pdfaid:conformance")}
    if (said["pdfaid:part"], said["pdfaid:conformance"]) != ("2", "B"):
        yield "6.6.4 the file does not call itself PDF/A-2B"
    info = _at(reader.trailer, "/Info", {})
    for key, name in _NAMES.items():
        if key in info and _plain(key, str(info[key])) != said[name].replace("+00:00", "Z"):
            yield f"6.1.5 {key} is {info[key]!s} in the information dictionary and {said[name]} in the metadata"


_NAMES = {
    "/Title": "dc:title",
    "/Keywords": "pdf:Keywords",
    "/Creator": "xmp:CreatorTool",
    "/Producer": "pdf:Producer",
    "/CreationDate": "xmp:CreateDate",
    "/ModDate": "xmp:ModifyDate",
}


def _said(tree: ET.Element, name: str) -> str:
    prefix, _, local = name.partition(":")
    tag = f"{{{_NS[prefix]}}}{local}"
    for described in tree.iter(f"{{{_NS['rdf']}}}Description"):
        if tag in described.attrib:
            return described.attrib[tag]
        found = described.find(tag)
        if found is not None:
            return "".join(found.itertext())
    return ""


def _plain(key: str, said: str) -> str:
    if key not in ("/CreationDate", "/ModDate"):
        return said
    found = re.fullmatch(r"D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(Z|[+-]\d\d'?\d\d)?'?(?:00'?)?", said)
    if found is None:
        return said
    zone = (found[7] or "Z").replace("'", "")
    zone = "Z" if zone in ("Z", "+0000") else f"{zone[:3]}:{zone[3:]}"
    return f"{found[1]}-{found[2]}-{found[3]}T{found[4]}:{found[5]}:{found[6]}{zone}"


def _intent(reader: PdfFileReader) -> Iterator[str]:
    intents = [one for one in _each(_at(reader.root, "/OutputIntents", [])) if one["/S"] == "/GTS_PDFA1"]
    if len(intents) != 1:
        yield "6.2.3 there is not one output intent for PDF/A"
        return
    if "/OutputConditionIdentifier" not in intents[0]:
        yield "6.2.3 the output intent is not named"
    profile = intents[0]["/DestOutputProfile"]
    yield from _profile(profile)


def _profile(profile: Any) -> Iterator[str]:
    """An ICC profile (ISO 15076-1): its signature, its version, and as many colours as it says."""
    data, colours = profile.data, {b"GRAY": 1, b"RGB ": 3, b"CMYK": 4}
    if data[36:40] != b"acsp" or data[8] > 4 or data[12:16] not in (b"mntr", b"prtr", b"scnr", b"spac"):
        yield "6.2.4.2 not an ICC profile of version 4 or below"
    if colours.get(data[16:20]) != int(profile["/N"]):
        yield "6.2.4.2 the profile has another number of colours than it says"


# ------------------------------------------------------------------------------------------- pages


def _pages(reader: PdfFileReader) -> Iterator[Any]:
    waiting = [reader.root["/Pages"]]
    while waiting:
        node = waiting.pop(0)
        if node["/Type"] == "/Pages":
            waiting = _each(node["/Kids"]) + waiting
        else:
            yield node


def _page(page: Any) -> Iterator[str]:
    left, low, right, high = (float(number) for number in page["/MediaBox"])
    if not (3 <= right - left <= 14400 and 3 <= high - low <= 14400):
        yield "6.1.13 the page is too small or too large"
    contents = page["/Contents"]
    streams = _each(contents) if isinstance(contents, generic.ArrayObject) else [contents]
    yield from _content(b"\n".join(stream.data for stream in streams), page["/Resources"])
    for annotation in _each(_at(page, "/Annots", [])):
        normal = _at(_at(annotation, "/AP", {}), "/N")
        if isinstance(normal, generic.StreamObject):
            yield from _content(normal.data, _at(normal, "/Resources", {}))


def _content(data: bytes, resources: Any) -> Iterator[str]:
    """Operators of a content stream: which colours are used, which glyphs of which fonts are shown."""
    fonts = _named(_at(resources, "/Font", {}))
    for name, font in fonts.items():
        yield from _font(name, font)
    for space in _named(_at(resources, "/ColorSpace", {})).values():
        yield from _space(space)
    done = list(operations(data))
    yield from _texts(done, fonts)
    depth = 0
    for operator, operands in done:
        depth += {b"q": 1, b"Q": -1}.get(operator, 0)
        if operator in (b"k", b"K"):
            yield "6.2.4.3 a CMYK colour without such an output intent"
        elif operator == b"Do":
            inner = resources["/XObject"][operands[-1].decode()]
            yield from _content(inner.data, _at(inner, "/Resources", {}))
        elif operator not in _OPERATORS:
            yield f"6.2.2 the operator {operator!r}"
        if depth > 28:
            yield "6.1.13 q is nested too deep"


def _texts(done: list[tuple[bytes, list[bytes]]], fonts: dict[str, Any]) -> Iterator[str]:
    current, spoken = "", []
    for operator, operands in done:
        match operator:
            case b"Tf":
                current = operands[-2].decode()
            case b"BMC" | b"BDC":
                spoken.append(b"/ActualText" in operands[-1])
            case b"EMC":
                spoken.pop()
            case b"Tj" | b"TJ" | b"'" | b'"':
                yield from _shown(current, fonts, operands, spoken=any(spoken))
            case _:
                pass


def operations(data: bytes) -> Iterator[tuple[bytes, list[bytes]]]:
    """The operators of a content stream, each with its operands."""
    operands: list[bytes] = []
    for token in _tokens(data):
        if token[:1] in b"/(<[0123456789.+-" or token in (b"]", b"true", b"false"):
            operands.append(token)
        else:
            yield token, operands
            operands = []


_OPERATORS = set(
    b"b B b* B* BDC BMC BT BX c cm CS cs d d0 d1 Do DP EMC ET EX f F f* G g gs h i j J l m M MP n q Q re RG rg ri s S SC "
    b"sc SCN scn sh T* Tc Td TD Tf Tj TJ TL Tm Tr Ts Tw Tz v w W W* y ' \"".split()
)
_TOKEN = re.compile(
    rb"<<|>>|<[0-9A-Fa-f\s]*>|/[^\s()<>\[\]{}/%]*|[\[\]]|[^\s()<>\[\]{}/%]+|%[^\r\n]*|\(", re.DOTALL
)
_PART = re.compile(rb"\\.|[()]", re.DOTALL)


def _tokens(data: bytes) -> Iterator[bytes]:
    """Operands and operators; a string and a property list are one token each."""
    inside, begun, at = 0, 0, 0
    while found := _TOKEN.search(data, at):
        at = found.end()
        if found[0] in (b"<<", b">>"):
            begun = found.start() if not inside else begun
            inside += 1 if found[0] == b"<<" else -1
            if not inside:
                yield data[begun:at]
        elif found[0] == b"(":
            at = _closed(data, at)
            if not inside:
                yield data[found.start() : at]
        elif not inside and not found[0].startswith(b"%"):
            yield found[0]


def _closed(data: bytes, at: int) -> int:
    """Where a string ends whose words begin at `at`: brackets that are not escaped stand in pairs."""
    depth = 1
    while depth:
        part = _PART.search(data, at)
        assert part is not None
        depth += {b"(": 1, b")": -1}.get(part[0], 0)
        at = part.end()
    return at


_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|(\r\n|.))", re.DOTALL)
_LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}


def _string(token: bytes) -> bytes:
    if token.startswith(b"<"):
        return bytes.fromhex(token[1:-1].decode())
    return _ESCAPE.sub(
        lambda m: bytes([int(m[1], 8)]) if m[1] else b"" if m[2].isspace() else _LETTERS.get(m[2], m[2]),
        token[1:-1],
    )


def _shown(name: str, fonts: dict[str, Any], operands: list[bytes], *, spoken: bool) -> Iterator[str]:
    """spoken: the passage says itself, as `ActualText`, what it reads as."""
    font = fonts.get(name)
    if font is None:
        yield f"6.2.2 {name}: text in a font that the page does not name"
        return
    mapped = font["/ToUnicode"].data if "/ToUnicode" in font else b""
    known = _mapped(mapped)
    for token in operands:
        if token[:1] in b"(<":
            said = _string(token)
            codes = [int.from_bytes(said[at : at + 2], "big") for at in range(0, len(said), 2)]
            if 0 in codes:
                yield f"6.2.11.8 {name}: the empty box (.notdef) is shown"
            if not spoken and any(code not in known for code in codes):
                yield f"6.2.11.7 {name}: a glyph for which neither a character nor words are given"


def _mapped(cmap: bytes) -> set[int]:
    found = set()
    for block in re.finditer(rb"beginbfchar(.*?)endbfchar", cmap, re.DOTALL):
        found |= {
            int(code, 16) for code, _ in re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f\s]*)>", block[1])
        }
    for block in re.finditer(rb"beginbfrange(.*?)endbfrange", cmap, re.DOTALL):
        for first, last in re.findall(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]+)>\s*(?:<|\[)", block[1]):
            found |= set(range(int(first, 16), int(last, 16) + 1))
    return found


def _space(space: Any) -> Iterator[str]:
    kind = space if isinstance(space, str) else space[0]
    if kind == "/ICCBased":
        yield from _profile(space[1])
    elif kind not in ("/DeviceRGB", "/DeviceGray", "/CalGray", "/CalRGB", "/Lab"):
        yield f"6.2.4 the colour space {kind}"


# ------------------------------------------------------------------------------------------- fonts


def _font(name: str, font: Any) -> Iterator[str]:
    """A composite font, as papers have them: embedded, its widths those of its glyphs, every code with its character."""
    if _at(font, "/Subtype") != "/Type0" or _at(font, "/Encoding") != "/Identity-H":
        yield f"6.2.11.3 {name}: not a composite font with the encoding Identity-H"
        return
    below = font["/DescendantFonts"][0]
    if "/ToUnicode" not in font:
        yield f"6.2.11.7 {name}: no map to Unicode"
    described = below["/FontDescriptor"]
    file = _at(described, "/FontFile2") or _at(described, "/FontFile3")
    if file is None:
        yield f"6.2.11.4 {name}: the font is not embedded"
        return
    if below["/Subtype"] == "/CIDFontType2" and _at(below, "/CIDToGIDMap") is None:
        yield f"6.2.11.3.2 {name}: no map from character to glyph"
    if not re.fullmatch(r"/[A-Z]{6}\+.+", str(font["/BaseFont"])):
        yield f"6.2.11.4 {name}: a part of a font is not marked as such"
    yield from _widths(name, below, file.data)


def _widths(name: str, below: Any, data: bytes) -> Iterator[str]:
    if data[:4] not in (b"\x00\x01\x00\x00", b"OTTO", b"true"):
        return  # a bare CFF program: its widths are read by nobody here
    program = TTFont(io.BytesIO(data), lazy=True)
    if "hmtx" not in program or _at(below, "/CIDToGIDMap") not in (None, "/Identity"):
        return
    scale, order = 1000 / program["head"].unitsPerEm, program.getGlyphOrder()
    declared = _each(_at(below, "/W", []))
    at = 0
    while at < len(declared):
        first, second = int(declared[at]), declared[at + 1]
        widths = (
            list(second)
            if isinstance(second, generic.ArrayObject)
            else [declared[at + 2]] * (int(second) - first + 1)
        )
        at += 2 if isinstance(second, generic.ArrayObject) else 3
        for offset, width in enumerate(widths):
            if first + offset < len(order):
                wide = program["hmtx"][order[first + offset]][0] * scale
                if abs(float(width) - wide) > 1:
                    yield f"6.2.11.5 {name}: glyph {first + offset} is {wide:.0f} wide, not {float(width):.0f}"
