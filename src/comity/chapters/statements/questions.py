"""What people ask of a statement or a source, on a day: the agreed text, what was published, how the two compare.

    waits_for(2024-08-16)
    -> [{"for": "text", "party": "IRQ", "ref": "TUR/10", "since": "2024-08-15T09:00:00+00:00"}]

Asked of a docket of the other sort, a question answers that there is nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import msgspec

from comity.chapters.statements import account, state
from comity.chapters.statements.acts import Published
from comity.chapters.statements.state import Version
from comity.core import puts as shared
from comity.core.act import Ref
from comity.core.chapter import View
from comity.core.puts import Put

__all__ = ["QUESTIONS", "compared", "comparison", "published", "sources", "text", "waits_for"]


def text(view: View, on: date) -> dict[str, Any]:
    """The text that all had accepted by the end of that day: `is` agreed, none, or crossed where there are two."""
    agreed = _agreed(view, on)
    return {
        "is": _word(agreed),
        "versions": [{**account.version(put), "agreed_on": day.isoformat()} for put, day in agreed],
    }


def _agreed(view: View, on: date) -> list[tuple[Put[Version], date]]:
    """The versions that count on a day, each with the day of the last yes to it."""
    said_at, required = shared.times(view), state.required(view)
    days: dict[str, date] = {}
    for put in state.versions(view).values():
        if view.agreed(put.subject, required):
            days[put.subject] = shared.bound_at(view, [put], required, said_at).date()
    bound = [put for put in state.versions(view).values() if put.subject in days and days[put.subject] <= on]
    return [(put, days[put.subject]) for put in state.newest(view, bound)]


def _word(agreed: list[tuple[Put[Version], date]]) -> str:
    return "none" if not agreed else "agreed" if len(agreed) == 1 else "crossed"


def published(view: View, on: date) -> list[dict[str, Any]]:
    """What each side and the press had published by that day: where, in which language, whether the text is here."""
    return [account.publication(view, put) for put in _publications(view, on)]


def _publications(view: View, on: date) -> list[Put[Published]]:
    found = [put for put in state.publications(view).values() if put.body.on <= on]
    return sorted(found, key=lambda put: (put.body.on, put.ref))


def comparison(view: View, on: date) -> dict[str, Any]:
    """Each text published by that day and here, held against the text agreed by that day.

    What a text cannot be compared for is said, not forced: `text` where it is not here or not the one recorded, the
    comparison's own `verdict` where it is in another language or about something else.
    """
    agreed = _agreed(view, on)
    put = _against(agreed)
    return {
        "is": _word(agreed),
        "against": put.subject if put is not None else "",
        "texts": [_compared(view, each, put) for each in _publications(view, on)],
    }


def compared(view: View, publication: Put[Published], on: date) -> dict[str, Any]:
    """One of the texts that `comparison` tells of."""
    return _compared(view, publication, _against(_agreed(view, on)))


def _against(agreed: list[tuple[Put[Version], date]]) -> Put[Version] | None:
    return agreed[0][0] if len(agreed) == 1 else None


def _compared(view: View, publication: Put[Published], against: Put[Version] | None) -> dict[str, Any]:
    told = account.publication(view, publication)
    attached = state.attached(view, publication)
    if against is None or told["text"] != "attached" or attached is None or attached.body is None:
        return {**told, "comparison": None}
    # What compares texts brings tables of three languages; most who ask anything here never need them.
    from comity.chapters.statements.compare import compare  # noqa: PLC0415

    found = compare(against.body.passages, attached.body.text, publication.body.language)
    return {**told, "comparison": msgspec.json.decode(msgspec.json.encode(found))}


def waits_for(view: View, on: date) -> list[dict[str, Any]]:  # noqa: ARG001 -- every question takes a day
    """Which party's answer to a text is awaited, and since when; where two crossed, one text from all."""
    puts, required, said_at = state.versions(view), state.required(view), shared.times(view)
    waits: list[tuple[datetime, str, str, str]] = []
    crossed = state.newest(view, puts.values())
    if len(crossed) > 1:
        since = shared.bound_at(view, crossed, required, said_at)
        waits += [(since, str(view.docket), party, "one_text") for party in required]
    for put in puts.values():
        if shared.standing(view, put, puts.values(), required, state.same) == "open":
            silent = shared.silent(view, put, puts.values(), required, said_at)
            waits += [(since, put.subject, party, "text") for party, since in silent]
    return [
        {"for": what, "party": party, "ref": ref, "since": since.isoformat()}
        for since, ref, party, what in sorted(waits)
    ]


def sources(view: View, on: date) -> list[dict[str, Any]]:
    """The facts for which the source of this docket had been cited by that day, and by whom."""
    said_at: dict[Ref, datetime] = shared.times(view)
    return [
        {**account.cited(put, one), "on": said_at[put.ref].date().isoformat()}
        for put, one in state.citations(view)
        if said_at[put.ref].date() <= on
    ]


QUESTIONS: Mapping[str, Any] = {
    "text": text,
    "published": published,
    "comparison": comparison,
    "waits_for": waits_for,
    "sources": sources,
}
