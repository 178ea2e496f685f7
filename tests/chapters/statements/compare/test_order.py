"""As little as possible has moved, and what has not moved stands in order."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from comity.chapters.statements.compare.order import moved


def test_one_that_stands_elsewhere_has_moved_and_the_others_have_not() -> None:
    assert moved([0, 30, 10, 20], [5, 5, 5, 5]) == {1}
    assert moved([10, 20, 30, 0], [5, 5, 5, 5]) == {3}
    assert moved([0, 1, 2], [1, 1, 1]) == set()
    assert moved([], []) == set()


def test_of_two_that_changed_places_the_lighter_has_moved() -> None:
    assert moved([20, 10], [50, 10]) == {1}
    assert moved([20, 10], [10, 50]) == {0}


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 9)), max_size=8))
def test_the_heaviest_selection_in_order_stays(rows: list[tuple[int, int]]) -> None:
    """Against trying every selection."""
    places, weights = [row[0] for row in rows], [row[1] for row in rows]
    stayed = [at for at in range(len(rows)) if at not in moved(places, weights)]
    assert all(places[a] <= places[b] for a, b in itertools.pairwise(stayed))
    best = max(
        sum(weights[at] for at in chosen)
        for size in range(len(rows) + 1)
        for chosen in itertools.combinations(range(len(rows)), size)
        if all(places[a] <= places[b] for a, b in itertools.pairwise(chosen))
    )
    assert sum(weights[at] for at in stayed) == best


@given(st.permutations(range(30)))
def test_a_permutation_gives_the_same_answer_twice(places: list[int]) -> None:
    assert moved(places, [1] * 30) == moved(places, [1] * 30)
