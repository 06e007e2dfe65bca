"""Flags: what may have bent a run's figures, and what follows for each figure.

A registry of rules. Flags are computed on the server from what is stored, so that a rule can be changed later and all
runs flagged again; each stored flag carries the version of the rules. Nothing is dropped silently: a run with an
``invalid`` flag stays in the store, counts as *hidden* on the dashboard, and its figures enter no group.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from kit.domain.gpu import parse_renderer
from kit.domain.stats.run import frame_count, summarise
from kit.domain.wire.device import DeviceBlock
from kit.domain.wire.run import EventType, RunReport

RULE_VERSION = 2

Level = Literal["invalid", "warn", "info"]

COARSE_TICK_MS = 1.0
DRIFT = 0.10
"""Relative change of the median frame time between the first and the last third of a window."""
DRIFT_MIN_SAMPLES = 30
VSYNC_SHARE = 0.97
MISMATCH = 0.5
"""Samples may leave gaps in a window, but a window cannot be far shorter than what happened in it."""


@dataclass(frozen=True, slots=True)
class Flag:
    """One flag of one run. ``effect`` says in a sentence what follows for its figures."""

    code: str
    level: Level
    effect: str


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: ``applies`` looks at the run and, where there is one, at the visit's device block.

    ``capability`` and ``displayed`` say what follows for each of the two figures.
    """

    code: str
    level: Level
    meaning: str
    capability: str
    displayed: str
    applies: Callable[[RunReport, DeviceBlock | None], bool]

    @property
    def effect(self) -> str:
        if self.capability == self.displayed:
            return f"Capability and displayed: {self.capability}."
        return f"Capability: {self.capability}. Displayed: {self.displayed}."


def flags_for(report: RunReport, device: DeviceBlock | None) -> list[Flag]:
    """The flags of one run, in the registry's order. Never raises on a report that validated."""
    return [Flag(rule.code, rule.level, rule.effect) for rule in RULES if rule.applies(report, device)]


def is_invalid(flags: Iterable[Flag]) -> bool:
    """Whether a run's figures stay out of every group figure."""
    return any(flag.level == "invalid" for flag in flags)


def _event(*types: EventType) -> Callable[[RunReport, DeviceBlock | None], bool]:
    return lambda report, _device: any(event.type in types for event in report.events)


def _hidden(report: RunReport, device: DeviceBlock | None) -> bool:
    away = report.environment is not None and not report.environment.visible
    return away or _event("hidden")(report, device)


def _unfocused(report: RunReport, device: DeviceBlock | None) -> bool:
    away = report.environment is not None and not report.environment.focused
    return away or _event("blurred")(report, device)


def _window_mismatch(report: RunReport, _device: DeviceBlock | None) -> bool:
    windows = [window for window in (report.capability, report.displayed) if window is not None and window.ms]
    return any(window.elapsed_ms < MISMATCH * sum(window.ms) for window in windows)


def _drift(report: RunReport, _device: DeviceBlock | None) -> bool:
    window = report.capability
    if window is None or len(window.k) < DRIFT_MIN_SAMPLES:
        return False
    per_frame = np.asarray(window.ms) / np.asarray(window.k)
    third = len(per_frame) // 3
    first, last = float(np.median(per_frame[:third])), float(np.median(per_frame[-third:]))
    return abs(last / first - 1) > DRIFT


def _batched(report: RunReport, _device: DeviceBlock | None) -> bool:
    return report.capability is not None and any(k > 1 for k in report.capability.k)


def _coarse_tick(report: RunReport, _device: DeviceBlock | None) -> bool:
    return report.environment is not None and report.environment.tick_ms >= COARSE_TICK_MS


def _not_isolated(report: RunReport, _device: DeviceBlock | None) -> bool:
    return report.environment is not None and not report.environment.isolated


def probed_renderer(device: DeviceBlock | None) -> str | None:
    """The renderer string that the probe gave: unmasked where the browser tells it."""
    if device is None or device.webgl is None:
        return None
    return device.webgl.unmasked_renderer or device.webgl.renderer


def probed_adapter(device: DeviceBlock | None) -> str | None:
    """The WebGPU adapter that the probe found, in the words that runs on WebGPU have for theirs.

    Vendor, then the most exact of the other names: see ``describeAdapter`` in web/src/engine/webgpu/adapter.ts.
    """
    if device is None or device.webgpu is None:
        return None
    adapter = device.webgpu
    exact = adapter.description or adapter.device or adapter.architecture
    return " ".join(part for part in (adapter.vendor, exact) if part) or None


def _renderer_differs(report: RunReport, device: DeviceBlock | None) -> bool:
    if report.environment is None:
        return False
    # WebGPU has names of its own for the same GPU; frames that are closed by "work done" ran on it.
    on_webgpu = report.environment.closing == "work_done"
    probed = probed_adapter(device) if on_webgpu else probed_renderer(device)
    own = report.environment.renderer
    return bool(probed and own and probed != own)


def _half_refused(report: RunReport, _device: DeviceBlock | None) -> bool:
    return HALF_REFUSED in (report.variant.tuning or "").split(",")


def _readback_masked(report: RunReport, _device: DeviceBlock | None) -> bool:
    return report.golden is not None and report.golden.status == "readback_masked"


def _unchecked(report: RunReport, _device: DeviceBlock | None) -> bool:
    if report.kind == "play" or report.outcome != "ok":
        return False
    return report.golden is None or report.golden.status == "not_checked"


def _software(report: RunReport, device: DeviceBlock | None) -> bool:
    own = report.environment.renderer if report.environment else None
    renderer = own or probed_renderer(device)
    return renderer is not None and parse_renderer(renderer).class_ == "software"


def _vsync_cap(report: RunReport, device: DeviceBlock | None) -> bool:
    displayed = summarise(report).displayed_fps
    if displayed is None or device is None or device.refresh_hz is None:
        return False
    return frame_count(report.displayed) > 0 and displayed >= VSYNC_SHARE * device.refresh_hz


HALF_REFUSED = "half=wrong"
"""In a run's tuning: half precision was tried and its golden picture was wrong, so the run is one in float32."""

OUT = "not used in any group figure"
KEPT = "kept"
PAIRED = "kept; compare with care"

RULES: tuple[Rule, ...] = (
    Rule("hidden", "invalid", "the page was hidden, so the browser held back its work", OUT, OUT, _hidden),
    Rule(
        "unfocused",
        "invalid",
        "the page had lost the focus, so the browser may hold back its work",
        OUT,
        OUT,
        _unfocused,
    ),
    Rule(
        "context_lost", "invalid", "the GPU context was lost", OUT, OUT, _event("context_lost", "device_lost")
    ),
    Rule("fell_back", "invalid", "another back end did the work", OUT, OUT, _event("fell_back")),
    Rule("disjoint", "invalid", "the GPU's clock changed during the run", OUT, OUT, _event("disjoint")),
    Rule(
        "window_mismatch", "invalid", "the samples last longer than their window", OUT, OUT, _window_mismatch
    ),
    Rule("drift", "warn", "frame times changed by more than 10 % within the window", PAIRED, PAIRED, _drift),
    Rule(
        "batched",
        "warn",
        "frames were too quick to time one by one",
        "kept, without percentiles",
        KEPT,
        _batched,
    ),
    Rule("coarse_tick", "warn", "the timer ticks once a millisecond or slower", PAIRED, KEPT, _coarse_tick),
    Rule(
        "not_isolated",
        "warn",
        "the page was not isolated, so timers are coarse and threads are off",
        PAIRED,
        KEPT,
        _not_isolated,
    ),
    Rule(
        "renderer_differs",
        "warn",
        "the run's context had another renderer than the probe",
        PAIRED,
        PAIRED,
        _renderer_differs,
    ),
    Rule(
        "readback_masked",
        "warn",
        "the browser masks read-backs, so the picture could not be checked",
        KEPT,
        KEPT,
        _readback_masked,
    ),
    Rule(
        "unchecked", "warn", "the picture was not compared with the golden output", PAIRED, PAIRED, _unchecked
    ),
    Rule(
        "half_refused",
        "info",
        "half precision gave a wrong picture here, so the engine went on in float32",
        KEPT,
        KEPT,
        _half_refused,
    ),
    Rule(
        "software",
        "info",
        "a software renderer drew the picture",
        "kept in a group of its own",
        "kept in a group of its own",
        _software,
    ),
    Rule(
        "vsync_cap",
        "info",
        "the display's refresh rate is the limit",
        KEPT,
        "kept; it may be able to show more",
        _vsync_cap,
    ),
)
"""To add a flag, add a rule: the page of a run, the exports and the help page read this table."""
