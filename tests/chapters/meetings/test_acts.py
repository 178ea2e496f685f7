"""What is read from people's files and from bytes."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from comity.chapters.meetings import acts
from comity.core import canonical
from comity.core.errors import Malformed

EN = b"They met in Ankara.\n\nD1 (TUR/12): A centre is set up\nin Baghdad.\n\nThey thanked each other.\n"
TR = "Ankara'da toplandılar.\r\n\r\nD1 (TUR/12): Bağdat'ta bir merkez kurulur.\r\n\r\nTeşekkür ettiler.".encode()


def test_minutes_are_read_from_one_plain_text_for_each_language() -> None:
    read = acts.read_minutes([("minutes.en.md", EN), ("path/minutes.tr.txt", TR)])
    body = msgspec.convert(read, acts.MinutesProposed)
    assert body.paragraphs == (
        {"en": "They met in Ankara.", "tr": "Ankara'da toplandılar."},
        {"en": "They thanked each other.", "tr": "Teşekkür ettiler."},
    )
    text = {"en": "A centre is set up\nin Baghdad.", "tr": "Bağdat'ta bir merkez kurulur."}
    assert body.decisions == (acts.Decision("D1", "TUR/12", text),)


BAD_FILES: dict[str, tuple[list[tuple[str, bytes]], str]] = {
    "no language": ([("minutes.md", EN)], "minutes.en.md"),
    "one language twice": ([("a.en.md", EN), ("b.en.md", EN)], "minutes.en.md"),
    "not UTF-8": ([("minutes.tr.md", "Bağdat".encode("iso-8859-9"))], "UTF-8"),
    "another number of paragraphs": ([("m.en.md", EN), ("m.tr.md", TR + b"\n\nTamam.")], "en: 3, tr: 4"),
    "another decision": ([("m.en.md", EN), ("m.tr.md", TR.replace(b"D1", b"D2"))], "paragraph 2"),
    "no decision in one": ([("m.en.md", EN), ("m.tr.md", TR.replace(b"D1 (", b"("))], "paragraph 2"),
}


@pytest.mark.parametrize("why", BAD_FILES)
def test_minutes_that_do_not_fit_together_are_malformed_and_say_where(why: str) -> None:
    files, told = BAD_FILES[why]
    with pytest.raises(Malformed, match=told):
        acts.read_minutes(files)


@given(
    st.lists(
        st.tuples(st.sampled_from(["a.en.md", "a.tr.md", "a.xx", ".md"]), st.binary(max_size=60)), max_size=3
    )
)
def test_no_file_raises_anything_but_malformed(files: list[tuple[str, bytes]]) -> None:
    with suppress(Malformed):
        acts.read_minutes(files)


BAD_CONTENT: list[tuple[type[Any], bytes]] = [
    (acts.DateProposed, b'{"starts":"2024-08-15T10:00:00"}'),
    (acts.DateProposed, b'{"starts":"2024-08-15"}'),
    (acts.DateProposed, b'{"format":"by_letter","starts":"2024-08-15T10:00:00+03:00"}'),
    (acts.DateProposed, b'{"place":{"English":"Ankara"},"starts":"2024-08-15T10:00:00+03:00"}'),
    (acts.DateProposed, b'{"place":{"en":""},"starts":"2024-08-15T10:00:00+03:00"}'),
    (acts.DateProposed, b'{"place":{},"starts":"2024-08-15T10:00:00+03:00"}'),
    (acts.DateProposed, b'{"starts":"2024-08-15T10:00:00+03:00","starts":"2024-08-15T10:00:00+03:00"}'),
    (acts.DateProposed, b'{"starts":"2024-08-15T10:00:00+03:00","zone":"Europe/Istanbul"}'),
    (acts.Convened, b'{"body":"b","round":0,"starts":"2024-08-15T10:00:00+03:00"}'),
    (acts.Convened, b'{"body":"b","round":4.0,"starts":"2024-08-15T10:00:00+03:00"}'),
    (acts.Held, b'{"on":"2024-02-30"}'),
    (acts.CallingOffProposed, b'{"outcome":"forgotten"}'),
    (acts.AgendaItemProposed, b'{"title":{}}'),
    (acts.AgendaItemProposed, b'{"documents":["TUR/012"],"title":{"en":"Water"}}'),
    (acts.MinutesProposed, b'{"decisions":[{"id":"one","item":"TUR/2","text":{"en":"x"}}]}'),
    (acts.DateAccepted, b'{"starts":"2024-08-15T10:00:00+03:00"}'),
]


@pytest.mark.parametrize(("kind", "raw"), BAD_CONTENT)
def test_content_outside_its_schema_is_malformed(kind: type[Any], raw: bytes) -> None:
    with pytest.raises(Malformed):
        canonical.parse(raw, kind, "content")


def test_a_convening_act_keeps_its_bytes_for_ever() -> None:
    """A golden vector: never edited."""
    raw = (
        '{"body":"security-mechanism","place":{"ar":"أنقرة","en":"Ankara","tr":"Ankara"},"round":4,'
        '"starts":"2024-08-15T10:00:00+03:00"}'
    ).encode()
    body = canonical.parse(raw, acts.Convened, "content")
    assert (body.round, body.format, body.parties) == (4, "in_person", ())
    assert canonical.encode(body) == raw
