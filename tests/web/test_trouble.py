"""What is wrong comes back beside its field, in the reader's language: files, references, and what the rules say."""

from __future__ import annotations

import re

import pytest
from tests.web.world import PAYLOAD, World, errors


def test_files_of_the_wrong_kind_are_told(world: World) -> None:
    for name, body in (
        ("text.en.md", b"\x89PNG\r\n\x1a\n\x00\xff"),
        ("photo.png", b"\x89PNG"),
        ("x.en.md", b""),
    ):
        page = world.confirmed(
            world.client(), "instruments/propose", {}, [("_files", (name, body, "image/png"))]
        )
        assert page.status_code == 422, name
        assert "_files" in errors(page) or errors(page), name


def test_a_reference_that_names_nothing_comes_back_beside_its_field(world: World) -> None:
    client = world.client()
    path = f"{world.root}/say/meetings/propose-date"
    client.get(path)
    for name, typed in (("_docket", "TUR/99999"), ("_answers", "no such act"), ("_docket", PAYLOAD)):
        page = client.post(path, {name: typed, "place.en": "Mosul", "_do": "check"})
        assert page.status_code == 422
        assert name in errors(page)
        assert 'value="Mosul"' in page.text
        assert "<script>alert" not in page.text


@pytest.mark.parametrize("language", ["tr", "ar"])
def test_what_is_wrong_with_a_file_is_told_in_the_readers_language(world: World, language: str) -> None:
    client = world.client(language)
    for name, body in (("text.en.md", b"\xff\xfe\x00"), ("text.md", b"# Text")):
        page = world.confirmed(
            client, "statements/propose", {"sort": "communique"}, [("_files", (name, body, "text/plain"))]
        )
        assert page.status_code == 422
        told = errors(page)["_files"]
        assert name in told
        assert "is not" not in told
        assert "one file" not in told


@pytest.mark.parametrize("language", ["tr", "ar"])
def test_even_a_rare_fault_of_a_text_is_told_in_the_readers_language(world: World, language: str) -> None:
    """Nothing of the reader's English is left beside the file; its name and its field names stay."""
    text = "---\nlanguage: en\n{}\n---\n# T\n\n## Article 1\n\n{}\n"
    wrong = [
        text.format("title: T", "[a [b]]"), text.format("final: {renewal: {years: 1}}", "A."),
        text.format("bodies: [{article: 9, kind: committee, names: {en: N}}]", "A."), text.format("color: red", "A."),
        text.format("final: {duration: {years: x}}", "A."), text.format("a: b: c", "A."),
    ]  # fmt: skip
    for body in wrong:
        page = world.confirmed(
            world.client(language),
            "instruments/propose",
            {},
            [("_files", ("t.md", body.encode(), "text/plain"))],
        )
        assert page.status_code == 422
        told = re.sub(
            r"`[^`]*`|t\.md|final[a-z. ]*|bodies\.[a-z]*|art-[0-9]|\[.*", "", errors(page)["_files"]
        )
        assert not re.search(r"\b(the|is|a|not|which|it|unknown|allowed|here)\b", told), told
