"""Every refusal, each reached by an act that deserves it, and the nearest act that does not."""

from __future__ import annotations

import ast
from collections.abc import Callable
from datetime import date
from pathlib import Path

import msgspec
import pytest
from tests.chapters.instruments.drafts import BRACKETS, HEAD, PLAIN_BRACKET, Room, at, files, sha, text
from tests.chapters.instruments.scenarios import edits, recorded

from comity.chapters.instruments import acts, matters, rules
from comity.chapters.instruments.powers import EX_OFFICIO
from comity.chapters.instruments.reader import read_text
from comity.chapters.instruments.text import digest
from comity.core.act import Ref

DAY = date(2024, 8, 15)
NOTHING = "0" * 64


def opened(**how: str) -> tuple[Room, str]:
    room = Room()
    return room, str(room.propose(**how))


def adopted() -> tuple[Room, str]:
    room = Room()
    return room, str(room.adopt())


def entered() -> Room:
    room = Room()
    room.enter()
    return room


def the_hash(room: Room) -> str:
    bound = matters.base(room.view())
    assert bound is not None
    return bound.text


def proposal(party: str = "TUR", **how: str) -> str:
    return Room().refused(party, "instrument.proposed/1", acts.Proposed(text(**how)))


def unsound() -> str:
    one = text()
    broken = msgspec.structs.replace(one, provisions=(*one.provisions, one.provisions[-1]))
    return Room().refused("TUR", "instrument.proposed/1", acts.Proposed(broken))


def orphaned() -> str:
    room = Room()
    room.force(
        room.act(
            "TUR",
            "instrument.proposed/1",
            acts.Proposed(text(head=f"parties: [JOR, IRQ]\n{HEAD}".replace("TUR: 5", "JOR: 5"))),
        )
    )
    return room.refusal("IRQ", "declined", version=str(room.docket))


def outsider() -> str:
    room = Room(("IRQ", "JOR", "TUR"))
    room.propose(head=f"parties: [IRQ, TUR]\n{HEAD}")
    return room.refusal("JOR", "declined", version=str(room.docket))


def revision(**how: str) -> str:
    room, version = opened()
    return room.refusal("IRQ", "revised", version=version, text=read_text(files(**how))["text"])


def position(**fields: str) -> str:
    room, version = opened(more=BRACKETS)
    given = {
        "version": version,
        "bracket": "b1",
        "status": "agreed",
        "choice": "TUR",
        "among": ["TUR", "IRQ", "omit"],
        **fields,
    }
    return room.refusal("IRQ", "bracket_position", **given)


def agreed_bracket() -> str:
    room, _ = opened(more=BRACKETS)
    for party in room.parties:
        room.do(party, "bracket_position", bracket="b1", status="agreed", choice="TUR")
    fields = {"bracket": "b1", "status": "agreed", "choice": "IRQ"}
    return room.refusal(
        "IRQ", "bracket_position", **msgspec.to_builtins(room.filled("IRQ", "bracket_position", fields))
    )


def open_bracket(status: str) -> str:
    room, version = opened(more=BRACKETS, committee=PLAIN_BRACKET)
    for party in room.parties:
        room.do(party, "bracket_position", bracket="b1", status="agreed", choice="TUR")
    room.do("IRQ", "bracket_position", bracket="b2", status="agreed", choice="keep")
    room.do("TUR", "bracket_position", bracket="b2", status=status, choice="keep")
    return room.refusal("TUR", "accepted", version=version, text=NOTHING, choices={"b1": "TUR", "b2": "keep"})


def wrong_choices() -> str:
    room, version = opened(more=BRACKETS)
    for party in room.parties:
        room.do(party, "bracket_position", bracket="b1", status="agreed", choice="TUR")
    return room.refusal("TUR", "accepted", version=version, text=NOTHING, choices={"b1": "IRQ"})


def accepted_twice() -> str:
    room, version = opened()
    room.do("TUR", "accepted")
    return room.refusal("TUR", "accepted", version=version, text=digest(text()))


def affirmation(**fields: object) -> str:
    room = Room()
    room.say("TUR", "instrument.recorded/1", acts.Recorded(text(), date(2019, 9, 1)))
    given = {
        "version": str(room.docket),
        "text": digest(text()),
        "in_force_since": date(2019, 9, 1),
        **fields,
    }
    return room.refusal("IRQ", "affirmed", **given)


def on(room: Room, party: str, kind: str, **fields: object) -> str:
    return room.refusal(party, kind, **fields)


def signing(office: str = "minister", **fields: object) -> str:
    room, version = adopted()
    given = {"matter": version, "text": the_hash(room), "signed_on": DAY, "place": "Ankara", **fields}
    return room.refusal("TUR", "signed", office=office, signed=True, **given)


def powers(day: date = DAY, **how: object) -> str:
    room, version = adopted()
    room.empower("TUR", **how)
    fields = {"matter": version, "text": the_hash(room), "signed_on": DAY, "place": "Ankara"}
    return room.refusal("TUR", "signed", office="defence", signed=True, time=at(day), **fields)


def signed_twice() -> str:
    room, version = adopted()
    room.sign("TUR")
    fields = {"matter": version, "text": the_hash(room), "signed_on": DAY, "place": "Ankara"}
    return room.refusal("TUR", "signed", office="minister", signed=True, **fields)


def notifying(**fields: object) -> str:
    room, version = adopted()
    room.sign("TUR")
    return room.refusal("TUR", "notified", time=at(date(2024, 9, 1)), **{"matter": version, **fields})


def notified_twice() -> str:
    room = entered()
    return room.refusal("TUR", "notified", matter=str(room.docket))


def unneeded_notice() -> str:
    room = Room()
    version = room.adopt(head="")
    return room.refusal("TUR", "notified", matter=str(version))


def amending(changes: list[acts.Edit]) -> str:
    return adopted()[0].refusal("TUR", "amendment_proposed", edits=changes)


def bracketed_amendment() -> str:
    replace, insert = edits()
    row = replace.rows[0]
    words = {tag: msgspec.structs.replace(said, text="[x]") for tag, said in row.words.items()}
    return amending([acts.Edit("replace", "art-1.2", (msgspec.structs.replace(row, words=words),)), insert])


def unbodied_amendment() -> str:
    room, _ = adopted()
    body = text().bodies[0]
    lost = msgspec.structs.replace(
        body, provision="art-9", terms=msgspec.structs.replace(body.terms, id="water")
    )
    return room.refusal("TUR", "amendment_proposed", edits=edits(), bodies=[lost])


def notice(kind: str, head: str = HEAD) -> str:
    room = Room()
    room.adopt(head=head)
    return room.refusal("TUR", kind)


def noticed_twice() -> str:
    room = entered()
    room.do("TUR", "denounced", time=at(date(2025, 1, 1)))
    return room.refusal("TUR", "denounced", time=at(date(2025, 1, 2)))


def after_the_end() -> str:
    room = entered()
    room.do("TUR", "denounced", time=at(date(2025, 1, 1)))
    return room.refusal("TUR", "amendment_proposed", edits=edits(), time=at(date(2029, 10, 10)))


def ambiguous() -> str:
    room, version = opened()
    again = read_text(files(more=" More."))["text"]
    room.do("IRQ", "revised", version=version, text=again, sees={"TUR": 2})
    room.do("TUR", "revised", version=version, text=again, sees={"IRQ": 1})
    with pytest.raises(rules.Refused) as caught:
        room.do("IRQ", "accepted")
    assert caught.value.facts["versions"] == "IRQ/1, TUR/2"
    return caught.value.code


def _three_revision() -> str:
    room = Room(("IRQ", "JOR", "TUR"))
    version = room.propose(head=f"parties: [IRQ, TUR]\n{HEAD}")
    return room.refusal("IRQ", "revised", version=str(version), text=read_text(files())["text"])


def _adopted_revision() -> str:
    room, version = adopted()
    return room.refusal("IRQ", "revised", version=version, text=read_text(files(more=" x"))["text"])


def _declined_after_accepting() -> str:
    room, version = opened()
    room.do("IRQ", "accepted")
    return room.refusal("IRQ", "declined", version=version)


def _affirmed_by_its_recorder() -> str:
    room = Room()
    room.say("TUR", "instrument.recorded/1", acts.Recorded(text(), date(2019, 9, 1)))
    return room.refusal(
        "TUR", "affirmed", version="TUR/1", text=digest(text()), in_force_since=date(2019, 9, 1)
    )


def _own_amendment() -> str:
    room, _ = adopted()
    amendment = room.do("TUR", "amendment_proposed", edits=edits())
    body = next(act.body for act in room.acts if act.ref == amendment)
    return room.refusal("TUR", "accepted", version=str(amendment), text=digest(body))


def paper(party: str = "TUR", **fields: object) -> str:
    """The code with which a signature on the paper is refused."""
    room, version = adopted()
    return signing_paper(room, version, party, **fields)


def signing_paper(room: Room, version: str, party: str = "TUR", **fields: object) -> str:
    given: dict[str, object] = {
        "matter": version,
        "text": the_hash(room),
        "languages": ["en"],
        "base": sha("a"),
    }
    given |= {
        "file": sha("b"),
        "increment": sha("c"),
        "size": 1,
        "made_with": "x",
        "office": "minister",
        **fields,
    }
    return room.refusal(party, "paper_signed", signed=True, **given)


def paper_twice(base: str, file: str) -> str:
    room, version = adopted()
    room.sign_paper("TUR")
    room.sign_paper("IRQ", "typeset + TUR")
    return signing_paper(room, version, base=sha(base), file=sha(file))


def paper_of_amendment() -> str:
    room, version = adopted()
    amendment = room.do("TUR", "amendment_proposed", edits=edits())
    room.do("IRQ", "accepted", answers=(amendment,))
    bound = matters.adopted(room.view(), str(amendment))
    assert bound is not None
    return signing_paper(room, version, matter=str(amendment), text=bound.text)


def original(**fields: object) -> str:
    room, version = adopted()
    return recording(room, version, **fields)


def recording(room: Room, version: str, **fields: object) -> str:
    given: dict[str, object] = {"matter": version, "text": the_hash(room), "digest": sha("scan"), "size": 1}
    given |= {
        "media_type": "image/tiff",
        "pages": 1,
        "signed_on": DAY,
        "place": "Ankara",
        "kept_at": {"en": "Archive"},
    }
    return room.refusal("TUR", "original_recorded", **{**given, **fields})


def recorded_twice() -> str:
    room, version = adopted()
    scan = {"digest": sha("scan"), "size": 1, "media_type": "image/tiff", "pages": 1}
    room.do("TUR", "original_recorded", **scan, signed_on=DAY, place="Ankara", kept_at={"en": "Archive"})
    return recording(room, version)


def supplying() -> str:
    """What another signed is not one's own to supply."""
    room, _ = adopted()
    signed = room.sign_paper("IRQ")
    return room.refusal("TUR", "paper_supplied", answers=(signed,), data="AAAA")


DELETE = acts.Edit("delete", "art-9")
REFUSED: list[tuple[str, Callable[[], str]]] = [
    ("instrument_unknown", orphaned),
    ("not_named", outsider),
    ("not_named", lambda: Room(("IRQ", "JOR", "TUR")).refused("JOR", "instrument.proposed/1", acts.Proposed(text(head=f"parties: [IRQ, TUR]\n{HEAD}")))),
    ("parties_unknown", lambda: proposal(head=f"parties: [TUR, SYR]\n{HEAD}".replace("IRQ: 5", "SYR: 5"))),
    ("text_malformed", unsound),
    ("brackets_in_record", lambda: Room().refused("TUR", "instrument.recorded/1", acts.Recorded(text(more=BRACKETS), DAY))),
    ("brackets_in_record", bracketed_amendment),
    ("date_in_future", lambda: Room().refused("TUR", "instrument.recorded/1", acts.Recorded(text(), date(2030, 1, 1)))),
    ("date_in_future", lambda: signing(signed_on=date(2024, 8, 16))),
    ("date_in_future", lambda: notifying(received=date(2024, 9, 2))),
    ("date_too_early", lambda: signing(signed_on=date(2024, 8, 14))),
    ("date_too_early", lambda: notifying(received=date(2024, 8, 14))),
    ("date_too_early", lambda: on(entered(), "TUR", "termination_proposed", ends_on=date(2024, 8, 14))),
    ("parties_changed", _three_revision),
    ("already_adopted", _adopted_revision),
    ("already_adopted", lambda: on(adopted()[0], "TUR", "acceptance_withdrawn", version="TUR/1", text=digest(text()))),
    ("already_adopted", lambda: on(adopted()[0], "TUR", "declined", version="TUR/1")),
    ("recorded_not_negotiated", lambda: on(recorded(), "IRQ", "revised", version="TUR/1", text=text())),
    ("bracket_unknown", lambda: position(bracket="b9")),
    ("choice_missing", lambda: position(choice="")),
    ("choice_unknown", lambda: position(choice="keep")),
    ("choice_unknown", lambda: position(among=["TUR"])),  # type: ignore[arg-type]
    ("bracket_agreed", agreed_bracket),
    *[("brackets_open", lambda status=status: open_bracket(status)) for status in ("open", "reserved", "ad_referendum")],
    ("choices_differ", wrong_choices),
    ("version_unknown", lambda: on(opened()[0], "IRQ", "accepted", version="IRQ/7", text=NOTHING)),
    ("version_unknown", lambda: on(opened()[0], "IRQ", "revised", version="IRQ/7", text=text())),
    ("text_differs", lambda: on(opened()[0], "IRQ", "accepted", version="TUR/1", text=NOTHING)),
    ("text_differs", lambda: signing(text=NOTHING)),
    ("acceptance_stands", accepted_twice),
    ("acceptance_stands", _declined_after_accepting),
    ("acceptance_stands", _affirmed_by_its_recorder),
    ("acceptance_stands", _own_amendment),
    ("affirm_instead", lambda: on(recorded(), "IRQ", "accepted", version="TUR/1", text=digest(text()))),
    ("accept_instead", lambda: on(opened()[0], "IRQ", "affirmed", version="TUR/1", text=digest(text()), in_force_since=DAY)),
    ("record_differs", lambda: affirmation(text=NOTHING)),
    ("record_differs", lambda: affirmation(in_force_since=date(2019, 9, 2))),
    ("nothing_to_withdraw", lambda: on(opened()[0], "IRQ", "acceptance_withdrawn", version="TUR/1", text=digest(text()))),
    ("not_adopted", lambda: on(opened()[0], "TUR", "notified", matter="TUR/1")),
    ("not_adopted", lambda: on(opened()[0], "TUR", "denounced")),
    ("not_adopted", lambda: on(opened()[0], "TUR", "signed", office="minister", signed=True, matter="TUR/1", text=NOTHING, signed_on=DAY, place="Ankara")),
    ("nothing_to_sign", lambda: on(recorded(), "TUR", "signed", office="minister", signed=True, matter="TUR/1", text=digest(text()), signed_on=DAY, place="Ankara")),
    ("original_unknown", lambda: signing(original="JOR")),
    ("already_signed", signed_twice),
    ("powers_missing", lambda: signing(office="defence")),
    ("powers_other", lambda: powers(instrument="TUR/99")),
    ("powers_revoked", lambda: powers(revoked=True)),
    ("powers_key", lambda: powers(key="key-of-another")),
    ("powers_expired", lambda: powers(until=date(2024, 8, 14))),
    ("powers_expired", lambda: powers(day=date(2024, 8, 17), until=date(2024, 8, 16))),
    ("paper_languages", lambda: paper(languages=["fr"])),
    ("paper_languages", lambda: paper(languages=["en", "en"])),
    ("paper_signed_already", lambda: paper_twice("typeset", "another")),
    ("paper_signed_already", lambda: paper_twice("typeset + TUR + IRQ", "another")),
    ("paper_signed_already", lambda: paper_twice("another", "typeset + TUR")),
    ("paper_of_text", paper_of_amendment),
    ("paper_unknown", supplying),
    ("text_differs", lambda: paper(text=NOTHING)),
    ("not_adopted", lambda: signing_paper(adopted()[0], "TUR/9")),
    ("date_too_early", lambda: paper(time=at(date(2024, 8, 14)))),
    ("powers_missing", lambda: paper(office="defence")),
    ("original_known", recorded_twice),
    ("original_unknown", lambda: original(original="JOR")),
    ("text_differs", lambda: original(text=NOTHING)),
    ("not_adopted", lambda: original(matter="TUR/9")),
    ("date_in_future", lambda: original(signed_on=date(2024, 8, 16))),
    ("date_too_early", lambda: original(signed_on=date(2024, 8, 14))),
    ("notification_not_needed", unneeded_notice),
    ("notification_not_needed", lambda: on(recorded(), "TUR", "notified", matter="TUR/1")),
    ("already_notified", notified_twice),
    ("signature_first", lambda: on(adopted()[0], "TUR", "notified", matter="TUR/1")),
    ("amendment_empty", lambda: amending([])),
    ("provision_unknown", lambda: amending([DELETE])),
    ("provision_unknown", unbodied_amendment),
    ("edit_misplaced", lambda: amending([acts.Edit("insert_after", "art-1.1", edits()[0].rows)])),
    ("text_malformed", lambda: amending([acts.Edit("delete", "art-3")])),
    ("no_denunciation", lambda: notice("denounced", head="")),
    ("no_tacit_renewal", lambda: notice("renewal_declined", head="")),
    ("entry_not_fixed", lambda: notice("denounced")),
    ("notice_given", noticed_twice),
    ("ended", after_the_end),
    ("version_ambiguous", ambiguous),
]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "attempt"), REFUSED, ids=[f"{code}-{n}" for n, (code, _) in enumerate(REFUSED)]
)
def test_it_is_refused_with_its_code(code: str, attempt: Callable[[], str]) -> None:
    assert attempt() == code


def test_every_refusal_that_the_chapter_can_make_is_reached_above() -> None:
    folder = Path(rules.__file__).parent
    named = {
        node.args[0].value
        for file in folder.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") == "Refused"
        and isinstance(node.args[0], ast.Constant)
    }
    assert named - {code for code, _ in REFUSED} == {"signature_needed"}, (
        "which the core asks for, see test_fold"
    )


# --------------------------------------------------------------------------------------------- allowed


def test_full_powers_for_this_docket_and_key_that_cover_the_day_suffice() -> None:
    room, version = adopted()
    room.empower("TUR", until=DAY)
    room.do("TUR", "signed", office="defence", signed=True, signed_on=DAY, place="Ankara")
    assert "signed" in room.milestones()
    assert version == "TUR/1"


def test_new_full_powers_heal_revoked_ones() -> None:
    room, _ = adopted()
    room.empower("TUR", revoked=True)
    room.empower("TUR")
    room.do("TUR", "signed", office="defence", signed=True, signed_on=DAY, place="Ankara")


@pytest.mark.parametrize("capacity", EX_OFFICIO)
def test_who_represents_the_state_by_office_needs_no_full_powers(capacity: str) -> None:
    """VCLT art. 7(2)(a)."""
    room, _ = adopted()
    room.setting.ex_officio["defence"] = capacity
    room.do("TUR", "signed", office="defence", signed=True, signed_on=DAY, place="Ankara")


def test_any_other_capacity_does_need_them() -> None:
    """Seen to fail when any non-empty capacity is taken for one of art. 7(2)(a)."""
    room, version = adopted()
    room.setting.ex_officio["defence"] = "head_of_mission"
    fields = {"matter": version, "text": the_hash(room), "signed_on": DAY, "place": "Ankara"}
    assert room.refusal("TUR", "signed", office="defence", signed=True, **fields) == "powers_missing"


def test_both_originals_may_be_signed_and_have_one_hash() -> None:
    """The alternat: each party's own original, and the other's."""
    room, _ = adopted()
    for party in room.parties:
        for original in room.parties:
            room.sign(party, original=original)
    signatures = room.chapter.describe(room.view())["signatures"]
    assert {one["text"] for one in signatures} == {the_hash(room)}
    assert {(one["by"], one["original"]) for one in signatures} == {
        (a, b) for a in room.parties for b in room.parties
    }


def test_answers_and_version_name_the_same_thing() -> None:
    room, version = opened()
    said = room.do("IRQ", "accepted", answers=(Ref("TUR", 1),))
    assert room.acts[-1].ref == said
    assert room.acts[-1].body.version == version
