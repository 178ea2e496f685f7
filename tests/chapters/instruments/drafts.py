"""Texts, tables and shortcuts that the tests of this chapter share. Everything here is made up."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

import msgspec
from tests.chapters.table import Table

from comity.chapters.instruments import CHAPTER, matters
from comity.chapters.instruments.acts import Proposed
from comity.chapters.instruments.reader import read_text
from comity.chapters.instruments.text import Text
from comity.core.act import Ref
from comity.core.chapter import Powers

HEAD = """\
bodies:
  - article: 2
    id: trade
    kind: committee
    names: {en: Committee on Trade, tr: Ticaret Komitesi, ar: لجنة التجارة}
    seats: {TUR: 5, IRQ: 5}
    every months: 6
final:
  article: 3
  entry into force: {after: notifications, days: 30}
  duration: {years: 5}
  renewal: {years: 1}
  renewal notice: {months: 6, at: end of period}
  denunciation: {months: 6, at: end of period}
  amendments: {reply days: 90, after: notifications, days: 30}
"""
WORDS = {
    "en": ("Memorandum on trade", "The Parties", "Article", "Purpose", "Committee", "Final clauses"),
    "tr": ("Ticaret hakkında mutabakat zaptı", "Taraflar", "Madde", "Amaç", "Komite", "Son hükümler"),
    "ar": ("مذكرة تفاهم بشأن التجارة", "الطرفان", "المادة", "الغرض", "اللجنة", "أحكام ختامية"),
}
BRACKETS = " [TUR: thirty days] [IRQ: sixty days]"
PLAIN_BRACKET = " [It may invite observers.]"


def draft(
    language: str, *, head: str = HEAD, more: str = "", committee: str = "", languages: str = "en, tr, ar"
) -> str:
    """A small memorandum in one language; `more` goes to the end of Article 1, `committee` to that of Article 2."""
    title, parties, article, purpose, body, final = WORDS[language]
    shared = f"authentic: [{languages}]\nprevailing: en\n{head}" if language == languages[:2] else ""
    return (
        f"---\nlanguage: {language}\n{shared}---\n# {title}\n\n{parties},\n\n"
        f"## {article} 1 — {purpose}\n\n1. {purpose} {parties}.{more}\n\n2. {title}:\n\na) {purpose};\n\nb) {body}.\n\n"
        f"## {article} 2 — {body}\n\n{parties} {body}.{committee}\n\n## {article} 3 — {final}\n\n{final} {parties}.\n"
    )


def files(**how: Any) -> list[tuple[str, bytes]]:
    """The memorandum in all three languages."""
    return [(f"draft.{tag}.md", draft(tag, **how).encode()) for tag in WORDS]


def text(**how: Any) -> Text:
    """The memorandum, read."""
    return msgspec.convert(read_text(files(**how))["text"], Text)


def body(kind: str, fields: Mapping[str, Any]) -> Any:
    """The content of an act from its fields, as a node makes it."""
    found = CHAPTER.kind(f"instrument.{kind}/1")
    assert found is not None, kind
    return msgspec.convert(msgspec.to_builtins(dict(fields)), found.body)


class Room(Table):
    """A table at which acts are filled in as a node fills them."""

    def __init__(self, parties: tuple[str, ...] = ("IRQ", "TUR")) -> None:
        super().__init__(CHAPTER, parties)

    def do(self, party: str, kind: str, *, answers: tuple[Ref, ...] = (), **fields: Any) -> Ref:
        """Fill in, judge and say an act. `sees`, `office`, `signed`, `time` go to the table."""
        how = {key: fields.pop(key) for key in ("sees", "office", "signed", "time") if key in fields}
        return self.say(
            party,
            f"instrument.{kind}/1",
            self.filled(party, kind, fields, answers, how.get("sees")),
            answers=answers,
            **how,
        )

    def filled(
        self,
        party: str,
        kind: str,
        fields: Mapping[str, Any],
        answers: tuple[Ref, ...] = (),
        sees: Any = None,
    ) -> Any:
        """The content of an act, completed from what its author sees."""
        found = CHAPTER.kind(f"instrument.{kind}/1")
        assert found is not None, kind
        if found.fill is not None:
            cut = {**self.sizes, **(sees or {})}
            fields = found.fill(self.fold().at(cut), msgspec.to_builtins(dict(fields)), answers)
        return body(kind, fields)

    def refusal(self, party: str, kind: str, *, answers: tuple[Ref, ...] = (), **fields: Any) -> str:
        """The code with which the rules refuse an act whose fields are given in full."""
        how = {key: fields.pop(key) for key in ("sees", "office", "signed", "time") if key in fields}
        return self.refused(party, f"instrument.{kind}/1", body(kind, fields), answers=answers, **how)

    def propose(self, party: str = "TUR", **how: Any) -> Ref:
        """Open the docket with the memorandum."""
        return self.say(party, "instrument.proposed/1", Proposed(text(**how)))

    def adopt(self, **how: Any) -> Ref:
        """Propose the memorandum and have all accept it."""
        version = self.propose(**how)
        for party in self.members():
            self.do(party, "accepted")
        return version

    def members(self) -> tuple[str, ...]:
        """The parties of the instrument."""
        return matters.required(self.view())

    def sign(self, party: str, **fields: Any) -> Ref:
        """The minister signs ex officio."""
        given = {"signed_on": date(2024, 8, 15), "place": "Ankara", **fields}
        return self.do(party, "signed", office="minister", signed=True, **given)

    def sign_paper(self, party: str, base: str = "typeset", file: str = "", **fields: Any) -> Ref:
        """The minister signs the paper: a file named by its hash, made from another."""
        made = file or f"{base} + {party}"
        given = {"languages": ["en", "tr"], "increment": sha(f"by {party}"), "size": 100, "made_with": "test"}
        given |= {"base": sha(base), "file": sha(made), **fields}
        how = {"office": "minister", "signed": True, **{k: given.pop(k) for k in ("office",) if k in given}}
        return self.do(party, "paper_signed", **how, **given)

    def enter(self, **how: Any) -> Ref:
        """All accept, sign on 15 August 2024 and notify on 1 and 10 September."""
        version = self.adopt(**how)
        for party in self.members():
            self.sign(party)
        for day, party in zip((1, 10, 12, 14, 16), self.members(), strict=False):
            self.do(party, "notified", time=at(date(2024, 9, day)))
        return version

    def empower(self, party: str, **how: Any) -> None:
        """Issue full powers to the holder of the office `defence`."""
        given = {
            "office": "defence",
            "key": f"key-{party}-defence",
            "instrument": str(self.docket),
            "until": None,
            **how,
        }
        self.setting.issued.append((party, Powers(Ref(party, 0), **given)))


def sha(name: str) -> str:
    """The hash of a file that is told by a name."""
    return hashlib.sha256(name.encode()).hexdigest()


def at(day: date) -> datetime:
    """Noon of that day."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
