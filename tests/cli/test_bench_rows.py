"""What ``kit bench`` makes of the runs: rows with the agreed names, failures with their reason, ratios over rounds."""

import pytest

from kit.bench.ratio import paired_ratio
from kit.bench.rows import condition_row
from kit.bench.table import ratio_cells, report_lines
from tests.cli.reports import bench_run, window

# The names that scripts rely on; fields may be added, never renamed.
AGREED = [
    "model",
    "mode",
    "backend",
    "renderer",
    "ok",
    "reason",
    "load_ms",
    "first_frame_ms",
    "frames",
    "capability_ms_median",
    "capability_ms_p95",
    "displayed_fps",
    "refresh_hz",
    "golden_max_abs_error",
    "flags",
]


def test_a_row_has_the_agreed_fields_and_pools_its_blocks() -> None:
    runs = [bench_run("tfjs-webgl", 0, 10, 10), bench_run("tfjs-webgl", 3, 30, 30, 30)]
    row = condition_row("test-blocks", "tfjs-webgl", runs, 60.0)
    assert [name for name in AGREED if name not in row] == []
    assert (row["ok"], row["backend"], row["frames"], row["blocks"]) == (True, "webgl", 5, 2)
    assert row["capability_ms_median"] == 30
    assert row["displayed_fps"] == pytest.approx(5 / 0.110)
    assert (row["load_ms"], row["first_frame_ms"], row["refresh_hz"]) == (40, 120, 60.0)


def test_no_percentile_of_batches() -> None:
    row = condition_row("test-blocks", "tfjs-webgl", [bench_run("tfjs-webgl", 0, 40, 40, k=4)], None)
    assert row["capability_ms_median"] == 10
    assert row["capability_ms_p95"] is None


def test_one_failed_block_makes_the_condition_fail_with_its_reason() -> None:
    bad = bench_run("tfjs-webgl", 1, outcome="failed", reason="context lost", capability=None, displayed=None)
    row = condition_row("test-blocks", "tfjs-webgl", [bench_run("tfjs-webgl", 0, 10), bad], None)
    assert (row["ok"], row["outcome"], row["reason"]) == (False, "failed", "context lost")
    assert row["frames"] == 1


def test_too_slow_proves_a_bound() -> None:
    slow = bench_run("tfjs-webgl", 0, outcome="too_slow", capability=window(9000, 9000, 9000), displayed=None)
    row = condition_row("test-blocks", "tfjs-webgl", [slow], None)
    assert row["bound_ms"] == pytest.approx(27000 / 4)
    assert "too slow" in row["reason"]


def test_a_condition_without_runs_is_lost() -> None:
    row = condition_row("test-blocks", "tfjs-webgl", [], None)
    assert (row["ok"], row["outcome"], row["frames"]) == (False, "lost", 0)
    assert "before this condition" in row["reason"]


def test_the_ratio_is_the_median_over_rounds_with_its_interval() -> None:
    times = [(10, 5), (10, 4), (20, 8), (10, 6), (10, 5), (30, 15)]
    runs = [
        bench_run(mode, 2 * round_ + place, ms)
        for round_, pair in enumerate(times)
        for place, (mode, ms) in enumerate(zip(("tfjs-pixels", "tfjs-webgl"), pair, strict=True))
    ]
    ratio = paired_ratio("test-blocks", "tfjs-pixels", "tfjs-webgl", runs)
    assert ratio is not None
    assert (ratio.ratio, ratio.low, ratio.high, ratio.rounds) == (0.5, 0.4, 0.6, 6)
    assert (ratio.speedup, ratio.speedup_high) == (2, 2.5)
    assert ratio_cells(ratio)[1:] == ["tfjs-pixels", "tfjs-webgl", "2", "1.67 to 2.5", 6]


def test_a_round_with_a_failed_run_gives_no_ratio() -> None:
    bad = bench_run("tfjs-webgl", 1, outcome="failed", reason="context lost", capability=None)
    assert (
        paired_ratio("test-blocks", "tfjs-pixels", "tfjs-webgl", [bench_run("tfjs-pixels", 0, 10), bad])
        is None
    )


def test_five_rounds_have_no_interval() -> None:
    runs = [bench_run(mode, block, 10) for block, mode in enumerate(("tfjs-pixels", "tfjs-webgl") * 5)]
    ratio = paired_ratio("test-blocks", "tfjs-pixels", "tfjs-webgl", runs)
    assert ratio is not None
    assert (ratio.low, ratio.high, ratio.rounds) == (None, None, 5)
    assert ratio_cells(ratio)[-2:] == ["needs six rounds", 5]


def test_the_table_names_what_failed_and_why() -> None:
    bad = bench_run(
        "tfjs-webgl", 1, outcome="unavailable", reason="no WebGL2", capability=None, flags=("not_isolated",)
    )
    rows = [
        condition_row("test-blocks", "tfjs-pixels", [bench_run("tfjs-pixels", 0, 123.4)], 59.94),
        condition_row("test-blocks", "tfjs-webgl", [bad], 59.94),
    ]
    text = "\n".join(report_lines(rows, []))
    assert "Screen: 59.9 Hz" in text
    assert "test-blocks tfjs-webgl: unavailable: no WebGL2" in text
    assert "not_isolated" in text
