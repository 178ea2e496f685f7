"""Who reads the pages without an account: nobody in particular, in the language of the address; and what caches keep.

    page("/verify", verify)       GET /public/tr/verify, answered for a Reader whose language is "tr"

Each of these pages is a function of its address and of what is released, and of nothing else: no cookie is read or set,
so a cache may keep it for everybody. The entity tag is `comity.desk.public.mark`; where it is known, nothing is drawn.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup

from comity.core.act import LANGUAGES
from comity.core.errors import Refused
from comity.desk import public, wording
from comity.node.record import Record
from comity.web.form import Form
from comity.web.page import Page
from comity.web.text import visible
from comity.web.visit import Answer, Visit, short

__all__ = ["KEPT", "Reader", "page"]

KEPT = "public, max-age=120"
"""For so many seconds a page may be shown from a cache after one side has ended a release."""
_LOCAL = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?").fullmatch


class Reader(Visit):
    """A visit by nobody in particular: all that counts is the address. Raises `Refused` for a language we have not."""

    def __init__(self, visit: Visit, language: str = "en") -> None:
        super().__init__(visit.house, visit.drawing, visit.request, Form())
        if language not in LANGUAGES:
            raise Refused("language_unknown", language=visible(language[:20]), known=", ".join(LANGUAGES))
        self._language = language

    @property
    def session(self) -> None:
        """Nobody is signed in here, whoever asks."""
        return

    @property
    def language(self) -> str:
        """The one in the address."""
        return self._language

    @property
    def shows_hijri(self) -> bool:
        """Where the address asks for it."""
        return self.query("hijri") == "1"

    @property
    def record(self) -> Record:
        """The mechanism in the address, if it has anything released. Raises `Refused`."""
        asked = str(self.path.get("mechanism", ""))
        for one in self.house.mechanisms():
            if short(one) == asked and public.released(one, self.house.today()):
                return one
        raise Refused("not_public", ref=visible(asked[:40]))

    @property
    def origin(self) -> str:
        """Under which address browsers reach this node: as its settings say, or as this machine was asked."""
        told = {_netloc(one): one.rstrip("/") for one in self.house.accounts.settings.origins}
        host = self.header("host")
        if host not in told and _LOCAL(host):
            return f"{self.request.url.scheme}://{host}"
        return told.get(host) or next(iter(told.values()), "http://localhost")

    @property
    def authority(self) -> str:
        """The host that identifiers are named after (RFC 4151): always the same, however this node was reached."""
        return next(
            (_netloc(one).partition(":")[0] for one in self.house.accounts.settings.origins), "localhost"
        )

    def chapter(self, name: str) -> str:
        """What a chapter's dockets are called; of one that this version does not know, that."""
        return self.say("chapter", name) if name else self.say("public.unknown_chapter")

    def party_of(self, record: Record, code: str) -> str:
        """A party's name in the reader's language."""
        return self.named(record.charter.card(code).names) if code in record.parties else code

    @property
    def top(self) -> str:
        """The list in this language."""
        return f"/public/{self.language}"

    def release_at(self, record: Record, ref: str) -> str:
        """The page of a release."""
        return f"{self.top}/{short(record)}/{ref}"

    def _in_language(self, tag: str) -> str:
        tail = self.here.removeprefix(self.top) if self.here.startswith(self.top) else ""
        return f"/public/{tag}{tail}"

    def say(self, key: str, place: str = "web", /, **facts: object) -> Markup:
        """As any visit says it; the words of these pages are in a place of their own."""
        own = self.words.has(key, "public") and not self.words.has(key, place)
        return super().say(key, "public" if own else place, **facts)

    def draw(self, template: str, **values: Any) -> str:
        """A template of these pages, with their own way about."""
        path = self.request.url.path
        nav = [(self.say(f"public.nav.{name}"), href, path == href) for name, href in self._ways()]
        return super().draw(template, **{"nav_root": self.top, "nav": nav, **values})

    def _ways(self) -> Sequence[tuple[str, str]]:
        return (("list", self.top), ("verify", f"{self.top}/verify"))

    def mark(self, found: Iterable[tuple[Record, public.Release]], *more: str) -> str:
        """What an answer depends on: the address, the program's look, and the releases in it."""
        by_record: dict[str, tuple[Record, list[public.Release]]] = {}
        for record, one in found:
            by_record.setdefault(record.mechanism, (record, []))[1].append(one)
        marks = [public.mark(record, several) for record, several in by_record.values()]
        return public.mark_of(self.here, self.drawing.version, *more, *marks)

    def kept(
        self, mark: str, media_type: str, make: Callable[[], bytes], headers: Mapping[str, str] = {}
    ) -> Answer:
        """What a cache may keep, made only where the one who asks does not have it (RFC 9110 section 13.1.2)."""
        tag = f'W/"{mark}"'
        told = {"cache-control": KEPT, "etag": tag, **headers}
        known = {one.strip().removeprefix("W/") for one in self.header("if-none-match").split(",")}
        if known & {"*", tag.removeprefix("W/")}:
            return self.answer(b"", media_type, 304, told)
        return self.answer(make(), media_type, headers=told)

    def drawn(self, mark: str, template: str, make: Callable[[], Mapping[str, Any]]) -> Answer:
        """The same for a page that a template draws."""
        return self.kept(mark, "text/html; charset=utf-8", lambda: self.draw(template, **make()).encode())


_Work = Callable[[Reader], Answer]


def _netloc(origin: str) -> str:
    return origin.partition("://")[2].rstrip("/")


def page(tail: str, work: _Work) -> Page:
    """One of these pages, under its language. What is refused here is not here, and told in the reader's language."""

    def answered(visit: Visit) -> Answer:
        asked = str(visit.path["language"])
        try:
            return work(Reader(visit, asked))
        except Refused as error:
            return _not_here(Reader(visit, asked if asked in LANGUAGES else "en"), error)

    return Page(f"/public/{{language:str}}{tail}", answered, public=True, cacheable=True)


def _not_here(reader: Reader, error: Refused) -> Answer:
    answer = reader.page("error.html", 404, told=wording.told(reader.words, error), kind="refused")
    answer.headers["cache-control"] = "public, max-age=30"
    return answer
