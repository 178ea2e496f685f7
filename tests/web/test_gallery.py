"""Every part of the pages, in three languages: it fits, can be read by everybody, weighs little and asks nobody else."""

from __future__ import annotations

import gzip
import re
from collections.abc import Iterator
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest
from jinja2 import nodes
from tests.web.browser import WIDTHS, Fresh, browser, faults, fits, fresh, keep, settled
from tests.web.gallery import HERE, HOSTILE, STATIC, TEMPLATES, environment, gallery

from comity.core.act import LANGUAGES
from comity.words import Words, places

__all__ = ["browser", "fresh"]

BUDGET = 100_000
CSP = (
    "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; font-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)
TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml", "woff2": "font/woff2"}
LETTERS = {
    "Comity Latin": "abcçdefgğhıijklmnoöprsştuüvyz ABCÇDEFGĞHIİJKLMNOÖPRSŞTUÜVYZ Daimî âîû 0123456789 «…» “’” – — § ° ₺ € → ←",
    "Comity Arabic": "ءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهويى لا لأ لإ لآ ٠١٢٣٤٥٦٧٨٩ ،؛؟ ـ ًٌٍَُِّْ پچژگڤک ی ە ۆ ێ ڕ ڵ می\u200cشود".replace(
        " ", ""
    ),
}


class _Site(BaseHTTPRequestHandler):
    """The gallery at /en, /tr and /ar, a page of letters at /letters, and the static files."""

    def do_GET(self) -> None:
        where = self.path.partition("?")[0]
        if where.startswith("/static/"):
            file = STATIC / where.removeprefix("/static/")
            body, sort = file.read_bytes(), TYPES[file.suffix[1:]]
        elif where.startswith("/m/"):  # what live.js asks for: nothing has arrived
            body, sort = b"1", "text/plain"
        elif where == "/letters":
            shown = "".join(f'<p id="l{at}">{text}</p>' for at, text in enumerate(LETTERS.values()))
            page = f'<!doctype html><html lang="tr"><link rel="stylesheet" href="/static/comity.css"><body>{shown}'
            body, sort = page.encode(), "text/html; charset=utf-8"
        else:
            body, sort = gallery(where[1:]).encode(), "text/html; charset=utf-8"
        self.send_response(200)
        self.send_header("Content-Type", sort)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", CSP)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Nothing: the test says what went wrong."""


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Site) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_part_fits_and_can_be_read_at_every_width_in_both_schemes(
    fresh: Fresh, site: str, lang: str
) -> None:
    for dark in (False, True):
        page = fresh(locale=lang, dark=dark).new_page()
        said: list[str] = []
        page.on("console", lambda message, said=said: said.append(message.text))
        page.on("dialog", lambda dialog, said=said: said.append(dialog.message))
        page.goto(f"{site}/{lang}")
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            settled(page)
            keep(page, f"gallery-{lang}-{width}{'-dark' if dark else ''}")
            assert fits(page) == [], (lang, width)
        page.set_viewport_size({"width": 360 if dark else 1280, "height": 900})
        assert faults(page) == []
        assert said == [], "nothing typed ran, and the content security policy had nothing to stop"
        assert page.locator("script:not([src])").count() == 0


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_first_load_weighs_at_most_100_kb_and_asks_nobody_else(fresh: Fresh, site: str, lang: str) -> None:
    page = fresh(locale=lang).new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site}/{lang}", wait_until="networkidle")
    assert all(url.startswith(site) for url in asked)
    files = [url.removeprefix(f"{site}/static/") for url in asked if "/static/" in url]
    read = {name: (STATIC / name).read_bytes() for name in files}
    weights = {
        name: len(body) if name.endswith("woff2") else len(gzip.compress(body)) for name, body in read.items()
    }
    weights["page"] = len(gzip.compress(gallery(lang).encode()))
    assert sum(weights.values()) <= BUDGET, weights


def test_every_letter_of_the_three_languages_is_in_our_own_faces(fresh: Fresh, site: str) -> None:
    """Turkish letters, Arabic letters with hamza and marks and both sorts of digits, Kurdish and Persian letters."""
    page = fresh().new_page()
    page.goto(f"{site}/letters")
    settled(page)
    tools = page.context.new_cdp_session(page)
    tools.send("DOM.enable")
    tools.send("CSS.enable")
    root = tools.send("DOM.getDocument")["root"]["nodeId"]
    for at, name in enumerate(LETTERS):
        node = tools.send("DOM.querySelector", {"nodeId": root, "selector": f"#l{at}"})["nodeId"]
        used = tools.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
        assert {(font["familyName"], font["isCustomFont"]) for font in used} == {(name, True)}


def test_the_first_tab_leads_past_the_masthead_and_focus_can_be_seen(fresh: Fresh, site: str) -> None:
    page = fresh(js=True).new_page()
    page.goto(f"{site}/en")
    page.keyboard.press("Tab")
    link = page.locator(".skip")
    assert link.evaluate("e => e === document.activeElement && getComputedStyle(e).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_no_target_is_smaller_than_24_px(fresh: Fresh, site: str) -> None:
    """WCAG 2.2, 2.5.8: links inside a sentence are excepted."""
    page = fresh(width=360).new_page()
    page.goto(f"{site}/ar")
    small = page.evaluate(
        """() => [...document.querySelectorAll("a, button, input:not([type=hidden]), select, textarea, summary")]
            .filter(e => !e.closest("p, dd, td, .skip, .errors, .halves")).map(e => [e.outerHTML.slice(0, 90), e.getBoundingClientRect()])
            .filter(([, box]) => box.width < 24 || box.height < 24).map(([html, box]) => html + " " + box.width + "x" + box.height)"""
    )
    assert small == []


def test_arabic_begins_at_the_right_and_a_reference_in_it_runs_to_the_right(fresh: Fresh, site: str) -> None:
    page = fresh(locale="ar").new_page()
    page.goto(f"{site}/ar")
    column = "e => e.getBoundingClientRect().x"
    first, second = (page.locator(f".heads > li >> nth={at}").evaluate(column) for at in (0, 1))
    assert first > second
    assert page.locator(".ref bdi").first.evaluate("e => getComputedStyle(e).direction") == "ltr"


def test_on_paper_there_is_the_text_and_nothing_to_press(fresh: Fresh, site: str) -> None:
    page = fresh(width=700, locale="ar", dark=True).new_page()
    page.goto(f"{site}/ar")
    page.emulate_media(media="print", color_scheme="light")
    keep(page, "gallery-ar-print")
    assert page.locator(".act").first.is_visible()
    for gone in (".nav", ".tabs", ".person", ".languages", "form.form", ".skip"):
        assert not page.locator(gone).first.is_visible(), gone


def test_hostile_words_are_shown_as_words() -> None:
    for lang in LANGUAGES:
        page = gallery(lang)
        assert "<script>" not in page
        assert "onload=" not in re.sub(r">[^<]*<|\"[^\"]*\"", "", page)
        assert '<span class="control">⟨U+202E⟩</span>' in page
        assert "\u202e" not in page
    assert "\u202e" in HOSTILE


def test_the_stylesheet_knows_no_left_and_no_right_and_no_other_host() -> None:
    css = re.sub(r"/\*.*?\*/", "", (STATIC / "comity.css").read_text("utf-8"), flags=re.DOTALL)
    assert not re.search(r"\b(left|right)\b", css)
    assert not re.search(r"(?<![-\w(])(width|height|top|bottom|margin-top|float)\s*:", css)
    assert all(url.startswith("fonts/") for url in re.findall(r'url\("?([^")]+)', css))
    assert "@import" not in css


def test_every_custom_property_that_is_used_is_set() -> None:
    css = (STATIC / "comity.css").read_text("utf-8")
    assert set(re.findall(r"var\((--[a-z0-9-]+)", css)) <= set(re.findall(r"(--[a-z0-9-]+):", css))


@cache
def _known(lang: str) -> frozenset[str]:
    words = Words(lang)
    return frozenset(key for place in places() for key in words.of(place, lang))


@pytest.mark.parametrize("file", sorted(TEMPLATES.rglob("*.html")), ids=lambda file: file.name)
def test_no_template_has_a_style_a_script_or_words_of_its_own(file: Any) -> None:
    """The policy forbids inline script and style; and each key that a template says has words in every language."""
    text = re.sub(r"\{#.*?#\}", "", file.read_text("utf-8"), flags=re.DOTALL)
    assert not re.search(r"\sstyle\s*=|<style|<script(?![^>]*\ssrc=)|\son[a-z]+\s*=|javascript:", text)
    said = environment().parse(file.read_text("utf-8")).find_all(nodes.Call)
    keys = {
        call.args[0].value
        for call in said
        if isinstance(call.node, nodes.Name) and call.node.name == "say" and call.args
        if isinstance(call.args[0], nodes.Const)
    }
    lacking = [(lang, key) for key in sorted(keys) for lang in LANGUAGES if key not in _known(lang)]
    assert lacking == []


def test_every_part_is_in_the_gallery() -> None:
    parts = environment().parse((TEMPLATES / "parts.html").read_text("utf-8"))
    names = {macro.name for macro in parts.find_all(nodes.Macro)}
    page = (HERE / "gallery.html").read_text("utf-8")
    inner = {"act", "extra", "told"}  # `conversation` and `field` show these
    assert {name for name in names if f"part.{name}(" not in page} <= inner
