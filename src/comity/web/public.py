"""The pages that everybody may read: the list of what all parties have released, its feed and calendar, how to verify.

    GET /public/tr                        what is released, newest first, in Turkish
    GET /public/tr/feed.atom              and /public/tr/calendar.ics

One release is in `comity.web.release`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from comity.core.act import Ref
from comity.core.charter import card_fingerprint
from comity.desk import public
from comity.desk.calendar import calendar, meetings
from comity.node.record import Record
from comity.web import atom
from comity.web.page import Page
from comity.web.reader import KEPT, Reader, page
from comity.web.visit import Answer, Visit, short

__all__ = ["PAGES"]

_LISTED = 50
_FED = 100


def _start(visit: Visit) -> Answer:
    """The list in the language that the browser asks for."""
    answer = visit.go(f"/public/{visit.asked_for}")
    answer.headers.update({"cache-control": KEPT, "vary": "accept-language"})
    return answer


def _all(reader: Reader) -> list[tuple[Record, public.Release]]:
    """What is released in every mechanism of this node, newest first."""
    on = reader.house.today()
    found = [(one, shown) for one in reader.house.mechanisms() for shown in public.released(one, on)]
    return sorted(found, key=lambda pair: (pair[1].since, Ref.parse(pair[1].ref)), reverse=True)


def _listing(reader: Reader) -> Answer:
    found = _all(reader)
    asked = reader.query("page", "1")
    at = max(int(asked), 1) if asked.isascii() and asked.isdecimal() and len(asked) < 7 else 1
    shown = found[(at - 1) * _LISTED : at * _LISTED]

    def make() -> Mapping[str, Any]:
        several = len({record.mechanism for record, _ in found}) > 1
        return {
            "entries": [_told(reader, record, one, several=several) for record, one in shown],
            "earlier": f"{reader.top}?page={at - 1}" if at > 1 else "",
            "later": f"{reader.top}?page={at + 1}" if len(found) > at * _LISTED else "",
            "feed": f"{reader.top}/feed.atom",
            "calendar": f"{reader.top}/calendar.ics",
        }

    return reader.drawn(reader.mark(shown, str(len(found))), "public/list.html", make)


def _told(reader: Reader, record: Record, one: public.Release, *, several: bool) -> dict[str, Any]:
    [entry] = public.entries(record, [one])
    return {
        "title": reader.named(entry.title),
        "href": reader.release_at(record, one.ref),
        "sort": reader.chapter(entry.chapter),
        "since": one.since.isoformat(),
        "shown_since": reader.day(one.since),
        "hijri": reader.hijri(one.since),
        "matter": one.matter,
        "extent": reader.say(f"value.{one.extent}", "releases"),
        "mechanism": reader.named(record.charter.names) if several else "",
    }


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
                    f"{_plain(reader.chapter(entry.chapter))} {one.matter} · "
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

    return reader.kept(reader.mark(found, origin), "application/atom+xml; charset=utf-8", make)


def _plain(words: str) -> str:
    return str(Markup(words).unescape())  # noqa: S704 -- for a file that has no markup


def _calendar(reader: Reader) -> Answer:
    """Released meetings; of several mechanisms, one after the other in one file."""
    on = reader.house.today()
    records = reader.house.mechanisms()
    found = [(record, one) for record in records for one in meetings(record, on)]
    headers = {"content-disposition": 'inline; filename="comity.ics"'}
    return reader.kept(
        reader.mark(found, "calendar"),
        "text/calendar; charset=utf-8",
        lambda: calendar(records, on, reader.language),
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
    return reader.drawn(mark, "public/verify.html", make)


PAGES = (
    Page("/public", _start, public=True, cacheable=True),
    page("", _listing),
    page("/feed.atom", _feed),
    page("/calendar.ics", _calendar),
    page("/verify", _verify),
)
