"""The strip of a run: every sample of its windows as a dot over time, drawn by the server so that it needs no script."""

from collections.abc import Sequence
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
TITLES = {"warmup": "Warm-up", "capability": "Capability", "displayed": "Displayed"}
MARKS = ((24, 1000 / 24), (30, 1000 / 30), (60, 1000 / 60))


@dataclass(frozen=True, slots=True)
class Panel:
    """One window: where it stands, its dots as an SVG path, the height of its median. All in units of the drawing."""

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


@dataclass(frozen=True, slots=True)
class Line:
    """A horizontal line with its label."""

    y: float
    label: str


@dataclass(frozen=True, slots=True)
class Strip:
    """The whole drawing. ``above``: samples over the top of the scale, drawn at its edge."""

    panels: Sequence[Panel]
    ticks: Sequence[Line]
    marks: Sequence[Line]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM

    @property
    def above(self) -> int:
        return sum(panel.above for panel in self.panels)


def make_strip(windows: dict[str, Samples]) -> Strip | None:
    """The drawing of a run's windows; ``None`` where there is no sample."""
    shown = [(phase, windows[phase]) for phase in TITLES if phase in windows and windows[phase].k]
    if not shown:
        return None
    top_ms = _scale([_per_frame(samples) for _, samples in shown])
    lengths = [max(1.0, sum(samples.ms)) for _, samples in shown]
    room = WIDTH - LEFT - RIGHT - GAP * (len(shown) - 1)
    panels, left = [], float(LEFT)
    for (phase, samples), length in zip(shown, lengths, strict=True):
        width = room * length / sum(lengths)
        panels.append(_panel(phase, samples, left, width, top_ms))
        left += width + GAP
    marks = [Line(_y(ms, top_ms), f"{fps} FPS") for fps, ms in MARKS if 0.06 * top_ms < ms < 0.97 * top_ms]
    return Strip(panels, [Line(_y(ms, top_ms), f"{ms:g}") for ms in _ticks(top_ms)], marks)


def _panel(phase: str, samples: Samples, left: float, width: float, top_ms: float) -> Panel:
    values, ends = _per_frame(samples), np.cumsum(samples.ms)
    chosen = _thinned(values)
    xs = left + width * ends[chosen] / max(float(ends[-1]), 1e-9)
    path = "".join(f"M{x:.1f} {_y(ms, top_ms):.1f}h0" for x, ms in zip(xs, values[chosen], strict=True))
    median = median_ms(samples)
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
    )


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
