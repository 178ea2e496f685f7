"""What is answered to each question about the record: data, or the very bytes that are stored.

    dockets(asked)      {"dockets":[{"docket":"TUR/4","title":{"en":"4th meeting"},"milestones":[...]}],"next":"TUR/4"}

Each function is run in a thread and raises the four errors.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import msgspec

from comity.api.asked import Answer, Asked
from comity.api.schemas import content_schema
from comity.core.act import Ref
from comity.core.chapter import Chapter, Kind
from comity.core.charter import CHAPTER as CHARTER
from comity.core.entry import Entry
from comity.core.errors import Refused
from comity.core.fold import COMMON
from comity.desk import documents
from comity.desk.answers import ChapterOf, KindOf, Speaks
from comity.node import asking, bodies, lineage, programme, proving, showing
from comity.node import report as reports
from comity.storage.port import entry_at

__all__ = [
    "FARTHEST",
    "ROOT",
    "act",
    "ask",
    "bodies_of",
    "chapters",
    "content",
    "docket",
    "dockets",
    "dormant",
    "fault",
    "leaf",
    "lineage_of",
    "log",
    "mechanism",
    "overview",
    "paper",
    "paper_pack",
    "programme_of",
    "proof",
    "proof_of_docket",
    "questions",
    "reminders",
    "report",
    "search",
    "token",
    "verbs",
    "waits",
]

ROOT = "/api/v1"
FARTHEST = 2_000
_BYTES = "application/octet-stream"


def _json(data: Any, **links: str) -> Answer:
    return Answer(msgspec.json.encode(data), links=links)


# --------------------------------------------------------------------------- the mechanism and who asks


def token(asked: Asked) -> Answer:
    """Whom the token speaks for."""
    held = asked.token
    return _json(
        Speaks(
            held.id, held.title, held.person.name, asked.record.party, held.mechanism, held.office, held.until
        )
    )


def mechanism(asked: Asked) -> Answer:
    """How far each side holds the other's log."""
    return _json(asking.status(asked.record))


def verbs(chapter: Chapter) -> Iterator[Kind]:
    """The kinds that can be said in a chapter's dockets: its own, and what every docket knows."""
    yield from (kind for kind in chapter.kinds if kind.name != "charter.accepted/1")
    if any(kind.erasable for kind in chapter.kinds):
        yield from COMMON


def chapters(asked: Asked) -> Answer:
    """Every chapter that this node knows, its kinds with their schemas, its questions."""
    record = asked.record
    with record.reading():
        setting = record.folds.setting(dict(record.ready))
        active = {name for name in record.chapters if setting.active(name)} | {CHARTER.name}
    told = [
        ChapterOf(
            chapter.name,
            chapter.noun,
            chapter.name in active,
            [
                KindOf(
                    kind.name, kind.verb, f"{ROOT}/acts/{chapter.name}/{kind.verb}", kind.opens, list(kind.answers),
                    kind.mandated, kind.signed, kind.erasable, dict(content_schema(kind.body)),
                )
                for kind in verbs(chapter)
            ],
            sorted(chapter.questions),
        )
        for chapter in (CHARTER, *record.chapters.values())
    ]  # fmt: skip
    return _json(told)


# --------------------------------------------------------------------------------------- dockets, acts


def dockets(asked: Asked) -> Answer:
    """A page of a chapter's dockets."""
    record, name, limit = asked.record, asked.values["chapter"], asked.values["limit"]
    chapter = CHARTER if name == CHARTER.name else record.chapters.get(name)
    if chapter is None:
        raise Refused("chapter_unknown", chapter=name, known=", ".join(sorted(record.chapters)))
    after = asked.values["after"]
    with record.reading():
        there = record.store.opened(chapter.noun, after, limit + 1)
        shown = asking.dockets(record, chapter, after, limit)
    more = str(there[limit - 1]) if len(there) > limit else ""
    links = {"next": f"{asked.path}?chapter={name}&after={more}&limit={limit}"} if more else {}
    return _json({"dockets": shown, "next": more}, **links)


def docket(asked: Asked) -> Answer:
    """A docket whole."""
    return _json(asking.docket(asked.record, asked.ref))


def questions(asked: Asked) -> Answer:
    """The questions that can be asked about a docket."""
    with asked.record.reading():
        return _json(sorted(asked.record.folds.fold(asked.ref).chapter.questions))


def ask(asked: Asked) -> Answer:
    """A chapter's question about one docket, on a day."""
    return _json(asking.ask(asked.record, asked.ref, asked.values["question"], asked.on))


def act(asked: Asked) -> Answer:
    """One act."""
    return _json(showing.show(asked.record, asked.ref))


def _entry(asked: Asked) -> Entry:
    showing.show(asked.record, asked.ref)  # refuses what is not here
    return entry_at(asked.record.store, asked.ref)


def leaf(asked: Asked) -> Answer:
    """The leaf, byte for byte."""
    return Answer(_entry(asked).leaf, _BYTES, name=f"{asked.ref.party}-{asked.ref.number}.leaf")


def content(asked: Asked) -> Answer:
    """The content, byte for byte: 32 bytes of salt, then canonical JSON."""
    found = _entry(asked).content
    if found is None:
        raise Refused("content_not_here", act=asked.ref)
    return Answer(found, _BYTES, name=f"{asked.ref.party}-{asked.ref.number}.content")


def proof(asked: Asked) -> Answer:
    """A proof file of one act, for `comity verify`."""
    return Answer(
        proving.prove(asked.record, asked.ref, with_content=asked.values["with_content"]),
        name=f"{asked.ref.party}-{asked.ref.number}.proof.json",
    )


def proof_of_docket(asked: Asked) -> Answer:
    """A proof file of a docket."""
    made = proving.prove_docket(asked.record, asked.ref, with_content=asked.values["with_content"])
    return Answer(made, name=f"{asked.ref.party}-{asked.ref.number}.docket.json")


def log(asked: Asked) -> Answer:
    """Acts of one log, in order."""
    record, party, start = asked.record, asked.values["party"], asked.values["from"]
    if party not in record.parties:
        raise Refused("act_unknown", act=Ref(party, start))
    with record.reading():
        size = record.store.size(party)
        end = min(size, start + asked.values["limit"])
        acts = [showing.show(record, Ref(party, number)) for number in range(start, end)]
    following = end if end < size and acts else None
    links = {}
    if following is not None:
        links["next"] = f"{asked.path}?from={following}&limit={asked.values['limit']}"
    return _json({"party": party, "size": size, "acts": acts, "next": following}, **links)


# ------------------------------------------------------------------------------ across all dockets


def search(asked: Asked) -> Answer:
    """The acts in which all the words stand, best first."""
    record, values = asked.record, asked.values
    start, limit = values["from"], values["limit"]
    found = asked.house.search(record).find(record, values["words"], after=start, limit=limit)
    hits = [{**hit._asdict(), "excerpt": [span._asdict() for span in hit.excerpt]} for hit in found.hits]
    following = start + limit if found.more and start + limit <= FARTHEST else None
    links = {}
    if following is not None:
        links["next"] = f"{asked.path}?words={quote(values['words'])}&from={following}&limit={limit}"
    return _json({"hits": hits, "next": following, "behind": found.behind}, **links)


def overview(asked: Asked) -> Answer:
    """All committees on a day."""
    return _json(programme.overview(asked.record, asked.on, asked.values["most"]))


def programme_of(asked: Asked) -> Answer:
    """A committee's work programme."""
    values = asked.values
    return _json(programme.work_programme(asked.record, values["mandate"], values["body"], asked.on))


def reminders(asked: Asked) -> Answer:
    """What to think of from a day on."""
    return _json(programme.reminders(asked.record, asked.on, asked.values["within"]))


def dormant(asked: Asked) -> Answer:
    """Commitments of which nobody has spoken for long."""
    return _json(programme.dormant(asked.record, asked.on, asked.values["days"]))


def waits(asked: Asked) -> Answer:
    """What waits for whom, oldest first."""
    return _json(asking.worst_first(asked.record, asked.on))


def bodies_of(asked: Asked) -> Answer:
    """Every body that a provision sets up."""
    return _json(bodies.bodies(asked.record, asked.on))


def lineage_of(asked: Asked) -> Answer:
    """Where a thing comes from and what became of it."""
    return _json(lineage.lineage(asked.record, asked.values["of"]))


def report(asked: Asked) -> Answer:
    """A committee's report for a period."""
    values = asked.values
    return _json(
        reports.report(asked.record, values["mandate"], values["body"], values["since"], values["until"])
    )


# ----------------------------------------------------------------------------------------------- papers


def paper(asked: Asked) -> Answer:
    """The paper of an instrument, minutes or a report, with the signatures that the record has of it."""
    record, ref = asked.record, asked.ref
    languages = tuple(part for part in (asked.values["languages"] or "").split(",") if part)
    raw = documents.made(record, showing.docket_of(record, ref), ref, languages)
    return Answer(raw, "application/pdf", name=f"{ref.party}-{ref.number}.pdf")


def paper_pack(asked: Asked) -> Answer:
    """The registration pack of an instrument in force."""
    made = documents.packed(asked.record, asked.ref, asked.on)
    return Answer(made, "application/zip", name=f"{asked.ref.party}-{asked.ref.number}.zip")


def fault(asked: Asked) -> Answer:
    """A proof file that a party told two histories, for `comity verify`."""
    made = proving.prove_fault(asked.record, asked.values["party"])
    return Answer(made, name=f"{asked.values['party']}.fault.json")
