"""A joint statement: the text that all accepted, what was published of it, and how the two compare; or a source.

    /m/ID/statements/IRQ/18?compare=TUR/20        the publication TUR/20, passage by passage against the agreed text

What differs is told in words, and marked where it stands on both sides. The comparison is the chapter's own: nothing
about it is decided here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from comity.chapters.statements import questions, state
from comity.core.errors import Refused
from comity.node.sources import sources
from comity.web.matter import Link, Matter, asked_day, links, thing_at
from comity.web.page import Page
from comity.web.visit import Answer, Visit

__all__ = ["PAGES", "marked"]

_MOST = 3  # languages side by side


def statement(visit: Visit) -> Answer:
    """A statement or a source."""
    matter = Matter(visit, "statements")
    told = matter.state
    match told["is"]:
        case "statement":
            return _statement(matter)
        case "source":
            return _source(matter)
        case _:
            raise Refused("docket_unknown", docket=matter.ref)


# ------------------------------------------------------------------------------------------- a statement


def _statement(matter: Matter) -> Answer:
    visit, told, on = matter.visit, matter.state, asked_day(matter.visit)
    version = _chosen(told["versions"], visit.query("version"))
    agreed = matter.ask("text", on)
    published = matter.ask("published", on)
    asked = visit.query("compare")
    here = [one["ref"] for one in published if one["text"] == "attached"]
    if asked and asked not in {one["ref"] for one in published}:
        raise Refused("act_unknown", act=asked[:40])
    compared = asked or (here[0] if here and agreed["is"] == "agreed" else "")
    return matter.page(
        "statement.html",
        "",
        on=on,
        told=told,
        sort=matter.value(told["sort"]),
        agreed_words=str(matter.say(f"statement.{agreed['is']}")),
        chosen=_version(matter, version),
        versions=[(one["ref"], _put(matter, one)) for one in told["versions"]],
        published=[_publication(matter, one) for one in published],
        compared=_compared(matter, compared, on) if compared else None,
        sources=[_cited(visit, one) for one in sources(visit.record, str(matter.ref))],
        waits=matter.waits(on),
        acts=links(
            matter.may(verb, *answers)
            for verb, answers in (("revise", [version["ref"]]), ("record-publication", []))
        ),
    )


def _chosen(several: Sequence[dict[str, Any]], asked: str) -> dict[str, Any]:
    """The version that was asked for, or the one that counts, or the last put. Raises `Refused`."""
    if asked:
        found = next((one for one in several if one["ref"] == asked), None)
        if found is None:
            raise Refused("act_unknown", act=asked[:40])
        return found
    return ([one for one in several if one["newest"]] or list(several))[-1]


def _put(matter: Matter, one: Mapping[str, Any]) -> str:
    facts = {"ref": one["ref"], "party": matter.visit.party(one["by"]), "on": matter.visit.day(one["time"])}
    return f"{matter.say('version.put', **facts)} · {matter.value(one['standing'])}"


def _version(matter: Matter, one: Mapping[str, Any]) -> dict[str, Any]:
    visit = matter.visit
    tags = [tag for tag in ("en", "tr", "ar") if tag in one["languages"]]
    tags += sorted(set(one["languages"]) - set(tags))
    return {
        **matter.put(one, "accept"),
        "languages": tags[:_MOST],
        "place_words": visit.named(one["place"]) if one["place"] else "",
        "about": [(cited, thing_at(visit, cited)) for cited in one["about"]],
    }


def _publication(matter: Matter, one: Mapping[str, Any]) -> dict[str, Any]:
    """What somebody published, and whether its text is here."""
    visit = matter.visit
    ours = one["by"] == visit.record.party
    lacking = ours and one["text"] in ("none", "differs", "destroyed")
    return {
        **one,
        "name": visit.party(one["by"]),
        "origin_words": matter.value(one["origin"]),
        "language_words": visit.tongue(one["language"]),
        "text_words": matter.value(one["text"])
        if one["text"] != "none"
        else str(matter.say("statement.no_text")),
        "can": links(
            [
                Link(str(matter.say("statement.compare")), f"{matter.path}?compare={one['ref']}#compared")
                if one["text"] == "attached"
                else None,
                matter.may("attach-text", one["ref"]) if lacking else None,
            ]
        ),
    }


def _cited(visit: Visit, one: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **one,
        "name": visit.party(one["by"]),
        "title_words": visit.named(one["title"]),
        "says_words": visit.named(one["says"]) if one["says"] else "",
        "href": f"{visit.root}/statements/{one['source']}",
    }


# ------------------------------------------------------------------------------------------- the comparison


def _compared(matter: Matter, ref: str, on: date) -> dict[str, Any]:
    """One published text against the text that counts, with a finding for each passage, in words."""
    told = questions.compared(matter.view, state.publications(matter.view)[ref], on)
    found = told["comparison"]
    head = {"ref": ref, "outlet": told["outlet"], "language": told["language"], "findings": [], "aside": []}
    if found is None:
        why = "not_agreed" if told["text"] == "attached" else told["text"]
        return {**head, "verdict": matter.value(why)}
    facts = {"detected": found["detected"], "language": found["language"], "through": found["through"]}
    spoken = {name: matter.visit.tongue(tag) if tag else "" for name, tag in facts.items()}
    return {
        **head,
        "verdict": str(matter.visit.say(f"verdict.{found['verdict']}", "statements", **spoken)),
        "counts": [(matter.value(word), number) for word, number in found.get("counts", {}).items()],
        "findings": [_finding(matter, one) for one in found["findings"]],
        "aside": [each["span"]["text"] for each in found.get("aside", ())],
    }


def _finding(matter: Matter, one: Mapping[str, Any]) -> dict[str, Any]:
    """What became of a passage: in words, with what differs marked on both sides."""
    ours = " … ".join(span["text"] for span in one["ours"])
    theirs = " … ".join(span["text"] for span in one["published"])
    differences = one["differences"]
    words = matter.value(one["relation"])
    if one["moved"]:
        words = matter.visit.listed([words, matter.value("moved")])
    return {
        "relation": one["relation"],
        "words": words,
        "same": one["relation"] in ("same", "facts_same"),
        "passages": matter.visit.listed(one["passages"]),
        "ours": marked(ours, [each["ours"] for each in differences]),
        "published": marked(theirs, [each["published"] for each in differences]),
        "differences": [
            {
                "kind": matter.value(each["kind"]),
                "note": matter.value(each["note"]) if each["note"] else "",
                "ours": each["ours"],
                "published": each["published"],
            }
            for each in differences
        ],
    }


def marked(text: str, words: Sequence[str]) -> list[tuple[bool, str]]:
    """The text cut into runs, each with whether it is one of these words; joined, they are the text again."""
    runs: list[tuple[bool, str]] = []
    at = 0
    places = sorted((found, each) for each in words if each and (found := text.find(each)) >= 0)
    for found, each in places:
        if found < at:
            continue
        if text[at:found]:
            runs.append((False, text[at:found]))
        runs.append((True, each))
        at = found + len(each)
    if text[at:]:
        runs.append((False, text[at:]))
    return runs


# ------------------------------------------------------------------------------------------- a source


def _source(matter: Matter) -> Answer:
    """A source outside the record, and the facts for which each party cites it."""
    visit, told = matter.visit, matter.state
    may: list[Link] = links([matter.may("cite-source")])
    return matter.page(
        "source.html",
        "",
        told=told,
        name=visit.party(told["recorded_by"]),
        facts=[
            {
                **one,
                "name": visit.party(one["by"]),
                "says_words": visit.named(one["says"]) if one["says"] else "",
                "href": thing_at(visit, one["fact"]),
            }
            for one in told["facts"]
        ],
        acts=may,
    )


PAGES = (Page("/m/{mechanism:str}/statements/{party:str}/{number:str}", statement),)
