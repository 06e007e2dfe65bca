"""Orders of conditions: balanced over visits, and drawn again from seed and number."""

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.domain.allocation import bench_order, study_order, williams_rows

few = st.integers(min_value=2, max_value=9)
seeds = st.integers(min_value=0, max_value=2**48)


@given(few)
def test_every_condition_stands_in_every_place_equally_often(conditions: int) -> None:
    rows = williams_rows(conditions)
    for place in range(conditions):
        assert Counter(row[place] for row in rows) == dict.fromkeys(
            range(conditions), len(rows) // conditions
        )


@given(few)
def test_every_condition_follows_every_other_equally_often(conditions: int) -> None:
    rows = williams_rows(conditions)
    follows = Counter(pair for row in rows for pair in pairwise(row))
    assert len(follows) == conditions * (conditions - 1)
    assert len(set(follows.values())) == 1


@given(few, st.integers(2, 4), seeds, st.integers(0, 5))
def test_each_block_is_balanced_over_one_pass_of_visits(
    conditions: int, blocks: int, seed: int, cycle: int
) -> None:
    visits = len(williams_rows(conditions))
    orders = [study_order(conditions, blocks, seed, cycle * visits + visit) for visit in range(visits)]
    for place in range(conditions * blocks):
        counts = Counter(order[place].condition for order in orders)
        assert set(counts.values()) == {visits // conditions}
        assert len(counts) == conditions


@given(st.integers(1, 9), st.integers(2, 5), seeds, st.integers(0, 10_000))
def test_every_condition_has_its_blocks_and_the_first_comes_back_last(
    conditions: int, blocks: int, seed: int, visit: int
) -> None:
    order = study_order(conditions, blocks, seed, visit)
    assert order == study_order(conditions, blocks, seed, visit)
    measured = [slot.condition for slot in order if not slot.drift_control]
    assert Counter(measured) == dict.fromkeys(range(conditions), blocks)
    if conditions > 1:
        assert (order[-1].condition, order[-1].drift_control) == (measured[0], True)


def test_two_modes_alternate_from_visit_to_visit() -> None:
    orders = [
        "".join("AB"[slot.condition] for slot in study_order(2, 2, 7, visit, drift=False)) for visit in (0, 1)
    ]
    assert sorted(orders) == ["ABBA", "BAAB"]


def test_no_drift_control_when_it_is_off_or_there_is_one_condition() -> None:
    assert len(study_order(3, 2, 1, 0, drift=False)) == 6
    assert len(study_order(1, 2, 1, 0)) == 2


def test_bench_goes_in_rounds_of_at_least_six() -> None:
    assert "".join("AB"[slot.condition] for slot in bench_order(2, 2)) == "ABBAABBAABBA"
    assert len(bench_order(2, 8)) == 16
    assert len(bench_order(1, 6)) == 6


@pytest.mark.parametrize("conditions", [0, 3])
def test_bench_compares_two_at_most(conditions: int) -> None:
    with pytest.raises(ValueError, match="two conditions at most"):
        bench_order(conditions, 6)


def test_an_order_of_nothing() -> None:
    with pytest.raises(ValueError, match="at least one"):
        williams_rows(0)
