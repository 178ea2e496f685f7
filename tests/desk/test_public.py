"""Nothing is public that was not released by all, and what is stays as it was released.

Seen to fail with releases shown before every party holds every yes.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from tests.desk.releases import LATE, Hall, plain
from tests.node.committees import PARTIES

from comity.chapters.releases import acts
from comity.core.act import Ref
from comity.core.errors import Refused
from comity.desk import public
from comity.desk.calendar import calendar
from comity.desk.release import proof, release
from comity.node import asking


def shown(here: Hall, party: str = "TUR", on: date = LATE) -> list[str]:
    return [one.ref for one in public.released(here.node(party), on)]


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
    assert release(here.node("TUR"), first, LATE).release.ref == str(first), "its address stays"


def test_a_node_without_the_chapter_has_nothing_public() -> None:
    here = Hall()
    here.release(Ref("TUR", 1))
    node = here.node("TUR")
    node.chapters = {name: chapter for name, chapter in node.chapters.items() if name != "releases"}
    assert list(public.released(node, LATE)) == []
    assert Calendar.from_ical(calendar([node], LATE)).walk("VEVENT") == []


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
    assert release(node, plainly, LATE).title == {"en": "Joint centre"}
    assert release(node, titled, LATE).title == {"en": "The centre"}
    assert public.of_matter(node, step, LATE) == shown_[0]
    assert public.of_matter(node, Ref("TUR", 1), LATE) is None


def _carried(here: Hall, ref: Ref) -> Ref:
    here.meet()
    return ref


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
    assert Calendar.from_ical(calendar([node], LATE)).walk("VEVENT") == []
    for ask in (release, proof):
        with pytest.raises(Refused, match="kind_unknown"):
            ask(node, ref, LATE)


def test_a_mark_stays_while_nothing_is_released_or_ended() -> None:
    here = Hall()
    ref = here.release(Ref("TUR", 1))
    node = here.node("TUR")

    def mark(*more: str) -> str:
        return public.mark(node, public.released(node, LATE), *more)

    before, page = mark(), plain(release(node, ref, LATE))
    step = here.agreed()
    here.meet()
    assert (mark(), plain(release(node, ref, LATE))) == (before, page), "other business changes nothing"
    assert mark("en") != mark("tr")
    here.release(step)
    after = mark()
    assert after != before
    here.end(ref)
    here.meet()
    assert mark() not in (before, after)


@settings(max_examples=25)
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
