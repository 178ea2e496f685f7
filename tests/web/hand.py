"""The demonstration's story told by hand: every act that the pages can say is said in a browser, on its party's own node.

    hand = Hand(folder, "tr", fresh)
    Play(hand, Teller("tr"), "tr").run()

`Hand` is a `Stage` whose `tell` fills in a form instead of typing a command. What is not done in pages stays a command:
making the nodes, carrying files, proofs.
"""

from __future__ import annotations

import contextlib
import io
import re
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from playwright.sync_api import Error as PlaywrightError

from comity.accounts import MACHINE, Accounts, Settings
from comity.cli import fields as typed
from comity.cli.acts import chapter_group
from comity.cli.founding import card, found
from comity.cli.main import chapter_names
from comity.cli.papers import paper
from comity.cli.spoken import read_names
from comity.core import charter as charters
from comity.core.chapter import Kind
from comity.core.charter import ROOT, parse_card
from comity.core.fold import COMMON
from comity.demo.stage import PARTIES, Failed, Stage
from comity.desk.fields import fields
from comity.desk.house import House
from comity.exchange.http.serving import serving
from comity.web import written
from comity.web.app import application

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page
    from tests.web.browser import Fresh

__all__ = ["Hand"]

PERSONS = {"TUR": "ayla", "IRQ": "layla"}
PASSWORD = "four words and a lamp"
_OFFICES = ("mfa", "defence")
_QUICK = Settings(argon_iterations=1, argon_memory_kib=8, argon_lanes=1)
_NOT_BY_HAND = ("ask", "overview", "programme", "disclose", "verify-evidence", "report", "compare")


class Hand(Stage):
    """Two nodes, and a person with a browser at each of them. `said` counts the acts that were said in the pages."""

    def __init__(
        self, folder: Path, language: str, fresh: Fresh, *, js: bool = True, width: int = 1280
    ) -> None:
        super().__init__(folder, language)
        self.language, self.said = language, 0
        self._fresh, self._js, self._width = fresh, js, width
        self._pages: dict[str, Page] = {}
        self._roots: dict[str, str] = {}
        self._houses: dict[str, House] = {}
        self._open = ExitStack()
        self._beside = self._open.enter_context(ThreadPoolExecutor(1))

    def close(self) -> None:
        """Stop what was started."""
        self._open.close()
        super().close()

    # ------------------------------------------------------------------------------------- who sits where

    def page(self, party: str) -> Page:
        """The party's browser, signed in through the form."""
        if party not in self._pages:
            session = self._sessions[party]
            accounts = Accounts(self.node(party), lambda: datetime.now(UTC), _QUICK)
            person = PERSONS[party]
            accounts.add(MACHINE, person, person.title(), self.language, PASSWORD)
            accounts.let_found(MACHINE, person)
            house = House(session.node, accounts, session.clock, UTC)
            address = self._open.enter_context(serving(application(house)))
            page = self._fresh(self._width, locale=self.language, js=self._js).new_page()
            page.set_default_timeout(120_000)
            page.goto(f"{address}/?lang={self.language}")
            page.fill('[name="name"]', person)
            page.fill('[name="password"]', PASSWORD)
            _follow(page, page.locator('main form[action="/sign-in"] button.button-main'))
            page.locator('main a[href="/found"]').wait_for()
            assert page.locator("html").get_attribute("lang") == self.language
            self._pages[party], self._houses[party] = page, house
        return self._pages[party]

    def root(self, party: str) -> str:
        """Where the pages of the mechanism begin. Its offices are granted as soon as it is there, but for the root key's."""
        if party not in self._roots:
            page, house, record = self.page(party), self._houses[party], self.record(party)
            for office in _OFFICES:
                house.accounts.grant(MACHINE, PERSONS[party], record.mechanism, office)
            start = page.url.partition("://")[2].partition("/")[0]
            self._roots[party] = f"http://{start}/m/{record.mechanism[:12]}"
        return self._roots[party]

    # ------------------------------------------------------------------------------------------- speaking

    def tell(self, party: str, when: str, *arguments: str) -> Any:
        """An act in the browser, where the pages can say it; anything else as a command. Raises `Failed`."""
        if len(arguments) > 2 and arguments[0] in chapter_names() and arguments[1] not in _NOT_BY_HAND:
            kind = self._kind(*arguments[:2])
            if kind is not None:
                return self._by_hand(party, when, arguments[0], kind, arguments[2:])
        if arguments[:2] in (("card", "make"), ("found", "propose"), ("found", "accept")):
            return self._founding(party, when, arguments[0], arguments[1:])
        if arguments[:2] in (("paper", "certify"), ("paper", "sign")):
            return self._on_paper(party, when, arguments[1], arguments[2:])
        return super().tell(party, when, *arguments)

    def ask(self, party: str, when: str, *arguments: str) -> tuple[int, Any]:
        """In a thread of its own: the browser's event loop runs in this one, and signing a paper starts another."""
        return self._beside.submit(super().ask, party, when, *arguments).result()

    def _founding(self, party: str, when: str, group: str, arguments: tuple[str, ...]) -> Mapping[str, Any]:
        """Our card made, a charter proposed or accepted: from the page to which the first one leads."""
        session, page = self._sessions[party], self.page(party)
        session.now = datetime.fromisoformat(when) if when else None
        command = {"card": card, "found": found}[group].get_command(None, arguments[0])  # type: ignore[arg-type]
        assert command is not None
        values = command.make_context(arguments[0], list(arguments[1:]), obj=session).params
        _follow(page, page.locator('header a[href="/found"]'))
        _follow(page, page.locator(f'main a[href="/found/{"card" if group == "card" else arguments[0]}"]'))
        if group == "card":
            page.fill('[name="address"]', values["address"])
            _follow(page, page.locator("main form button.button-main"))
            self._download(page, "/file", values["output"])
            return {"fingerprint": page.locator("main .fingerprint").inner_text().strip()}
        if "cards" in values:
            others = [str(path) for path in values["cards"] if parse_card(path.read_bytes()).party != party]
            page.set_input_files('[name="_files"]', others)
            _follow(page, page.locator('main button[name="_do"][value="add"]'))
            for tag, name in read_names(values["names"], "name").items():
                page.fill(f'[name="names.{tag}"]', name)
            for box in page.locator('main [name="chapters"]').all():
                box.set_checked(box.input_value() in values["chapters"])
        else:
            page.set_input_files('[name="_file"]', str(values["file"]))
            self._press(page, "look")
        for other, heard in read_names(values["fingerprints"], "fingerprint").items():
            page.fill(f'[name="heard.{other}"]', heard)
        self._press(page, "check")
        self._press(page, "say")
        page.wait_for_url(re.compile(r"told=accepted"))
        if "output" in values:
            self._download(page, "/charter", values["output"])
        self.said += 1
        return {"mechanism": self.record(party).mechanism}

    def _download(self, page: Page, end: str, path: Path) -> None:
        with page.expect_download() as awaited:
            page.locator(f'main a[href$="{end}"]').click()
        awaited.value.save_as(path)

    def _kind(self, chapter: str, verb: str) -> Kind | None:
        known = charters.CHAPTER if chapter == "charter" else self.record(PARTIES[0]).chapters[chapter]
        return next((kind for kind in (*known.kinds, *COMMON) if kind.verb == verb), None)

    def _by_hand(
        self, party: str, when: str, chapter: str, kind: Kind, arguments: tuple[str, ...]
    ) -> Mapping[str, Any]:
        session, page = self._sessions[party], self.page(party)
        session.now = datetime.fromisoformat(when)
        command = chapter_group(chapter).get_command(None, kind.verb)  # type: ignore[arg-type]
        assert command is not None
        with contextlib.redirect_stdout(io.StringIO()):
            values = command.make_context(kind.verb, list(arguments), obj=session).params
        self._open_form(party, chapter, kind, values)
        self._fill(page, kind, values)
        self._press(page, "check")
        if values.get("file") is not None:
            page.set_input_files('[name="_file"]', str(values["file"]))
        return self._said(page, f"{kind.name} {arguments}")

    def _on_paper(self, party: str, when: str, verb: str, arguments: tuple[str, ...]) -> Mapping[str, Any]:
        """A certificate named, or a paper signed, each from the link that leads there."""
        session, page, root = self._sessions[party], self.page(party), self.root(party)
        session.now = datetime.fromisoformat(when)
        command = paper.get_command(None, verb)  # type: ignore[arg-type]
        assert command is not None
        values = command.make_context(verb, list(arguments), obj=session).params
        start, link = (
            ("people", f"/people/certify?office={values['office']}")
            if verb == "certify"
            else ("documents", f"/documents/sign/{values['reference']}")
        )
        page.goto(f"{root}/{start}")
        _follow(page, page.locator(f'main a[href$="{link}"]'))
        self._put(page, "office", [values["office"]])
        if values.get("place"):
            self._put(page, "place", [values["place"]])
        self._press(page, "check")
        return self._said(page, f"paper {verb} {arguments}")

    def _said(self, page: Page, what: str) -> Mapping[str, Any]:
        """The last button pressed, and the act to which it led."""
        self._press(page, "say")
        with contextlib.suppress(PlaywrightError):  # what came instead is told below
            page.wait_for_url(re.compile(r"[?&]said="))
        found = re.search(r"[?&]said=([A-Z0-9]+/[0-9]+)", page.url)
        if found is None:
            raise Failed(f"{what}: {page.url}\n{page.locator('main').inner_text()[:4000]}")
        self.said += 1
        return {"ref": found[1]}

    def _open_form(self, party: str, chapter: str, kind: Kind, values: Mapping[str, Any]) -> None:
        """As a person comes to it: by a link of the docket's page where there is one, else by its address."""
        page, root = self.page(party), self.root(party)
        answers = [str(one) for one in values.get("answers") or ()]
        about = str(values.get("docket") or "") or (answers[0] if answers else "")
        query = "&".join(
            [*([f"docket={about}"] if about else []), *(f"answers={one}" for one in answers[:1])]
        )
        if about and not kind.name.startswith("charter."):
            if "docket" in values and str(values["docket"]) == about:
                page.goto(f"{root}/d/{about}")
            else:
                page.goto(f"{root}/a/{about}")
                docket = page.locator('main a[href*="/d/"]').first.get_attribute("href") or ""
                page.goto(root.partition("/m/")[0] + docket.partition("#")[0])
            for link in page.locator(
                f'main a[href*="/say/{chapter}/{kind.verb}"], aside a[href*="/say/{chapter}/{kind.verb}"]'
            ).all():
                href = link.get_attribute("href") or ""
                if not answers or answers[0].replace("/", "%2F") in href or answers[0] in href:
                    _follow(page, link)
                    return
        page.goto(f"{root}/say/{chapter}/{kind.verb}?{query}")

    def _press(self, page: Page, what: str) -> None:
        form = page.locator(f'main form:has(input[name="_do"][value="{what}"])')
        try:
            form.first.wait_for(state="attached")
        except PlaywrightError as error:
            told = page.locator("main").inner_text()[:4000]
            raise Failed(f"{page.url}: no form to {what}\n{told}") from error
        _follow(page, form.locator("button.button-main, button.button-final").last)

    # -------------------------------------------------------------------------------------- filling it in

    def _fill(self, page: Page, kind: Kind, values: Mapping[str, Any]) -> None:
        _unfold(page)
        self._put(page, "_office", [str(values.get("speaking") or ROOT)])
        if values.get("mandate"):
            self._put(page, "_mandate", [str(values["mandate"])])
        answers = [str(one) for one in values.get("answers") or ()]
        if answers:
            self._put(page, "_answers", answers)
        if values.get("new_key"):
            self._put(page, "_new_key", ["yes"])
        if values.get("files"):
            page.set_input_files('[name="_files"]', [str(path) for path in values["files"]])
        data = typed.collect(kind.body, values)
        known = [field for field in fields(kind.body) if field.name in data]
        for name, texts in written.texts(known, data).items():
            self._put(page, name, texts)

    def _put(self, page: Page, name: str, texts: list[str]) -> None:
        """Type a text, or choose it, or tick it; a thing of a list that is not there yet is added first."""
        there = page.locator(f'main form [name="{name}"]')
        if there.count() == 0:
            for stem in _stems(name):
                add = page.locator(f'main form button[name="_add"][value="{stem}"]')
                if add.count():
                    _follow(page, add)
                    _unfold(page)
                    break
            there = page.locator(f'main form [name="{name}"]')
        if there.count() == 0:
            raise Failed(f"{page.url}: there is no input {name}")
        for text in texts:
            self._one(there, name, text, many=len(texts) > 1)

    def _one(self, there: Locator, name: str, text: str, *, many: bool) -> None:
        first = there.first
        tag, kind = first.evaluate("one => [one.tagName, one.type]")
        if kind == "hidden":
            assert first.input_value() == text, f"{name} is {first.input_value()}, not {text}"
        elif tag == "SELECT":
            first.select_option(text)
        elif kind == "checkbox":
            (
                there.and_(first.page.locator(f'[value="{text}"]')).first if there.count() > 1 else first
            ).check()
        elif many:
            between = "\n" if tag == "TEXTAREA" else " "  # one on a line
            first.fill(f"{first.input_value()}{between}{text}".strip())
        else:
            first.fill(text)


def _follow(page: Page, what: Locator) -> None:
    """Click, and wait for the page to which that leads: a click alone may return while the old one is still there."""
    with page.expect_navigation(wait_until="domcontentloaded"):
        what.click()


def _unfold(page: Page) -> None:
    """Open what is folded, all at once: that each opens by a key or a click is what `test_keyboard.py` tries."""
    page.locator("main form.form details").evaluate_all("all => all.forEach(one => { one.open = true })")


def _stems(name: str) -> list[str]:
    """Lists in which an input may lie: `decisions` for `decisions.0.item`; the innermost first."""
    parts = name.split(".")
    return [".".join(parts[:at]) for at in range(len(parts) - 1, 0, -1) if parts[at].isdecimal()]
