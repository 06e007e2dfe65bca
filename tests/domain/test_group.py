import pytest

from kit.domain.stats.group import FLOOR, group, share
from kit.domain.stats.machine import MachineValue, Part, machine_values


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
