"""The promised number of machines settles the question as often as promised, in studies drawn from what was seen."""

import numpy as np
import pytest

from kit.domain.stats.group import FLOOR, Share, share
from kit.domain.stats.intervals import PairedRatio, median_interval, paired_ratio, wilson
from kit.domain.stats.power import (
    CHANCE,
    LIMIT,
    Need,
    least_machines,
    median_need,
    ratio_need,
    share_need,
    share_width_need,
)
from kit.domain.stats.power_words import need_text
from kit.domain.stats.tally import Tally

STUDIES = 3_000
SLACK = 3 * np.sqrt(CHANCE * (1 - CHANCE) / STUDIES)
SHARES = [(9, 1, 0), (30, 10, 0), (6, 0, 0), (5, 5, 0), (82, 18, 0), (40, 1, 1), (3, 6, 1)]


def seen(yes: int, no: int, unknown: int) -> Share:
    found = share(yes, no, unknown)
    assert found is not None
    return found


def later_shares(before: tuple[int, int, int], more: int) -> list[Share]:
    """Shares of studies that go on with ``more`` machines like those so far."""
    random = np.random.default_rng(more)
    new = random.multinomial(more, np.array(before) / sum(before), STUDIES)
    return [seen(*(np.array(before) + counts).tolist()) for counts in new]


def settled(found: Share, bar: float = 0.8) -> bool:
    return found.interval.low >= bar or found.interval.high < bar


@pytest.mark.parametrize("counts", SHARES)
def test_so_many_more_machines_settle_a_share(counts: tuple[int, int, int]):
    need = share_need(seen(*counts), 0.8)
    assert need.state in ("open", "settled")
    after = [settled(found) for found in later_shares(counts, need.more or 0)]
    assert np.mean(after) >= CHANCE - SLACK
    if need.more and counts[1]:
        assert np.mean([settled(found) for found in later_shares(counts, need.more * 7 // 10)]) < CHANCE


@pytest.mark.parametrize("counts", SHARES)
def test_so_many_more_machines_make_a_share_narrow_enough(counts: tuple[int, int, int]):
    need = share_width_need(seen(*counts), 0.1)
    after = [
        (found.interval.high - found.interval.low) / 2 <= 0.1
        for found in later_shares(counts, need.more or 0)
    ]
    assert np.mean(after) >= CHANCE - 2 * SLACK  # the promise is itself drawn
    assert need.state == "settled" or need.fewest <= need.more <= need.most


def test_the_number_for_a_share_is_the_smallest_one():
    need = share_need(seen(9, 1, 0), 0.8)
    chances = {}
    for more in range(need.more - 12, need.more + 1):
        lows = [wilson(9 + k, 10 + more).low for k in range(more + 1)]
        draws = np.random.default_rng(1).binomial(more, 0.9, 200_000)
        chances[more] = np.mean(np.array(lows)[draws] >= 0.8)
    assert chances[need.more] >= CHANCE - 0.004
    assert min(chances[more] for more in range(need.more - 12, need.more)) < CHANCE


@pytest.mark.parametrize("spread", [0.15, 0.5])
@pytest.mark.parametrize("machines", [6, 15, 60])
def test_so_many_machines_tell_the_median(machines: int, spread: float):
    observed = Tally.from_values(np.random.default_rng(machines).lognormal(3, spread, machines))
    need = median_need(observed, 0.1)
    random, hits, total = np.random.default_rng(1), 0, need.have + (need.more or 0)
    if need.state == "settled":
        return
    for _ in range(600):
        values = observed.quantiles(random.random(total).tolist())
        interval, middle = median_interval(values.tolist()), np.median(values)
        hits += middle * 0.9 <= interval.low and interval.high <= middle * 1.1
    assert hits / 600 >= CHANCE - 3 * np.sqrt(0.16 / 600)


@pytest.mark.parametrize(("pairs", "ratio"), [(5, 1.1), (10, 0.9), (30, 1.03)])
def test_so_many_pairs_tell_a_ratio_from_one(pairs: int, ratio: float):
    noise = np.random.default_rng(pairs).normal(0, 0.2, pairs)
    logs = np.log(ratio) + (noise - noise.mean()) / noise.std(ddof=1) * 0.2
    need = ratio_need(paired_ratio([(1.0, value) for value in np.exp(logs)]))
    assert need.state == "open"
    drawn = np.random.default_rng(1).normal(np.log(ratio), 0.2, (2_000, need.have + need.more))
    ends = [paired_ratio([(1.0, value) for value in np.exp(row)]).interval for row in drawn[:600]]
    rejected = np.mean([not end.low <= 1 <= end.high for end in ends])
    assert abs(rejected - CHANCE) < 3 * np.sqrt(0.16 / 600) + 0.02
    assert need.answer == (ratio > 1)


def test_below_the_floor_the_honest_number_is_what_is_missing_to_the_floor():
    assert share_need(None, 0.8) == Need("too_few", 0, FLOOR)
    assert share_need(share(2, 0, 0), 0.8).more == FLOOR - 2
    assert median_need(Tally.from_values([1.0]), 0.1).more == FLOOR - 1
    assert ratio_need(paired_ratio([(1.0, 2.0)] * 3)) == Need("too_few", 3, 2)
    assert need_text(share_need(None, 0.8)) == "6 more machines before anything can be said."


def test_settled_questions_need_nobody():
    assert share_need(share(40, 0, 0), 0.8) == Need("settled", 40, 0, True)
    assert share_need(share(10, 30, 0), 0.8) == Need("settled", 40, 0, False)
    assert ratio_need(paired_ratio([(1.0, 2.0), (1.0, 2.1)] * 4)) == Need("settled", 8, 0, True)
    assert median_need(Tally.from_values([7.0] * 6), 0.1).state == "settled"


def test_unknown_machines_can_leave_a_question_open_for_ever():
    assert share_need(share(30, 5, 15), 0.8).state == "unknown_machines"
    assert share_width_need(share(30, 5, 15), 0.1).state == "unknown_machines"
    assert "stopped or lost" in need_text(share_need(share(30, 5, 15), 0.8))


def test_what_lies_on_the_bar_is_out_of_reach():
    need = share_need(share(8, 2, 0), 0.8)
    assert (need.state, need.more, need.most) == ("out_of_reach", None, None)
    assert need.fewest is not None
    assert f"{LIMIT:,}" in need_text(need)
    assert (
        ratio_need(PairedRatio(1.0, paired_ratio([(1.0, 1.0)] * 6).interval, 6, 0, 0)).state == "out_of_reach"
    )


@pytest.mark.parametrize(("bar", "expected"), [(0.8, 16), (0.5, FLOOR), (0.9, 35)])
def test_the_fewest_machines_that_can_prove_a_share(bar: float, expected: int):
    assert least_machines(bar) == expected
    assert wilson(expected, expected).low >= bar
    assert expected == FLOOR or wilson(expected - 1, expected - 1).low < bar


def test_the_range_says_that_no_number_may_do():
    need = share_need(share(9, 1, 0), 0.8)
    assert need.fewest < need.more
    assert need.most is None
    assert need_text(need) == (
        f"About {need.more} more machines ({need.fewest} at best, no number at worst; 80% chance to settle it)."
    )


@pytest.mark.parametrize("bar", [0.0, 1.0, float("nan")])
def test_a_bar_is_a_share(bar: float):
    with pytest.raises(ValueError, match="between 0 and 1"):
        share_need(share(9, 1, 0), bar)
    with pytest.raises(ValueError, match="less than 100"):
        median_need(Tally.from_values([5.0] * 9).bucketed(), 0.01)
