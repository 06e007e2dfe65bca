import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.domain.stats.run import summarise, weighted_median
from tests.domain.reports import run_report, window


def test_figures_by_hand():
    capability = window([10.0, 20.0, 30.0, 40.0, 50.0]) | {"elapsed_ms": 200.0}
    summary = summarise(
        run_report(capability=capability, displayed=window([25.0] * 40) | {"elapsed_ms": 1000.0})
    )
    assert summary.capability_ms_median == 30.0
    assert summary.capability_ms_p95 == pytest.approx(48.0)
    assert summary.capability_fps == pytest.approx(25.0)
    assert summary.displayed_fps == pytest.approx(40.0)
    assert (summary.frames, summary.displayed_frames, summary.warmup_frames) == (5, 40, 10)


def test_batched_samples_have_no_percentile_and_weigh_by_frame():
    capability = {"k": [1, 9], "ms": [100.0, 90.0], "elapsed_ms": 190.0}
    summary = summarise(run_report(capability=capability))
    assert summary.capability_ms_median == 10.0
    assert summary.capability_ms_p95 is None


def test_too_slow_gives_a_bound_and_no_figure():
    summary = summarise(
        run_report(outcome="too_slow", capability=window([7000.0] * 3) | {"elapsed_ms": 30_000.0})
    )
    assert summary.bound_ms == 7_500.0  # three frames fitted into 30 s and a fourth did not
    assert summary.capability_ms_median is None
    assert summary.capability_fps is None


@pytest.mark.parametrize("outcome", ["wrong_output", "stopped", "lost"])
def test_only_ok_runs_have_figures(outcome: str):
    summary = summarise(run_report(outcome=outcome))
    assert summary.capability_ms_median is None
    assert summary.displayed_fps is None
    assert summary.frames == 100


def test_an_empty_window_is_no_error():
    summary = summarise(run_report(capability=window([]), displayed=None, warmup=None))
    assert summary.capability_fps is None
    assert summary.frames == 0


PAIRS = st.lists(st.tuples(st.floats(0.1, 1e4), st.integers(1, 20)), min_size=1, max_size=30)


@given(PAIRS)
def test_weighted_median_is_the_median_of_repeated_values(pairs: list[tuple[float, int]]):
    repeated = sorted(value for value, weight in pairs for _ in range(weight))
    half = len(repeated) // 2
    expected = repeated[half] if len(repeated) % 2 else (repeated[half - 1] + repeated[half]) / 2
    assert weighted_median([value for value, _ in pairs], [weight for _, weight in pairs]) == pytest.approx(
        expected
    )
