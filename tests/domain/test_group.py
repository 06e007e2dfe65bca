import numpy as np
import pytest

from kit.domain.stats.group import FLOOR, Counts, figures, group, share, tallied
from kit.domain.stats.machine import MachineValue, Part, machine_values
from kit.domain.stats.tally import Tally


def part(machine: str = "a", **changes) -> Part:
    base = {"capability_ms": 20.0, "displayed_fps": 40.0, "runs": 2, "ok": 2, "refused": 0, "unknown": 0}
    return Part(machine=machine, **(base | changes))


def machines(*milliseconds: float | None, refused: int = 0) -> list[MachineValue]:
    parts = [
        part(f"{at}", capability_ms=ms, displayed_fps=None, refused=refused)
        for at, ms in enumerate(milliseconds)
    ]
    return machine_values(parts)


def test_a_thousand_runs_of_one_machine_count_once():
    eager = [part("eager", capability_ms=100.0, ok=1, runs=1) for _ in range(1_000)]
    others = [part(f"m{at}", capability_ms=10.0) for at in range(6)]
    figures = group(machine_values(eager + others))
    assert figures.started == 7
    assert figures.fps is not None
    assert figures.fps.median == 100.0  # six machines at 100 FPS and one at 10


def test_parts_of_one_machine_weigh_by_their_valid_runs():
    (value,) = machine_values([part(capability_ms=10.0, ok=3), part(capability_ms=40.0, ok=1)])
    assert value.capability_ms == 10.0
    assert value.runs == 4


def test_below_the_floor_there_are_dots_and_no_figure():
    figures = group(machines(*[10.0] * (FLOOR - 1)))
    assert figures.fps is None
    assert figures.reach == {}
    assert figures.dots_fps == (100.0,) * (FLOOR - 1)
    assert figures.below_floor


def test_from_the_floor_on_there_is_a_figure():
    figures = group(machines(10.0, 20.0, 25.0, 40.0, 50.0, 100.0))
    assert figures.fps is not None
    assert figures.fps.median == pytest.approx((40 + 25) / 2)
    assert (figures.fps.interval.low, figures.fps.interval.high) == (10.0, 100.0)
    assert figures.dots_fps == ()


def test_failures_are_no_and_what_was_stopped_is_unknown():
    ok, failed, stopped = machines(10.0), machines(None, refused=1), machines(None)
    reach = group([*ok * 6, *failed * 2, *stopped * 2]).reach[30]
    assert (reach.yes, reach.no, reach.unknown) == (6, 2, 2)
    assert (reach.low, reach.high) == (0.6, 0.8)
    assert reach.interval.low < 0.6 < 0.8 < reach.interval.high


@pytest.mark.parametrize(("ms", "expected"), [(1000 / 30, "yes"), (33.4, "no"), (None, "unknown")])
def test_reaching_is_decided_at_the_exact_frame_time(ms: float | None, expected: str):
    assert machines(ms)[0].reaches(30) == expected


@pytest.mark.parametrize(("fps", "expected"), [(58.2, "yes"), (58.1, "no")])
def test_displayed_counts_from_97_percent(fps: float, expected: str):
    assert machine_values([part(displayed_fps=fps)])[0].displays(60) == expected


def test_no_machine_has_no_share():
    assert share(0, 0, 0) is None


def a_crowd(seed: int, size: int = 400) -> list[MachineValue]:
    random = np.random.default_rng(seed)
    parts = []
    for at, ms in enumerate(random.lognormal(3.2, 0.9, size)):
        known, refused = random.random() < 0.8, int(random.random() < 0.5)
        shown = min(60.0, 1000.0 / ms) if known else None
        parts.append(
            part(f"m{at}", capability_ms=ms if known else None, displayed_fps=shown, refused=refused)
        )
    return machine_values(parts)


def test_figures_from_histograms_and_counts_are_those_from_the_machines_but_for_rounding():
    counts, ms, displayed = tallied(a_crowd(1))
    exact, rounded = group(a_crowd(1)), figures(counts, ms.bucketed(), displayed.bucketed())
    for one, other in ((exact.fps, rounded.fps), (exact.displayed_fps, rounded.displayed_fps)):
        assert one is not None
        assert other is not None
        assert (other.median, other.p5, other.p95) == pytest.approx((one.median, one.p5, one.p95), rel=0.01)
        assert other.interval.low <= one.interval.low <= one.interval.high <= other.interval.high
        assert (one.error, other.error) == (0, 0.01)
    assert (rounded.reach, rounded.displayed_reach) == (exact.reach, exact.displayed_reach)
    assert (rounded.started, rounded.measured, rounded.runs) == (exact.started, exact.measured, exact.runs)


def test_cells_add_up_to_the_group_of_all_their_machines():
    crowds = [a_crowd(seed, size) for seed, size in ((1, 3), (2, 40), (3, 200))]
    counted = [tallied(crowd) for crowd in crowds]
    total = sum((counts for counts, _, _ in counted), Counts())
    ms, displayed = (Tally.merged(cell[at] for cell in counted) for at in (1, 2))
    assert figures(total, ms, displayed) == group([machine for crowd in crowds for machine in crowd])


def test_a_broken_cache_is_refused_and_not_shown():
    with pytest.raises(ValueError, match="kit db rebuild"):
        figures(Counts(started=1), Tally.from_values([1.0, 2.0]), Tally())
    with pytest.raises(ValueError, match="no counts of machines"):
        share(5, -1, 0)


def test_the_share_holds_whatever_the_unknown_machines_would_have_been():
    for yes, no, unknown in ((6, 2, 2), (0, 9, 4), (12, 0, 1), (0, 0, 7)):
        shown = share(yes, no, unknown)
        assert shown is not None
        for would in range(unknown + 1):
            known = share(yes + would, no + unknown - would, 0)
            assert known is not None
            assert shown.low <= known.low <= shown.high
            assert shown.interval.low <= known.interval.low <= known.interval.high <= shown.interval.high


def test_many_measured_runs_make_one_machine_no_group():
    figures_of_one = group(machine_values([part("eager", ok=1, runs=1) for _ in range(1_000)]))
    assert (figures_of_one.started, figures_of_one.runs) == (1, 1_000)
    assert figures_of_one.fps is None
    assert figures_of_one.dots_fps == (50.0,)
