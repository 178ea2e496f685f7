"""What is told of a release is the whole of it, and what became true stays."""

from __future__ import annotations

from tests.chapters.releases import scenarios as at

from comity.chapters.releases import account


def test_the_summary_says_what_is_released_as_of_which_acts_and_by_whom() -> None:
    told = account.summary(at.released().view())
    assert told == {
        "docket": "TUR/1",
        "matter": "TUR/0",
        "extent": "outcome",
        "title": at.TITLE,
        "note": {"en": "As agreed in Ankara."},
        "proposed_by": "TUR",
        "time": "2024-08-10T10:00:00+00:00",
        "at": {"IRQ": 1, "TUR": 1},
        "parties": ["IRQ", "TUR"],
        "standing": "released",
        "yes": {"IRQ": "IRQ/1", "TUR": "TUR/1"},
        "no": {},
        "since": "2024-08-12",
        "until": None,
        "ends": [],
    }


def test_the_cut_is_what_the_proposer_knew_whatever_came_later() -> None:
    """Seen to fail with the cut of the reader."""
    room = at.Room()
    room.sizes = {"IRQ": 40, "TUR": 30}
    room.yes("IRQ", room.propose(sees={"IRQ": 25}))
    assert account.summary(room.view())["at"] == {"IRQ": 25, "TUR": 30}


def test_an_end_stands_beside_the_release() -> None:
    room = at.ended()
    assert room.milestones() == {
        "proposed": {"TUR": 1},
        "released": {"IRQ": 1, "TUR": 1},
        "ended": {"IRQ": 2},
    }
    assert account.summary(room.view())["ends"] == [
        {"ref": "IRQ/2", "by": "IRQ", "on": "2024-08-20", "reason": at.WHY, "late": False}
    ]


def test_a_no_without_a_yes_is_a_no_and_one_after_a_yes_takes_it_back() -> None:
    assert set(at.declined().milestones()) == {"proposed", "declined"}
    assert set(at.withdrawn().milestones()) == {"proposed", "withdrawn"}
    assert set(at.crossed().milestones()) == {"proposed", "released", "withdrawn_too_late"}
    assert account.summary(at.declined().view())["no"] == {"IRQ": "IRQ/1"}


def test_without_a_title_the_reference_names_it() -> None:
    assert account.title(at.declined().view()) == {"en": "TUR/0"}
    assert account.title(at.released().view()) == at.TITLE


def test_what_nobody_was_allowed_to_propose_has_no_account() -> None:
    view = at.not_open().view()
    assert account.summary(view) == {"matter": None, "docket": "TUR/1"}
    assert (account.milestones(view), account.title(view)) == ([], {"en": "TUR/1"})
