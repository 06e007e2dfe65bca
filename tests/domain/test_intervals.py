"""Each interval must cover as often as it claims; simulated with fixed seeds."""

import numpy as np
import pytest

from kit.domain.stats.intervals import Interval, median_interval, paired_ratio, wilson

SIMULATIONS = 1_500


def test_medians_by_hand():
    assert median_interval([6, 5, 4, 3, 2, 1]) == Interval(1, 6)  # 1 - 2 / 2**6 = 96.9 %
    assert median_interval(range(1, 10)) == Interval(2, 8)  # 1 - 2 * (1 + 9) / 2**9 = 96.1 %
    assert median_interval([1, 2, 3, 4, 5]) is None


@pytest.mark.parametrize("machines", [6, 7, 9, 20, 51])
def test_median_interval_covers_skewed_values(machines: int):
    random = np.random.default_rng(machines)
    hits = 0
    for values in random.lognormal(0.0, 1.0, (SIMULATIONS, machines)):
        interval = median_interval(values)
        assert interval is not None
        hits += interval.low <= 1.0 <= interval.high
    assert hits / SIMULATIONS >= 0.95 - 3 * np.sqrt(0.05 * 0.95 / SIMULATIONS)


def test_median_interval_of_ties_is_that_value():
    assert median_interval([7.0] * 12) == Interval(7.0, 7.0)


def test_wilson_by_hand():
    interval = wilson(8, 10)
    assert interval is not None
    assert (round(interval.low, 3), round(interval.high, 3)) == (0.490, 0.943)
    assert wilson(0, 0) is None
    with pytest.raises(ValueError, match="11 of 10"):
        wilson(11, 10)


@pytest.mark.parametrize("machines", [10, 20, 40])
def test_wilson_covers_on_average(machines: int):
    random = np.random.default_rng(machines)
    ends = [wilson(successes, machines) for successes in range(machines + 1)]
    shares = random.uniform(0, 1, 20_000)
    successes = random.binomial(machines, shares)
    hits = [ends[k].low <= p <= ends[k].high for k, p in zip(successes, shares, strict=True) if ends[k]]
    assert 0.94 <= np.mean(hits) <= 0.97


def test_paired_ratio_by_hand():
    same = paired_ratio([(10.0, 20.0), (30.0, 60.0)])
    assert same is not None
    assert (round(same.ratio, 9), same.interval, same.above, same.below) == (2.0, None, 2, 0)
    assert paired_ratio([]) is None
    with pytest.raises(ValueError, match="positive"):
        paired_ratio([(0.0, 1.0)])


@pytest.mark.parametrize("pairs", [5, 12])
def test_paired_ratio_covers(pairs: int):
    random = np.random.default_rng(pairs)
    hits = 0
    for ratios in 1.5 * random.lognormal(0.0, 0.3, (SIMULATIONS, pairs)):
        found = paired_ratio([(1.0, ratio) for ratio in ratios])
        assert found is not None
        assert found.interval is not None
        hits += found.interval.low <= 1.5 <= found.interval.high
    assert 0.93 <= hits / SIMULATIONS <= 0.97
