"""What is stored about a run, as pairs of words: for two runs side by side. One list, so that nothing is compared twice."""

from collections.abc import Callable
from dataclasses import dataclass

from kit.db.dashboard.visits import RunPage
from kit.db.tables import Device
from kit.views.admin import show

Say = Callable[[RunPage], str]


@dataclass(frozen=True, slots=True)
class Fact:
    """One line: what it is, what each run says, and whether they differ. ``ratio``: second / first of a figure."""

    name: str
    first: str
    second: str
    ratio: float | None = None

    @property
    def differs(self) -> bool:
        return self.first != self.second


@dataclass(frozen=True, slots=True)
class FactGroup:
    """Lines under one heading."""

    title: str
    facts: list[Fact]

    @property
    def differing(self) -> int:
        return sum(fact.differs for fact in self.facts)


def compare_runs(first: RunPage, second: RunPage) -> list[FactGroup]:
    """Everything that is stored about two runs, line by line."""
    figures = [
        Fact(name, say(first), say(second), _ratio(value(first), value(second)))
        for name, say, value in FIGURES
    ]
    rest = [
        FactGroup(title, [Fact(name, say(first), say(second)) for name, say in lines])
        for title, lines in GROUPS
    ]
    return [FactGroup("Figures", figures), *rest]


def _ratio(first: float | None, second: float | None) -> float | None:
    return second / first if first and second else None


def _figure(name: str, say: Callable[[float | None], str]) -> tuple[Say, Callable[[RunPage], float | None]]:
    def value(page: RunPage) -> float | None:
        found = getattr(page.line.summary, name, None)
        return None if found is None else float(found)

    return (lambda page: say(value(page))), value


def _ms_of(name: str) -> Say:
    def say(page: RunPage) -> str:
        us = getattr(page.line.run, name)
        return show.ms(None if us is None else us / 1000)

    return say


def _run(name: str) -> Say:
    return lambda page: _text(getattr(page.line.run, name))


def _device(read: Callable[[Device], object]) -> Say:
    return lambda page: "not told" if page.device is None else _text(read(page.device), "not told")


def _environment(name: str, unit: str = "") -> Say:
    def say(page: RunPage) -> str:
        found = (page.line.run.environment or {}).get(name)
        if isinstance(found, float | int) and not isinstance(found, bool) and unit:
            return show.ms(found)
        return _text(found, "not sent")

    return say


def _text(value: object, nothing: str = "–") -> str:
    if value is None or value == "":
        return nothing
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def _golden(page: RunPage) -> str:
    run = page.line.run
    words = [(run.golden_status or "not checked").replace("_", " ")]
    if run.golden_max_abs_error is not None:
        words.append(f"largest error {run.golden_max_abs_error:.4f} of [−1, 1]")
    if run.golden_psnr_db is not None:
        words.append(f"PSNR {run.golden_psnr_db:.1f} dB")
    return ", ".join(words)


def _flags(page: RunPage) -> str:
    return ", ".join(flag.code for flag in page.line.flags) or "none"


FIGURES: tuple[tuple[str, Say, Callable[[RunPage], float | None]], ...] = (
    ("Capability, median a frame", *_figure("capability_ms_median", show.ms)),
    ("Capability, 95th percentile", *_figure("capability_ms_p95", show.ms)),
    ("Capability", *_figure("capability_fps", show.fps)),
    ("Displayed", *_figure("displayed_fps", show.fps)),
    ("Frames, capability", *_figure("frames", show.whole)),
    ("Pictures, displayed", *_figure("displayed_frames", show.whole)),
    ("Frames, warm-up", *_figure("warmup_frames", show.whole)),
)
GROUPS: tuple[tuple[str, tuple[tuple[str, Say], ...]], ...] = (
    (
        "Outcome",
        (
            ("Outcome", lambda page: show.outcome(page.line.run.outcome)[0]),
            ("Reason", _run("reason")),
            ("Flags", _flags),
            ("Events", lambda page: str(len(page.line.run.events))),
            ("Picture against the golden output", _golden),
        ),
    ),
    (
        "Condition and variant",
        (
            ("Model", lambda page: f"{page.line.run.bundle_name} {page.line.run.bundle_version}"),
            ("Hash of the model", lambda page: page.line.run.bundle_sha256[:12]),
            ("Mode", lambda page: show.asked_text(page.line.run.mode, page.line.run.wishes)),
            ("Threads", _run("threads")),
            ("Precision", _run("precision")),
            ("Tuning", _run("tuning")),
            ("Library", _run("library")),
            ("Kind", _run("kind")),
            ("Block", _run("block")),
        ),
    ),
    (
        "Load",
        (
            ("Bytes", lambda page: show.megabytes(page.line.run.load_bytes)),
            ("Load", _ms_of("load_us")),
            ("Compile", _ms_of("compile_us")),
            ("First picture", _ms_of("first_picture_us")),
            ("Cold", _run("cold")),
        ),
    ),
    (
        "Machine",
        (
            ("Machine", lambda page: show.short(page.visit.machine_id)),
            ("Visit", lambda page: show.short(page.visit.id)),
            ("Study", lambda page: page.study.title),
            ("GPU", lambda page: show.gpu_of(page.device)),
            ("Class", _device(lambda device: device.gpu_class)),
            ("Family", _device(lambda device: device.gpu_family)),
            ("Renderer of the run, raw", _run("renderer")),
            ("Renderer of the probe, raw", _device(lambda device: device.renderer)),
            (
                "Browser",
                _device(lambda device: " ".join(map(_text, (device.browser_name, device.browser_major)))),
            ),
            ("System", _device(lambda device: " ".join(map(_text, (device.os, device.os_version))))),
            ("Refresh rate", lambda page: show.hz(page.device.refresh_hz if page.device else None)),
        ),
    ),
    (
        "Environment",
        (
            ("Timer tick", _environment("tick_ms", "ms")),
            ("A frame is closed by", _environment("closing")),
            ("Closing an empty frame", _environment("close_ms", "ms")),
            ("Frames in flight", _environment("in_flight")),
            ("Isolated", _environment("isolated")),
            ("Visible", _environment("visible")),
            ("Focused", _environment("focused")),
            ("Canvas, width", _environment("canvas_width")),
            ("Canvas, height", _environment("canvas_height")),
        ),
    ),
)
"""Another line is another entry here; both runs and the JSON get it."""
