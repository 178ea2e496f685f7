"""Every page that can be reached, in a browser and read: it answers, fits, can be read by everybody, asks nobody else, and
holds no word of another language than its own.

Pages are found by following links (`tests.web.crawl`), so a new page is held to all this as soon as something leads to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from typing import Any

import pytest
from tests.web.browser import WIDTHS, Fresh, faults, fits, keep, settled, signed_in
from tests.web.catalogue import left, quoted, strings
from tests.web.crawl import Seen, crawl, unreached
from tests.web.stage import Stage

from comity.accounts import MACHINE
from comity.core.charter import ROOT
from comity.exchange.http.serving import serving

BUDGET = 100_000  # bytes of a first load: the page and everything that it needs
FURNITURE = 84_000  # of these at most for style, script, pictures and typefaces
PASSWORD = "four words and a lamp"
PARTY = "TUR"
WITH_ALL, ADMINISTRATOR, NOBODY = "zeynep", "deniz", ""
NEEDS_MORE = frozenset(
    {
        "/sign-in/with/{provider}",  # a directory that the administrator has configured: tests/web/test_signing_in.py
        "/sign-in/from/{provider}",
        "/m/{mechanism}/say/{chapter}/{verb}/{party}/{number}",  # what a form is opened again for
        "/m/{mechanism}/commitments/{party}/{number}/evidence/{by}/{act}",  # a file that was released to us
        "/m/{mechanism}/state",  # for a script: tests/web/test_glance.py
        "/public/{language}/{mechanism}/{party}/{number}/acts/{act_party}/{act_number}",  # all acts of a matter released
    }
)
"""Pages that need what the story has not."""

_LOUD = ("error", "warning")

Found = Mapping[str, Sequence[Seen]]


@pytest.fixture(scope="module")
def peopled(stage: Stage) -> Stage:
    """The stage, and on it somebody who may do everything that an office lets its holder do."""
    house = stage.house(PARTY)
    record = house.mechanisms()[0]
    if WITH_ALL not in {person.name for person in house.accounts.people()}:
        house.accounts.add(MACHINE, WITH_ALL, "Zeynep", "tr", PASSWORD)
        with record.reading():
            offices = record.folds.offices(PARTY, record.ready)
        for office in sorted({*offices, ROOT}):
            house.accounts.grant(MACHINE, WITH_ALL, record.mechanism, office)
        house.accounts.let_found(MACHINE, WITH_ALL)
    return stage


@pytest.fixture(scope="module")
def reached(peopled: Stage) -> Found:
    """Every page, a few of each kind, as those who may come to it see it in Arabic: office holder, administrator, anybody."""
    found: dict[str, list[Seen]] = {}
    for who, start in (
        (WITH_ALL, ["/"]),
        (ADMINISTRATOR, ["/admin"]),
        (NOBODY, ["/sign-in", "/public", "/public/ar", "/nowhere"]),
    ):
        for kind, pages in crawl(peopled.client(PARTY, who, "ar"), start).items():
            found.setdefault(f"{kind}|{who}" if kind in found else kind, []).extend(
                page._replace(kind=f"{kind}|{who}") for page in pages
            )
    return found


def _who(page: Seen) -> str:
    return page.kind.rpartition("|")[2]


def _pages(found: Found) -> Iterator[Seen]:
    """Those that are shown in a browser."""
    return (
        page for pages in found.values() for page in pages if page.media_type == "text/html" and page.text
    )


def _one_of_each(found: Found) -> Iterator[Seen]:
    """One page of each kind, in Arabic: the longest that was found, which has most to go wrong."""
    for pages in found.values():
        shown = [page for page in pages if page.media_type == "text/html" and page.text]
        if shown:
            yield max(shown, key=lambda page: ('<html lang="ar"' in page.text, len(page.text)))


def _is_form(page: Seen) -> bool:
    return "/say/" in page.path


def test_every_page_can_be_reached_and_answers(reached: Found) -> None:
    """By links alone, from the front page, the administrator's and the public one; and no link leads nowhere."""
    assert unreached(kind.partition("|")[0] for kind in reached) <= NEEDS_MORE
    ill = {
        page.path: page.status
        for pages in reached.values()
        for page in pages
        if page.status >= 400 and page.path != "/nowhere"
    }
    assert ill == {}


def test_a_page_weighs_little(reached: Found) -> None:
    """With what all pages share it stays within the budget of a first load."""
    heavy = {page.path: page.weight for page in _pages(reached) if page.weight > BUDGET - FURNITURE}
    assert heavy == {}


@pytest.mark.parametrize("language", ["tr", "ar"])
def test_no_english_is_left_on_a_page_of_another_language(
    stage: Stage, reached: Found, language: str
) -> None:
    """Titles, labels and what is only heard too; what the record or a person says stands as it was said."""
    house = stage.house(PARTY)
    people = house.accounts.people()
    said = {
        *strings(house.mechanisms()[0]),
        ROOT,
        *(name for one in people for name in (one.name, one.display)),
        *quoted(house.accounts),
    }
    clients = {who: stage.client(PARTY, who, language) for who in (WITH_ALL, ADMINISTRATOR, NOBODY)}
    found: dict[tuple[str, str], str] = {}
    for page in _pages(reached):
        text = page.text
        if language != "ar":
            text = clients[_who(page)].get(page.path.replace("/public/ar", f"/public/{language}")).text
        if f'<html lang="{language}"' in text:  # a public page has its language in its address
            for one in left(text, language, said):
                found.setdefault(one, page.path)
    assert found == {}


@pytest.fixture
def opened(peopled: Stage, fresh: Fresh) -> Iterator[Any]:
    """Makes a browser of somebody's; all that it says on its console is in the list beside it."""
    with ExitStack() as running:
        address = running.enter_context(serving(peopled.app(PARTY)))

        def make(who: str, language: str, width: int = 1280) -> tuple[Any, str, list[str]]:
            token = peopled.cookie(PARTY, who) if who else ""
            page, said = signed_in(fresh, address, token, language, width), []
            page.on(
                "console",
                lambda message: message.type in _LOUD and said.append(f"{page.url}: {message.text}"),
            )
            page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
            page.on(
                "response",
                lambda answer: answer.status >= 500 and said.append(f"{answer.status} {answer.url}"),
            )
            return page, address, said

        yield make


@pytest.mark.parametrize("who", [WITH_ALL, ADMINISTRATOR, NOBODY], ids=["office", "administrator", "anybody"])
def test_every_page_in_arabic_is_laid_out_from_the_right_at_every_width(
    opened: Any, reached: Found, who: str
) -> None:
    """It does not overflow, and what it looks like is kept. Forms are drawn of the same parts: each at the smallest width."""
    page, address, said = opened(who, "ar")
    wide: dict[str, list[str]] = {}
    for seen in _one_of_each(reached):
        if _who(seen) != who:
            continue
        page.goto(f"{address}{seen.path}")
        if page.locator("html").get_attribute("lang") == "ar":
            assert page.locator("html").get_attribute("dir") == "rtl"
        for width in WIDTHS[:1] if _is_form(seen) else WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            found = fits(page)
            if found:
                wide[f"{seen.path} at {width}"] = found
            keep(page, f"{_name(seen)}-ar-{width}")
        if seen.path == "/nowhere":  # the browser itself says that it got a 404
            said.clear()
    assert wide == {}
    assert said == []


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("who", [WITH_ALL, ADMINISTRATOR, NOBODY], ids=["office", "administrator", "anybody"])
def test_axe_finds_no_serious_fault_on_any_page(opened: Any, reached: Found, who: str, language: str) -> None:
    """Arabic on a telephone, English on a desk."""
    page, address, said = opened(who, language, 360 if language == "ar" else 1280)
    found: dict[str, list[str]] = {}
    chapters: set[str] = set()
    for seen in _one_of_each(reached):
        if _who(seen) != who or (_is_form(seen) and seen.path.split("/")[4] in chapters):
            continue
        if _is_form(seen):  # forms are drawn of the same parts: one of each chapter
            chapters.add(seen.path.split("/")[4])
        page.goto(f"{address}{seen.path.replace('/public/ar', f'/public/{language}')}")
        faulty = faults(page)
        if faulty:
            found[seen.path] = faulty
        if seen.path == "/nowhere":
            said.clear()
    assert found == {}
    assert said == []


@pytest.mark.parametrize("language", ["en", "ar"])
def test_a_first_load_stays_within_its_budget(opened: Any, stage: Stage, language: str) -> None:
    """On the wire, with style, script and typefaces; nothing comes from anywhere else (`fresh` sees to that)."""
    page, address, _ = opened(WITH_ALL, language)
    answers: list[Any] = []
    page.on("response", lambda answer: answers.append(answer))  # noqa: PLW0108 -- Playwright marks what it is given
    page.goto(f"{address}{stage.root(PARTY)}", wait_until="load")
    settled(page)
    weights = {answer.url: answer.request.sizes()["responseBodySize"] for answer in answers}
    furniture = sum(weight for url, weight in weights.items() if "/static/" in url)
    assert sum(weights.values()) <= BUDGET, weights
    assert 0 < furniture <= FURNITURE, weights


def _name(seen: Seen) -> str:
    kind, _, who = seen.kind.rpartition("|")
    named = re.sub(
        r"\{[a-z_]+\}|/", "-", kind.replace("/m/{mechanism}", "m").replace("{party}/{number}", "one")
    )
    return re.sub(r"-{2,}", "-", f"page-{named}-{who}").strip("-").replace(" ", "")
