"""Each thing that becomes true is listed once, with the acts that made it."""

from __future__ import annotations

from tests.chapters.instruments.scenarios import bracketed, crossed_texts, lived, orphan, recorded, scenarios

from comity.chapters.instruments.milestones import crossed, milestones, texts


def test_the_main_path_in_order() -> None:
    whats = [one.what for one in milestones(lived().view())]
    assert whats.count("signed") == 4
    for what in ("proposed", "adopted", "signed_by_all", "notified", "entry_fixed", "amendment_adopted", "amendment_fixed",
                 "declined", "denounced", "renewal_declined", "termination_agreed"):  # fmt: skip
        assert what in whats, what


def test_a_joint_milestone_has_a_half_of_every_party_and_a_unilateral_one_only_its_own() -> None:
    """Law 2. Seen to fail when the first acceptance alone makes `adopted`."""
    joint = {"adopted", "affirmed", "bracket_agreed", "signed_by_all", "entry_fixed", "amendment_adopted", "amendment_fixed",
             "termination_agreed", "withdrawal_crossed", "paper_signed_by_all"}  # fmt: skip
    for room in scenarios():
        for one in milestones(room.view()):
            if one.what in joint:
                assert len(one.halves) >= 2, one
            elif one.what not in ("denounced", "renewal_declined"):
                assert len(one.halves) == 1, one


def test_no_two_milestones_are_the_same() -> None:
    for room in scenarios():
        found = [(one.what, one.subject) for one in milestones(room.view())]
        assert len(set(found)) == len(found), found


def test_brackets_record_and_crossing() -> None:
    agreed = {
        one.subject: one.facts["choice"]
        for one in milestones(bracketed().view())
        if one.what == "bracket_agreed"
    }
    assert agreed == {"IRQ/1 b1 TUR": "TUR", "IRQ/1 b2 omit": "omit"}
    found = {one.what: one.facts for one in milestones(recorded().view())}
    assert found["affirmed"]["date"] == "2019-09-01"
    assert [one.what for one in milestones(crossed_texts().view())].count("adopted") == 2


def test_a_docket_without_a_valid_first_act_has_none() -> None:
    assert milestones(orphan().view()) == []
    assert crossed(orphan().view()) == []
    assert texts(orphan().view()) == {}
