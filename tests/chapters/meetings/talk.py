"""Random meetings: parties who say whatever the rules let them, each with its own sight of the others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from hypothesis import strategies as st
from tests.chapters.meetings.scenarios import Room, hour

from comity.chapters.meetings import acts
from comity.core.act import Ref
from comity.core.errors import Refused

Step = tuple[int, int, int, int, int]
"""Who (modulo parties), what, about which of the acts in sight, how much newly seen (0 to 3 quarters), forced or not."""

steps = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 10), st.integers(0, 9), st.integers(0, 3), st.integers(0, 9)),
    min_size=4,
    max_size=26,
)
# Only dates, accepted and taken back, with all or nothing newly seen: what crosses most.
date_steps = st.lists(
    st.tuples(
        st.integers(0, 4),
        st.sampled_from([1, 2, 2, 5]),
        st.integers(0, 3),
        st.sampled_from([0, 3]),
        st.just(9),
    ),
    min_size=3,
    max_size=12,
)
DATES = {"meeting.convened/1", "meeting.date_proposed/1"}
FITTING = {7: {"meeting.calling_off_proposed/1"}, 10: {"meeting.minutes_proposed/1"}}
DAYS = (date(2024, 8, 15), date(2024, 8, 16))


def talk(parties: Sequence[str], story: Sequence[Step], *, hostile: bool = False) -> Room:
    """The meeting that comes of these steps. What the rules refuse is left out, or said all the same by the hostile."""
    room = Room(parties)
    room.convene(parties[0])
    seen = {party: dict.fromkeys(parties, 1) for party in parties}
    for who, what, about, news, force in story:
        party = parties[who % len(parties)]
        for other in parties:
            new = room.sizes[other] - seen[party][other]
            seen[party][other] += (new * news + 2) // 3
        # Nobody answers a meeting that they have not heard of.
        seen[party][parties[0]] = max(seen[party][parties[0]], 2)
        reach = {**seen[party], party: room.sizes[party]}
        known = [act for act in room.acts if act.ref.number < reach[act.ref.party]]
        wanted = FITTING.get(what, DATES)
        theirs = [act.ref for act in known if act.kind in wanted and (what == 5 or act.party != party)]
        fitting = theirs or [known[0].ref]
        kind, body, answers = choose(what, fitting[-1 - about % len(fitting)], about)
        sight = {other: number for other, number in seen[party].items() if other != party}
        try:
            room.say(party, kind, body, answers=answers, sees=sight, time=hour(20))
        except Refused:
            if hostile and force < 3:
                room.force(room.act(party, kind, body, answers=answers, sees=sight, time=hour(20)))
    return room


def choose(what: int, about: Ref, number: int) -> tuple[str, acts.Body, tuple[Ref, ...]]:
    """A kind of act, its content and what it answers."""
    day = DAYS[number % 2]
    match what:
        case 0 | 1:
            return "meeting.date_proposed/1", acts.DateProposed(hour(15 + number)), (about,) if what else ()
        case 2 | 3 | 4:
            return "meeting.date_accepted/1", acts.DateAccepted(), (about,)
        case 5:
            return "meeting.date_acceptance_withdrawn/1", acts.DateAcceptanceWithdrawn(), (about,)
        case 6:
            outcome = "cancelled" if number % 2 else "postponed"
            return "meeting.calling_off_proposed/1", acts.CallingOffProposed(outcome), ()
        case 7:
            return "meeting.calling_off_accepted/1", acts.CallingOffAccepted(), (about,)
        case 8 if number > 3:
            return "meeting.held/1", acts.Held(day, DAYS[1 - number % 2] if number > 7 else None), ()
        case 8 | 9:
            return "meeting.minutes_proposed/1", acts.MinutesProposed(({"en": f"Text {number}"},)), ()
        case _:
            return "meeting.minutes_approved/1", acts.MinutesApproved(), (about,)
