"""Nothing is public that was not released by all, and what is stays as it was released.

Seen to fail: with releases shown before every party holds every yes, with erasable content among the acts, with a
matter shown as it stands now, with a proof that shows a text whose brackets were open, with tentative dates in the
calendar of an outcome.
"""

from __future__ import annotations

import functools
import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from tests.desk.releases import LATE, PERSON, SECRET, Hall
from tests.node.committees import JOINT, PARTIES
from tests.worlds.world import key

from comity.chapters.commitments.acts import StatusAsserted
from comity.chapters.instruments import acts as instruments
from comity.chapters.instruments import matters
from comity.chapters.meetings import acts as meetings
from comity.chapters.releases import acts
from comity.core import canonical
from comity.core.act import Ref
from comity.core.chains import unb64_any
from comity.core.charter import KeyAdded, KeyRevoked, OfficeFilled
from comity.core.errors import Refused
from comity.core.proof import DocketVerdict, verify_proof
from comity.desk import public
from comity.node import asking


def shown(here: Hall, party: str = "TUR", on: date = LATE) -> list[str]:
    return [one.ref for one in public.released(here.node(party), on)]


def plain(value: Any) -> str:
    return msgspec.json.encode(value).decode()


# ---------------------------------------------------------------------------------- what is shown at all


def test_nothing_is_shown_before_every_party_holds_every_yes() -> None:
    here = Hall()
    ref = here.offer(Ref("TUR", 1))
    assert (shown(here, "TUR"), shown(here, "IRQ")) == ([], [])
    here.agree(ref)
    assert asking.ask(here.node("IRQ"), ref, "released", LATE)["released"]
    assert shown(here, "IRQ") == [], "Türkiye does not know yet that all have said yes"
    here.meet()
    assert (shown(here, "TUR"), shown(here, "IRQ")) == ([str(ref)], [str(ref)])


def test_it_is_shown_from_the_day_of_the_last_yes() -> None:
    here = Hall()
    here.offer(Ref("TUR", 1))
    here.after(10)
    ref = here.release(Ref("TUR", 1), "record")
    [one] = public.released(here.node("TUR"), LATE)
    assert one.since == here.world.now.date()
    assert shown(here, on=one.since) == [str(ref)]
    assert shown(here, on=one.since - timedelta(days=1)) == []


def test_it_is_gone_once_an_end_is_here_whatever_day_it_names() -> None:
    here = Hall()
    ref = here.release(Ref("TUR", 1))
    here.after(400)
    here.end(ref)
    assert shown(here, "IRQ", date(2024, 9, 2)) == []
    assert shown(here, "TUR", date(2024, 9, 2)) == [str(ref)], "Türkiye has not heard of it"
    here.meet()
    assert shown(here, "TUR", date(2024, 9, 2)) == []


def test_of_two_releases_of_a_matter_the_one_that_shows_more_is_listed() -> None:
    """Also where the wider one is the older. Two of which neither shows all of the other are both listed."""
    here = Hall()
    first = here.release(Ref("TUR", 1))
    second = here.release(Ref("TUR", 1))
    assert shown(here) == [str(second)]
    whole = here.release(Ref("TUR", 1), "record")
    assert shown(here) == [str(whole)]
    newer = here.release(Ref("TUR", 1))
    assert shown(here) == [str(newer), str(whole)]
    here.end(newer)
    here.meet()
    assert shown(here) == [str(whole)]
    assert public.release(here.node("TUR"), first, LATE).release.ref == str(first), "its address stays"


def test_a_node_without_the_chapter_has_nothing_public() -> None:
    here = Hall()
    here.release(Ref("TUR", 1))
    node = here.node("TUR")
    node.chapters = {name: chapter for name, chapter in node.chapters.items() if name != "releases"}
    assert list(public.released(node, LATE)) == []
    assert Calendar.from_ical(public.calendar([node], LATE)).walk("VEVENT") == []


@pytest.mark.parametrize("ref", [Ref("TUR", 1), Ref("TUR", 999), Ref("XXX", 1), Ref("IRQ", 0)])
def test_what_is_not_released_is_refused_alike_whether_it_exists_or_not(ref: Ref) -> None:
    here = Hall()
    here.end(here.release(Ref("TUR", 1)))
    for ask in (public.release, public.proof):
        with pytest.raises(Refused) as refusal:
            ask(here.node("IRQ"), ref, LATE)
        assert (refusal.value.code, refusal.value.facts) == ("not_public", {"ref": str(ref)})


# ------------------------------------------------------------------------------------- what is shown of one


@functools.cache
def hall() -> tuple[Hall, dict[str, Ref]]:
    """Four matters, each released as an outcome and as a record."""
    here, found = Hall(), {}
    for name in ("instrument", "statement", "delegated"):
        matter = getattr(here, name)()
        found[f"{name} outcome"] = here.release(matter)
        found[f"{name} record"] = here.release(matter, "record", "IRQ")
    step = here.agreed()
    here.record("TUR", step)
    found["commitment outcome"] = here.release(step)
    found["commitment record"] = here.release(step, "record")
    return here, found


ALL = [
    f"{name} {extent}"
    for name in ("instrument", "statement", "delegated", "commitment")
    for extent in ("outcome", "record")
]


@pytest.mark.parametrize("name", ALL)
def test_both_sides_show_the_same_and_its_milestones_are_settled(name: str) -> None:
    here, found = hall()
    one, other = (public.release(here.node(party), found[name], LATE) for party in PARTIES)
    assert plain(one) == plain(other)
    told = asking.milestones(here.node("TUR"), Ref.parse(one.release.matter))
    settled = {
        (milestone["what"], milestone["subject"]) for milestone in told if milestone["standing"] == "settled"
    }
    assert {(milestone.what, milestone.subject) for milestone in one.milestones} <= settled


@pytest.mark.parametrize("name", ALL)
def test_no_content_that_can_be_destroyed_is_in_it_nor_in_its_proof(name: str) -> None:
    here, found = hall()
    assert PERSON not in plain(public.release(here.node("TUR"), found[name], LATE))
    assert PERSON.encode() not in b"".join(contents(public.proof(here.node("TUR"), found[name], LATE)))


def contents(proof: bytes) -> list[bytes]:
    """The contents in a proof, as they are told to whoever verifies it."""
    verdict = verify_proof(proof)
    assert isinstance(verdict, DocketVerdict)
    return [canonical.encode(act.content) for act in verdict.acts if act.content is not None]


@pytest.mark.parametrize("name", [name for name in ALL if name.endswith("outcome")])
def test_an_outcome_has_no_remark_no_other_text_and_no_act(name: str) -> None:
    here, found = hall()
    told = public.release(here.node("TUR"), found[name], LATE)
    assert told.acts == ()
    assert told.texts
    assert told.milestones
    for raw in (plain(told), b"".join(contents(public.proof(here.node("TUR"), found[name], LATE))).decode()):
        assert SECRET not in raw
        assert "thirty days" not in raw


def test_a_record_has_every_act_below_its_cut_with_what_can_be_shown() -> None:
    here, found = hall()
    told = public.release(here.node("TUR"), found["delegated record"], LATE)
    docket = Ref.parse(told.release.matter)
    assert {act.ref for act in told.acts} == {
        act["ref"] for act in asking.docket(here.node("TUR"), docket)["acts"]
    }
    withheld = [(act.kind, act.content) for act in told.acts if act.withheld]
    assert withheld == [("meeting.delegation_named/1", None)]
    assert all(act.content is not None for act in told.acts if not act.withheld)
    assert SECRET in plain(told), "what one side put is part of the record"
    assert "delegation_named" in {milestone.what for milestone in told.milestones}


def test_what_was_said_after_the_proposal_is_not_shown() -> None:
    here = Hall()
    docket, _ = here.meeting(date(2024, 10, 1), decide=False)
    ref = here.offer(docket, "record")
    before = here.node("TUR").ready
    item = meetings.AgendaItemProposed({"en": SECRET})
    other = here.say("IRQ", "meeting.agenda_item_proposed/1", item, docket, mandate=JOINT)
    here.agree(ref)
    here.meet()
    told = public.release(here.node("TUR"), ref, LATE)
    assert SECRET not in plain(told)
    assert str(other) not in plain(told)
    assert all(Ref.parse(act.ref).number < before[act.party] for act in told.acts)
    assert str(other) not in plain(verify_proof(public.proof(here.node("TUR"), ref, LATE)))


def test_an_act_without_effect_is_named_and_not_shown() -> None:
    here = Hall()
    step = here.agreed()
    here.world.force(
        "IRQ", "commitment.status_asserted/1", StatusAsserted("obstructed", {"en": SECRET}), step
    )
    here.meet()
    ref = here.release(step, "record")
    told = public.release(here.node("TUR"), ref, LATE)
    assert [act.content for act in told.acts if not act.effect] == [None]
    raw = public.proof(here.node("TUR"), ref, LATE)
    assert SECRET not in plain(told)
    assert SECRET.encode() not in b"".join(contents(raw))


def test_the_title_is_the_released_one_or_else_the_matters_own_as_it_was() -> None:
    here = Hall()
    step = here.agreed(title="Joint centre")
    plainly = here.release(step)
    titled = here.release(step, "record", title={"en": "The centre"}, note={"en": "As agreed."})
    here.accept("IRQ", _carried(here, here.terms("TUR", step, title="Another title")))
    here.meet()
    node = here.node("IRQ")
    shown_ = [one for one in public.released(node, LATE) if one.matter == str(step)]
    assert [entry.title for entry in public.entries(node, shown_)] == [{"en": "The centre"}]
    assert public.release(node, plainly, LATE).title == {"en": "Joint centre"}
    assert public.release(node, titled, LATE).title == {"en": "The centre"}
    assert public.of_matter(node, step, LATE) == shown_[0]
    assert public.of_matter(node, Ref("TUR", 1), LATE) is None


def _carried(here: Hall, ref: Ref) -> Ref:
    here.meet()
    return ref


@pytest.mark.parametrize("name", ALL)
def test_a_proof_verifies_and_names_the_matter(name: str) -> None:
    here, found = hall()
    for party in PARTIES:
        verdict = verify_proof(public.proof(here.node(party), found[name], LATE))
        assert isinstance(verdict, DocketVerdict)
        told = public.release(here.node(party), found[name], LATE)
        assert (verdict.docket, verdict.mechanism) == (told.release.matter, here.node(party).mechanism)
        proved = {act.ref for act in verdict.acts}
        assert {ref for milestone in told.milestones for ref in milestone.acts.values()} <= proved


def test_a_matter_of_a_chapter_that_this_node_does_not_know_is_listed_by_its_reference() -> None:
    here = Hall()
    matter = here.statement()
    ref = here.release(matter)
    here.world.chapters = {name: one for name, one in here.world.chapters.items() if name != "statements"}
    node = here.world.reopen("TUR")
    several = public.released(node, LATE)
    assert [(entry.chapter, entry.title) for entry in public.entries(node, several)] == [
        ("", {"en": str(matter)})
    ]
    assert Calendar.from_ical(public.calendar([node], LATE)).walk("VEVENT") == []
    for ask in (public.release, public.proof):
        with pytest.raises(Refused, match="kind_unknown"):
            ask(node, ref, LATE)


def test_a_matter_that_nobody_was_allowed_to_open_shows_that_and_nothing_more() -> None:
    here = Hall()
    starts = datetime(2024, 10, 1, 10, tzinfo=UTC)
    matter = here.world.force(
        "IRQ", "meeting.convened/1", meetings.Convened("joint", 1, starts, {"en": SECRET})
    )
    here.meet()
    for extent in ("outcome", "record"):
        ref = here.release(matter, extent)
        told = public.release(here.node("TUR"), ref, LATE)
        assert (told.texts, told.milestones, told.title) == ((), (), {"en": str(matter)})
        assert SECRET not in plain(told)
        assert not contents(public.proof(here.node("TUR"), ref, LATE))
    assert events(here) == []


def charter(here: Hall, party: str, kind: str, body: Any) -> None:
    here.world.say(party, f"charter.{kind}/1", body, Ref(party, 0), signer=key(party, "root"))


def test_a_proof_verifies_after_keys_have_changed_and_names_nobody_who_holds_an_office() -> None:
    """Seen to fail with every charter act of a party in the proof."""
    here = Hall()
    for party in PARTIES:
        holder = key(party, "officer").public
        charter(here, party, "office_filled", OfficeFilled("mfa", {"en": "Minister"}, PERSON, holder))
        charter(here, party, "key_added", KeyAdded(key(party, "node2").public, "node"))
        here.meet()
        here.node(party).head()
        charter(here, party, "key_revoked", KeyRevoked(key(party, "node").public))
        here.meet()
    ref = here.release(Ref("TUR", 1), "record")
    for party in PARTIES:
        raw = public.proof(here.node(party), ref, LATE)
        verdict = verify_proof(raw)
        assert isinstance(verdict, DocketVerdict)
        assert {other for head in verdict.heads.values() for other in head.countersigned} == set(PARTIES)
        told = [
            unb64_any(act["content"], "")
            for chain in json.loads(raw)["chains"].values()
            for act in chain["acts"]
        ]
        assert len(told) == 4
        assert PERSON.encode() not in b"".join(told)


def test_of_who_holds_an_office_a_proof_has_only_those_who_signed_in_it() -> None:
    here = Hall()
    for name in ("minister", "other"):
        officer = key("TUR", name).public
        holder = f"{PERSON}, {name}"
        charter(
            here,
            "TUR",
            "office_filled",
            OfficeFilled(name, {"en": name}, holder, officer, "foreign_minister"),
        )
    here.meet()
    matter = here.instrument()
    text = matters.base(here.node("TUR").folds.view(matter))
    assert text is not None
    signed = instruments.Signed(str(matter), text.text, date(2024, 9, 1), "Ankara")
    here.world.say(
        "TUR", "instrument.signed/1", signed, matter, office="minister", signer=key("TUR", "minister")
    )
    here.meet()
    raw = public.proof(here.node("IRQ"), here.release(matter, "record"), LATE)
    verdict = verify_proof(raw)
    assert isinstance(verdict, DocketVerdict)
    assert [act.person for act in verdict.acts if act.person] == ["minister"]
    [act] = json.loads(raw)["chains"]["TUR"]["acts"]
    assert f"{PERSON}, minister".encode() in unb64_any(act["content"], "")


# --------------------------------------------------------------------------------- how long it stays


def test_a_mark_stays_while_nothing_is_released_or_ended() -> None:
    here = Hall()
    ref = here.release(Ref("TUR", 1))
    node = here.node("TUR")

    def mark(*more: str) -> str:
        return public.mark(node, public.released(node, LATE), *more)

    before, page = mark(), plain(public.release(node, ref, LATE))
    step = here.agreed()
    here.meet()
    assert (mark(), plain(public.release(node, ref, LATE))) == (before, page), (
        "other business changes nothing"
    )
    assert mark("en") != mark("tr")
    here.release(step)
    after = mark()
    assert after != before
    here.end(ref)
    here.meet()
    assert mark() not in (before, after)


# ------------------------------------------------------------------------------------------- calendar


def events(here: Hall, language: str = "en") -> list[tuple[str, str]]:
    made = Calendar.from_ical(public.calendar([here.node("IRQ")], LATE, language)).walk("VEVENT")
    return [(str(event["STATUS"]), event["DTSTART"].dt.date().isoformat()) for event in made]


def convened(here: Hall, day: int) -> Ref:
    starts = datetime(2024, 10, day, 10, tzinfo=UTC)
    body = meetings.Convened("joint", day, starts, {"en": "Ankara"}, parties=PARTIES)
    ref = here.say("TUR", "meeting.convened/1", body, mandate=JOINT)
    here.meet()
    return ref


def test_a_calendar_has_released_meetings_with_the_date_that_all_agreed() -> None:
    here = Hall()
    proposed, agreed = convened(here, 1), convened(here, 2)
    here.say("IRQ", "meeting.date_accepted/1", meetings.DateAccepted(), agreed, agreed, mandate=JOINT)
    here.meet()
    for matter in (proposed, agreed, Ref("TUR", 1)):
        here.release(matter)
    assert events(here) == [("CONFIRMED", "2024-10-02")]
    assert [one.matter for one in public.meetings(here.node("IRQ"), LATE)] == [str(proposed), str(agreed)]
    here.release(proposed, "record")
    assert events(here) == [("TENTATIVE", "2024-10-01"), ("CONFIRMED", "2024-10-02")]
    here.release(agreed, "record")
    assert len(events(here)) == 2, "a meeting is in it once"


def test_a_meeting_called_off_without_a_date_is_not_in_the_calendar_of_an_outcome() -> None:
    here = Hall()
    docket = convened(here, 1)
    off = meetings.CallingOffProposed("cancelled")
    put = here.say("TUR", "meeting.calling_off_proposed/1", off, docket, mandate=JOINT)
    here.meet()
    here.say(
        "IRQ", "meeting.calling_off_accepted/1", meetings.CallingOffAccepted(), docket, put, mandate=JOINT
    )
    here.meet()
    here.release(docket)
    assert events(here) == []
    here.release(docket, "record")
    assert events(here) == [("CANCELLED", "2024-10-01")]


def test_a_calendar_is_the_same_on_every_node() -> None:
    here, _ = hall()
    made = {public.calendar([here.node(party)], LATE, "tr") for party in PARTIES}
    assert len(made) == 1


# ----------------------------------------------------------------------------------------- whatever happens


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 1), st.integers(0, 5)), max_size=12))
def test_whatever_is_said_nothing_is_public_on_a_node_against_a_word_that_it_holds(
    steps: list[tuple[int, int]],
) -> None:
    """Proposals, yeses, noes and ends in any order, some of them crossing."""
    here, refs = Hall(), list[Ref]()
    for who, what in steps:
        party = PARTIES[who]
        known = [ref for ref in refs if ref.number < here.node(party).ready.get(ref.party, 0)]
        try:
            match what:
                case 0:
                    refs.append(here.say(party, "release.proposed/1", acts.Proposed("TUR/1", "outcome")))
                case 1 | 2 if known:
                    here.agree(known[-1], party)
                case 3 if known:
                    here.say(party, "release.declined/1", acts.Declined(), known[-1], known[-1])
                case 4 if known:
                    here.end(known[-1], party)
                case _:
                    here.meet()
        except Refused:
            continue
    for party in PARTIES:
        node = here.node(party)
        for one in public.released(node, LATE):
            told = asking.docket(node, Ref.parse(one.ref))["acts"]
            kinds = {said["kind"] for said in told}
            assert {said["party"] for said in told if said["kind"] in YESES} == set(PARTIES)
            assert "release.ended/1" not in kinds
            last = {said["party"]: said["kind"] for said in told}
            assert "release.declined/1" not in last.values()
    here.meet()
    assert shown(here, "TUR") == shown(here, "IRQ")


YESES = ("release.proposed/1", "release.accepted/1")
