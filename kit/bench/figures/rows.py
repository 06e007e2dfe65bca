"""The table itself: a line for each figure that has a goal, or that people will ask for."""

from collections.abc import Iterable, Iterator
from typing import Any

from kit.bench.figures import goals
from kit.bench.figures.compare import first_pictures, script_times
from kit.bench.figures.goals import Goal
from kit.bench.figures.keep import Kept
from kit.bench.figures.markdown import interval, times
from kit.domain.stats.intervals import median_interval

COLUMNS = ("figure", "model", "where", "at least", "aim", "measured", "95 % interval", "rounds", "")
Line = list[object]
ENGINE = "direct-"


def lines(everything: Iterable[Kept]) -> list[Line]:
    """All lines; parts without a result have none."""
    makers = {"pair": _pair, "script": _script, "first": _first, "look": _look, "code": _code}
    good = [kept for kept in everything if kept["trouble"] is None]
    order = list(makers)
    return [
        line
        for kept in sorted(good, key=lambda k: order.index(k["task"]))
        for line in makers[kept["task"]](kept)
    ]


def where(kept: Kept) -> str:
    """Browser and GL, in few words."""
    return f"{kept['browser']}, {kept['gl']}"


def _pair(kept: Kept) -> Iterator[Line]:
    theirs, ours = kept["modes"]
    for ratio in kept["result"]["ratios"]:
        goal = _pair_goal(kept, theirs)
        value = ratio["speedup"]
        ends = interval(ratio["speedup_low"], ratio["speedup_high"])
        yield [
            f"`{ours}` vs `{theirs}`, a frame",
            kept["model"],
            where(kept),
            *(_goal(goal, times)),
            times(value),
            ends,
            ratio["n"],
            _verdict(goal, value),
        ]


def _pair_goal(kept: Kept, theirs: str) -> Goal | None:
    return goals.PAIRS.get((theirs, kept["gl"], kept["model"])) if kept["browser"] == "chromium" else None


def _script(kept: Kept) -> Iterator[Line]:
    found = script_times(kept)
    rounds = next(row["ms"] for row in kept["result"]["rows"] if row["mode"] == kept["modes"][1])
    both = median_interval(rounds)
    yield [
        f"JavaScript a frame, `{kept['modes'][1]}`",
        kept["model"],
        where(kept),
        *_goal(goals.SCRIPT, lambda ms: f"{ms:g} ms"),
        f"{found.ours_ms:.2g} ms",
        f"{both.low:.2g} to {both.high:.2g} ms" if both else interval(None, None),
        found.rounds,
        goals.SCRIPT.verdict(found.ours_ms),
    ]


def _first(kept: Kept) -> Iterator[Line]:
    found = first_pictures(kept)
    yield [
        f"first picture, `direct-webgl` without autotune vs `{kept['modes'][0]}`",
        kept["model"],
        where(kept),
        *_goal(goals.FIRST, times),
        times(found.ratio),
        interval(found.low, found.high),
        found.rounds,
        goals.FIRST.verdict(found.ratio),
    ]


def _code(kept: Kept) -> Iterator[Line]:
    for name, size in kept["result"].items():
        goal = None if name == "all three" else goals.CODE
        yield [
            f"engine's code on the wire, gzip: {name}",
            "-",
            "-",
            *_goal(goal, lambda size: f"{size / 1000:g} kB"),
            f"{size['gzip'] / 1000:.1f} kB",
            "-",
            None,
            _verdict(goal, size["gzip"]),
        ]


def _look(kept: Kept) -> Iterator[Line]:
    for row in kept["result"]["rows"]:
        if row["reason"] is None and row["mode"].startswith(ENGINE):
            yield _difference(kept, row)


def _difference(kept: Kept, row: dict[str, Any]) -> Line:
    by, found = right_picture(row)
    verdict = goals.LEVELS.verdict(found["levels"])
    if verdict == "reached" and found["equal"] >= goals.EQUAL.aim:
        verdict = "aim reached"
    return [
        f"largest difference from {by}, `{row['mode']}`",
        kept["model"],
        where(kept),
        "1 level",
        "0 on 99.9 %",
        f"{found['levels']} {'level' if found['levels'] == 1 else 'levels'}, 0 on {share(found['equal'])}",
        "-",
        None,
        verdict,
    ]


def right_picture(row: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """The best yardstick there is, by its name: half floats round a value in a hundred to another level themselves."""
    names = {
        "keras_float32": "Keras (float32)",
        "reference": "the plain reference",
        "golden": "Keras (kept as float16)",
    }
    by = next(name for name in ("keras_float32", "reference", "golden") if name in row["differences"])
    return names[by], row["differences"][by]


def share(value: float) -> str:
    """A share of values; never "100 %" where one differs."""
    return f"{value * 100:.4g} %" if value == 1 or value < 0.9999 else f"{value * 100:.6g} %"


def _goal(goal: Goal | None, as_text: Any) -> tuple[str, str]:
    return (as_text(goal.least), as_text(goal.aim)) if goal else ("-", "-")


def _verdict(goal: Goal | None, value: float) -> str:
    return goal.verdict(value) if goal else ""
