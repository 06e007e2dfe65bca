"""The slow end of a group: exact ranks, coverage by simulation, failures that count as slower than all."""

import numpy as np
import pytest
from scipy.stats import binom

from kit.domain.stats.group import group
from kit.domain.stats.machine import MachineValue
from kit.domain.stats.tails import band, slowest_tenth, tail, tail_ranks
from kit.domain.stats.tally import Tally


def machine(number: int, ms: float | None, refused: int = 0) -> MachineValue:
    return MachineValue(str(number), ms, None, runs=1, refused=refused)


@pytest.mark.parametrize("count", [6, 20, 36, 100, 1000])
def test_ranks_are_the_closest_ones_that_hold(count: int) -> None:
    low, high = tail_ranks(count, 0.1)
    assert (low is None) == (count < 36)
    if low is not None:
        assert binom.cdf(low - 1, count, 0.1) <= 0.025 < binom.cdf(low, count, 0.1)
    assert high is None or binom.sf(high - 1, count, 0.1) <= 0.025 < binom.sf(high - 2, count, 0.1)


@pytest.mark.parametrize("count", [36, 60, 200])
def test_the_interval_of_the_slowest_tenth_holds_it_at_least_95_times_in_100(count: int) -> None:
    random, held = np.random.default_rng(7), 0
    truth = float(np.exp(np.quantile(np.random.default_rng(1).normal(size=1_000_000), 0.1)))
    for _ in range(2_000):
        found = tail(Tally.from_values(random.lognormal(size=count)))
        assert found is not None
        assert found.low is not None
        assert found.high is not None
        held += found.low <= truth <= found.high
    assert held / 2_000 >= 0.94


def test_a_tenth_of_twenty_machines_is_the_second_slowest() -> None:
    found = tail(Tally.from_values(np.arange(1.0, 21.0)))
    assert found is not None
    assert (found.value, found.low, found.high, found.machines) == (2.0, None, 6.0, 20)
    assert tail(Tally.from_values([1.0] * 5)) is None


def test_machines_that_failed_are_the_slowest() -> None:
    machines = [machine(at, 10.0) for at in range(17)] + [
        machine(20 + at, None, refused=1) for at in range(3)
    ]
    lost = [machine(40 + at, None) for at in range(9)]
    values = Tally.from_values([10.0] * 17)
    for crowd in (machines, machines + lost):
        found = slowest_tenth(group(crowd), values)
        assert found is not None
        assert (found.value, found.machines) == (0.0, 20)


def test_rounded_values_widen_the_interval() -> None:
    exact = Tally.from_values(np.arange(1.0, 101.0))
    wide, narrow = tail(exact.bucketed()), tail(exact)
    assert wide is not None
    assert narrow is not None
    assert wide.low is not None
    assert narrow.low is not None
    assert wide.low < narrow.low
    assert wide.error == pytest.approx(0.01)


def test_the_band_holds_the_whole_curve_95_times_in_100() -> None:
    random = np.random.default_rng(3)
    within = 0
    for _ in range(2_000):
        ordered = np.sort(random.random(40))
        upto = np.arange(1, 41) / 40
        within += max(np.max(upto - ordered), np.max(ordered - upto + 1 / 40)) <= band(40)
    assert within / 2_000 >= 0.94
    assert band(0) == 1.0
