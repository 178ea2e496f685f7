"""The public list, its feed and calendar and how to verify: every release and nothing else, as text and nothing else.

Seen to fail with markup in a title.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import pytest
from icalendar import Calendar
from tests.desk.releases import Hall
from tests.web.browser import WIDTHS, Fresh, browser, faults, fits, fresh, keep
from tests.web.site import Site, full

from comity.chapters.meetings import acts as meetings
from comity.core.act import LANGUAGES, Ref
from comity.core.proof import verify_proof
from comity.web import public
from comity.words import Words

__all__ = ["browser", "fresh"]


HOSTILE = "<script>alert(1)</script>\"' \u202eevil"


ATOM = "{http://www.w3.org/2005/Atom}"


def test_a_list_of_as_many_others_is_another_list() -> None:
    here = Hall()
    (first, _), (second, _) = here.meeting(date(2024, 10, 1)), here.meeting(date(2024, 10, 2), 2)
    ref = here.release(first)
    site = Site(here)
    tags = {site.get(f"/public/en{tail}").headers["etag"] for tail in ("", "/feed.atom", "/calendar.ics")}
    here.end(ref)
    here.release(second)
    assert not tags & {
        site.get(f"/public/en{tail}").headers["etag"] for tail in ("", "/feed.atom", "/calendar.ics")
    }


def test_a_list_has_every_release_newest_first_under_its_own_title() -> None:
    site, found = full()
    page = site.get("/public/ar").text
    places = [page.index(f'href="{site.at(ref, "ar")}"') for ref in reversed(found.values())]
    assert places == sorted(places)
    assert "المذكرة" in page
    assert page.count("<time") == len(found)


def test_a_list_goes_on_over_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(public, "_LISTED", 3)
    site, found = full()
    first, second = (site.get(f"/public/en{query}").text for query in ("", "?page=2"))
    assert (first.count("<time"), second.count("<time")) == (3, len(found) - 3)
    assert 'href="/public/en?page=2"' in first
    assert 'href="/public/en?page=1"' in second
    for odd in ("0", "-1", "x", "٢", "9" * 50):
        assert site.get(f"/public/en?page={odd}").text.count("<time") == 3


def test_how_to_verify_names_what_is_to_be_compared() -> None:
    site, found = full()
    verdict = verify_proof(site.get(f"{site.at(found['recorded'])}/proof").content)
    for language in LANGUAGES:
        page = site.get(f"/public/{language}/verify").text
        for word in (verdict.mechanism, *verdict.fingerprints.values(), "comity verify"):
            assert word in page


def test_the_feed_has_what_rfc_4287_asks_for() -> None:
    site, found = full()
    root = ET.fromstring(site.get("/public/tr/feed.atom", host="node.example").content)
    assert root.tag == f"{ATOM}feed"
    assert root.attrib["{http://www.w3.org/XML/1998/namespace}lang"] == "tr"
    entries = root.findall(f"{ATOM}entry")
    assert len(entries) == len(found)
    for one in [root, *entries]:
        assert [len(one.findall(ATOM + name)) for name in ("id", "title", "updated")] == [1, 1, 1]
        assert str(one.findtext(f"{ATOM}id")).startswith("tag:node.example,20")
        assert one.findall(f"{ATOM}author/{ATOM}name")
        hrefs = [link.attrib["href"] for link in one.findall(f"{ATOM}link")]
        assert all(href.startswith("https://node.example/public/tr") for href in hrefs)
    ids = [one.findtext(f"{ATOM}id") for one in entries]
    assert len(set(ids)) == len(ids)
    other = ET.fromstring(site.get("/public/ar/feed.atom").content)
    assert [one.findtext(f"{ATOM}id") for one in other.findall(f"{ATOM}entry")] == ids


def test_the_calendar_has_the_released_meetings() -> None:
    site, _ = full()
    [event] = Calendar.from_ical(site.get("/public/tr/calendar.ics").content).walk("VEVENT")
    assert event["DTSTART"].dt.date() == date(2024, 10, 1)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_fits_at_every_width_and_can_be_read_by_everybody(fresh: Fresh, language: str) -> None:
    """Without JavaScript, and with a release whose title and text are as long as they may be in one word."""
    site, found = full()
    meeting = site.at(found["meeting"], language)
    acts = re.findall(rf'href="({meeting}/acts/[A-Z]+/\d+)"', site.get(meeting).text)
    pages = {
        "list": f"/public/{language}",
        "instrument": site.at(found["instrument"], language),
        "meeting": f"{meeting}?hijri=1",
        "act": acts[-1],
        "verify": f"/public/{language}/verify",
        "refused": f"/public/{language}/0/TUR/1",
    }
    if language != "ar":  # what is longest there; right to left, every page is looked at
        pages = {name: pages[name] for name in ("list", "instrument", "verify")}
    plain, scripted = (fresh(locale=language, js=js).new_page() for js in (False, True))
    for page in (plain, scripted):
        page.route("**/*", lambda route: route.fulfill(**_filled(site.get(_path(route)))))
    for name, path in pages.items():
        plain.goto(f"http://127.0.0.1{path}")
        for width in WIDTHS:
            plain.set_viewport_size({"width": width, "height": 900})
            assert fits(plain) == [], f"{name} at {width}"
        keep(plain, f"public-{name}-{language}-{WIDTHS[-1]}")
        if language == "ar" and name in ("list", "meeting", "verify"):  # axe is a script, and slow
            scripted.goto(f"http://127.0.0.1{path}")
            assert faults(scripted) == [], name


def _path(route: Any) -> str:
    return str(route.request.url).removeprefix("http://127.0.0.1")


def _filled(answer: httpx.Response) -> dict[str, Any]:
    """An answer for the browser, which unpacks nothing that was unpacked already."""
    headers = {
        name: value
        for name, value in answer.headers.items()
        if name not in ("content-encoding", "content-length")
    }
    return {"status": answer.status_code, "headers": headers, "body": answer.content}


def test_what_a_party_writes_is_shown_as_text() -> None:
    here = Hall()
    starts = datetime(2024, 10, 1, 10, tzinfo=UTC)
    body = meetings.Convened(
        "joint", 1, starts, {"en": f"{HOSTILE}\r\nATTENDEE:mailto:x@example.org"}, parties=("IRQ", "TUR")
    )
    matter = here.say("TUR", "meeting.convened/1", body, mandate="TUR/1#art-1")
    here.meet()
    here.say("IRQ", "meeting.date_accepted/1", meetings.DateAccepted(), matter, matter, mandate="TUR/1#art-1")
    here.meet()
    title = {"en": f"{HOSTILE}\x00\x0b", "tr": "\x01]]>"}
    ref = here.release(matter, "record", title=title, note={"en": HOSTILE})
    site = Site(here)
    act = f"{site.at(ref)}/acts/{matter}"
    for path in ("/public/en", site.at(ref), act):
        page = site.get(path).text
        assert "<script" not in page
        assert "\u202e" not in page
        assert "U+202E" in page
    for language in LANGUAGES:
        raw = site.get(f"/public/{language}/feed.atom").content
        assert len(ET.fromstring(raw).findall(f"{ATOM}entry")) == 1
    calendar = site.get("/public/en/calendar.ics").content
    assert not re.search(rb"^ATTENDEE", calendar, re.MULTILINE)
    assert b"\r" not in calendar.replace(b"\r\n", b"")


def test_a_mechanism_without_releases_is_not_told_of() -> None:
    here = Hall()
    site = Site(here)
    assert site.get(site.at(Ref("TUR", 1))).status_code == 404
    for tail in ("", "/verify", "/feed.atom", "/calendar.ics"):
        answer = site.get(f"/public/en{tail}")
        assert answer.status_code == 200
        assert site.record.mechanism[:12] not in answer.text
    assert str(Words("en").say("public.nothing", "public")) in site.get("/public/en").text
