"""The account of a statement or a source: its title, its whole state as data, what has become true, its summary.

Milestone("text_agreed", {"IRQ": 5, "TUR": 9}, "IRQ/5")
Milestone("published", {"TUR": 12}, "TUR/12", {"language": "tr", "on": "2024-08-16"})
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from comity.chapters.statements import state
from comity.chapters.statements.acts import Cited, Proposed, Published, SourceRecorded, TextAttached
from comity.chapters.statements.reading import digest
from comity.chapters.statements.state import Version
from comity.core import puts as shared
from comity.core.act import Names, Ref
from comity.core.chapter import Milestone, View
from comity.core.puts import Put

__all__ = ["cited", "describe", "milestones", "publication", "summary", "title", "version"]


def title(view: View) -> Names:
    """The statement's title in the version that counts, or as it was first put; the source's title."""
    first = state.opening(view)
    if first is None:
        return {"en": str(view.docket)}
    agreed = state.newest(view, state.versions(view).values())
    return dict(agreed[0].body.title if len(agreed) == 1 else first.body.title)


def describe(view: View) -> dict[str, Any]:
    """The whole state, JSON-able, the same on every node that holds the same acts."""
    first = state.opening(view)
    if first is None:
        return {"is": None, "docket": str(view.docket)}
    if isinstance(first.body, SourceRecorded):
        return _source(view, first)
    puts = state.versions(view)
    return {
        "is": "statement",
        "docket": str(view.docket),
        "sort": first.body.sort,
        "title": title(view),
        "proposed_by": first.ref.party,
        "parties": list(state.required(view)),
        "versions": [{**version(put), **_standing(view, put, puts)} for put in puts.values()],
        "published": [publication(view, put) for put in state.publications(view).values()],
    }


def _source(view: View, first: Put[SourceRecorded]) -> dict[str, Any]:
    said = first.body
    return {
        "is": "source",
        "docket": str(view.docket),
        "title": dict(said.title),
        "recorded_by": first.ref.party,
        "publisher": said.publisher,
        "url": said.url,
        "published": said.published.isoformat() if said.published else None,
        "accessed": said.accessed.isoformat() if said.accessed else None,
        "digest": said.digest,
        "facts": [cited(put, one) for put, one in state.citations(view)],
    }


def version(put: Put[Version]) -> dict[str, Any]:
    """A text as it was put; its passages have numbers, from 1."""
    said = put.body
    return {
        "ref": put.subject,
        "by": put.ref.party,
        "time": put.time.isoformat(),
        "answers": [str(answer) for answer in put.answers],
        "title": dict(said.title),
        "passages": [{"id": at, "text": dict(text)} for at, text in enumerate(said.passages, start=1)],
        "languages": sorted(said.passages[0]),
        "about": list(said.about),
        "place": dict(said.place),
        "on": said.on.isoformat() if said.on else None,
    }


def _standing(view: View, put: Put[Version], puts: dict[str, Put[Version]]) -> dict[str, Any]:
    required = state.required(view)
    match = view.agreed(put.subject, required)
    counts = state.newest(view, puts.values())
    return {
        "standing": shared.standing(view, put, puts.values(), required, state.same),
        "newest": any(put.ref == other.ref for other in counts),
        "yes": {party: str(Ref(party, match[party])) for party in sorted(match)} if match else {},
    }


def publication(view: View, put: Put[Published]) -> dict[str, Any]:
    """What was published, by whom, where, and whether the text is here: attached, none, destroyed or differs.

    `differs` where the text attached is not the one whose digest was recorded.
    """
    said, text = put.body, state.attached(view, put)
    return {
        "ref": put.subject,
        "by": put.ref.party,
        "origin": said.origin,
        "language": said.language,
        "title": said.title,
        "outlet": said.outlet,
        "url": said.url,
        "on": said.on.isoformat(),
        "digest": said.digest,
        "text": _text(said, text),
    }


def _text(said: Published, text: Put[TextAttached | None] | None) -> str:
    if text is None:
        return "none"
    if text.body is None:
        return "destroyed"
    return "attached" if digest(text.body.text) == said.digest else "differs"


def cited(put: Put[Any], one: Cited) -> dict[str, Any]:
    """A fact for which a source is cited: by whom, in which act, and what it is said to say of it."""
    return {"fact": one.fact, "by": put.ref.party, "ref": put.subject, "says": dict(one.says)}


def summary(view: View) -> dict[str, Any]:
    """What lists over all statements and sources need of this docket; no text of a statement or publication."""
    first = state.opening(view)
    if first is None:
        return {"is": None, "docket": str(view.docket)}
    if isinstance(first.body, SourceRecorded):
        return _source(view, first)
    puts = state.versions(view)
    counts = state.newest(view, puts.values())
    newest = counts[0].body if len(counts) == 1 else first.body
    return {
        "is": "statement",
        "docket": str(view.docket),
        "sort": first.body.sort,
        "title": title(view),
        "about": list(newest.about),
        "place": dict(newest.place),
        "on": newest.on.isoformat() if newest.on else None,
        "versions": list(puts),
        "agreed": [put.subject for put in counts],
        "published": [publication(view, put) for put in state.publications(view).values()],
    }


def milestones(view: View) -> list[Milestone]:
    """What has become true. Only a withdrawal can still prove to have come too late; nothing else leaves."""
    first = state.opening(view)
    if first is None:
        return []
    said = {first.ref.party: first.ref.number}
    what = "statement_proposed" if isinstance(first.body, Proposed) else "source_recorded"
    found = [Milestone(what, said, str(view.docket)), *_joint(view), *_own(view)]
    return sorted(found, key=lambda milestone: (milestone.what, milestone.subject))


def _joint(view: View) -> Iterator[Milestone]:
    for put in state.versions(view).values():
        match = view.agreed(put.subject, state.required(view))
        if match is not None:
            yield Milestone("text_agreed", match, put.subject)
        yield from shared.withdrawn(view, put, match)


def _own(view: View) -> Iterator[Milestone]:
    for act in view.acts:
        said = {act.party: act.ref.number}
        match act.kind:
            case "statement.published/1":
                facts = {"language": act.body.language, "on": act.body.on.isoformat()}
                yield Milestone("published", said, str(act.ref), facts)
            case "statement.text_attached/1":
                yield Milestone("text_attached", said, str(act.ref), {"of": str(act.answers[0])})
            case "statement.source_cited/1":
                yield Milestone("source_cited", said, str(act.ref), {"fact": act.body.fact})
            case _:
                pass
