"""Random commitments: parties who say whatever the rules let them, each with its own sight of the others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from hypothesis import strategies as st
from tests.chapters.commitments.scenarios import BODY, Desk, at, terms

from comity.chapters.commitments import acts
from comity.core.act import Ref
from comity.core.errors import Refused

Step = tuple[int, int, int, int, int]
"""Who (modulo parties), what, about which of the acts in sight, how much newly seen (0 to 3 thirds), forced or not."""

SOME = (("IRQ", "TUR"), ("IRQ", "SYR", "TUR"), ("IRQ", "JOR", "KWT", "SYR", "TUR"))
parties = st.sampled_from(SOME)
steps = st.lists(
    st.tuples(st.integers(0, 4), st.integers(0, 9), st.integers(0, 9), st.integers(0, 3), st.integers(0, 9)),
    min_size=3,
    max_size=24,
)
# Only statuses, few of them different, with all or nothing newly seen: what is shown depends on who knew what.
_status = st.tuples(st.just(0), st.sampled_from([2, 2, 2, 3, 1]), st.sampled_from([0, 0, 3]), st.just(9))
_everybody = st.permutations(range(5)).flatmap(
    lambda order: st.tuples(*(st.tuples(st.just(who), _status) for who in order))
)
_anybody = st.lists(st.tuples(st.integers(0, 4), _status), max_size=12)
status_steps = st.tuples(_everybody, _anybody).map(
    lambda told: [(who, *rest) for part in told for who, rest in part]
)
# Only terms, accepted and taken back, and closings: what crosses most.
term_steps = st.lists(
    st.tuples(
        st.integers(0, 4),
        st.sampled_from([3, 4, 4, 4, 7, 8]),
        st.sampled_from([0, 0, 1, 2, 3]),
        st.sampled_from([0, 3]),
        st.just(9),
    ),
    min_size=3,
    max_size=18,
)
DAYS = [date(2024, 8, 1) + timedelta(days=days) for days in range(0, 32, 3)]


def talk(who: Sequence[str], story: Sequence[Step], *, hostile: bool = False) -> Desk:
    """What comes of these steps. What the rules refuse is left out, or said all the same by the hostile."""
    desk = Desk(who)
    desk.say(who[0], "proposed", acts.Proposed(BODY, terms()), time=at(1))
    desk.known(("TUR/9", [f"{who[0]}/40"]))
    seen = {party: dict.fromkeys(who, 40) for party in who}
    for number, (index, what, about, news, force) in enumerate(story):
        party = who[index % len(who)]
        for other in who:
            new = desk.sizes[other] - seen[party][other]
            seen[party][other] += (new * news + 2) // 3
        # Nobody speaks of a commitment that they have not heard of.
        seen[party][who[0]] = max(seen[party][who[0]], 41)
        reach = {**seen[party], party: desk.sizes[party]}
        known = [act for act in desk.acts if act.ref.number < reach[act.ref.party]]
        fitting = [act for act in known if "proposed" in act.kind and (what == 7 or act.party != party)]
        about_it = (fitting or known)[-1 - about % len(fitting or known)].ref
        kind, body, answers = choose(what, about_it, about)
        sight = {other: count for other, count in seen[party].items() if other != party}
        how = {"answers": answers, "sees": sight, "time": at(2 + number)}
        try:
            desk.say(party, kind, body, **how)
        except Refused:
            if hostile and force < 3:
                desk.force(desk.act(party, kind, body, **how))
    return desk


def choose(what: int, about: Ref, number: int) -> tuple[str, acts.Body, tuple[Ref, ...]]:
    """A kind of act, its content and what it answers."""
    match what:
        case 0 | 1 | 2:
            status = acts.STATUSES[number % 4]
            return "status_asserted", acts.StatusAsserted(status, {"en": f"Because {number}."}), ()
        case 3:
            due = acts.Due(date(2025, 1, 1 + number))
            return "terms_proposed", acts.TermsProposed(terms(due=due)), (about,) if number % 2 else ()
        case 4 | 5 | 6:
            return "accepted", acts.Accepted(), (about,)
        case 7:
            return "acceptance_withdrawn", acts.AcceptanceWithdrawn(), (about,)
        case 8 if number % 2:
            return "closing_proposed", acts.ClosingProposed("dropped", {"en": "No."}), ()
        case 8:
            return "closing_proposed", acts.ClosingProposed("replaced", {"en": "Yes."}, ("TUR/9",)), ()
        case _:
            body = acts.EvidenceRecorded({"en": "File"}, f"{number:064x}", 1, "text/plain")
            return "evidence_recorded", body, ()
