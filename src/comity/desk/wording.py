"""Words for what the record holds: what was said, how settled it is, why something was refused.

    what(words, record, "meeting.date_accepted/1")        "accepted a date"
    told(words, Refused("bracket_open", "VCLT art. 10", brackets="b2"))
    ->  {"error": "refused", "message": "Not done: brackets are open (b2). Rule: VCLT art. 10.", "code": ...}

Refusals take their words from the chapter that is being spoken to, then from the common ones, then from any other.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from comity.core.errors import Broken, ComityError, Malformed, Refused, Unavailable
from comity.desk import reasons
from comity.words import Words, isolate, places

if TYPE_CHECKING:  # the words of an error must not load a database
    from comity.node.record import Record

__all__ = [
    "chapter_of",
    "failure",
    "milestone",
    "named",
    "question",
    "refusal",
    "sentence",
    "standing",
    "standing_of",
    "told",
    "value",
    "what",
]

_ELSEWHERE = "cli"  # words that a node's own commands and pages share


def named(words: Words, names: Mapping[str, str]) -> str:
    """A name in the chosen language, or in English, or in whichever there is; not isolated."""
    return names.get(words.language) or names.get("en") or next(iter(names.values()), "")


def chapter_of(record: Record, kind: str) -> str:
    """The name of the chapter that acts of this kind belong to; "" where this version knows none."""
    chapter = record.folds.chapter_of(kind)
    return chapter.name if chapter is not None else ""


def what(words: Words, record: Record, kind: str) -> str:
    """What was said, in words; the kind's own name where this version has no words for it."""
    key = f"kind.{kind.partition('/')[0]}"
    for place in (chapter_of(record, kind), _ELSEWHERE):
        if words.has(key, place):
            return words.say(key, place)
    return isolate(kind, words.language)


def standing_of(act: Mapping[str, Any]) -> str:
    """The word for how settled an act is: irregular, waiting, received or said (`showing.show`)."""
    return "irregular" if act["irregular"] else "waiting" if act["waiting"] else str(act["standing"])


def standing(words: Words, word: str) -> str:
    """`said`, `received`, `settled`, `irregular` or `waiting` in the chosen language."""
    return words.say(f"standing.{word}", _ELSEWHERE)


def milestone(words: Words, chapter: str, found: Mapping[str, Any]) -> str:
    """What a milestone says (`standing.milestones`)."""
    return words.say(f"milestone.{found['what']}", chapter, **found["facts"])


def question(words: Words, chapter: str, name: str) -> str:
    """A chapter's question, in words."""
    return words.say(f"question.{name}", chapter)


def value(words: Words, word: str, chapter: str = "") -> str:
    """A word that stands for a value (`done`, `co_chair`): the chapter's, or any other's, or itself."""
    place = next((one for one in (chapter, *places()) if words.has(f"value.{word}", one)), None)
    return word if place is None else words.say(f"value.{word}", place)


# ---------------------------------------------------------------------------------------------- errors


def told(words: Words, error: Exception, chapter: str = "") -> dict[str, Any]:
    """An error as data: its class, what it is about, and the sentence in the chosen language."""
    kind = type(error).__name__.lower() if isinstance(error, ComityError) else "unavailable"
    data: dict[str, Any] = {"error": kind, "message": sentence(words, error, chapter)}
    match error:
        case Refused():
            data |= {"code": error.code, "provision": error.provision, "facts": error.facts}
        case Malformed():
            data |= {"thing": error.thing, "at": error.at, "why": error.why}
        case Broken() | Unavailable():
            data |= {"thing": error.thing, "why": error.why}
    return data


def sentence(words: Words, error: Exception, chapter: str = "") -> str:
    """What went wrong and what to do next, in the chosen language."""
    match error:
        case Refused():
            return refusal(words, error.code, error.provision, error.facts, chapter)
        case Malformed():
            at = f" ({reasons.place(words, error.at)})" if error.at else ""
            return failure(words, "error.malformed", error.thing, error.why, at=at)
        case Broken():
            return failure(words, "error.broken", error.thing, error.why)
        case Unavailable():
            return failure(words, "error.unavailable", error.thing, error.why)
        case OSError():
            path = str(error.filename or "—")
            return failure(words, "error.unavailable", path, error.strerror or str(error))
    return str(error)


def failure(words: Words, key: str, thing: str, why: str, **more: str) -> str:
    """What is wrong with a thing, in the words of a key that has `{thing}` and `{why}`; both in the chosen language."""
    told, reason = reasons.thing(words, thing), reasons.said(words, why)
    return words.say(key, _ELSEWHERE, thing=told, why=reason, **more)


def refusal(words: Words, code: str, provision: str, facts: Mapping[str, str], chapter: str = "") -> str:
    """A refusal in the chosen language, with the provision it rests on."""
    key = f"refused.{code}"
    known = dict.fromkeys((chapter, "", _ELSEWHERE, *places()))
    place = next(
        (one for one in known if any(key in words.of(one, tag) for tag in (words.language, "en"))), ""
    )
    source = reasons.rule(words, provision)
    worded = {"provision": source} | {name: _fact(words, name, fact) for name, fact in facts.items()}
    said = words.say(key, place, **worded)
    if said == key:
        listed = ", ".join(f"{name}: {fact}" for name, fact in facts.items())
        said = words.say("error.unworded", _ELSEWHERE, code=code, facts=listed)
    reason = words.say("label.refused_because").replace("{reason}", said)
    rule = words.say("label.rule", provision=source)
    return f"{reason} {rule}." if provision else reason


def _fact(words: Words, name: str, fact: str) -> str:
    """A fact of a refusal: the reason of a reader and the kind of an act have words of their own."""
    if name == "why":
        return reasons.said(words, fact)
    key = f"kind.{fact.partition('/')[0]}"
    place = next((one for one in places() if words.has(key, one)), None) if name == "kind" else None
    return fact if place is None else words.say("label.quoted", text=words.say(key, place))
