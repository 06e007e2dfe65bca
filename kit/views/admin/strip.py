"""The strip of a run: every sample of its windows as a dot over time, its flags under the window that they concern, its
events on a line of their own. Drawn by the server so that it needs no script. Several strips can share their scales.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kit.domain.stats.run import median_ms
from kit.domain.wire.run import Samples

Floats = npt.NDArray[np.float64]
Positions = npt.NDArray[np.int64]

WIDTH, HEIGHT = 960, 260
LEFT, RIGHT, TOP, BOTTOM = 56, 8, 26, 30
GAP = 10
MAX_DOTS = 1_500
FLAG_ROW, EVENT_ROW = 18, 54
MOST_EVENTS = 100
MIN_WIDTH = 3.0
TITLES = {"warmup": "Warm-up", "capability": "Capability", "displayed": "Displayed"}
CONCERNS = {
    "drift": "capability",
    "batched": "capability",
    "coarse_tick": "capability",
    "vsync_cap": "displayed",
}
"""Flags that are about one window; all others are about the whole run."""
LETTER = 6.6
TONES = {"shown": "", "focused": "", "resized": "", "context_restored": ""}
"""Events that bend nothing by themselves; all others do."""
MARKS = ((24, 1000 / 24), (30, 1000 / 30), (60, 1000 / 60))


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a strip is drawn from. ``events``: (milliseconds after the run's start, type). ``flags``: codes."""

    windows: Mapping[str, Samples]
    events: Sequence[tuple[float, str]] = ()
    flags: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Level:
    """A short horizontal line within a panel."""

    x: float
    y: float
    width: float


@dataclass(frozen=True, slots=True)
class Panel:
    """One window: where it stands, its dots as an SVG path, the height of its median. All in units of the drawing.

    ``drift``: the medians of its first and last third, where the run is flagged for their difference.
    """

    phase: str
    title: str
    left: float
    width: float
    path: str
    median_y: float | None
    median_ms: float | None
    seconds: float
    samples: int
    above: int
    flags: str = ""
    drift: Sequence[Level] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A horizontal line with its label."""

    y: float
    label: str


@dataclass(frozen=True, slots=True)
class EventMark:
    """An event on its line; ``label`` is empty where there is no room for another one."""

    x: float
    seconds: float
    type: str
    label: str
    tone: str


@dataclass(frozen=True, slots=True)
class Strip:
    """The whole drawing. ``above``: samples over the top of the scale, drawn at its edge.

    ``flags`` are those of the whole run. The events' line is as long as the run and has a scale of its own: between the
    windows a run loads, compiles and checks its picture.
    """

    panels: Sequence[Panel]
    ticks: Sequence[Line]
    marks: Sequence[Line]
    flags: str = ""
    events: Sequence[EventMark] = ()
    event_seconds: float = 0.0
    events_left: int = 0
    width: int = WIDTH
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM

    @property
    def above(self) -> int:
        return sum(panel.above for panel in self.panels)

    @property
    def panel_flags_y(self) -> int:
        """The line of the panels' flags."""
        return HEIGHT + 8

    @property
    def flags_y(self) -> int:
        """The line of the whole run's flags, under that of the panels'."""
        return HEIGHT + 8 + (FLAG_ROW if self._panel_flags else 0)

    @property
    def event_y(self) -> int:
        return self._flags_end + 26

    @property
    def height(self) -> int:
        return self._flags_end + (EVENT_ROW if self.events else 0)

    @property
    def _panel_flags(self) -> bool:
        return any(panel.flags for panel in self.panels)

    @property
    def _flags_end(self) -> int:
        return HEIGHT + FLAG_ROW * (self._panel_flags + bool(self.flags))


def make_strip(
    windows: Mapping[str, Samples],
    events: Sequence[tuple[float, str]] = (),
    flags: Sequence[str] = (),
) -> Strip | None:
    """The drawing of a run's windows; ``None`` where there is no sample."""
    return make_strips([Recorded(windows, events, flags)])[0]


def make_strips(runs: Sequence[Recorded]) -> list[Strip | None]:
    """Drawings on the same scales: as many milliseconds up and seconds across in one as in the other."""
    shown = [_shown(run) for run in runs]
    drawn = [windows for windows in shown if windows]
    if not drawn:
        return [None for _ in runs]
    top_ms = _scale([_per_frame(samples) for windows in drawn for _, samples in windows])
    per_ms = min(
        (WIDTH - LEFT - RIGHT - GAP * (len(windows) - 1)) / sum(_length(samples) for _, samples in windows)
        for windows in drawn
    )
    return [
        _strip(run, windows, top_ms, per_ms) if windows else None
        for run, windows in zip(runs, shown, strict=True)
    ]


def _shown(run: Recorded) -> list[tuple[str, Samples]]:
    return [(phase, run.windows[phase]) for phase in TITLES if phase in run.windows and run.windows[phase].k]


def _length(samples: Samples) -> float:
    return max(1.0, sum(samples.ms))


def _strip(run: Recorded, shown: Sequence[tuple[str, Samples]], top_ms: float, per_ms: float) -> Strip:
    panels, left = [], float(LEFT)
    for phase, samples in shown:
        width = max(MIN_WIDTH, _length(samples) * per_ms)
        panels.append(_panel(phase, samples, left, width, top_ms, run.flags))
        left += width + GAP
    marks = [Line(_y(ms, top_ms), f"{fps} FPS") for fps, ms in MARKS if 0.06 * top_ms < ms < 0.97 * top_ms]
    phases = {phase for phase, _ in shown}
    whole = [flag for flag in run.flags if CONCERNS.get(flag) not in phases]
    longest_ms = max([sum(_length(samples) for _, samples in shown), *(at_ms for at_ms, _ in run.events)])
    return Strip(
        panels=panels,
        ticks=[Line(_y(ms, top_ms), f"{ms:g}") for ms in _ticks(top_ms)],
        marks=marks,
        flags=_words(whole),
        events=_event_marks(run.events[:MOST_EVENTS], longest_ms),
        event_seconds=longest_ms / 1000,
        events_left=max(0, len(run.events) - MOST_EVENTS),
    )


def _panel(
    phase: str, samples: Samples, left: float, width: float, top_ms: float, flags: Sequence[str]
) -> Panel:
    values, ends = _per_frame(samples), np.cumsum(samples.ms)
    chosen = _thinned(values)
    xs = left + width * ends[chosen] / max(float(ends[-1]), 1e-9)
    path = "".join(f"M{x:.1f} {_y(ms, top_ms):.1f}h0" for x, ms in zip(xs, values[chosen], strict=True))
    median = median_ms(samples)
    own = [flag for flag in flags if CONCERNS.get(flag) == phase]
    return Panel(
        phase=phase,
        title=TITLES[phase],
        left=round(left, 1),
        width=round(width, 1),
        path=path,
        median_y=None if median is None else round(_y(median, top_ms), 1),
        median_ms=median,
        seconds=float(ends[-1]) / 1000,
        samples=len(values),
        above=int((values > top_ms).sum()),
        flags=_words(own),
        drift=_thirds(values, left, width, top_ms) if "drift" in own else (),
    )


def _thirds(values: Floats, left: float, width: float, top_ms: float) -> list[Level]:
    """The medians of the first and the last third of the samples: what the flag ``drift`` compares."""
    third = len(values) // 3
    if not third:
        return []
    parts = ((left, values[:third]), (left + width * 2 / 3, values[-third:]))
    return [
        Level(round(x, 1), round(_y(float(np.median(part)), top_ms), 1), round(width / 3, 1))
        for x, part in parts
    ]


def _event_marks(events: Sequence[tuple[float, str]], longest_ms: float) -> list[EventMark]:
    marks, free = [], 0.0
    for at_ms, kind in sorted(events):
        x = LEFT + (WIDTH - LEFT - RIGHT) * at_ms / longest_ms
        words = kind.replace("_", " ")
        fits = x >= free and x + len(words) * LETTER <= WIDTH
        free = x + (len(words) + 2) * LETTER if fits else free
        marks.append(
            EventMark(round(x, 1), at_ms / 1000, words, words if fits else "", TONES.get(kind, "bad"))
        )
    return marks


def _words(flags: Sequence[str]) -> str:
    return ", ".join(flag.replace("_", " ") for flag in flags)


def _per_frame(samples: Samples) -> Floats:
    return np.asarray(samples.ms, dtype=np.float64) / np.asarray(samples.k, dtype=np.float64)


def _scale(windows: Sequence[Floats]) -> float:
    """The top of the scale: nearly all samples of the measured windows; a few stragglers are drawn at the edge."""
    return float(max(np.percentile(values, 98) for values in windows)) * 1.25


def _thinned(values: Floats) -> Positions:
    """Positions to draw: all, or the lowest and highest of each stretch, so that no spike is lost."""
    if len(values) <= MAX_DOTS:
        return np.arange(len(values))
    stretches = np.array_split(np.arange(len(values)), MAX_DOTS // 2)
    ends = {int(part[pick]) for part in stretches for pick in (values[part].argmin(), values[part].argmax())}
    return np.array(sorted(ends), dtype=np.int64)


def _ticks(top_ms: float) -> list[float]:
    """Four or five round numbers from 0 on."""
    raw = top_ms / 4
    size = 10.0 ** np.floor(np.log10(raw))
    step = float(next(size * factor for factor in (1, 2, 5, 10) if size * factor >= raw))
    return [round(step * at, 10) for at in range(int(top_ms / step) + 1)]


def _y(ms: float, top_ms: float) -> float:
    return float(HEIGHT - BOTTOM - (HEIGHT - BOTTOM - TOP) * min(ms, top_ms) / top_ms)
