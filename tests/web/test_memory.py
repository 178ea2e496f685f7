"""What is kept is what was asked for last, and each value is made once while it is kept."""

from __future__ import annotations

from comity.web.memory import Memory


def test_a_value_is_made_once_and_the_oldest_goes_first() -> None:
    made: list[int] = []

    def make(number: int) -> str:
        made.append(number)
        return str(number)

    kept: Memory[str] = Memory(2)
    assert [kept.get(one, lambda one=one: make(one)) for one in (1, 2, 1, 3, 1, 2)] == list("121312")  # type: ignore[misc]
    assert made == [1, 2, 3, 2]


def test_what_cannot_be_made_is_not_kept() -> None:
    kept: Memory[int] = Memory(2)
    for _ in range(2):
        try:
            kept.get("x", lambda: 1 // 0)
        except ZeroDivisionError:
            continue
        raise AssertionError
    assert kept.get("x", lambda: 1) == 1
