"""Intervals by hand. How often they hold the truth: test_simulation.py."""

import numpy as np
import pytest

from kit.domain.stats.intervals import (
    RARE,
    Interval,
    median_interval,
    median_rank,
    paired_ratio,
    wilson,
    wilson_ends,
)


def test_medians_by_hand():
    assert median_interval([6, 5, 4, 3, 2, 1]) == Interval(1, 6)  # 1 - 2 / 2**6 = 96.9 %
    assert median_interval(range(1, 10)) == Interval(2, 8)  # 1 - 2 * (1 + 9) / 2**9 = 96.1 %
    assert median_interval([1, 2, 3, 4, 5]) is None
    assert (median_rank(5), median_rank(6), median_rank(100)) == (None, 1, 40)


def test_median_interval_of_ties_is_that_value():
    assert median_interval([7.0] * 12) == Interval(7.0, 7.0)


def test_wilson_by_hand():
    interval = wilson(6, 10)  # (0.6 + 0.19207 -+ 1.95996 sqrt(0.024 + 0.0096036)) / 1.384146
    assert interval is not None
    assert (round(interval.low, 3), round(interval.high, 3)) == (0.313, 0.832)
    assert wilson(0, 0) is None
    with pytest.raises(ValueError, match="11 of 10"):
        wilson(11, 10)


def test_all_and_none_end_at_one_and_zero():
    assert wilson(0, 16).low == 0.0
    assert wilson(16, 16) == Interval(wilson(16, 16).low, 1.0)
    assert wilson(16, 16).low == pytest.approx(16 / (16 + 1.959964**2))


def test_a_single_failure_leaves_room_for_a_share_near_one():
    """The mended end: with one of ten, as improbable as 5 % by the Poisson distribution, -ln(0.95) / 10."""
    assert wilson(9, 10).high == pytest.approx(1 + np.log(0.95) / 10)
    assert wilson(1, 10).low == pytest.approx(-np.log(0.95) / 10)


@pytest.mark.parametrize("machines", [6, 7, 10, 51, 400])
def test_both_ends_of_a_share_rise_with_the_count_and_mirror_each_other(machines: int):
    low, high = wilson_ends(np.arange(machines + 1), machines)
    assert (np.diff(low) > 0).all()
    assert (np.diff(high) > 0).all()
    assert low == pytest.approx(1 - high[::-1])
    share = np.arange(machines + 1) / machines
    assert ((low <= share) & (share <= high)).all()
    assert machines // 2 >= RARE


def test_paired_ratio_by_hand():
    same = paired_ratio([(10.0, 20.0), (30.0, 60.0)])
    assert same is not None
    assert (round(same.ratio, 9), same.interval, same.above, same.below) == (2.0, None, 2, 0)
    assert paired_ratio([]) is None
    with pytest.raises(ValueError, match="positive"):
        paired_ratio([(0.0, 1.0)])


def test_the_sign_count_leaves_equal_pairs_out():
    counted = paired_ratio([(1.0, 1.0), (1.0, 2.0), (2.0, 1.0), (1.0, 3.0)])
    assert (counted.pairs, counted.above, counted.below) == (4, 2, 1)


def test_a_mean_that_few_pairs_made_is_called_doubtful():
    usual = paired_ratio([(1.0, 1.1 + at / 100) for at in range(12)])
    assert usual.interval.low > 1
    assert not usual.doubtful
    # Half a percent to and fro on most machines, many times as long on three.
    few = paired_ratio([(1.0, 0.995), (1.0, 1.005)] * 4 + [(1.0, 6.0), (1.0, 7.0), (1.0, 8.0), (1.0, 6.5)])
    assert few.middle.low < 1 < few.middle.high
    assert few.doubtful == (few.interval.low > 1)
    assert few.doubtful
