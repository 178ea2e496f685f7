"""An instrument: its text in all languages side by side, what changed between two versions, and how it stands.

    /m/ID/instruments/TUR/9/text?version=IRQ/8&in=tr        one version, in one language
    /m/ID/instruments/TUR/9/redline?from=TUR/9&to=IRQ/8     word by word
    /m/ID/instruments/TUR/9/state                           who accepted, signed and notified; since when, by which acts

A version is named by the act that put it; `adopted` is the text that all accepted, its brackets replaced, `now` that
text with the amendments in effect, and an amendment's act names the text that it would make.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, NamedTuple

import msgspec

from comity.chapters.instruments import account, acts, align, brackets, effects, matters, redline
from comity.chapters.instruments.edits import amend
from comity.chapters.instruments.state import Said
from comity.chapters.instruments.text import Entry, Notice, Text, Words
from comity.core.errors import Refused
from comity.web.matter import Link, Matter, asked_day, links, numbered, placed
from comity.web.page import Page
from comity.web.visit import Answer, Visit

__all__ = ["PAGES", "Version", "clause", "pieces", "versions"]

_HEADINGS = ("preamble", "chapter", "article", "annex", "closing")


class Version(NamedTuple):
    """A text that can be shown: how it is named in addresses, its words, how it is made, and the act that put it."""

    name: str
    words: str
    text: Callable[[], Text]
    said: Said | None = None


# ------------------------------------------------------------------------------------------- its texts


def versions(matter: Matter, on: date) -> list[Version]:
    """Every text of the docket: as it stands, as it was accepted, each version, what each amendment would make."""
    return list(_versions(matter, on))


def _versions(matter: Matter, on: date) -> Iterator[Version]:
    view, visit = matter.view, matter.visit
    done, accepted = effects.consolidated(view, on), matters.base_text(view)
    if done is not None and done[1]:
        yield Version("now", str(matter.say("version.now", on=visit.day(on))), lambda: done[0])
    if accepted is not None:
        yield Version("adopted", str(matter.say("version.adopted")), lambda: accepted)
    for said in reversed(matters.versions(view)):
        yield _put("version.put", matter, said, partial(_own, said))
    for said in matters.every(view, "amendments"):
        if accepted is not None:
            current = done[0] if done is not None else accepted
            yield _put(
                "version.amendment",
                matter,
                said,
                partial(_amended, current, said),
            )


def _own(said: Said) -> Text:
    own: Text = said.body.text
    return own


def _amended(current: Text, said: Said) -> Text:
    return amend(current, said.body)[0]


def _put(key: str, matter: Matter, said: Said, text: Callable[[], Text]) -> Version:
    visit = matter.visit
    told = matter.say(key, ref=str(said.ref), party=visit.party(said.party), on=visit.day(said.day))
    return Version(str(said.ref), str(told), text, said)


def _chosen(known: Sequence[Version], name: str) -> Version:
    """The version of that name, or the first where none is named. Raises `Refused`."""
    if not known:
        raise Refused("version_unknown", version=name[:40] or "—")
    found = next((one for one in known if one.name == name), None) if name else known[0]
    if found is None:
        raise Refused("version_unknown", version=name[:40])
    return found


def _first(known: Sequence[Version], view: Any) -> str:
    """The name of what is shown where none is asked for: as it stands, or what was put last."""
    tips = {str(said.ref) for said in matters.tips(view)}
    standing = [one.name for one in known if one.name in ("now", "adopted")]
    return (
        standing[0]
        if standing
        else next((one.name for one in known if one.name in tips), known[0].name if known else "")
    )


# ------------------------------------------------------------------------------------------- the text


def text(visit: Visit) -> Answer:
    """The text as it stands, or one version of it, in all languages or in one."""
    matter, on = Matter(visit, "instruments"), asked_day(visit)
    known = versions(matter, on)
    asked = visit.query("version") or _first(known, matter.view)
    version = _chosen(known, asked)
    found = version.text()
    bracketed = version.said is not None and hasattr(version.said.body, "text")
    told = _brackets(matter, version, found) if bracketed else []
    only = visit.query("in")
    languages = [only] if only in found.languages else list(found.languages)
    return matter.page(
        "instrument_text.html",
        "/text",
        chosen=version,
        versions=[(one.name, one.words) for one in known],
        only=only if only in found.languages else "",
        languages=list(found.languages),
        shown_in=languages,
        title=dict(found.title),
        authentic=list(found.authentic or found.languages),
        prevailing=found.prevailing,
        rows=_rows(matter, found, languages, told, bracketed=bracketed),
        gaps=_gaps(matter, found),
        brackets=told,
        bodies=_bodies_at(matter, found),
        note=visit.named(found.note) if found.note else "",
        acts=_text_acts(matter, version),
    )


def _rows(
    matter: Matter,
    found: Text,
    languages: Sequence[str],
    told: Sequence[Mapping[str, Any]],
    *,
    bracketed: bool,
) -> list[dict[str, Any]]:
    """Each provision: its id, its number, and in each language its heading and its paragraphs as pieces."""
    count, rows = 0, []
    for row in found.provisions:
        cells = {}
        used = 0
        for tag in languages:
            said = row.words.get(tag, Words())
            head, used = pieces(said.heading, count, told, tag) if bracketed else (_whole(said.heading), 0)
            body, used = pieces(said.text, used, told, tag) if bracketed else (_whole(said.text), 0)
            cells[tag] = {"heading": head, "text": body}
        if bracketed:  # in every language a provision has the same brackets
            count += sum(one["provision"] == row.id for one in told)
        rows.append(
            {
                "id": row.id,
                "number": numbered(matter.visit, row, found.provisions),
                "heading": row.kind in _HEADINGS and not any(words.text for words in row.words.values()),
                "cells": cells,
            }
        )
    return rows


def _whole(said: str) -> list[Any]:
    return [brackets.plain(said)] if said else []


def pieces(said: str, before: int, told: Sequence[Mapping[str, Any]], language: str) -> tuple[list[Any], int]:
    """A passage cut into texts and brackets (their account, from `told`), and the number of its last bracket."""
    found: list[Any] = []
    at = 0
    for passage in brackets.find(said):
        before += 1
        if said[at : passage.start]:
            found.append(brackets.plain(said[at : passage.start]))
        number = f"b{before}"
        account_of = next((one for one in told if one["bracket"] == number), {"bracket": number})
        words = {choice: brackets.plain(words) for choice, words in passage.alternatives.items()}
        found.append({**account_of, "said": words, "language": language})
        at = passage.end
    if said[at:]:
        found.append(brackets.plain(said[at:]))
    return found, before


def _brackets(matter: Matter, version: Version, found: Text) -> list[dict[str, Any]]:
    """The brackets of a version: alternatives, who proposed each, where each party stands, what may be said now."""
    known = {(one["version"], one["bracket"]): one for one in matter.state.get("brackets", ())}
    return [_bracket(matter, version, found, one, known) for one in brackets.brackets(found)]


def _bracket(
    matter: Matter,
    version: Version,
    found: Text,
    bracket: brackets.Bracket,
    known: Mapping[tuple[str, str], Mapping[str, Any]],
) -> dict[str, Any]:
    visit, account_of = matter.visit, known.get((version.name, bracket.id))
    by = {key: account.proposer(matter.view, version.said, bracket, key) for key in bracket.alternatives}  # type: ignore[arg-type]
    positions = account_of["positions"] if account_of else {}
    names = {key: visit.named(words) for key, words in bracket.alternatives.items()}
    may = None
    if account_of is not None and account_of["status"] != "agreed":
        may = matter.may("position", version.name, bracket=bracket.id)
    return {
        "bracket": bracket.id,
        "provision": bracket.provision,
        "number": placed(visit, found.provision(bracket.provision), found.provisions),
        "alternatives": [
            {"choice": key, "by": by[key], "words": brackets.plain(names[key])}
            for key in bracket.alternatives
        ],
        "by": by,
        "positions": [
            {
                "party": party,
                "name": visit.party(party),
                "status": matter.value(said["status"]),
                "choice": _choice(matter, said["choice"], names),
                "ref": said["ref"],
            }
            for party, said in sorted(positions.items())
        ],
        "status": account_of["status"] if account_of else "",
        "status_words": matter.value(account_of["status"])
        if account_of
        else str(matter.say("bracket.earlier")),
        "agreed": _choice(matter, account_of["agreed"] or "", names) if account_of else "",
        "may": may,
    }


def _choice(matter: Matter, choice: str, names: Mapping[str, str]) -> str:
    """What a choice comes to: the words of the alternative, or that the passage is kept or left out."""
    if not choice:
        return ""
    if choice == brackets.KEEP or choice not in names:
        return matter.value(choice)
    return brackets.plain(names[choice])


def _gaps(matter: Matter, found: Text) -> list[str]:
    """Each provision that some language lacks, in words."""
    visit = matter.visit
    told = []
    for gap in align.gaps(found):
        name = placed(visit, found.provision(gap["provision"]), found.provisions)
        missing = visit.listed(_language(visit, tag) for tag in gap["missing"])
        told.append(str(matter.say("text.gap", provision=name, missing=missing)))
    return told


def _language(visit: Visit, tag: str) -> str:
    return str(visit.say(f"language.{tag}")) if visit.words.has(f"language.{tag}", "web") else tag


def _bodies_at(matter: Matter, found: Text) -> list[dict[str, Any]]:
    return [
        {
            "provision": one.provision,
            "number": placed(matter.visit, found.provision(one.provision), found.provisions),
            "name": matter.visit.named(one.terms.names),
        }
        for one in found.bodies
    ]


def _text_acts(matter: Matter, version: Version) -> list[Link]:
    """What may be said of a text from here."""
    view, said = matter.view, version.said
    if matters.base(view) is not None:
        proposed = said if said is not None and not hasattr(said.body, "text") else None
        if proposed is not None and matters.adopted(view, str(proposed.ref)) is None:
            mine = proposed.party == matter.visit.record.party
            return links([None if mine else matter.may("accept", str(proposed.ref)), matter.may("amend")])
        return _consents(matter)
    if said is None:
        return []
    recorded = matter.state.get("stage") == "recorded"
    if recorded:
        return links([matter.may("affirm", str(said.ref))])
    return links(
        matter.may(verb, str(said.ref))
        for verb in ("accept", "revise", "decline")
        if _on_the_table(matter, said)
    )


def _consents(matter: Matter) -> list[Link]:
    """What is left for us to say of an accepted text: to sign it, to notify, to change or to end it."""
    view, us, docket = matter.view, matter.visit.record.party, str(matter.ref)
    bound = matters.base(view)
    if bound is None or us not in matters.required(view):
        return []
    rule, may = effects.rule_for(view, docket), []
    if us not in effects.signatures(view, docket, bound.text) and (rule.signed or rule.after == "signature"):
        may.append("sign")
    if rule.after == "notifications" and us not in effects.notifications(view, docket):
        may.append("notify")
    recorded = isinstance(bound.version.body, acts.Recorded)
    return links(matter.may(verb) for verb in ([] if recorded else may) + ["amend", "terminate"])


def _on_the_table(matter: Matter, said: Said) -> bool:
    return str(said.ref) in matter.state.get("on_the_table", ())


# ------------------------------------------------------------------------------------------- what changed


def compared(visit: Visit) -> Answer:
    """What changed between any two versions, word by word, in one language."""
    matter, on = Matter(visit, "instruments"), asked_day(visit)
    known = versions(matter, on)
    put = [one.name for one in reversed(known) if one.said is not None and hasattr(one.said.body, "text")]
    newest = _first(known, matter.view)
    asked_old, asked_new = visit.query("from"), visit.query("to")
    old = _chosen(known, asked_old or (put[0] if put else newest))
    new = _chosen(known, asked_new or (newest if newest != old.name or len(put) < _TWO else put[-1]))
    before, after = _plain(old.text()), _plain(new.text())
    languages = list(dict.fromkeys([*after.languages, *before.languages]))
    language = visit.query("in")
    if language not in languages:
        language = visit.language if visit.language in languages else languages[0]
    changes = redline.redline(before, after, language)
    whole = visit.query("all") == "1"
    shown = [change for change in changes if whole or change.op != "same"]
    return matter.page(
        "instrument_redline.html",
        "/redline",
        versions=[(one.name, one.words) for one in known],
        old=old,
        new=new,
        language=language,
        languages=[(tag, _language(visit, tag)) for tag in languages],
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


_TWO = 2


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


# ------------------------------------------------------------------------------------------- how it stands


def state(visit: Visit) -> Answer:
    """Who accepted, signed and notified; when it enters into force and ends; what it was amended by; its bodies."""
    matter, on = Matter(visit, "instruments"), asked_day(visit)
    found = account.current(matter.view)
    if found is None:
        raise Refused("docket_unknown", docket=matter.ref)
    told = matter.state
    force = matter.ask("in_force", on)
    return matter.page(
        "instrument_state.html",
        "/state",
        on=on,
        told=told,
        stage=matter.value(told["stage"]),
        force=force,
        force_words=_force(matter, force),
        entry=clause(matter, found.final.entry),
        clauses=_clauses(matter, found),
        dates=_dates(matter, on),
        sides=[_side(matter, party) for party in told["parties"]],
        powers=_powers(matter),
        bodies=_bodies(matter, found),
        changes=[_change(matter, one) for one in (*told["amendments"], *told["terminations"])],
        acts=_consents(matter),
    )


def _force(matter: Matter, force: Mapping[str, Any]) -> str:
    visit = matter.visit
    if force["in_force"]:
        return str(matter.say("force.yes", since=visit.day(force["since"])))
    why = matter.value(force["why"])
    return str(matter.say("force.no", why=why))


def clause(matter: Matter, entry: Entry) -> str:
    """An entry-into-force clause in words."""
    say, visit = matter.say, matter.visit
    facts = {"day": visit.day(entry.day)} if entry.day else {}
    told = [str(say(f"clause.{entry.after}", **facts))]
    if entry.days:
        told.append(str(say("clause.days", days=visit.number(entry.days))))
    if entry.month:
        told.append(str(say("clause.month", month=visit.number(entry.month))))
    if entry.signed and entry.after == "notifications":
        told.append(str(say("clause.signed")))
    return " ".join(told)


def _clauses(matter: Matter, found: Text) -> list[tuple[str, str]]:
    """The other final clauses that compute."""
    say, visit, final = matter.say, matter.visit, found.final
    lasting = (
        say("count.months", number=visit.number(final.duration))
        if final.duration
        else say("clause.unlimited")
    )
    told = [("clause.duration", str(lasting))]
    if final.renewal:
        told.append(("clause.renewal", str(say("clause.renewed", number=visit.number(final.renewal)))))
    if final.refusal is not None:
        told.append(("clause.refusal", _notice(matter, final.refusal)))
    if final.denunciation is not None:
        told.append(("clause.denunciation", _notice(matter, final.denunciation)))
    if final.amendments is not None:
        told.append(("clause.amendments", clause(matter, final.amendments)))
    if final.reply_days:
        told.append(("clause.reply", str(say("count.days", number=visit.number(final.reply_days)))))
    return [(str(say(key)), words) for key, words in told]


def _notice(matter: Matter, notice: Notice) -> str:
    say, visit = matter.say, matter.visit
    counts = [("count.months", notice.months), ("count.days", notice.days)]
    time = visit.listed(say(key, number=visit.number(count)) for key, count in counts if count)
    return str(say(f"clause.notice.{notice.at}", time=time or str(say("clause.no_time"))))


def _dates(matter: Matter, on: date) -> list[dict[str, Any]]:
    return [
        {
            "on": one["date"],
            "what": matter.value(one["what"]),
            "party": matter.visit.party(one["party"]) if one.get("party") else "",
            "ref": one.get("ref", ""),
        }
        for one in matter.ask("next_dates", on)
    ]


def _side(matter: Matter, party: str) -> dict[str, Any]:
    """What one party has done towards being bound: each with the act by which it did."""
    visit, told, docket = matter.visit, matter.state, str(matter.ref)
    adopted = told["adopted"] or {"by": {}}
    signed = [one for one in told["signatures"] if one["by"] == party and one["matter"] == docket]
    papers = [one for one in told["papers"] if one["by"] == party and one["matter"] == docket]
    originals = [one for one in told["originals"] if one["by"] == party and one["matter"] == docket]
    notified = [one for one in told["notifications"] if one["by"] == party and one["matter"] == docket]
    return {
        "party": party,
        "name": visit.party(party),
        "accepted": adopted["by"].get(party, ""),
        "signed": [
            {
                **one,
                "office": visit.office(one["office"], party),
                "day": visit.day(one["date"]),
                "of": visit.party(one["original"]),
            }
            for one in signed
        ],
        "papers": [
            {
                **one,
                "office": visit.office(one["office"], party),
                "here": str(matter.say("paper.here" if one["supplied"] else "paper.not_here")),
            }
            for one in papers
        ],
        "originals": [
            {
                **one,
                "day": visit.day(one["signed_on"]),
                "kept": visit.named(one["kept_at"]),
                "of": visit.party(one["original"]),
            }
            for one in originals
        ],
        "notified": [{**one, "day": visit.day(one["received"])} for one in notified],
    }


def _powers(matter: Matter) -> list[dict[str, Any]]:
    """The full powers that were issued for this instrument, withdrawn ones included."""
    visit, record = matter.visit, matter.visit.record
    with record.reading():
        issued = {
            party: record.folds.half(party, record.ready).powers for party in matters.required(matter.view)
        }
    return [
        {
            "party": party,
            "name": visit.party(party),
            "office": visit.office(one.office, party),
            "ref": str(one.said),
            "until": visit.day(one.until) if one.until else "",
            "revoked": one.revoked,
        }
        for party, several in issued.items()
        for one in several
        if one.instrument == str(matter.ref)
    ]


def _bodies(matter: Matter, found: Text) -> list[dict[str, Any]]:
    """The bodies that provisions of the text mandate, each with its commitments' programme."""
    visit = matter.visit
    return [
        {
            **one,
            "kind": setup.terms.kind,
            "seats": [(visit.party(party), number) for party, number in sorted(setup.terms.seats.items())],
            "every": setup.terms.every_months,
            "mandate": f"{matter.ref}#{setup.provision}",
            "id": setup.terms.id,
        }
        for one, setup in zip(_bodies_at(matter, found), found.bodies, strict=True)
    ]


def _change(matter: Matter, one: Mapping[str, Any]) -> dict[str, Any]:
    """An amendment or a termination that was put, and what became of it."""
    visit = matter.visit
    amendment = "edits" in one["content"]
    return {
        "ref": one["ref"],
        "amendment": amendment,
        "what": str(matter.say("change.amendment" if amendment else "change.termination")),
        "party": visit.party(one["by"]),
        "on": visit.day(one["on"]),
        "adopted": sorted(one["adopted"]["by"].values()) if one["adopted"] else [],
        "effect": visit.day(one["effect"]) if one["effect"] else "",
        "may": matter.may("accept", one["ref"])
        if not one["adopted"] and one["by"] != visit.record.party
        else None,
    }


_PATH = "/m/{mechanism:str}/instruments/{party:str}/{number:str}"
PAGES = (
    Page(f"{_PATH}/text", text),
    Page(f"{_PATH}/redline", compared),
    Page(f"{_PATH}/state", state),
)
