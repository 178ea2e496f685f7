"""The pages that everybody may read, without an account: what all parties have released, and how to verify it.

    GET /public/tr                        what is released, newest first, in Turkish
    GET /public/tr/3f2a91c07b1e/TUR/40    one release; with /proof, a file for `comity verify`
    GET /public/tr/feed.atom              and /public/tr/calendar.ics

Each of these is a function of its address and of what is released, and of nothing else: no cookie is read or set, so a
cache may keep it for everybody. The entity tag is `comity.desk.public.mark`; where it is known, nothing is drawn.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from markupsafe import Markup

from comity.core.act import LANGUAGES, Ref
from comity.core.charter import card_fingerprint
from comity.core.errors import Malformed, Refused
from comity.desk import outcome, public, wording
from comity.node.record import Record
from comity.web import atom
from comity.web.form import Form
from comity.web.page import Page
from comity.web.text import visible
from comity.web.visit import Answer, Visit, short

__all__ = ["PAGES", "Reader"]

_KEPT = "public, max-age=120"
"""For so many seconds a page may be shown from a cache after one side has ended a release."""
_LISTED = 50
_FED = 100
_LOCAL = re.compile(r"(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?").fullmatch


class Reader(Visit):
    """A visit by nobody in particular: all that counts is the address."""

    def __init__(self, visit: Visit) -> None:
        super().__init__(visit.house, visit.drawing, visit.request, Form())

    @property
    def session(self) -> None:
        """Nobody is signed in here, whoever asks."""
        return

    @property
    def language(self) -> str:
        """The one in the address. Raises `Refused` where there is none of that name."""
        asked = str(self.path.get("language", "en"))
        if asked not in LANGUAGES:
            raise Refused("language_unknown", language=visible(asked[:20]), known=", ".join(LANGUAGES))
        return asked

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
    def asked_for(self) -> str:
        """The language that the browser asks for first, of those that there are."""
        accepted = (
            one.partition(";")[0].strip()[:2].lower() for one in self.header("accept-language").split(",")
        )
        return next((tag for tag in accepted if tag in LANGUAGES), "en")

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


Work = Callable[[Reader], Answer]


def _netloc(origin: str) -> str:
    return origin.partition("://")[2].rstrip("/")


def _page(tail: str, work: Work) -> Page:
    """One of these pages, under its language. What is refused here is not here, and told in the reader's language."""

    def answered(visit: Visit) -> Answer:
        reader = Reader(visit)
        try:
            reader.language  # noqa: B018 -- an address in no language is refused before anything is looked up
            return work(reader)
        except Refused as error:
            told = wording.told(_speaker(visit, reader).words, error)
            answer = _speaker(visit, reader).page("error.html", 404, told=told, kind="refused")
            answer.headers["cache-control"] = "public, max-age=30"
            return answer

    return Page(f"/public/{{language:str}}{tail}", answered, public=True, cacheable=True)


def _speaker(visit: Visit, reader: Reader) -> Reader:
    """Who tells an error: the reader, or in English where the address names no language."""
    if reader.path.get("language") in LANGUAGES:
        return reader
    english = Reader(visit)
    english.path = {"language": "en"}
    return english


def _kept(
    reader: Reader, mark: str, media_type: str, make: Callable[[], bytes], headers: Mapping[str, str] = {}
) -> Answer:
    """What a cache may keep, drawn only where the one who asks does not have it (RFC 9110 section 13.1.2)."""
    tag = f'W/"{mark}"'
    kept = {"cache-control": _KEPT, "etag": tag, **headers}
    known = {one.strip().removeprefix("W/") for one in reader.header("if-none-match").split(",")}
    if known & {"*", tag.removeprefix("W/")}:
        return reader.answer(b"", media_type, 304, kept)
    return reader.answer(make(), media_type, headers=kept)


def _html(reader: Reader, mark: str, template: str, make: Callable[[], Mapping[str, Any]]) -> Answer:
    return _kept(reader, mark, "text/html; charset=utf-8", lambda: reader.draw(template, **make()).encode())


def _mark(reader: Reader, found: Iterable[tuple[Record, public.Release]], *more: str) -> str:
    """What an answer depends on: the address, the program's look, and the releases in it."""
    by_record: dict[str, tuple[Record, list[public.Release]]] = {}
    for record, one in found:
        by_record.setdefault(record.mechanism, (record, []))[1].append(one)
    marks = [public.mark(record, several) for record, several in by_record.values()]
    return public.mark_of(reader.here, reader.drawing.version, *more, *marks)


# ------------------------------------------------------------------------------------------ the list


def _start(visit: Visit) -> Answer:
    """The list in the language that the browser asks for."""
    answer = visit.go(f"/public/{Reader(visit).asked_for}")
    answer.headers.update({"cache-control": _KEPT, "vary": "accept-language"})
    return answer


def _all(reader: Reader) -> list[tuple[Record, public.Release]]:
    """What is released in every mechanism of this node, newest first."""
    on = reader.house.today()
    found = [(one, shown) for one in reader.house.mechanisms() for shown in public.released(one, on)]
    return sorted(found, key=lambda pair: (pair[1].since, Ref.parse(pair[1].ref)), reverse=True)


def _listing(reader: Reader) -> Answer:
    found = _all(reader)
    asked = reader.query("page", "1")
    page = max(int(asked), 1) if asked.isascii() and asked.isdecimal() and len(asked) < 7 else 1
    shown = found[(page - 1) * _LISTED : page * _LISTED]

    def make() -> Mapping[str, Any]:
        several = len({record.mechanism for record, _ in found}) > 1
        return {
            "entries": [_told(reader, record, one, several=several) for record, one in shown],
            "earlier": f"{reader.top}?page={page - 1}" if page > 1 else "",
            "later": f"{reader.top}?page={page + 1}" if len(found) > page * _LISTED else "",
            "feed": f"{reader.top}/feed.atom",
            "calendar": f"{reader.top}/calendar.ics",
        }

    return _html(reader, _mark(reader, shown, str(len(found))), "public/list.html", make)


def _told(reader: Reader, record: Record, one: public.Release, *, several: bool) -> dict[str, Any]:
    [entry] = public.entries(record, [one])
    return {
        "title": reader.named(entry.title),
        "href": reader.release_at(record, one.ref),
        "sort": _chapter(reader, entry.chapter),
        "since": one.since.isoformat(),
        "shown_since": reader.day(one.since),
        "hijri": reader.hijri(one.since),
        "matter": one.matter,
        "extent": reader.say(f"value.{one.extent}", "releases"),
        "mechanism": reader.named(record.charter.names) if several else "",
    }


def _chapter(reader: Reader, name: str) -> Markup:
    return reader.say("chapter", name) if name else reader.say("public.unknown_chapter")


# ----------------------------------------------------------------------------------------- one release


def _ref(reader: Reader, prefix: str = "") -> Ref:
    text = f"{reader.path[f'{prefix}party']}/{reader.path[f'{prefix}number']}"
    try:
        return Ref.parse(text)
    except Malformed as error:
        raise Refused("not_public", ref=visible(text[:40])) from error


def _found(reader: Reader) -> tuple[Record, public.Released]:
    record = reader.record
    return record, public.release(record, _ref(reader), reader.house.today())


def _release(reader: Reader) -> Answer:
    """A release; by the reference of its matter, the newest release of that."""
    record, ref, on = reader.record, _ref(reader), reader.house.today()
    newest = public.of_matter(record, ref, on)
    if newest is not None:
        answer = reader.go(reader.release_at(record, newest.ref))
        answer.headers["cache-control"] = _KEPT
        return answer
    found = public.release(record, ref, on)
    return _html(
        reader,
        _mark(reader, [(record, found.release)]),
        "public/release.html",
        lambda: _shown(reader, record, found),
    )


def _shown(reader: Reader, record: Record, found: public.Released) -> dict[str, Any]:
    one = found.release
    here = reader.release_at(record, one.ref)
    names = {party: reader.party_of(record, party) for party in record.parties}
    return {
        "title": reader.named(found.title),
        "note": reader.named(one.note) if one.note else "",
        "sort": _chapter(reader, found.chapter),
        "mechanism_name": reader.named(record.charter.names),
        "release": one,
        "extent": reader.say(f"value.{one.extent}", "releases"),
        "since": (one.since.isoformat(), reader.day(one.since), reader.hijri(one.since)),
        "opened": (found.opened.isoformat(), reader.day(_local(reader, found.opened)), ""),
        "yes": [(party, names.get(party, party), ref) for party, ref in sorted(one.yes.items())],
        "texts": [_text(reader, text, names) for text in found.texts],
        "milestones": [_milestone(reader, found.chapter, one, made, here) for made in found.milestones],
        "acts": [
            {
                "ref": act.ref,
                "href": f"{here}/acts/{act.ref}",
                "party": act.party,
                "name": names.get(act.party, act.party),
                "what": wording.what(reader.words, record, act.kind),
                "time": act.time.isoformat(),
                "shown_time": reader.moment(act.time),
                "effect": act.effect,
            }
            for act in found.acts
        ],
        "proof": f"{here}/proof",
        "verify": f"{reader.top}/verify",
    }


def _local(reader: Reader, at: datetime) -> date:
    return at.astimezone(reader.house.zone).date()


def _text(reader: Reader, text: outcome.Text, names: Mapping[str, str]) -> dict[str, Any]:
    tags = [tag for tag in (reader.language, *LANGUAGES) if tag in text.languages]
    tags = list(dict.fromkeys([*tags, *text.languages]))[:3]
    facts = [
        (reader.say(f"public.fact.{name}"), _fact(reader, name, fact)) for name, fact in text.facts.items()
    ]
    return {
        "sort": reader.say(f"public.text.{text.sort}"),
        "title": reader.named(text.title),
        "on": (text.on.isoformat(), reader.day(text.on), reader.hijri(text.on)),
        "ref": text.ref,
        "facts": facts,
        "languages": tags,
        "rows": [row for part in text.parts for row in _rows(reader, part)],
        "reservations": [
            (names.get(one.party, one.party), one.party, _on_what(reader, one), reader.named(one.text))
            for one in text.reservations
        ],
    }


def _rows(reader: Reader, part: outcome.Part) -> list[dict[str, Any]]:
    """A passage as rows of the aligned text: what stands above it, and what it says."""
    rows: list[dict[str, Any]] = []
    if part.heading:
        above = {
            tag: " — ".join(filter(None, (part.label.get(tag), words))) for tag, words in part.heading.items()
        }
        rows.append({"number": "", "heading": True, "texts": above, "id": part.id})
    if part.text:
        label = "" if part.heading else part.label.get(reader.language) or next(iter(part.label.values()), "")
        row = {"number": label, "texts": {tag: _lines(words) for tag, words in part.text.items()}}
        rows.append(row if rows else {**row, "id": part.id})
    elif part.label and not part.heading:
        rows.append({"number": "", "heading": True, "texts": dict(part.label), "id": part.id})
    return rows


def _lines(words: str) -> Markup:
    return Markup("<br>").join(visible(line) for line in words.split("\n"))


def _fact(reader: Reader, name: str, fact: str) -> str:
    match name:
        case "dated" | "due" | "since" | "until":
            return reader.day(fact)
        case "held":
            return reader.listed(reader.day(day) for day in fact.split(", "))
        case "closed":
            return wording.value(reader.words, fact, "commitments")
        case _:
            return visible(fact)


def _on_what(reader: Reader, one: outcome.Reservation) -> Markup:
    if one.decision:
        return reader.say("public.reservation.decision", decision=one.decision)
    if one.paragraph:
        return reader.say("public.reservation.paragraph", paragraph=one.paragraph)
    return reader.say("public.reservation.whole")


def _milestone(
    reader: Reader, chapter: str, one: public.Release, made: public.PublicMilestone, here: str
) -> dict[str, Any]:
    acts = one.extent == "record"
    facts = {name: _fact(reader, "dated", fact) for name, fact in made.facts.items()}
    return {
        "what": reader.say(f"milestone.{made.what}", chapter, **facts),
        "standing": "settled",
        "halves": [(ref, f"{here}/acts/{ref}" if acts else "") for _, ref in sorted(made.acts.items())],
        "time": made.on.isoformat(),
        "shown_time": reader.day(made.on),
    }


def _act(reader: Reader) -> Answer:
    """One act of a record that was released whole."""
    record, found = _found(reader)
    ref = str(_ref(reader, "act_"))
    act = next((one for one in found.acts if one.ref == ref), None)
    if act is None:
        raise Refused("not_public", ref=ref)

    def make() -> Mapping[str, Any]:
        chapter = wording.chapter_of(record, act.kind)
        here = reader.release_at(record, found.release.ref)
        shown = {one.ref for one in found.acts}
        return {
            "act": act,
            "what": wording.what(reader.words, record, act.kind),
            "name": reader.party_of(record, act.party),
            "office": reader.office(act.office, act.party),
            "time": (act.time.isoformat(), reader.moment(act.time), reader.hijri(act.time)),
            "answers": [(one, f"{here}/acts/{one}" if one in shown else "") for one in act.answers],
            "fields": list(_fields(reader, chapter, act.content)) if act.content else [],
            "matter": reader.named(found.title),
            "back": here,
        }

    return _html(reader, _mark(reader, [(record, found.release)]), "public/act.html", make)


def _fields(reader: Reader, chapter: str, content: Any, above: str = "") -> Iterable[tuple[str, Any]]:
    """A content as (label, value) pairs, whatever is in it: nested fields have the way to them as their label."""
    if isinstance(content, Mapping) and content and set(content) <= _TAGS:
        for tag, words in sorted(content.items()):
            text = Markup('<span lang="{}" dir="{}">{}</span>').format(
                tag, "rtl" if tag == "ar" else "ltr", _lines(str(words))
            )
            yield (f"{above} ({reader.say('language.' + tag)})" if len(content) > 1 else above), text
        return
    if isinstance(content, Mapping):
        for name, value in content.items():
            words = (
                str(reader.say(f"field.{name}", chapter))
                if reader.words.has(f"field.{name}", chapter)
                else name
            )
            yield from _fields(reader, chapter, value, f"{above} › {words}" if above else words)
    elif isinstance(content, list | tuple):
        for at, value in enumerate(content, start=1):
            yield from _fields(reader, chapter, value, f"{above} {at}" if len(content) > 1 else above)
    elif content not in ("", None):
        yield above, _lines(str(content))


_TAGS = frozenset(LANGUAGES)


def _proof(reader: Reader) -> Answer:
    """The proof of what is shown, to be checked elsewhere."""
    record, ref, on = reader.record, _ref(reader), reader.house.today()
    found = public.release(record, ref, on)
    name = f"comity-{short(record)}-{ref.party}-{ref.number}.proof.json"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    mark = _mark(reader, [(record, found.release)], "proof")
    return _kept(reader, mark, "application/json", lambda: public.proof(record, ref, on), headers)


# ------------------------------------------------------------------------------- feed, calendar, verify


def _feed(reader: Reader) -> Answer:
    """The newest releases for whoever follows them."""
    found = _all(reader)[:_FED]
    origin = reader.origin

    def make() -> bytes:
        items = []
        for record, one in found:
            [entry] = public.entries(record, [one])
            items.append(
                atom.Item(
                    f"{short(record)}/{one.ref}",
                    one.since,
                    reader.named(entry.title),
                    f"{_plain(_chapter(reader, entry.chapter))} {one.matter} · "
                    f"{_plain(reader.say(f'value.{one.extent}', 'releases'))}",
                    origin + reader.release_at(record, one.ref),
                    [reader.party_of(record, party) for party in one.parties],
                    entry.chapter,
                )
            )
        about = atom.Feed(
            f"{_plain(reader.say('public.title'))}: {reader.house.party(reader.words)}",
            reader.authority,
            reader.language,
            origin + reader.here,
            origin + reader.top,
            reader.house.party(reader.words),
        )
        return atom.feed(about, items)

    return _kept(reader, _mark(reader, found, origin), "application/atom+xml; charset=utf-8", make)


def _plain(words: Markup) -> str:
    return str(words.unescape())


def _calendar(reader: Reader) -> Answer:
    """Released meetings; of several mechanisms, one after the other in one file."""
    on = reader.house.today()
    records = [one for one in reader.house.mechanisms() if public.released(one, on)]
    found = [(record, one) for record in records for one in public.meetings(record, on)]
    headers = {"content-disposition": 'inline; filename="comity.ics"'}
    return _kept(
        reader,
        _mark(reader, found, "calendar"),
        "text/calendar; charset=utf-8",
        lambda: public.calendar(records, on, reader.language),
        headers,
    )


def _verify(reader: Reader) -> Answer:
    """How to check what is shown here without believing it."""
    on = reader.house.today()
    records = [one for one in reader.house.mechanisms() if public.released(one, on)]

    def make() -> Mapping[str, Any]:
        return {
            "mechanisms": [
                {
                    "name": reader.named(one.charter.names),
                    "id": one.mechanism,
                    "fingerprints": [
                        (reader.party_of(one, card.party), card_fingerprint(card))
                        for card in one.charter.parties
                    ],
                }
                for one in records
            ],
        }

    mark = public.mark_of(reader.here, reader.drawing.version, *(one.mechanism for one in records))
    return _html(reader, mark, "public/verify.html", make)


_ONE = "/{mechanism:str}/{party:str}/{number:str}"

PAGES = (
    Page("/public", _start, public=True, cacheable=True),
    _page("", _listing),
    _page("/feed.atom", _feed),
    _page("/calendar.ics", _calendar),
    _page("/verify", _verify),
    _page(_ONE, _release),
    _page(f"{_ONE}/proof", _proof),
    _page(f"{_ONE}/acts/{{act_party:str}}/{{act_number:str}}", _act),
)
