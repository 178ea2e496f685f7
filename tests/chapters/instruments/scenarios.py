"""Instruments that were negotiated, crossed, amended and ended: material for every test of this chapter.

room = Room()
version = room.propose(more=BRACKETS)
room.do("IRQ", "bracket_position", bracket="b1", status="agreed", choice="TUR")
"""

from __future__ import annotations

from datetime import date

import msgspec
from tests.chapters.instruments.drafts import BRACKETS, HEAD, PLAIN_BRACKET, Room, at, files, sha, text
from tests.chapters.table import Table

from comity.chapters.instruments import acts
from comity.chapters.instruments.reader import read_text
from comity.chapters.instruments.text import Provision, Words

DAY = date(2024, 8, 15)


def edits(number: int = 1) -> list[acts.Edit]:
    """Replace the second paragraph of Article 1, and put a new one behind it."""
    said = f"Amended for the {number}. time."
    words = {tag: Words(text=said) for tag in ("en", "tr", "ar")}
    new = Provision(f"art-1.2-{number}", "paragraph", words, "3", "art-1")
    return [
        acts.Edit("replace", "art-1.2", (Provision("art-1.2", "paragraph", words, "2", "art-1"),)),
        acts.Edit("insert_after", "art-1.2", (new,)),
    ]


def bracketed() -> Room:
    """Two brackets, positions that change and cross, agreement, acceptance of the resolved text, both signatures."""
    room = Room()
    room.propose()
    revised = room.do("IRQ", "revised", text=read_text(files(more=BRACKETS, committee=PLAIN_BRACKET))["text"])
    room.do("TUR", "bracket_position", version=str(revised), bracket="b1", status="reserved")
    room.do("IRQ", "bracket_position", bracket="b1", status="agreed", choice="TUR")
    room.do("TUR", "bracket_position", bracket="b1", status="agreed", choice="TUR")
    room.do("IRQ", "bracket_position", bracket="b1", status="agreed", choice="IRQ", sees={"TUR": 3})
    room.do("IRQ", "bracket_position", bracket="b2", status="ad_referendum", choice="omit")
    room.do("TUR", "bracket_position", bracket="b2", status="agreed", choice="omit")
    room.do("IRQ", "bracket_position", bracket="b2", status="agreed", choice="omit")
    for party in room.parties:
        room.do(party, "accepted")
    for party in room.parties:
        room.sign(party)
    return room


def crossed_withdrawal() -> Room:
    """A withdrawal that crossed the other side's acceptance, and one that counted."""
    room = Room()
    version = room.propose()
    room.do("TUR", "accepted")
    room.do("TUR", "acceptance_withdrawn", note="To be read again.")
    room.do("TUR", "accepted")
    room.do("IRQ", "accepted", version=str(version), sees={"TUR": room.sizes["TUR"]})
    room.force(room.act("TUR", "instrument.acceptance_withdrawn/1", _withdrawn(room), sees={"IRQ": 1}))
    return room


def crossed_texts() -> Room:
    """Two texts accepted in opposite order by two parties that did not see each other: both match, one stands."""
    room = Room()
    first = room.propose()
    second = room.do("IRQ", "revised", text=read_text(files(more=" Twice."))["text"])
    known = dict(room.sizes)
    for party, versions in (("TUR", (first, second)), ("IRQ", (second, first))):
        blind = {other: size for other, size in known.items() if other != party}
        room.do(party, "accepted", version=str(versions[0]), sees=blind)
        room.do(party, "acceptance_withdrawn", version=str(versions[0]), sees=blind)
        room.do(party, "accepted", version=str(versions[1]), sees=blind)
    return room


def crossed_brackets() -> Room:
    """Two choices for one bracket agreed in opposite order without sight of each other."""
    room = Room()
    version = room.propose(more=BRACKETS)
    known = dict(room.sizes)
    for party, choices in (("TUR", ("TUR", "IRQ")), ("IRQ", ("IRQ", "TUR"))):
        blind = {other: size for other, size in known.items() if other != party}
        for choice in choices:
            fields = {"version": str(version), "bracket": "b1", "status": "agreed", "choice": choice}
            room.do(party, "bracket_position", sees=blind, **fields)
    return room


def _withdrawn(room: Room) -> acts.Withdrawn:
    accepted = next(act.body for act in reversed(room.acts) if act.kind == "instrument.accepted/1")
    return acts.Withdrawn(accepted.version, accepted.text)


def lived() -> Room:
    """In force, amended twice, one amendment declined, then notices of both kinds and an end by consent."""
    room = Room()
    room.enter()
    later = at(date(2025, 3, 1))
    first = room.do("IRQ", "amendment_proposed", edits=edits(), title={"en": "First amendment"}, time=later)
    room.do("TUR", "accepted", answers=(first,), time=at(date(2025, 4, 1)))
    for party in room.parties:
        room.sign(party, answers=(first,), signed_on=date(2025, 4, 2), time=at(date(2025, 4, 2)))
        room.do(party, "notified", answers=(first,), time=at(date(2025, 5, 1)))
    second = room.do(
        "TUR", "amendment_proposed", edits=[acts.Edit("delete", "art-1.1")], time=at(date(2025, 6, 1))
    )
    room.do("IRQ", "declined", version=str(second), time=at(date(2025, 6, 2)))
    room.do("TUR", "renewal_declined", time=at(date(2026, 1, 1)))
    room.do("IRQ", "denounced", time=at(date(2026, 1, 2)))
    ending = room.do("IRQ", "termination_proposed", ends_on=date(2027, 1, 1), time=at(date(2026, 5, 1)))
    room.do("TUR", "accepted", version=str(ending), time=at(date(2026, 5, 3)))
    return room


def recorded(parties: tuple[str, ...] = ("IRQ", "TUR")) -> Room:
    """An instrument that was in force before the record began, affirmed by all."""
    room = Room(parties)
    room.say("TUR", "instrument.recorded/1", acts.Recorded(text(), date(2019, 9, 1)))
    for party in parties:
        if party != "TUR":
            room.do(party, "affirmed")
    return room


def three() -> Room:
    """Three parties, of which two are in it."""
    room = Room(("IRQ", "JOR", "TUR"))
    room.enter(head=f"parties: [IRQ, TUR]\n{HEAD}")
    return room


def on_paper() -> Room:
    """Both sign the paper at once and then one after the other; bytes are supplied; two originals are recorded."""
    room = Room()
    room.adopt()
    first = room.sign_paper("TUR")
    crossed = room.sign_paper("IRQ", sees={"TUR": first.number})
    for party, ref in (("TUR", first), ("IRQ", crossed)):
        room.do(party, "paper_supplied", answers=(ref,), data="AAAA")
    room.sign_paper("IRQ", "typeset + TUR")
    room.do("IRQ", "paper_supplied", answers=(crossed,), data="AAAB")
    for party in room.parties:
        scan = {"digest": sha(f"scan of {party}"), "size": 9, "media_type": "application/pdf", "pages": 2}
        kept = {"signed_on": DAY, "place": "Ankara", "kept_at": {"en": "State archive"}}
        room.do(party, "original_recorded", **scan, **kept)
    return room


def hostile_papers() -> Room:
    """Signatures in a circle, two that claim one file, one for another's paper: kept, and without harm."""
    room = Room()
    room.adopt()
    room.sign_paper("TUR", "a", "b")
    body = next(act.body for act in room.acts if act.kind == "instrument.paper_signed/1")
    for base, file in (("b", "a"), ("a", "b"), ("b", "b")):
        circle = msgspec.structs.replace(body, base=sha(base), file=sha(file))
        room.force(room.act("IRQ", "instrument.paper_signed/1", circle, office="minister", signed=True))
    room.force(
        room.act(
            "IRQ", "instrument.paper_supplied/1", acts.PaperSupplied("AAAA"), answers=(room.acts[0].ref,)
        )
    )
    return room


def hostile() -> Room:
    """Acts that their author's node should have refused: kept, without effect."""
    room = crossed_withdrawal()
    body = next(act.body for act in room.acts if act.kind == "instrument.accepted/1")
    wrong = acts.Accepted(body.version, "0" * 64)
    room.force(room.act("IRQ", "instrument.accepted/1", wrong))
    room.force(room.act("IRQ", "instrument.accepted/1", acts.Accepted("IRQ/99", "0" * 64)))
    room.force(room.act("IRQ", "instrument.denounced/1", acts.Denounced(), answers=()))
    signed = acts.Signed(str(room.docket), body.text, date(2024, 8, 15), "Ankara")
    room.force(room.act("IRQ", "instrument.signed/1", signed, office="defence", signed=True))
    return room


def orphan() -> Room:
    """A docket whose first act was without effect."""
    room = Room(("IRQ", "JOR", "TUR"))
    room.force(room.act("TUR", "instrument.proposed/1", acts.Proposed(text(head="parties: [IRQ, JOR]\n"))))
    room.force(room.act("IRQ", "instrument.denounced/1", acts.Denounced()))
    return room


def scenarios() -> list[Table]:
    """Every scenario, in each of which every act stands where its author said it."""
    return [
        bracketed(), crossed_withdrawal(), crossed_texts(), crossed_brackets(), lived(), recorded(),
        recorded(("IRQ", "JOR", "TUR")), three(), on_paper(), hostile_papers(),
        hostile(), orphan(),
    ]  # fmt: skip
