"""A docket of one chapter, as the pages made by hand begin: found, folded once, with what has become true in it.

    matter = Matter(visit, "commitments")      of /m/ID/commitments/TUR/27
    matter.state["status"]; matter.ask("due", day); matter.may("accept", "TUR/27")

What is joint of a docket is never worked out here: it is asked of the chapter.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from typing import Any, NamedTuple
from urllib.parse import urlencode

from comity.chapters.instruments.text import Provision
from comity.core.act import Ref
from comity.core.chapter import View
from comity.core.errors import Malformed, Refused
from comity.desk import wording
from comity.node import asking, standing
from comity.web.tabs import PLACE, tabs
from comity.web.visit import Answer, Visit, reference

__all__ = ["Link", "Matter", "asked_day", "links", "numbered", "placed", "thing_at"]


class Link(NamedTuple):
    """Words and where they lead."""

    words: str
    href: str


class Matter:
    """The docket that a page's path names. Raises `Refused` where it is not here, or another chapter's."""

    def __init__(self, visit: Visit, chapter: str) -> None:
        self.visit, self.chapter = visit, chapter
        self.ref: Ref = reference(f"{visit.path['party']}/{visit.path['number']}")
        record = visit.record
        with record.reading():
            fold = record.folds.fold(self.ref)
            if fold.chapter.name != chapter:
                raise Refused("docket_unknown", docket=self.ref)
            self.view: View = fold.at(record.ready)
        self._chapter = fold.chapter

    @cached_property
    def state(self) -> Mapping[str, Any]:
        """The chapter's own account of it."""
        return self._chapter.describe(self.view)

    @property
    def title(self) -> str:
        """Its title in the reader's language."""
        return self.visit.named(self._chapter.title(self.view))

    @property
    def path(self) -> str:
        """Where its pages begin."""
        return f"{self.visit.root}/{self.chapter}/{self.ref}"

    def ask(self, question: str, on: date) -> Any:
        """What the chapter answers to one of its questions, on a day."""
        return asking.ask(self.visit.record, self.ref, question, on)

    def page(self, template: str, here: str, **values: Any) -> Answer:
        """One of its pages; `here` is the tail of its path among the tabs."""
        return self.visit.page(
            template, matter=self, tabs=tabs(self.visit, self.chapter, self.ref, here), **values
        )

    # ------------------------------------------------------------------------------------------- words

    def say(self, key: str, /, **facts: object) -> Any:
        """Words of these pages."""
        return self.visit.say(key, PLACE, **facts)

    def value(self, word: str) -> str:
        """A word of the chapter for a value."""
        return wording.value(self.visit.words, word, self.chapter) if word else ""

    def milestones(self) -> list[dict[str, Any]]:
        """What has become true, each with its standing and the acts that made it, for `part.milestones`."""
        return [
            {
                "what": self.visit.say(
                    f"milestone.{found['what']}", self.chapter, **self._facts(found["facts"])
                ),
                "standing": found["standing"],
                "standing_label": wording.standing(self.visit.words, found["standing"]),
                "halves": [(ref, self.visit.act_at(ref)) for ref in found["halves"].values()],
            }
            for found in standing.milestones(self.visit.record, self.ref)
        ]

    def _facts(self, facts: Mapping[str, str]) -> dict[str, str]:
        """The facts of a milestone for a reader: days written out, words for values, no hash at length."""
        shown = {}
        for name, fact in facts.items():
            if len(fact) == _HASH and fact.isalnum():
                shown[name] = fact[:12]
            elif name in ("status", "choice"):
                shown[name] = self.value(fact)
            elif name == "language":
                shown[name] = self.visit.tongue(fact)
            elif name in ("party", "original"):
                shown[name] = self.visit.party(fact)
            else:
                shown[name] = self.visit.moment(fact) if "T" in fact else self.visit.day(fact)
        return shown

    # ------------------------------------------------------------------------------------------- what may be said

    def may(self, verb: str, *answers: str, words: str = "", **fields: str) -> Link | None:
        """A link to the form of an act in this docket; None for whoever holds no office here."""
        if not self.visit.offices:
            return None
        asked = [("docket", str(self.ref)), *(("answers", one) for one in answers), *fields.items()]
        told = self.say(f"do.{words or verb.replace('-', '_')}")
        return Link(told, f"{self.visit.root}/say/{self.chapter}/{verb}?{urlencode(asked)}")

    def waits(self, on: date) -> list[dict[str, Any]]:
        """What the docket waits for on a day: from whom, for what, since when, by which act."""
        return [
            {
                "who": self.visit.party(one["party"]),
                "what": self.value(one["for"]),
                "ref": one["ref"],
                "day": self.visit.day(one["since"][:10]),
            }
            for one in self.ask("waits_for", on)
        ]

    def put(self, one: Mapping[str, Any], verb: str) -> dict[str, Any]:
        """What some act put, as the chapter tells it: by whom, how it stands, each yes; and the way to ours, `verb`.

        No way where it is not open, or where our yes is said and was not taken back.
        """
        awaited = one["standing"] == "open" and not self.view.stands(one["ref"], self.visit.record.party)
        said = one[
            "yes"
        ].items()  # a chapter tells a yes by its number in the party's log, or by its reference
        return {
            **one,
            "name": self.visit.party(one["by"]),
            "standing_words": self.value(one["standing"]),
            "acts": [f"{party}/{yes}" if isinstance(yes, int) else yes for party, yes in said],
            "may": self.may(verb, one["ref"]) if awaited else None,
        }


_HASH = 64


def asked_day(visit: Visit) -> date:
    """The day in `?on=`, or today. Raises `Malformed`."""
    asked = visit.query("on")
    if not asked:
        return visit.house.today()
    try:
        return date.fromisoformat(asked)
    except ValueError as error:
        raise Malformed("on", f"{asked[:40]!r} is not a day such as 2025-03-31") from error


def links(found: Iterable[Link | None]) -> list[Link]:
    """Those that there are."""
    return [one for one in found if one is not None]


def numbered(visit: Visit, row: Provision | None, rows: Sequence[Provision]) -> str:
    """What a provision is called: "Article 3", "3(2)", "3(2)(a)"; "" for a passage without a number."""
    if row is None:
        return ""
    if row.kind in ("chapter", "article", "annex"):
        return str(visit.say(f"provision.{row.kind}", PLACE, number=row.number)).strip()
    if row.kind in ("preamble", "closing"):
        return str(visit.say(f"provision.{row.kind}", PLACE))
    if not row.number:
        return ""
    above = next((one for one in rows if one.id == row.under), None)
    if above is None or above.kind not in ("article", "paragraph", "point"):
        return row.number
    head = above.number if above.kind == "article" else numbered(visit, above, rows)
    return f"{head}({row.number})" if head else row.number


def placed(visit: Visit, row: Provision | None, rows: Sequence[Provision]) -> str:
    """The same, and of a passage without a number what it stands in; its id where nothing around it has one."""
    found, at = numbered(visit, row, rows), row
    while not found and at is not None and at.under:
        above = at.under
        at = next((one for one in rows if one.id == above), None)
        found = numbered(visit, at, rows)
    return found or (row.id if row is not None else "")


def thing_at(visit: Visit, name: str, sort: str = "") -> str:
    """The page of a docket, an act, a provision (`TUR/9#art-2`) or a decision (`TUR/24#D1`)."""
    ref, _, part = name.partition("#")
    if sort == "provision" or (part and not part[:1].isupper()):
        return f"{visit.root}/instruments/{ref}/text#{part}"
    if sort in ("commitment", "meeting", "committee", "statement"):
        return f"{visit.root}/{sort}s/{ref}"
    if sort == "instrument":
        return f"{visit.root}/instruments/{ref}/text"
    return visit.act_at(ref)
