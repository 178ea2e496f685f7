"""The public pages are the same for everybody, kept by caches, in three languages, and there for nothing unreleased.

Seen to fail: with the reader's cookie looked at, with an entity tag that does not move when a release is ended.
"""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from tests.desk.releases import Hall
from tests.web.site import Site, full
from tests.web.stage import Client

from comity.core.act import LANGUAGES, Ref
from comity.web.visit import SESSION

ATOM = "{http://www.w3.org/2005/Atom}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("tail", ["", "/verify", "/feed.atom", "/calendar.ics", *"rismc"])
def test_every_page_is_there_in_every_language_and_may_be_kept(tail: str, language: str) -> None:
    site, found = full()
    by_letter = {name[0]: ref for name, ref in found.items()}
    path = site.at(by_letter[tail], language) if tail in by_letter else f"/public/{language}{tail}"
    answer = site.get(path)
    assert answer.status_code == 200
    assert re.fullmatch(r"public, max-age=\d+", answer.headers["cache-control"])
    assert "set-cookie" not in answer.headers
    assert "cookie" not in answer.headers.get("vary", "").lower()
    if answer.headers["content-type"].startswith("text/html"):
        assert f'<html lang="{language}" dir="{"rtl" if language == "ar" else "ltr"}">' in answer.text
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert not re.findall(r"<script|\sstyle=|\son[a-z]+=", answer.text)
        assert not re.findall(r">\s*(?:public|verify|web)\.[a-z]", answer.text), "words are missing"


def test_a_page_does_not_depend_on_who_asks() -> None:
    site, found = full()
    for path in ("/public/tr", site.at(found["meeting"], "tr"), "/public/tr/verify"):
        plain = site.get(path)
        cookies = {SESSION: "x" * 40, "comity_language": "ar", "comity_hijri": "1"}
        known = site.get(path, cookies, accept_language="ar")
        assert (plain.text, plain.headers["etag"]) == (known.text, known.headers["etag"])


def test_whoever_has_a_page_gets_it_only_when_it_has_changed() -> None:
    here = Hall()
    ref = here.release(Ref("TUR", 1))
    site = Site(here)
    paths = [
        "/public/en",
        site.at(ref),
        "/public/en/feed.atom",
        "/public/en/calendar.ics",
        f"{site.at(ref)}/proof",
    ]
    tags = {path: site.get(path).headers["etag"] for path in paths}
    assert len(set(tags.values())) == len(paths)
    for path, tag in tags.items():
        for known in (tag, tag.removeprefix("W/"), f'"x", {tag}', "*"):
            again = site.get(path, if_none_match=known)
            assert (again.status_code, again.content) == (304, b"")
            assert again.headers["etag"] == tag
        assert site.get(path, if_none_match='"x"').status_code == 200
    here.release(here.agreed())
    assert site.get("/public/en", if_none_match=tags["/public/en"]).status_code == 200
    assert site.get(site.at(ref), if_none_match=tags[site.at(ref)]).status_code == 304
    here.end(ref)
    here.meet()
    assert site.get(site.at(ref), if_none_match=tags[site.at(ref)]).status_code == 404


def test_the_first_address_leads_to_the_language_that_the_browser_asks_for() -> None:
    site, _ = full()
    for asked, language in (("ar-IQ,en;q=0.5", "ar"), ("fr, TR;q=0.9", "tr"), ("", "en")):
        answer = site.get("/public", accept_language=asked)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/public/{language}")
        assert answer.headers["vary"].lower().count("accept-language") == 1


def test_the_other_languages_are_one_step_away_and_lead_to_the_same_place() -> None:
    site, found = full()
    page = site.get(f"{site.at(found['meeting'], 'tr')}?hijri=1").text
    for tag in ("en", "ar"):
        assert f'href="{site.at(found["meeting"], tag)}?hijri=1"' in page
    assert 'class="hijri"' in page
    assert 'class="hijri"' not in site.get(site.at(found["meeting"], "tr")).text


@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("127.0.0.1:8443", "http://127.0.0.1:8443"),
        ("evil.example", "https://node.example"),
        ("[", "https://node.example"),
    ],
)
def test_addresses_in_the_feed_are_the_nodes_own_whatever_host_is_asked_for(host: str, origin: str) -> None:
    site, _ = full()
    answer = site.get("/public/en/feed.atom", host=host)
    assert f'href="{origin}/public/en"' in answer.text
    assert "evil" not in answer.text


@pytest.mark.parametrize(
    "tail",
    ["/xx", "/xx/verify", "/en/nowhere", "/en/0000/TUR/1", "/en/{id}/TUR/x", "/en/{id}/TUR/999999", "/en/{id}/XXX/1",
     "/en/{id}/TUR/1/proof", "/en/{id}/TUR/01", "/en/{id}/%E2%80%AE/1", "/en/{id}/TUR/9/acts/a/b", "/ar/{id}/IRQ/0"],
)  # fmt: skip
def test_what_is_not_public_is_not_here_and_says_nothing_else(tail: str) -> None:
    here = Hall()
    here.release(here.agreed())
    site = Site(here)
    answer = site.get("/public" + tail.replace("{id}", site.record.mechanism[:12]))
    assert answer.status_code == 404
    assert "<html" in answer.text
    assert "\u202e" not in answer.text
    assert "set-cookie" not in answer.headers


def test_nothing_can_be_sent_to_these_pages() -> None:
    site, _ = full()
    with ThreadPoolExecutor(1) as outside:
        sent = outside.submit(Client(site.app, {}).post, "/public/en", {"x": "y"}, origin="http://127.0.0.1")
    assert sent.result().status_code == 405
