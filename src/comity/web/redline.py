"""What changed between two versions of an instrument, word by word.

    /m/ID/instruments/TUR/9/redline?from=TUR/9&to=IRQ/8&in=tr

What the versions are called is told in `comity.web.versions`.
"""

from __future__ import annotations

import msgspec

from comity.chapters.instruments import brackets
from comity.chapters.instruments import redline as lines
from comity.chapters.instruments.text import Text, Words
from comity.web.matter import Matter, asked_day, placed
from comity.web.page import Page
from comity.web.versions import chosen, usual, versions
from comity.web.visit import Answer, Visit

__all__ = ["PAGES"]


def redline(visit: Visit) -> Answer:
    """What changed between any two versions, word by word, in one language."""
    matter, on = Matter(visit, "instruments"), asked_day(visit)
    known = versions(matter, on)
    put = [one.name for one in reversed(known) if one.put is not None]
    newest = usual(known, matter.view)
    asked_old, asked_new = visit.query("from"), visit.query("to")
    old = chosen(known, asked_old or (put[0] if put else newest))
    new = chosen(known, asked_new or (newest if newest != old.name or not put[1:] else put[-1]))
    before, after = _plain(old.text()), _plain(new.text())
    languages = list(dict.fromkeys([*after.languages, *before.languages]))
    language = visit.query("in")
    if language not in languages:
        language = visit.language if visit.language in languages else languages[0]
    changes = lines.redline(before, after, language)
    whole = visit.query("all") == "1"
    shown = [change for change in changes if whole or change.op != "same"]
    return matter.page(
        "instrument_redline.html",
        "/redline",
        versions=[(one.name, one.words) for one in known],
        old=old,
        new=new,
        language=language,
        languages=[(tag, visit.tongue(tag)) for tag in languages],
        whole=whole,
        same=sum(change.op == "same" for change in changes),
        changes=[
            {
                "id": change.provision,
                "number": _number_of(visit, change.provision, after, before),
                "op": str(matter.say(f"change.{change.op}")),
                "changed": change.op != "same",
                "spans": [(piece.op, piece.text) for piece in change.pieces],
            }
            for change in shown
        ],
    )


def _number_of(visit: Visit, provision: str, *texts: Text) -> str:
    for one in texts:
        row = one.provision(provision)
        if row is not None:
            return placed(visit, row, one.provisions)
    return ""


def _plain(one: Text) -> Text:
    """The text as it is read: a bracket of its own without the sign before it."""
    rows = tuple(
        msgspec.structs.replace(
            row,
            words={
                tag: Words(brackets.plain(said.heading), brackets.plain(said.text))
                for tag, said in row.words.items()
            },
        )
        for row in one.provisions
    )
    return msgspec.structs.replace(one, provisions=rows)


PAGES = (Page("/m/{mechanism:str}/instruments/{party:str}/{number:str}/redline", redline),)
