"""A docket as a conversation: a column for each party, every act with its standing, and what may be said next.

/m/3f2a91c07b1e/d/TUR/4                 its newest acts
/m/3f2a91c07b1e/d/TUR/4?before=60       those before the 60th
/m/3f2a91c07b1e/d/TUR/9                 an act of it: leads to the docket, at that act
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from typing import Any, NamedTuple

from markupsafe import Markup

from comity.core import charter as charters
from comity.core.act import Ref
from comity.core.chapter import Chapter, View
from comity.core.errors import Refused
from comity.desk import wording
from comity.desk.titles import told
from comity.node import asking, showing, standing
from comity.web.content import of_act
from comity.web.labels import sentence_case
from comity.web.memory import Memory
from comity.web.offers import Offer, Offers, offers
from comity.web.page import Page
from comity.web.tabs import tabs
from comity.web.text import html
from comity.web.visit import Answer, Visit, reference

__all__ = ["PAGES", "PAGE_ACTS", "act_shown", "docket", "parties"]

PAGE_ACTS = 60
"""How many acts stand on one page."""

_END = re.compile(r"[.;:؛](\s|$)")
_STATE = ("is", "stage", "state", "status")


class _Whole(NamedTuple):
    """What a docket comes to, for readers of one language: all that does not depend on who asks."""

    chapter: Chapter
    title: str
    order: Sequence[Ref]
    state: Sequence[tuple[str, Markup]]
    milestones: Sequence[Mapping[str, Any]]
    between: Mapping[str, Sequence[Markup]]


_whole: Memory[_Whole] = Memory(1_000)
_drawn: Memory[dict[str, Any]] = Memory(5_000)


def docket(visit: Visit) -> Answer:
    """The page."""
    ref = reference(f"{visit.path['party']}/{visit.path['number']}")
    record = visit.record
    with record.reading():
        opened = showing.docket_of(record, ref)
        if opened != ref:
            return visit.go(f"{visit.docket_at(opened)}?at={ref}#{ref.party}-{ref.number}")
        state = visit.house.state(record)
        known = (record.mechanism, state, visit.language, visit.shows_hijri, visit.house.today())
        said = cache(lambda: showing.Conversation(record, ref))
        whole = _whole.get((known, ref), lambda: _told_whole(visit, ref, said()))
        start, stop = _window(visit, whole.order)
        acts = [_drawn.get((known, one), partial(_act, visit, said, one)) for one in whole.order[start:stop]]
        newest = acts if stop == len(whole.order) else None
        may = offers(
            visit, whole.chapter, ref,
            lambda: newest or [said().show(one) for one in whole.order[-PAGE_ACTS:]],
        )  # fmt: skip
    count, chapter = len(whole.order), whole.chapter.name
    return visit.page(
        "docket.html",
        ref=str(ref), title=whole.title, chapter=chapter, chapter_name=visit.chapter(chapter),
        tabs=tabs(visit, chapter, ref), parties=parties(visit), acts=_conversation(visit, whole, acts, may),
        milestones=whole.milestones, state=whole.state, rest=[_button(visit, one) for one in may.rest],
        answering=[(one, [_button(visit, offer) for offer in found]) for one, found in may.answering.items()],
        earlier=f"?before={start}" if start else "",
        later=("?" if stop + PAGE_ACTS >= count else f"?before={stop + PAGE_ACTS}") if stop < count else "",
        count=visit.number(count), reader=not visit.offices, said=_said(visit, whole.order),
    )  # fmt: skip


def _act(visit: Visit, said: Callable[[], showing.Conversation], ref: Ref) -> dict[str, Any]:
    return act_shown(visit, said().show(ref))


def _told_whole(visit: Visit, ref: Ref, said: showing.Conversation) -> _Whole:
    record = visit.record
    fold = record.folds.fold(ref)
    chapter, view = fold.chapter, fold.at(record.ready)
    place = {str(one): at for at, one in enumerate(said.order)}
    reached = standing.milestones(record, ref)
    between: dict[str, list[Markup]] = {}
    for milestone in reached:
        halves = [half for half in milestone["halves"].values() if half in place]
        if halves:
            last = max(halves, key=lambda half: place[half])
            between.setdefault(last, []).append(_between(visit, chapter.name, milestone))
    return _Whole(
        chapter,
        _title(visit, chapter, view) or str(ref),
        said.order,
        _state(visit, chapter, ref, view),
        [_milestone(visit, chapter.name, one) for one in reached],
        between,
    )


def _title(visit: Visit, chapter: Chapter, view: View) -> str:
    """What the docket is called; a party's own docket of the charter by that party."""
    if chapter.name == charters.CHAPTER.name:
        return f"{visit.chapter(chapter.name)} · {visit.party(view.docket.party)}"
    return visit.named(told(visit.record, chapter.title(view)))


def _said(visit: Visit, order: Sequence[Ref]) -> str:
    """The act that was said just now, where the address names one of this docket."""
    asked = visit.query("said")
    return asked if any(str(one) == asked and one.party == visit.record.party for one in order) else ""


def parties(visit: Visit) -> list[tuple[str, str]]:
    """The columns: the reader's own side last, as in a conversation."""
    codes = sorted(visit.record.parties, key=lambda code: (code == visit.record.party, code))
    return [(code, visit.party(code)) for code in codes]


def _window(visit: Visit, order: Sequence[Ref]) -> tuple[int, int]:
    """Which acts are on the page that was asked for."""
    asked, at = visit.query("before"), visit.query("at")
    stop = int(asked) if asked.isdecimal() and asked.isascii() and len(asked) < 8 else len(order)
    if at:
        place = next((number for number, one in enumerate(order) if str(one) == at), len(order) - 1)
        stop = max(place + 1, PAGE_ACTS) if place + PAGE_ACTS < len(order) else len(order)
    stop = max(1, min(stop, len(order)))
    return max(0, stop - PAGE_ACTS), stop


# ----------------------------------------------------------------------------------------- what is shown


def act_shown(visit: Visit, act: Mapping[str, Any], *, brief: bool = True) -> dict[str, Any]:
    """An act (`showing.show`) as `part.act` draws it; `brief` as for `content.of_act`."""
    fault, chapter = act["irregular"], wording.chapter_of(visit.record, act["kind"])
    told = {"why": "", "rule": ""}
    if fault:
        why = wording.refusal(visit.words, fault["code"], "", fault["facts"], chapter)
        told = {"why": why, "rule": fault["provision"]}
    standing = wording.standing_of(act)
    return {
        **{name: value for name, value in act.items() if name != "content"},
        **told,
        "name": visit.party(act["party"]),
        "what": sentence_case(wording.what(visit.words, visit.record, act["kind"]), visit.language),
        "office_name": visit.office(act["office"], act["party"]),
        "shown_time": visit.moment(act["time"]),
        "hijri": visit.hijri(act["time"]),
        "standing_label": wording.standing(visit.words, standing),
        "standing_help": str(visit.say("docket.waiting")) if standing == "waiting" else "",
        "fields": of_act(visit, act, brief=brief),
        "href": visit.act_at(act["ref"]),
        "answered": [(one, visit.docket_at(one)) for one in act["answers"]],
    }


def _conversation(
    visit: Visit, whole: _Whole, acts: Sequence[Mapping[str, Any]], may: Offers
) -> list[Mapping[str, Any]]:
    """The acts, with each milestone after the last of the acts that made it."""
    found: list[Mapping[str, Any]] = []
    for act in acts:
        links = [_button(visit, one) for one in may.answering.get(act["ref"], ())]
        found.append({**act, "links": links})
        found += [{"milestone": told} for told in whole.between.get(act["ref"], ())]
    return found


def _button(visit: Visit, offer: Offer) -> tuple[str, str]:
    return verb_words(visit, offer.chapter, offer.verb), offer.href


def verb_words(visit: Visit, chapter: str, verb: str) -> str:
    """What a verb does, in a few words: the first sentence of what the commands say of it."""
    key = f"verb.{verb}"
    place = chapter if visit.words.has(key, chapter) else "cli"
    return _END.split(visit.words.say(key, place), maxsplit=1)[0]


def _milestone(visit: Visit, chapter: str, found: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "what": _told(visit, chapter, found),
        "standing": found["standing"],
        "standing_label": wording.standing(visit.words, found["standing"]),
        "halves": [(one, visit.docket_at(one)) for one in found["halves"].values()],
    }


def _between(visit: Visit, chapter: str, found: Mapping[str, Any]) -> Markup:
    return html(
        '<span class="standing standing-{}">{}</span> <bdi>{}</bdi>',
        found["standing"],
        wording.standing(visit.words, found["standing"]),
        _told(visit, chapter, found),
    )


def _told(visit: Visit, chapter: str, found: Mapping[str, Any]) -> str:
    """A milestone in words; its days as the reader writes them, its values by their words."""
    facts = {name: _fact(visit, chapter, fact) for name, fact in found["facts"].items()}
    return sentence_case(wording.milestone(visit.words, chapter, {**found, "facts": facts}), visit.language)


def _fact(visit: Visit, chapter: str, fact: str) -> str:
    if fact in visit.record.parties:
        return visit.party(fact)
    if not fact.isidentifier():
        return visit.moment(fact)
    return wording.value(visit.words, fact, chapter)


def _state(visit: Visit, chapter: Chapter, ref: Ref, view: Any) -> list[tuple[str, Markup]]:
    """The state in short: the word for it, and what is awaited of whom."""
    found: list[tuple[str, Markup]] = []
    today = visit.house.today()
    told: Mapping[str, Any] = {}
    for name in ("state", "status"):
        if name in chapter.questions:
            told = asking.ask(visit.record, ref, name, today)
            break
    else:
        told = chapter.describe(view)
    word = next((told[name] for name in _STATE if isinstance(told.get(name), str)), "")
    if word != chapter.noun and visit.words.has(f"value.{word}", chapter.name):
        found.append((str(visit.say("docket.state")), html("<b>{}</b>", _value(visit, word, chapter.name))))
    if "waits_for" in chapter.questions:
        for wait in asking.ask(visit.record, ref, "waits_for", today)[:8]:
            name = visit.say("docket.awaited", party=visit.party(str(wait.get("party", ""))))
            since = visit.day(str(wait.get("since", ""))[:10])
            what = sentence_case(_value(visit, str(wait.get("for", "")), chapter.name), visit.language)
            found.append(
                (str(name), html("{} <span>({})</span>", what, visit.say("docket.since", day=since)))
            )
    return found


def _value(visit: Visit, word: str, chapter: str) -> str:
    return wording.value(visit.words, word, chapter)


def of_docket(visit: Visit, ref: Ref) -> Chapter:
    """The chapter of a docket. Raises `Refused` where it is none."""
    with visit.record.reading():
        shown = showing.show(visit.record, ref)
        chapter = visit.record.folds.chapter_of(shown["kind"])
        if chapter is None or shown["docket"] != str(ref):
            raise Refused("docket_unknown", docket=ref)
        return chapter


PAGES = (Page("/m/{mechanism:str}/d/{party:str}/{number:str}", docket),)
