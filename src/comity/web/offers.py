"""What somebody may say in a docket now: the verbs that the rules would allow to one of the offices that they hold.

    offers(visit, chapter, docket, acts).answering["TUR/9"]     (Offer("meetings", "accept-date", "/m/.../say/..."),)

Each verb is tried against the rules as they stand, without saying it. A verb whose content must be typed first cannot
be tried; it is offered by its kind, and judged when its form is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import urlencode

from comity.core.act import Ref
from comity.core.chapter import Chapter, Kind, no, yes
from comity.core.errors import ComityError, Malformed, Refused
from comity.core.fold import COMMON, DESTROYED
from comity.core.keys import Signer
from comity.desk.drafting import Order, Speaker, draft, may_speak
from comity.desk.fields import Field, fields
from comity.web.memory import Memory
from comity.web.visit import Visit

__all__ = ["Offer", "Offers", "Unsigned", "UnsignedKeys", "offers", "say_path"]

_CANDIDATES = 6  # the newest acts that an answer is tried on
_HANDMADE = ("instrument.paper_signed/1", "instrument.paper_supplied/1")  # their content is made from a paper


class Offer(NamedTuple):
    """A verb that may be said, and where its form is."""

    chapter: str
    verb: str
    href: str


class Offers(NamedTuple):
    """What may be said: beside the acts that it answers (reference -> offers), and in the docket as a whole."""

    answering: Mapping[str, Sequence[Offer]]
    rest: Sequence[Offer]


class Unsigned(NamedTuple):
    """Stands for an officer's key where nothing is said: the rules ask whose key it is, not what it signed."""

    public: str

    def sign(self, message: bytes) -> bytes:  # noqa: ARG002 -- a signer's form
        """No signature: this is never stored."""
        return bytes(64)


class UnsignedKeys:
    """`comity.desk.drafting.Keys` for trying."""

    def signer(self, public: str) -> Signer:
        """A stand-in for the key."""
        return Unsigned(public)

    def make(self, kind: str) -> Any:
        """No key is made for what is only tried. Raises `Refused`."""
        raise Refused("key_which", key=kind, known="—")


def say_path(root: str, chapter: str, verb: str, **query: str) -> str:
    """Where the form of a verb is."""
    named = {name: value for name, value in query.items() if value}
    return f"{root}/say/{chapter}/{verb}{'?' if named else ''}{urlencode(named)}"


_kept: Memory[Offers] = Memory(1000)


def offers(
    visit: Visit, chapter: Chapter, docket: Ref, newest: Callable[[], Sequence[Mapping[str, Any]]]
) -> Offers:
    """What the person may say in a docket. `newest` gives its newest acts (`showing.show`), oldest first."""
    record, held = visit.record, visit.offices
    if not held or record.silent or record.party in record.frozen:
        return Offers({}, ())
    key = (record.mechanism, docket, held, visit.house.state(record), visit.house.today())
    return _kept.get(key, lambda: _Trial(visit, chapter, docket, newest()).offers())


class _Trial:
    """One docket, tried verb by verb."""

    def __init__(
        self, visit: Visit, chapter: Chapter, docket: Ref, acts: Sequence[Mapping[str, Any]]
    ) -> None:
        self._visit, self._chapter, self._docket = visit, chapter, docket
        self._view, self._to_be_typed = visit.record.folds.view(docket), set[str]()
        kinds = {kind.name: kind for kind in chapter.kinds}
        self._putting = [
            Ref.parse(act["ref"])
            for act in acts
            if not act["irregular"] and not act["waiting"] and not _only_answers(kinds.get(act["kind"]))
        ][-_CANDIDATES:]
        ours = [act for act in acts if act["party"] == visit.record.party]
        self._erasable = {
            Ref.parse(act["ref"]) for act in ours if act["kind"] in kinds and kinds[act["kind"]].erasable
        }
        self._speaker = Speaker(UnsignedKeys(), visit.words, visit.house.today(), visit.offices)

    def offers(self) -> Offers:
        """Every verb of the chapter that does not open a docket of its own."""
        answering: dict[str, list[Offer]] = {}
        rest: list[Offer] = []
        for kind in self._kinds():
            offices = self._offices(kind)
            if not offices:
                continue
            whole = kind.answers[0] == 0 and self._may(kind, (), offices)
            if whole:
                rest.append(self._offer(kind))
                if not (kind.says is yes or kind.says is no):  # its form asks what it answers
                    continue
            for ref in self._putting:
                if self._can_answer(kind, ref) and self._may(kind, (ref,), offices):
                    answering.setdefault(str(ref), []).append(self._offer(kind, str(ref)))
        return Offers({ref: tuple(found) for ref, found in answering.items()}, tuple(rest))

    def _kinds(self) -> list[Kind]:
        common = list(COMMON) if any(kind.erasable for kind in self._chapter.kinds) else []
        return [
            kind for kind in (*self._chapter.kinds, *common) if not kind.opens and kind.name not in _HANDMADE
        ]

    def _offices(self, kind: Kind) -> list[str]:
        """For whom it is tried: the rules ask who speaks only where a person signs."""
        held = [name for name in sorted(self._visit.offices) if may_speak(kind, name)]
        return held if kind.signed else held[:1]

    def _can_answer(self, kind: Kind, ref: Ref) -> bool:
        """Whether it is worth trying: yes and no are said to what was put, and destroyed is what we said erasably."""
        if kind.says is yes or kind.says is no:
            return bool(self._view.voices(str(ref)))
        if kind.name == DESTROYED:
            return ref in self._erasable
        return kind.answers[1] > 0

    def _offer(self, kind: Kind, answers: str = "") -> Offer:
        docket = "" if kind.name.startswith("charter.") else str(self._docket)
        path = say_path(self._visit.root, self._chapter.name, kind.verb, docket=docket, answers=answers)
        return Offer(self._chapter.name, kind.verb, path)

    def _may(self, kind: Kind, answers: tuple[Ref, ...], offices: Sequence[str]) -> bool:
        return any(self._allowed(kind, answers, office) for office in offices)

    def _allowed(self, kind: Kind, answers: tuple[Ref, ...], office: str) -> bool:
        record = self._visit.record
        docket = None if kind.name.startswith("charter.") else self._docket
        order = Order(kind.name, {}, docket, answers, office=office, trial=True)
        try:
            if answers and kind.name in self._to_be_typed:
                return self._fits(kind, order)
            record.check_draft(draft(record, order, self._speaker).draft)
        except Malformed:
            self._to_be_typed.add(kind.name)
            return not answers or self._fits(kind, order)
        except ComityError:
            return False
        return True

    def _fits(self, kind: Kind, order: Order) -> bool:
        """Whether an act whose content must be typed could answer that one: tried with the least that it can say."""
        record = self._visit.record
        least = _least(fields(kind.body), self._visit.house.today().isoformat(), str(order.answers[0]))
        try:
            tried = Order(order.kind, least, order.docket, order.answers, office=order.office, trial=True)
            record.check_draft(draft(record, tried, self._speaker).draft)
        except ComityError:
            return False
        return True


def _only_answers(kind: Kind | None) -> bool:
    """Whether acts of this kind say nothing but yes or no to others, so nobody answers them."""
    return kind is None or ((kind.says is yes or kind.says is no) and kind.answers[0] > 0)


def _least(known: Sequence[Field], today: str, answered: str) -> dict[str, Any]:
    """Something for each field that must be there."""
    sample: dict[str, Any] = {
        "text": "x", "number": 1, "yes": False, "day": today, "moment": f"{today}T12:00:00+00:00",
        "names": {"en": "x"}, "numbers": {}, "bytes": "AA==", "data": {}, "list": [],
    }  # fmt: skip
    found: dict[str, Any] = {}
    for field in known:
        if not field.needed:
            continue
        if field.sort == "group":
            found[field.name] = _least(field.fields, today, answered)
        elif field.sort == "choice":
            found[field.name] = field.choices[0]
        else:
            found[field.name] = answered if field.pattern.startswith("^[A-Z]") else sample[field.sort]
    return found
