"""What the papers can print is read from the fonts themselves."""

from __future__ import annotations

from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from comity.papers.glyphs import FAMILIES, FONTS, _mapped, lacking

FILES = sorted(FONTS.glob("*.ttf"))


def test_the_fonts_and_their_licences_are_shipped() -> None:
    names = {file.name for file in FILES}
    assert names == {f"{name}-{weight}.ttf" for name in FAMILIES.values() for weight in ("Regular", "Bold")}
    for name in FAMILIES.values():
        assert "SIL OPEN FONT LICENSE" in (FONTS / f"OFL-{name}.txt").read_text("utf-8")
    assert sum(file.stat().st_size for file in FILES) < 4_000_000


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_our_reader_finds_what_fonttools_finds(file: Path) -> None:
    with TTFont(file, lazy=True) as font:
        assert _mapped(file.read_bytes()) == set(font.getBestCmap())
        assert font["OS/2"].fsType == 0, "may be embedded without restriction"
        assert font["name"].getDebugName(1) in FAMILIES


def test_every_letter_of_the_three_languages_can_be_printed() -> None:
    turkish = "abcçdefgğhıijklmnoöprsştuüvyzâîûABCÇDEFGĞHIİJKLMNOÖPRSŞTUÜVYZÂÎÛ"
    arabic = "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىيپچژگڤـًٌٍَُِّْٰ٠١٢٣٤٥٦٧٨٩،؛؟٪٫٬«»"
    kurdish = "êîûşçÊÎÛŞÇھەێۆۇڕڵڎ"
    assert not lacking(turkish + arabic + kurdish + "“”‘’„–—…•§°€%‰")


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("plain", ""),
        ("a\U0001f600b", "\U0001f600"),
        ("日本語", "日"),
        ("x\u0378", "\u0378"),
        ("a\nb\u200cc\u00ad", ""),
        ("\t", "\t"),
    ],
)
def test_the_first_missing_character_is_named(text: str, missing: str) -> None:
    assert lacking(text) == missing
