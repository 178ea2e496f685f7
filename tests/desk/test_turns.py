"""Work that nobody waits for begins its next step once nobody waits for an answer, and comes to an end all the same."""

from __future__ import annotations

import threading
import time

import pytest

from comity.desk.turns import Turns


def test_where_nobody_waits_nothing_is_waited_for() -> None:
    assert Turns().give_way(0)


def test_it_is_waited_for_the_last_of_those_who_wait() -> None:
    turns, order = Turns(), list[str]()

    def step() -> None:
        assert turns.give_way(60)
        order.append("step")

    with turns.answering():
        with turns.answering():
            other = threading.Thread(target=step)
            other.start()
            assert not turns.give_way(0.01)
            order.append("first answer")
        assert not turns.give_way(0.01)
        order.append("second answer")
    other.join(60)
    assert order == ["first answer", "second answer", "step"]


def test_where_somebody_always_waits_patience_ends() -> None:
    turns = Turns()
    with turns.answering():
        began = time.monotonic()
        assert not turns.give_way(0.05)
        assert time.monotonic() - began >= 0.05


def test_an_answer_that_fails_is_waited_for_no_more() -> None:
    turns = Turns()
    with pytest.raises(OSError, match="gone"), turns.answering():
        raise OSError("gone")
    assert turns.give_way(0)
