"""What a form is about, beside its content: the kind, the docket, what it answers, its mandate, who speaks.

    asked_of(visit)     Asked(chapter=meetings, kind=meeting.date_accepted/1, docket=TUR/4, answers=[TUR/9], ...)

It comes from the address when the form is opened, and from the form's own fields (`_answers`, `_office`) once it was
sent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from urllib.parse import urlencode

from comity.core import charter as charters
from comity.core.act import Cut, Ref
from comity.core.chapter import Chapter, Kind
from comity.core.errors import Malformed, Refused
from comity.core.fold import COMMON
from comity.desk import wording
from comity.desk.drafting import may_speak
from comity.node import showing
from comity.node.bodies import bodies
from comity.web.docket import PAGE_ACTS
from comity.web.filled import Fault
from comity.web.labels import sentence_case
from comity.web.memory import Memory
from comity.web.text import visible
from comity.web.visit import Visit, reference

__all__ = ["Asked", "Choice", "asked_of", "mandates", "moved_on", "seen_now", "to_answer"]

Choice = tuple[str, str]
_known: Memory[tuple[list[Choice], list[Choice]]] = Memory(12)
_LISTED = 40


class Asked(NamedTuple):
    """What is to be said, but for its content. `offices`: those of the person that may say it.

    `wrong`: what was typed for the docket or the answered acts and names nothing that is here.
    """

    chapter: Chapter
    kind: Kind
    docket: Ref | None
    answers: tuple[Ref, ...]
    mandate: str
    office: str
    offices: Sequence[str]
    wrong: Sequence[Fault] = ()

    @property
    def charter(self) -> bool:
        """Whether it is an act of the charter, whose docket is each party's own first act."""
        return self.kind.name.startswith("charter.")

    def path(self, root: str) -> str:
        """Where this form is: one address for each docket, under which a draft is kept."""
        docket = f"/{self.docket}" if self.docket is not None and not self.charter else ""
        return f"{root}/say/{self.chapter.name}/{self.kind.verb}{docket}"

    def action(self, root: str) -> str:
        """Where it is sent: the same, with what it answers, for whoever has to sign in again on the way."""
        query = {
            "answers": ",".join(map(str, self.answers)),
            "mandate": self.mandate if self.kind.opens else "",
        }
        named = {name: value for name, value in query.items() if value}
        return f"{self.path(root)}{'?' if named else ''}{urlencode(named)}"


def asked_of(visit: Visit) -> Asked:
    """What this form is about. Raises `Refused` where there is no such verb, docket or act, or nobody to say it."""
    chapter, kind = _kind(visit, str(visit.path["chapter"]), str(visit.path["verb"]))
    offices = [name for name in sorted(visit.offices) if may_speak(kind, name)]
    if not offices:
        with visit.record.reading():
            filled = visit.record.folds.offices(visit.record.party, visit.record.ready)
        may = [name for name in filled if may_speak(kind, name)]
        raise Refused("offices_not_yours", offices=_titles(visit, may), held=_titles(visit, visit.offices))
    answers: tuple[Ref, ...] = ()
    docket: Ref | None = None
    wrong: list[Fault] = []
    try:
        answers = _answers(visit)
        docket = _docket(visit, chapter, kind, answers)
    except Refused:
        name = next((one for one in ("_answers", "_docket") if visit.form.text(one).strip()), "")
        if not name:
            raise
        wrong.append(Fault(name, "fault.act", {"typed": visit.form.text(name)[:60]}))
        docket = _docket(visit, chapter, kind, ()) if "party" in visit.path else None
    sent = visit.form.text("_office")
    office = sent or (offices[0] if len(offices) == 1 else "")
    if office and office not in offices:
        raise Refused("office_not_yours", office=visible(office[:40]), held=", ".join(offices))
    mandate = (visit.form.text("_mandate") or visit.query("mandate"))[:200].strip()
    return Asked(chapter, kind, docket, answers, mandate, office, offices, wrong)


def _titles(visit: Visit, offices: Iterable[str]) -> str:
    return visit.listed(sorted(visit.office(one) for one in offices)) or "—"


def _kind(visit: Visit, name: str, verb: str) -> tuple[Chapter, Kind]:
    record = visit.record
    chapter = charters.CHAPTER if name == charters.CHAPTER.name else record.chapters.get(name)
    if chapter is not None:
        common = COMMON if any(kind.erasable for kind in chapter.kinds) else ()
        for kind in (*chapter.kinds, *common):
            if kind.verb == verb and kind.name != "charter.accepted/1":
                return chapter, kind
    raise Refused("kind_unknown", kind=visible(f"{name[:40]} {verb[:40]}"))


def _answers(visit: Visit) -> tuple[Ref, ...]:
    sent = visit.form.all("_answers") if "_answers" in visit.form.texts else [visit.query("answers")]
    typed = [one for text in sent for one in text.replace(",", " ").split()]
    refs = dict.fromkeys(reference(one) for one in typed[:500])
    with visit.record.reading():
        for ref in refs:
            showing.show(visit.record, ref)
    return tuple(refs)


def _docket(visit: Visit, chapter: Chapter, kind: Kind, answers: Sequence[Ref]) -> Ref | None:
    """The docket in the path, the query or the form, or that of the answered act; it must be of the chapter."""
    if kind.opens:
        return None
    record = visit.record
    if kind.name.startswith("charter."):
        return Ref(record.party, 0)
    place = visit.path
    named = f"{place['party']}/{place['number']}" if "party" in place else ""
    named = (
        named or visit.form.text("_docket") or visit.query("docket") or (str(answers[0]) if answers else "")
    )
    if not named.strip():
        return None
    with record.reading():
        found = showing.docket_of(record, reference(named.strip()))
        first = record.folds.chapter_of(showing.show(record, found)["kind"])
        if first is None or first.name != chapter.name:
            raise Refused("docket_unknown", docket=found)
        return found


# ------------------------------------------------------------------------------------ what may be chosen


def to_answer(visit: Visit, asked: Asked) -> list[Choice]:
    """The acts of the docket that could be answered, newest first: those that do not only answer others."""
    if asked.docket is None or not asked.kind.answers[1]:
        return []
    record = visit.record
    found: list[Choice] = []
    with record.reading():
        fold = record.folds.fold(asked.docket)
        for act in reversed(fold.at(record.ready).acts[-4 * PAGE_ACTS :]):
            kind = fold.chapter.kind(act.kind)
            if kind is not None and (kind.answers[0] == 0 or kind.says is None):
                what = sentence_case(wording.what(visit.words, record, act.kind), visit.language)
                told = f"{act.ref} · {visit.party(act.party)} · {what} · {visit.moment(act.time)}"
                found.append((str(act.ref), told))
    newest = sorted(found, key=lambda one: int(one[0].partition("/")[2]), reverse=True)[:_LISTED]
    known = {ref for ref, _ in newest}
    return [*((str(ref), str(ref)) for ref in asked.answers if str(ref) not in known), *newest]


def mandates(visit: Visit) -> tuple[list[Choice], list[Choice]]:
    """The provisions in force that set up bodies, and the bodies: (what is sent, words) of each."""
    today = visit.house.today()
    key = (visit.record.mechanism, visit.house.state(visit.record), today, visit.language)
    listed, named = _known.get(key, lambda: _mandates(visit, today))
    return list(listed), list(named)


def _mandates(visit: Visit, today: date) -> tuple[list[Choice], list[Choice]]:
    provisions: dict[str, list[str]] = {}
    named: dict[str, str] = {}
    for body in bodies(visit.record, today):
        if body["in_force"]:
            name = visit.named(body["names"]) or body["body"]
            provisions.setdefault(body["mandate"], []).append(name)
            named.setdefault(body["body"], f"{name} ({body['mandate']})")
    listed = [(ref, f"{ref} · {' · '.join(names)}") for ref, names in provisions.items()]
    return listed, list(named.items())


# ------------------------------------------------------------------------------------ what was known


def seen_now(visit: Visit) -> str:
    """How much of each log is shown now, as a hidden field keeps it: "IRQ:12,TUR:19"."""
    with visit.record.reading():
        return ",".join(f"{party}:{size}" for party, size in sorted(visit.record.ready.items()))


def moved_on(visit: Visit, docket: Ref | None, seen: str) -> list[Mapping[str, Any]]:
    """The acts that came into the docket since a form was opened (`showing.show`), oldest first."""
    if docket is None or not seen:
        return []
    record = visit.record
    cut: Cut = dict(_size(part, record.parties) for part in seen[:4000].split(","))
    with record.reading():
        fresh = [
            showing.show(record, Ref(party, number))
            for party, found in record.store.docket(docket, cut).items()
            for number, _ in found
            if number < record.ready.get(party, 0)
        ]
    return sorted(fresh, key=lambda act: (act["time"], act["ref"]))


def _size(text: str, parties: Sequence[str]) -> tuple[str, int]:
    party, _, number = text.partition(":")
    if party not in parties or not (number.isascii() and number.isdecimal()) or len(number) > 12:
        raise Malformed("form", "does not say what was seen when it was opened")
    return party, int(number)
