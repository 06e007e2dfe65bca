"""Values with counts: what a histogram loses is at most what it says, and nothing else differs from the plain values."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.domain.stats.intervals import Interval, median_interval
from kit.domain.stats.tally import BUCKETS, Tally

VALUES = st.lists(st.floats(1e-6, 1e12) | st.sampled_from([0.0, 16.7, 33.4]), min_size=1, max_size=60)
SHARES = [0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0]


def test_no_value_is_further_than_the_stated_error_from_its_bucket():
    edges = BUCKETS.edges
    inside = np.exp(np.random.default_rng(1).uniform(np.log(1e-6), np.log(1.7e308), 300_000))
    values = np.concatenate([edges, np.nextafter(edges[1:], 0), inside, [np.finfo(np.float64).max]])
    centres = BUCKETS.centre(BUCKETS.index(values))
    assert np.max(np.abs(centres / values - 1)) < 0.00996 < BUCKETS.error <= 0.01
    assert np.max(np.abs(values / centres - 1)) < 0.00996  # as frames a second: 1000 / ms
    assert edges[0] == 1e-6
    assert edges[-1] <= np.finfo(np.float64).max < float(edges[-1]) * BUCKETS.ratio


def test_ends_zero_and_huge_values_have_buckets():
    assert BUCKETS.index([0.0, 9.9e-7, 1e-6, 1.7976931348623157e308]).tolist() == [0, 0, 1, BUCKETS.largest]
    assert BUCKETS.centre([0]).tolist() == [0.0]
    assert BUCKETS.largest < 2**16
    assert np.isfinite(BUCKETS.centre([BUCKETS.largest])).all()


@pytest.mark.parametrize("value", [-1.0, float("inf"), float("nan")])
def test_what_is_no_figure_is_refused(value: float):
    with pytest.raises(ValueError, match="finite numbers from 0"):
        BUCKETS.index([1.0, value])
    with pytest.raises(ValueError, match="finite numbers from 0"):
        Tally.from_values([value])


def test_the_formula_for_sql_names_the_same_bucket_away_from_edges():
    values = np.random.default_rng(2).lognormal(3, 4, 20_000)
    by_formula = 1 + np.floor(np.log(values / BUCKETS.lowest) / np.log(BUCKETS.ratio))
    assert np.mean(by_formula == BUCKETS.index(values)) == 1.0


@given(VALUES)
def test_exact_tallies_are_the_plain_values(values: list[float]):
    tally = Tally.from_values(values)
    assert tally.n == len(values)
    assert tally.at_rank(range(1, len(values) + 1)).tolist() == sorted(values)
    assert tally.quantiles(SHARES) == pytest.approx(np.percentile(values, [100 * share for share in SHARES]))
    assert tally.median_interval() == median_interval(values)


@given(VALUES)
def test_quantiles_of_a_histogram_are_off_by_its_error_at_most(values: list[float]):
    exact = Tally.from_values(values)
    rounded = Tally.from_histogram(*BUCKETS.histogram(values))
    assert rounded.n == exact.n
    assert rounded.quantiles(SHARES) == pytest.approx(exact.quantiles(SHARES), rel=rounded.error)
    assert rounded.reciprocal().values == pytest.approx(1000 / rounded.values[rounded.values > 0][::-1])


@given(VALUES)
def test_the_interval_of_a_histogram_holds_the_exact_one(values: list[float]):
    exact, rounded = (
        Tally.from_values(values).median_interval(),
        Tally.from_values(values).bucketed().median_interval(),
    )
    assert (exact is None) == (rounded is None)
    if exact is not None and rounded is not None:
        assert rounded.low <= exact.low <= exact.high <= rounded.high
        assert rounded.high <= exact.high * 1.01**2


def test_ties_and_the_interval_by_hand():
    tally = Tally.from_counts([30.0, 10.0, 20.0, 20.0], [1, 2, 3, 4])
    assert tally.values.tolist() == [10.0, 20.0, 30.0]
    assert tally.counts.tolist() == [2, 7, 1]
    assert tally.quantiles([0, 0.5, 1]).tolist() == [10, 20, 30]
    assert tally.median_interval() == Interval(10.0, 20.0)  # the 2nd and the 9th of ten
    assert Tally.from_values([7.0] * 12).median_interval() == Interval(7.0, 7.0)


@given(VALUES, VALUES, VALUES)
def test_merging_is_associative_and_loses_nothing(
    first: list[float], second: list[float], third: list[float]
):
    a, b, c = (Tally.from_values(values) for values in (first, second, third))
    left, right, all_at_once = (
        a.merge(b).merge(c),
        c.merge(b.merge(a)),
        Tally.from_values(first + second + third),
    )
    for merged in (left, right, Tally.merged([a, b, c])):
        assert merged.values.tolist() == all_at_once.values.tolist()
        assert merged.counts.tolist() == all_at_once.counts.tolist()


def test_merging_exact_and_rounded_keeps_the_larger_error():
    exact, rounded = Tally.from_values([1.0]), Tally.from_values([1.0, 5.0]).bucketed()
    assert exact.merge(rounded).error == BUCKETS.error
    assert exact.merge(Tally()).error == 0
    assert Tally.merged([]).n == 0


@pytest.mark.parametrize("points", [1, 2, 7, 50])
def test_a_thinned_curve_moves_no_point_by_more_than_one_of_its_points(points: int):
    values = np.round(np.random.default_rng(points).lognormal(3, 1, 3_000), 1)
    curve = Tally.from_values(values).ecdf(points)
    assert len(curve) <= points
    assert curve[-1] == (values.max(), 1.0)
    at = np.sort(values)
    true = np.searchsorted(at, at, side="right") / len(at)
    steps = np.concatenate([[0.0], [share for _, share in curve]])
    drawn = steps[np.searchsorted([value for value, _ in curve], at, side="right")]
    assert np.all(drawn <= true)
    assert np.max(true - drawn) <= 1 / points


def test_a_short_curve_is_left_whole():
    assert Tally.from_values([3.0, 1.0, 3.0, 2.0]).ecdf(3) == [(1.0, 0.25), (2.0, 0.5), (3.0, 1.0)]
    assert Tally().ecdf(10) == []


def test_a_broken_histogram_is_refused():
    with pytest.raises(ValueError, match="kit db rebuild"):
        Tally.from_histogram([5], [-1])
    with pytest.raises(ValueError, match="a bucket is a number"):
        Tally.from_histogram([70_000], [1])
    with pytest.raises(ValueError, match="empty tally"):
        Tally().quantile(0.5)
