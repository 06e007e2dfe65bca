"""What stands below the table: the figures behind it."""

from collections.abc import Iterator, Sequence
from typing import Any

from kit.bench.figures.compare import first_pictures, script_times
from kit.bench.figures.keep import Kept
from kit.bench.figures.markdown import interval, section, table, times
from kit.bench.figures.rows import share, where


def of_task(everything: Sequence[Kept], task: str) -> list[Kept]:
    """Those with a result."""
    return [kept for kept in everything if kept["task"] == task and kept["trouble"] is None]


def behind(everything: Sequence[Kept]) -> Iterator[str]:
    """Where the engine is not ahead: every comparison whose interval does not lie above 1."""
    rows = [row for kept in of_task(everything, "pair") for row in _behind(kept)]
    rows += [row for kept in of_task(everything, "first") for row in _later(kept)]
    yield from section("Where it is not ahead")
    yield ""
    if rows:
        yield from table(("comparison", "model", "where", "theirs / ours", "95 % interval"), rows)
    elif any(of_task(everything, task) for task in ("pair", "first")):
        yield "In no comparison above: every interval lies above 1."
    else:
        yield "No comparison was taken yet."


def _behind(kept: Kept) -> Iterator[list[object]]:
    theirs, ours = kept["modes"]
    for ratio in kept["result"]["ratios"]:
        low, high = ratio["speedup_low"], ratio["speedup_high"]
        if (low or ratio["speedup"]) <= 1:
            ends = interval(low, high)
            yield [f"`{ours}` vs `{theirs}`", kept["model"], where(kept), times(ratio["speedup"]), ends]


def _later(kept: Kept) -> Iterator[list[object]]:
    found = first_pictures(kept)
    if (found.low or found.ratio) <= 1:
        ends = interval(found.low, found.high)
        yield ["first picture", kept["model"], where(kept), times(found.ratio), ends]


def frames(everything: Sequence[Kept]) -> Iterator[str]:
    """Milliseconds a frame of every mode in every pair."""
    columns = (
        "model",
        "where",
        "pair",
        "mode",
        "ms a frame",
        "threads",
        "precision",
        "tuning",
        "error",
        "library",
    )
    rows = [row for kept in of_task(everything, "pair") for row in _conditions(kept)]
    if rows:
        yield from section(
            "Milliseconds a frame",
            "Median over all rounds, from bytes in memory to the picture on its canvas. Error: largest difference from the"
            " golden output in units of [-1, 1]; more than 0.02 would have been no run.",
        )
        yield ""
        yield from table(columns, rows)


def _conditions(kept: Kept) -> Iterator[list[object]]:
    for row in kept["result"]["conditions"]:
        yield [
            row["model"],
            where(kept),
            f"vs {' / '.join(mode for mode in kept['modes'] if mode != row['mode'])}",
            f"`{row['mode']}`",
            row["capability_ms_median"],
            row["threads"],
            row["precision"],
            row["tuning"],
            row["golden_max_abs_error"],
            row["library"],
        ]


def script(everything: Sequence[Kept]) -> Iterator[str]:
    """JavaScript a frame, with the calls."""
    parts = of_task(everything, "script")
    if not parts:
        return
    yield from section(
        "JavaScript a frame",
        "How long a frame keeps the page's thread, until its last call of WebGL has returned; what the GPU does afterwards"
        " is not in it. Calls and draws are counted on the context.",
    )
    rows = [
        [
            kept["model"],
            where(kept),
            f"`{row['mode']}`",
            _middle(row["ms"]),
            row["calls"],
            row["draws"],
            times(script_times(kept).ratio) if row["mode"] == kept["modes"][1] else "",
        ]
        for kept in parts
        for row in kept["result"]["rows"]
    ]
    yield ""
    yield from table(("model", "where", "mode", "ms", "calls", "draws", "theirs / ours"), rows)


def _middle(values: Sequence[float]) -> float:
    return sorted(values)[len(values) // 2]


def first(everything: Sequence[Kept]) -> Iterator[str]:
    """The first picture of both."""
    parts = of_task(everything, "first")
    if not parts:
        return
    yield from section(
        "First picture",
        "Milliseconds from a model and code in memory to the first picture on its canvas: compile and upload. Each in a"
        " browser with an empty profile, because browsers keep shaders. The engine's autotune is off.",
    )
    rows: list[list[object]] = []
    for kept in parts:
        found = first_pictures(kept)
        ratio = [times(found.ratio), interval(found.low, found.high), found.rounds]
        rows.append([kept["model"], where(kept), found.theirs_ms, found.ours_ms, *ratio])
    yield ""
    yield from table(
        ("model", "where", "tfjs-webgl ms", "direct-webgl ms", "theirs / ours", "95 % interval", "rounds"),
        rows,
    )


def differences(everything: Sequence[Kept]) -> Iterator[str]:
    """How far every mode's picture is from the right ones."""
    parts = of_task(everything, "look")
    if not parts:
        return
    yield from section(
        "Differences",
        "The picture of the golden input as shown, against three right ones: what Keras makes with float32 (made again for"
        " this table), the golden output of the bundle (Keras, kept as float16, which by itself moves about one value in a"
        " hundred to the next level), and the engine's plain reference. Largest difference in 8-bit levels, and the share"
        " of values that are exactly the same.",
    )
    rows = [
        [kept["model"], where(kept), f"`{row['mode']}`", *_difference(row)]
        for kept in parts
        for row in kept["result"]["rows"]
    ]
    yield ""
    yield from table(("model", "where", "mode", "Keras, float32", "golden output", "plain reference"), rows)


def _difference(row: dict[str, Any]) -> list[object]:
    if row["reason"] is not None:
        return [f"did not run: {row['reason']}", None, None]
    found = row["differences"]
    return [
        f"{found[by]['levels']}, {share(found[by]['equal'])}" if by in found else None
        for by in ("keras_float32", "golden", "reference")
    ]


def layers(everything: Sequence[Kept]) -> Iterator[str]:
    """Milliseconds of each layer, a column for each of the engine's modes; a table for each model."""
    parts = of_task(everything, "look")
    for model in dict.fromkeys(kept["model"] for kept in parts):
        own = [kept for kept in parts if kept["model"] == model]
        yield from _layer_table(model, own)


def _layer_table(model: str, parts: Sequence[Kept]) -> Iterator[str]:
    columns = {
        f"{row['mode']} ({where(kept)})": {step["name"]: step["ms"] for step in row["layers"]}
        for kept in parts
        for row in kept["result"]["rows"]
        if row["reason"] is None and row["layers"]
    }
    plan = {step["name"]: step for step in parts[0]["result"]["plan"]}
    names = dict.fromkeys([*(name for steps in columns.values() for name in steps), *plan])
    rows = [
        [
            name,
            plan[name]["what"] if name in plan else "",
            plan[name]["to"] if name in plan else "",
            plan[name]["multiplyAdds"] if name in plan else None,
            *(steps.get(name) for steps in columns.values()),
        ]
        for name in names
    ]
    sums: list[object] = ["all", "", "", sum(step["multiplyAdds"] for step in plan.values())]
    rows.append([*sums, *(sum(steps.values()) for steps in columns.values())])
    yield from section(
        f"Layers of {model}",
        "Milliseconds of each step by itself (`Session.profile`, median of three). Steps that are timed alone wait for each"
        " other, so their sum is more than a frame on a GPU.",
    )
    yield ""
    yield from table(("step", "what", "to", "multiply-adds", *columns), rows)
