"""What ``kit bench`` prints when it is done: the table, what failed and why, and the ratios."""

from collections.abc import Iterator, Sequence

from kit.bench.ratio import Ratio
from kit.bench.rows import Row
from kit.commands.output import cell, table_lines

COLUMNS = (
    ("model", "model"),
    ("mode", "mode"),
    ("ok", "ok"),
    ("load ms", "load_ms"),
    ("first ms", "first_frame_ms"),
    ("frames", "frames"),
    ("median ms", "capability_ms_median"),
    ("p95 ms", "capability_ms_p95"),
    ("fps", "capability_fps"),
    ("displayed fps", "displayed_fps"),
    ("golden error", "golden_max_abs_error"),
    ("flags", "flags"),
)

RATIO_COLUMNS = ("model", "reference (theirs)", "mode (ours)", "theirs / ours", "95 % interval", "rounds")


def report_lines(rows: Sequence[Row], ratios: Sequence[Ratio]) -> Iterator[str]:
    """Every line of the report, top to bottom."""
    renderers = sorted({row["renderer"] for row in rows if row["renderer"]})
    yield f"Renderer: {' | '.join(renderers) or 'not known'}"
    rates = [row["refresh_hz"] for row in rows if row["refresh_hz"]]
    yield f"Screen: {rates[0]:.1f} Hz" if rates else "Screen: refresh rate not known"
    yield ""
    yield from table_lines([title for title, _ in COLUMNS], [_cells(row) for row in rows])
    yield from _reasons(rows)
    if ratios:
        yield ""
        yield "A frame of the reference takes so many times as long as one of the mode (rounds A B, B A, ... in one page):"
        yield ""
        yield from table_lines(RATIO_COLUMNS, [ratio_cells(ratio) for ratio in ratios])


def ratio_cells(ratio: Ratio) -> list[object]:
    """One line of the table of ratios."""
    low, high = ratio.speedup_low, ratio.speedup_high
    interval = f"{low:.3g} to {high:.3g}" if low and high else "needs six rounds"
    return [ratio.model, ratio.reference, ratio.mode, f"{ratio.speedup:.3g}", interval, ratio.rounds]


def _cells(row: Row) -> list[object]:
    values = [row[key] for _, key in COLUMNS[:-1]]
    return [*values, ", ".join(row["flags"])]


def _reasons(rows: Sequence[Row]) -> Iterator[str]:
    for row in rows:
        if not row["ok"]:
            bound = f" (a frame takes more than {cell(row['bound_ms'])} ms)" if row["bound_ms"] else ""
            yield f"{row['model']} {row['mode']}: {row['outcome']}: {row['reason']}{bound}"
