"""How numbers and times look on the dashboard: every figure with its unit. Templates call these as ``show.fps(x)``."""

from collections.abc import Sequence
from datetime import datetime

from kit.db.tables import Device
from kit.domain import modes
from kit.domain.stats.group import Share, Spread
from kit.models.manifest import Alpha, Area, Bicubic, Grey, Preprocess, Scale

NOTHING = "–"
NOT_SENT = "Device not sent"
NO_WEBGL = "No WebGL"
NO_NAME = "GPU not named"


def asked_text(mode: str, wishes: str) -> str:
    """A mode as the study named it: direct-wasm[threads=1]."""
    return modes.asked_text(mode, wishes)


def number(value: float | None) -> str:
    """Three significant digits or whole: 0.005, 4.27, 42.7, 427, 1,234."""
    if value is None:
        return NOTHING
    if abs(value) >= 100:
        return f"{value:,.0f}"
    if abs(value) >= 10:
        return f"{value:.1f}"
    return f"{value:.2f}" if abs(value) >= 0.1 or value == 0 else f"{value:.2g}"


def fps(value: float | None) -> str:
    """Frames a second."""
    return NOTHING if value is None else f"{number(value)} FPS"


def ms(value: float | None) -> str:
    """Milliseconds."""
    return NOTHING if value is None else f"{number(value)} ms"


def hz(value: float | None) -> str:
    """Hertz."""
    return NOTHING if value is None else f"{number(value)} Hz"


def whole(value: float | None) -> str:
    """A count without a noun."""
    return NOTHING if value is None else f"{value:,.0f}"


def clip(text: str | None, most: int = 300) -> str:
    """The beginning of a long text that came from outside, and how much is left out."""
    if text is None or len(text) <= most:
        return text or ""
    return f"{text[:most]}… ({len(text) - most:,} more characters)"


def percent(share: float) -> str:
    """A share as whole percent."""
    return f"{round(share * 100)} %"


def megabytes(size: int | None) -> str:
    """Bytes in MB (10^6), or in kB where it would say 0.0."""
    if size is None:
        return NOTHING
    return f"{size / 1e6:.1f} MB" if size >= 1e5 or size == 0 else f"{size / 1e3:.1f} kB"


def shape(extents: Sequence[int]) -> str:
    """Height, width and channels of a picture: "256 × 256 × 3, RGB"."""
    kinds = {1: "grey", 3: "colour", 4: "colour and alpha"}
    return " × ".join(map(str, extents)) + f", {kinds.get(extents[-1], 'channels')}"


def span(ends: Sequence[float]) -> str:
    """A range of values: "−1 to 1"."""
    return " to ".join(f"{end:.4g}".replace("-", "−") for end in ends)


def pair(ends: Sequence[float]) -> str:
    """A range as forms take it: "-1,1"."""
    return ",".join(f"{end:g}" for end in ends)


def decibels(value: float | None) -> str:
    """A signal to noise ratio."""
    return NOTHING if value is None else f"{value:.1f} dB"


def work(multiply_adds: int) -> str:
    """Multiply-adds, in millions from a million on."""
    millions = multiply_adds / 1e6
    return f"{multiply_adds:,} multiply-adds" if millions < 1 else f"{number(millions)} million multiply-adds"


PRECISIONS = {"int8": "8 bit", "float16": "half floats", "float32": "full floats"}


def precision(name: str) -> str:
    """How weights are stored, in words."""
    return PRECISIONS.get(name, name)


def steps(preprocessing: Sequence[Preprocess]) -> str:
    """What is done to a picture of 256 × 256 before the network sees it."""
    words = []
    for step in preprocessing:
        match step:
            case Grey():
                words.append("made grey")
            case Area():
                words.append(f"averaged down to {step.size[0]} × {step.size[1]}")
            case Bicubic():
                words.append(f"brought to {step.size[0]} × {step.size[1]}, smoothly")
            case Alpha():
                words.append("given a full alpha channel")
            case Scale():
                words.append(f"{span(step.from_)} turned into {span(step.to)}")
    return "; ".join(words) or "nothing: the network takes the picture as it is"


def count(value: int, one: str, many: str | None = None) -> str:
    """A count with its noun: "1 machine", "2 machines"."""
    return f"{value:,} {one if value == 1 else many or one + 's'}"


def interval(spread: Spread) -> str:
    """The ends of a median's interval."""
    return f"{number(spread.interval.low)}–{number(spread.interval.high)}"


def share(value: Share) -> str:
    """A share: one percentage, or the lowest and highest possible one where machines are unknown."""
    if value.unknown == 0:
        return percent(value.low)
    return f"{round(value.low * 100)}–{percent(value.high)}"


def share_interval(value: Share) -> str:
    """The interval of a share in percent."""
    return f"{round(value.interval.low * 100)}–{percent(value.interval.high)}"


def share_counts(value: Share) -> str:
    """How many machines stand behind a share."""
    unknown = f", {value.unknown} unknown" if value.unknown else ""
    return f"{value.yes} of {value.started}{unknown}"


def dots(values: Sequence[float]) -> str:
    """Machines' own values, lowest first."""
    return " · ".join(number(value) for value in values)


def when(moment: datetime | None) -> str:
    """A moment in UTC, to the minute."""
    return NOTHING if moment is None else moment.strftime("%Y-%m-%d %H:%M UTC")


def gpu(model: str | None, vendor: str | None = None) -> str:
    """A GPU's name as a heading says it."""
    if model == "unknown":
        return f"{NO_NAME} ({vendor})" if vendor and vendor != "unknown" else NO_NAME
    return model or NOT_SENT


def gpu_of(device: Device | None) -> str:
    """A visit's GPU, or why there is no name."""
    if device is not None and device.webgl is False:
        return NO_WEBGL
    return gpu(device.gpu_model, device.gpu_vendor) if device is not None else NOT_SENT


def short(identifier: str) -> str:
    """The first part of a random id: enough to tell two apart on one page."""
    return identifier[:8]


OUTCOMES = {
    "ok": ("ok", "good"),
    "wrong_output": ("wrong picture", "bad"),
    "unavailable": ("not available", "warn"),
    "failed": ("failed", "bad"),
    "too_slow": ("too slow", "bad"),
    "stopped": ("stopped", "warn"),
    "lost": ("lost", "warn"),
}
STATES = {
    "started": ("not finished", "warn"),
    "finished": ("finished", "good"),
    "stopped": ("stopped", "warn"),
    "no_webgl": ("no WebGL", "bad"),
}
LEVELS = {"invalid": "bad", "warn": "warn", "info": "info"}


def outcome(code: str) -> tuple[str, str]:
    """A run's outcome in words, and its tone."""
    return OUTCOMES.get(code, (code, ""))


def state(code: str) -> tuple[str, str]:
    """A visit's state in words, and its tone."""
    return STATES.get(code, (code, ""))


def level(code: str) -> str:
    """The tone of a flag's level."""
    return LEVELS.get(code, "")
