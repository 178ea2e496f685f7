"""Statements that are agreed, cross and are published, and sources that are cited: material for every test.

room = Room()
first = room.propose()
room.yes("IRQ", first)
room.attach("IRQ", room.publish("IRQ", "en", TEXT), TEXT)

All texts and people are invented.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from tests.chapters.table import Table

from comity.chapters.statements import CHAPTER, acts, reading
from comity.core.act import Ref
from comity.core.chapter import Passage

MEETING, ARTICLE = "TUR/0", "TUR/0#art-2"
TITLE = {"ar": "بيان مشترك", "en": "Joint statement", "tr": "Ortak bildiri"}
PASSAGES = (
    {
        "ar": "عقد الجانبان اجتماعهما الرابع في أنقرة.",
        "en": "The two sides held their fourth meeting in Ankara.",
        "tr": "İki taraf dördüncü toplantısını Ankara'da yaptı.",
    },
    {
        "ar": "اتفق الجانبان على إنشاء مركز مشترك في بغداد.",
        "en": "The two sides agreed to set up a joint centre in Baghdad.",
        "tr": "İki taraf Bağdat'ta ortak bir merkez kurulması üzerinde anlaştı.",
    },
    {
        "ar": "سيعقد الاجتماع المقبل في بغداد في عام 2025.",
        "en": "The next meeting will be held in Baghdad in 2025.",
        "tr": "Bir sonraki toplantı 2025 yılında Bağdat'ta yapılacak.",
    },
)
ON = date(2024, 8, 15)
WHOLE = "\n\n".join(passage["en"] for passage in PASSAGES)
SHORT = "\n\n".join(passage["en"] for passage in PASSAGES[:2])
OTHER = "Heavy rain fell over the northern hills on Friday, and several roads were closed for hours."


def hour(day: int, hours: int = 10) -> datetime:
    """That hour of a day in August 2024."""
    return datetime(2024, 8, day, hours, 0, tzinfo=UTC)


def changed(words: str) -> tuple[dict[str, str], ...]:
    """The passages with one more, of these words in every language."""
    return (*PASSAGES, dict.fromkeys(TITLE, words))


class Room(Table):
    """A table with a meeting and a provision to be cited, and short ways to say what is said often."""

    def __init__(self, parties: Sequence[str] = ("IRQ", "TUR")) -> None:
        super().__init__(CHAPTER, parties)
        article = Passage(ARTICLE, "provision", {"en": "Article 2"}, tuple(parties), agreed=True)
        self.setting.passages[ARTICLE] = article

    def propose(self, party: str = "TUR", **fields: Any) -> Ref:
        how = {key: fields.pop(key) for key in ("sees", "time") if key in fields}
        fields = {"about": (MEETING, ARTICLE), "place": {"en": "Ankara"}, "on": ON, **fields}
        fields = {"sort": "joint_statement", "title": TITLE, "passages": PASSAGES, **fields}
        return self.say(party, "statement.proposed/1", acts.Proposed(**fields), **how)

    def revise(self, party: str, version: Ref, words: str = "They thanked each other.", **how: Any) -> Ref:
        body = acts.Revised(TITLE, changed(words), (MEETING,), {}, ON)
        return self.say(party, "statement.revised/1", body, answers=[version], **how)

    def yes(self, party: str, to: Ref, **how: Any) -> Ref:
        return self.say(party, "statement.accepted/1", acts.Accepted(), answers=[to], **how)

    def no(self, party: str, to: Ref, **how: Any) -> Ref:
        return self.say(
            party, "statement.acceptance_withdrawn/1", acts.AcceptanceWithdrawn(), answers=[to], **how
        )

    def publish(self, party: str, language: str, text: str, origin: Any = "own", **how: Any) -> Ref:
        body = acts.Published(
            language,
            f"Gazette of {party}",
            ON,
            reading.digest(text),
            url="https://example.org/1",
            origin=origin,
        )
        return self.say(party, "statement.published/1", body, **how)

    def attach(self, party: str, to: Ref, text: str, **how: Any) -> Ref:
        return self.say(party, "statement.text_attached/1", acts.TextAttached(text), answers=[to], **how)

    def record(self, party: str = "TUR", *facts: acts.Cited, **how: Any) -> Ref:
        body = acts.SourceRecorded({"en": "A report"}, "A newspaper", accessed=ON, facts=facts)
        return self.say(party, "statement.source_recorded/1", body, **how)

    def cite(self, party: str, fact: str, **how: Any) -> Ref:
        body = acts.SourceCited(fact, {"en": "It says so on its first page."})
        return self.say(party, "statement.source_cited/1", body, **how)


def main_path() -> Room:
    """A statement is agreed; both sides publish it, one without its last passage, and the press something else."""
    room = Room()
    room.yes("IRQ", room.propose())
    room.attach("TUR", room.publish("TUR", "en", WHOLE), WHOLE)
    room.attach("IRQ", room.publish("IRQ", "en", SHORT), SHORT)
    room.publish("IRQ", "ar", "\n".join(passage["ar"] for passage in PASSAGES))
    room.attach("TUR", room.publish("TUR", "en", OTHER, "press"), OTHER)
    return room


def revised() -> Room:
    """The other side revises, the first takes that; later it is revised once more, after it was agreed."""
    room = Room()
    room.yes("TUR", room.revise("IRQ", room.propose()))
    room.yes("IRQ", room.revise("TUR", Ref("IRQ", 1), "They will meet again.", time=hour(20)), time=hour(21))
    return room


def crossed(words: str = "They will meet again.") -> Room:
    """Each side accepts the other's version unaware: two texts are agreed."""
    room = Room()
    first = room.propose()
    ours = room.revise("TUR", first)
    before = room.sizes["TUR"]
    theirs = room.revise("IRQ", first, words)
    room.yes("TUR", theirs)
    room.yes("IRQ", ours, sees={"TUR": before})
    room.attach("TUR", room.publish("TUR", "en", WHOLE), WHOLE)
    return room


def same_crossed() -> Room:
    """As before, with the same words: nothing crossed."""
    return crossed("They thanked each other.")


def crossed_then_settled() -> Room:
    """The crossing is seen by both, and one more version ends it."""
    room = crossed()
    room.yes("IRQ", room.revise("TUR", Ref("IRQ", 1), "They agreed."))
    return room


def withdrawal_crossed() -> Room:
    """A withdrawal and an acceptance cross: the acceptance binds."""
    room = Room()
    first = room.propose(sort="communique")
    room.no("TUR", first)
    room.yes("IRQ", first, sees={"TUR": 2})
    room.publish("TUR", "tr", "Bir metin.")
    return room


def withdrawal_seen() -> Room:
    """A version is taken back in the other's sight, and given again."""
    room = Room()
    first = room.propose()
    room.no("TUR", first)
    room.publish("IRQ", "en", WHOLE)
    room.yes("TUR", first)
    room.yes("IRQ", first)
    return room


def three_parties() -> Room:
    """Three must accept: two do, and the third revises."""
    room = Room(("IRQ", "SYR", "TUR"))
    first = room.propose("SYR")
    room.yes("IRQ", first)
    second = room.revise("TUR", first)
    room.yes("SYR", second)
    room.yes("IRQ", second)
    return room


def texts_attached() -> Room:
    """A text of another digest came from a careless node, one was destroyed, one attached twice."""
    room = Room()
    room.yes("IRQ", room.propose())
    room.attach("IRQ", room.publish("IRQ", "en", WHOLE), SHORT)
    gone = room.publish("TUR", "en", WHOLE)
    room.attach("TUR", gone, WHOLE)
    room.force(room.act("TUR", "statement.text_attached/1", None, answers=[gone]))
    twice = room.publish("TUR", "tr", "Bir metin.")
    room.attach("TUR", twice, "Başka bir metin.")
    room.attach("TUR", twice, "Bir metin.")
    return room


def source() -> Room:
    """A source that one side records and both cite."""
    room = Room()
    room.record("TUR", acts.Cited(MEETING), acts.Cited(ARTICLE, {"en": "It has the article."}))
    room.cite("IRQ", MEETING)
    room.cite("TUR", "IRQ/1", time=hour(20))
    return room


def disturbed() -> Room:
    """A node that does not keep the rules says things that none should have said; the others are not moved."""
    room = Room()
    first = room.propose()
    room.force(room.act("IRQ", "statement.accepted/1", acts.Accepted(), answers=[Ref("TUR", 9)]))
    uneven = acts.Revised(TITLE, ({"en": "One."}, {"tr": "İki."}))
    room.force(room.act("IRQ", "statement.revised/1", uneven, answers=[first]))
    room.force(room.act("IRQ", "statement.source_cited/1", acts.SourceCited("IRQ/77")))
    room.force(room.act("IRQ", "statement.text_attached/1", None, answers=[first]))
    published = room.publish("TUR", "en", WHOLE)
    room.force(room.act("IRQ", "statement.text_attached/1", acts.TextAttached(OTHER), answers=[published]))
    room.yes("IRQ", first)
    return room


def disturbed_source() -> Room:
    """Acts of a statement in the docket of a source, and a fact that nobody has."""
    room = Room()
    first = room.record()
    room.force(room.act("IRQ", "statement.accepted/1", acts.Accepted(), answers=[first]))
    room.force(room.act("IRQ", "statement.source_cited/1", acts.SourceCited("TUR/0#art-99")))
    room.cite("IRQ", MEETING)
    return room


def not_open() -> Room:
    """A statement about what does not exist, and a yes to it."""
    room = Room()
    unknown = acts.Proposed("communique", TITLE, PASSAGES, ("IRQ/500",))
    first = room.force(room.act("TUR", "statement.proposed/1", unknown))
    room.force(room.act("IRQ", "statement.accepted/1", acts.Accepted(), answers=[first]))
    return room


def scenarios() -> list[Table]:
    """All of them, for tests/chapters/test_every_chapter.py."""
    stories = (
        main_path,
        revised,
        crossed,
        same_crossed,
        crossed_then_settled,
        withdrawal_crossed,
        withdrawal_seen,
        three_parties,
        texts_attached,
        source,
        disturbed,
        disturbed_source,
        not_open,
    )
    return [story() for story in stories]
