"""The public pages: the same for everybody, kept by caches, in three languages, and nothing that was not released.

Seen to fail: with the reader's cookie looked at, with an entity tag that does not move when a release is ended, with
markup in a title, with a proof of what is not released.
"""

from __future__ import annotations

import functools
import gzip
import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import pytest
from icalendar import Calendar
from tests.desk.releases import LATE, PERSON, SECRET, Hall
from tests.web.browser import WIDTHS, Fresh, browser, faults, fits, fresh, keep
from tests.web.stage import Client

from comity.accounts import Settings
from comity.chapters.meetings import acts as meetings
from comity.core.act import LANGUAGES, Ref
from comity.core.proof import DocketVerdict, verify_proof
from comity.desk.house import House
from comity.node.record import Record
from comity.web import public
from comity.web.app import application
from comity.web.visit import SESSION
from comity.words import Words

__all__ = ["browser", "fresh"]

HOSTILE = "<script>alert(1)</script>\"' \u202eevil"
ATOM = "{http://www.w3.org/2005/Atom}"


class Home(House):
    """A house whose records are in memory, and whose accounts nobody may ask for a session."""

    def __init__(self, *records: Record, origins: tuple[str, ...] = ("https://node.example",)) -> None:
        node = SimpleNamespace(settings=SimpleNamespace(names={"en": "Land", "ar": "جمهورية"}), party="TUR")
        accounts = SimpleNamespace(settings=Settings(origins=origins), session=_nobody)
        clock = lambda: datetime(LATE.year, LATE.month, LATE.day, 9, tzinfo=UTC)  # noqa: E731
        super().__init__(node, accounts, clock, UTC)  # type: ignore[arg-type]
        self.records = list(records)

    def mechanisms(self) -> list[Record]:
        return self.records


def _nobody(_: str) -> None:
    raise AssertionError("a public page asked who is there")


class Site:
    """The pages of one node of a hall, and where its mechanism is."""

    def __init__(self, here: Hall, **how: Any) -> None:
        self.here = here
        self.record = here.node("TUR")
        self.app = application(Home(self.record, **how))

    def get(self, path: str, cookies: Any = (), **headers: str) -> httpx.Response:
        """Asked in a thread of its own: while a browser is tested, this one has a loop that runs."""
        with ThreadPoolExecutor(1) as outside:
            return outside.submit(Client(self.app, dict(cookies)).get, path, **headers).result()

    def at(self, ref: Ref, language: str = "en") -> str:
        return f"/public/{language}/{self.record.mechanism[:12]}/{ref}"


@functools.cache
def full() -> tuple[Site, dict[str, Ref]]:
    """A release of every sort of matter."""
    here = Hall()
    found = {
        "recorded": here.release(
            Ref("TUR", 1), title={"en": "The memorandum", "tr": "Zabıt", "ar": "المذكرة"}
        ),
        "instrument": here.release(here.instrument()),
        "statement": here.release(here.statement(), "record"),
        "meeting": here.release(here.delegated(), "record", note={"en": "As agreed."}),
        "commitment": here.release(here.agreed()),
    }
    return Site(here), found


# ------------------------------------------------------------------------------------------ for everybody


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


# --------------------------------------------------------------------------------------- what is on them


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


def test_an_agreed_text_is_shown_in_its_languages_side_by_side() -> None:
    site, found = full()
    page = site.get(site.at(found["instrument"], "ar")).text
    assert page.index('lang="ar" dir="rtl"><span') < page.index('lang="en" dir="ltr"><span')
    for words in ("المادة 2", "Article 2", "Madde 2", "sixty days"):
        assert words in page
    assert "thirty days" not in page
    assert SECRET not in page


def test_a_whole_record_has_a_page_for_each_act_without_names_of_people() -> None:
    site, found = full()
    page = site.get(site.at(found["meeting"])).text
    acts = re.findall(rf'href="({site.at(found["meeting"])}/acts/[A-Z]+/\d+)"', page)
    told = [site.get(path) for path in dict.fromkeys(acts)]
    assert {answer.status_code for answer in told} == {200}
    whole = "".join(answer.text for answer in told)
    assert PERSON not in page + whole
    assert SECRET in whole, "what one side put is part of the record"
    assert str(Words("en").say("public.act.withheld", "public")) in whole
    assert "A centre is set up." in whole


def test_an_outcome_has_no_pages_of_acts() -> None:
    site, found = full()
    path = site.at(found["commitment"])
    assert "/acts/" not in site.get(path).text
    assert site.get(f"{path}/acts/TUR/1").status_code == 404


def test_by_its_matter_the_newest_release_is_found() -> None:
    site, found = full()
    answer = site.get(site.at(Ref("TUR", 1)))
    assert (answer.status_code, answer.headers["location"]) == (303, site.at(found["recorded"]))


def test_the_proof_is_a_file_that_verifies() -> None:
    site, found = full()
    for ref in found.values():
        answer = site.get(f"{site.at(ref)}/proof")
        assert "attachment" in answer.headers["content-disposition"]
        verdict = verify_proof(answer.content)
        assert isinstance(verdict, DocketVerdict)
        assert verdict.mechanism == site.record.mechanism


def test_how_to_verify_names_what_is_to_be_compared() -> None:
    site, found = full()
    verdict = verify_proof(site.get(f"{site.at(found['recorded'])}/proof").content)
    for language in LANGUAGES:
        page = site.get(f"/public/{language}/verify").text
        for word in (verdict.mechanism, *verdict.fingerprints.values(), "comity verify"):
            assert word in page


# ------------------------------------------------------------------------------------- feed and calendar


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


def test_the_calendar_has_the_released_meetings() -> None:
    site, _ = full()
    [event] = Calendar.from_ical(site.get("/public/tr/calendar.ics").content).walk("VEVENT")
    assert event["DTSTART"].dt.date() == date(2024, 10, 1)


# ------------------------------------------------------------------------------------------------ the look


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


# ------------------------------------------------------------------------------------------ hostile input


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


def test_a_mechanism_without_releases_is_not_told_of() -> None:
    here = Hall()
    site = Site(here)
    assert site.get(site.at(Ref("TUR", 1))).status_code == 404
    for tail in ("", "/verify", "/feed.atom", "/calendar.ics"):
        answer = site.get(f"/public/en{tail}")
        assert answer.status_code == 200
        assert site.record.mechanism[:12] not in answer.text
    assert str(Words("en").say("public.nothing", "public")) in site.get("/public/en").text


def test_a_page_of_a_long_text_stays_small() -> None:
    """The issue asks for at most 100 kB on first load."""
    site, found = full()
    for ref in found.values():
        assert len(gzip.compress(site.get(site.at(ref)).content)) < 20_000


def test_nothing_can_be_sent_to_these_pages() -> None:
    site, _ = full()
    with ThreadPoolExecutor(1) as outside:
        sent = outside.submit(Client(site.app, {}).post, "/public/en", {"x": "y"}, origin="http://127.0.0.1")
    assert sent.result().status_code == 405
