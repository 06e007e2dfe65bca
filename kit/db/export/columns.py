"""Every column of every exported table, once: the files, the codebook, the API's document and the Parquet schema read this.

To add a column, add a line here and its value where the row is made (``kit.db.export.reading``).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

Kind = Literal["text", "whole", "number", "yes_no", "time"]
KINDS: dict[Kind, str] = {
    "text": "text",
    "whole": "whole number",
    "number": "number, 64 bit floating point",
    "yes_no": "true or false",
    "time": "moment in UTC, ISO 8601",
}
Source = Literal["browser", "server", "study", "rules", "administrator"]
SOURCES: dict[Source, str] = {
    "browser": "as the tester's browser sent it",
    "server": "made or counted by the server",
    "study": "from the study's plan",
    "rules": "derived by versioned rules, and made again when they change",
    "administrator": "written by an administrator",
}
assert set(get_args(Kind)) == set(KINDS)
assert set(get_args(Source)) == set(SOURCES)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: what it means, in which unit ("" where it has none), its type, and where it comes from."""

    name: str
    kind: Kind
    meaning: str
    source: Source
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One exported table; ``row`` says what a line is."""

    name: str
    row: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)


def _all(kind: Kind, source: Source, unit: str = "", **meanings: str) -> Iterable[Column]:
    return (Column(name, kind, meaning, source, unit) for name, meaning in meanings.items())


VISIT_ID = Column("visit", "text", "Random id of the visit", "browser")
MACHINE_ID = Column(
    "machine", "text", "Random id of the machine; joined browsers on one computer share it", "browser"
)
STUDY = Column("study", "text", "Short name of the study", "server")
STAGE = Column("stage", "text", "pilot or main: the study's stage when the visit began", "study")
LINK = Column("link", "text", "Token of the link that the visit came by", "server")
SIMULATED = Column("simulated", "yes_no", "A synthetic tester, never mixed with people in a figure", "server")
REJECTED = Column(
    "rejected", "yes_no", "An administrator keeps the visit out of all figures", "administrator"
)
GPU = (
    *_all(
        "text",
        "rules",
        gpu_vendor="Who made the GPU, read from the renderer string; empty where nothing was sent",
        gpu_model="The GPU's name, read from the renderer string; empty where nothing was sent",
        gpu_family="The group of GPUs that it belongs to",
        gpu_class="discrete, integrated, mobile, software, virtual or unknown",
    ),
    Column("gpu_blurred", "yes_no", "The browser names a stand-in for many GPUs, not the GPU", "rules"),
)
BROWSER = (
    Column("browser", "text", "Name of the browser", "browser"),
    Column("browser_major", "whole", "Major version of the browser", "browser"),
)
SYSTEM = Column("os", "text", "Operating system", "browser")
CONDITION = (
    *_all(
        "text",
        "study",
        model="Name of the neural network's bundle",
        version="Version of the bundle",
        model_sha256="sha256 of the bundle's manifest: the same hash, the same weights",
        mode="What runs the network and how its picture reaches the screen; see /help/measuring",
        wishes="What the study asked of the mode, as in its brackets; mostly empty",
    ),
)
RUN_FIGURES = (
    Column(
        "capability_ms_median",
        "number",
        "Median time of a frame when frames follow each other as fast as they can",
        "rules",
        "ms",
    ),
    Column(
        "capability_ms_p95",
        "number",
        "95th percentile of single frames; empty where samples hold several",
        "rules",
        "ms",
    ),
    Column(
        "capability_fps", "number", "Frames of the capability window over its elapsed time", "rules", "1/s"
    ),
    Column(
        "displayed_fps",
        "number",
        "New pictures that reached the screen, over the window's elapsed time",
        "rules",
        "1/s",
    ),
    Column("frames", "whole", "Frames in the capability window", "rules", "frames"),
    Column("displayed_frames", "whole", "New pictures in the displayed window", "rules", "frames"),
    Column("warmup_frames", "whole", "Frames of the warm-up, which enter no figure", "rules", "frames"),
    Column("bound_ms", "number", "Too slow: a frame takes at least this long", "rules", "ms"),
    Column("summary_rule_version", "whole", "Version of the rules that made these figures", "rules"),
)

VISITS = Table(
    "visits",
    "one sitting of one tester on one machine in one browser",
    (
        VISIT_ID,
        MACHINE_ID,
        STUDY,
        LINK,
        Column(
            "number",
            "whole",
            "Which visit of its study this is, counted from 1; the order of conditions follows from it",
            "server",
        ),
        STAGE,
        SIMULATED,
        Column("state", "text", "started, finished, stopped or no_webgl", "browser"),
        Column("end_reason", "text", "Why it ended, where the browser said so", "browser"),
        REJECTED,
        Column("rejected_at", "time", "When it was rejected; empty where it was not", "administrator"),
        Column("rejected_reason", "text", "Why it was rejected", "administrator"),
        Column("planned", "whole", "Blocks that the visit was asked to measure", "study", "blocks"),
        Column("done", "whole", "Blocks of which a measured run arrived", "server", "blocks"),
        *_all(
            "time",
            "server",
            created_at="When the visit began, after consent",
            ended_at="When its end arrived; empty where none did",
        ),
        Column("consent_at", "time", "When the tester consented, by the browser's clock", "browser"),
        Column("consent_language", "text", "Language of the consent text that was shown", "browser"),
        Column("consent_sha256", "text", "sha256 of the consent text that was shown", "browser"),
        Column(
            "refresh_hz_after",
            "number",
            "The display's refresh rate after the last condition",
            "browser",
            "Hz",
        ),
        Column("kit_version", "text", "Version of the kit whose page measured", "browser"),
        Column(
            "protocol_version",
            "whole",
            "Version of the measuring protocol; figures of two must not be compared",
            "browser",
        ),
    ),
)

DEVICES = Table(
    "devices",
    "what one visit ran on",
    (
        VISIT_ID,
        MACHINE_ID,
        STUDY,
        SIMULATED,
        REJECTED,
        Column("declined", "yes_no", "The tester kept the device; all else is then empty", "browser"),
        Column("renderer", "text", "The unmasked renderer string, as it came", "browser"),
        Column("vendor", "text", "The unmasked vendor string, as it came", "browser"),
        *GPU[:4],
        Column("gpu_chip", "text", "The chip that the device id tells, where it tells one", "rules"),
        Column(
            "gpu_api", "text", "Graphics interface under WebGL: d3d11, metal, opengl, vulkan ...", "rules"
        ),
        GPU[4],
        Column("gpu_confidence", "text", "How sure the rules are of the name", "rules"),
        Column("gpu_rule_version", "whole", "Version of the rules that read the strings", "rules"),
        *BROWSER,
        SYSTEM,
        Column(
            "os_version", "text", "Version of the operating system, where the browser tells it", "browser"
        ),
        Column("mobile", "yes_no", "A phone or tablet", "browser"),
        *_all(
            "yes_no",
            "browser",
            webgl="WebGL 2 is there",
            webgpu="WebGPU is there",
            isolated="The page was isolated: exact timers and threads",
        ),
        Column(
            "refresh_hz", "number", "The display's refresh rate before the first condition", "browser", "Hz"
        ),
        Column("tick_ms", "number", "Smallest step of the clock", "browser", "ms"),
        Column("screen_width", "whole", "Width of the screen", "browser", "CSS px"),
        Column("screen_height", "whole", "Height of the screen", "browser", "CSS px"),
        Column("device_pixel_ratio", "number", "Device pixels to a CSS pixel", "browser"),
        Column(
            "hardware_concurrency",
            "whole",
            "Threads that the browser says the processor has",
            "browser",
            "threads",
        ),
        Column("device_memory_gb", "number", "Memory as the browser rounds it, at most 8", "browser", "GB"),
        Column("touch_points", "whole", "Fingers that the screen tells apart", "browser"),
        Column("charging", "yes_no", "On mains power; empty where the browser does not tell", "browser"),
        Column("received_at", "time", "When the server stored it", "server"),
    ),
)

RUNS = Table(
    "runs",
    "one condition once: a model in a mode, measured or played",
    (
        Column("run", "text", "Random id of the run", "browser"),
        VISIT_ID,
        MACHINE_ID,
        STUDY,
        STAGE,
        SIMULATED,
        REJECTED,
        *GPU,
        *BROWSER,
        SYSTEM,
        *CONDITION,
        Column(
            "threads",
            "whole",
            "Threads that it ran on; empty where the mode has none to choose",
            "browser",
            "threads",
        ),
        Column("precision", "text", "Precision that it computed in", "browser"),
        Column("library", "text", "What ran the network, with its version", "browser"),
        Column("tuning", "text", "Tuning that the engine chose or was asked for", "browser"),
        Column("kind", "text", "measured, or play: never mixed with measured ones in a figure", "browser"),
        Column("local", "yes_no", "A play run of a model of the tester's own", "browser"),
        Column("block", "whole", "Place in the visit's order of conditions, from 0", "browser"),
        Column("drift_control", "yes_no", "The first condition once more, at the end", "study"),
        Column(
            "started_ms",
            "number",
            "Start, counted from the visit's start by the browser's clock",
            "browser",
            "ms",
        ),
        Column(
            "outcome", "text", "ok, wrong_output, unavailable, failed, too_slow, stopped or lost", "browser"
        ),
        Column("reason", "text", "Why it is not ok, in the browser's words", "browser"),
        Column(
            "invalid",
            "yes_no",
            "It has a flag that keeps it out of figures; it is counted nevertheless",
            "rules",
        ),
        Column("flags", "text", "Codes of its flags, separated by spaces; see /help/measuring", "rules"),
        *RUN_FIGURES,
        Column(
            "cold",
            "yes_no",
            "Load, compile and first picture were the first of this model in the visit",
            "browser",
        ),
        Column("load_bytes", "whole", "Bytes of the model that were loaded", "browser", "bytes"),
        Column("load_ms", "number", "Time to load the model", "browser", "ms"),
        Column("compile_ms", "number", "Time to prepare it", "browser", "ms"),
        Column("first_picture_ms", "number", "Time until its first picture was seen", "browser", "ms"),
        Column(
            "golden_status",
            "text",
            "Whether the picture shown is the one that it must be: pass, fail or masked",
            "browser",
        ),
        Column(
            "golden_max_abs_error",
            "number",
            "Largest error of that picture",
            "browser",
            "units of the range [-1, 1]",
        ),
        Column("golden_psnr_db", "number", "Peak signal to noise ratio of that picture", "browser", "dB"),
        Column("renderer", "text", "The renderer string of this run's own context, as it came", "browser"),
        Column("tick_ms", "number", "Smallest step of the clock", "browser", "ms"),
        Column("closing", "text", "How the end of a frame is known: return, fence or work_done", "browser"),
        Column("close_ms", "number", "Cost of closing an empty frame", "browser", "ms"),
        Column("in_flight", "whole", "Frames that were under way at once", "browser", "frames"),
        Column("received_at", "time", "When the server stored it", "server"),
    ),
)

RUN_ID = RUNS.columns[0]
PHASE = Column("phase", "text", "Window of the run: warmup, capability or displayed", "browser")
WINDOWS = Table(
    "windows",
    "one window of a run: what its samples lie in",
    (
        RUN_ID,
        PHASE,
        Column("samples", "whole", "Samples in the window", "browser", "samples"),
        Column("elapsed_us", "whole", "How long the window took", "browser", "microseconds"),
        Column(
            "animation_frames",
            "whole",
            "Animation frames in the displayed window, with or without a new picture",
            "browser",
            "frames",
        ),
    ),
)
SAMPLES = Table(
    "samples",
    "one sample: k frames that together took so long",
    (
        RUN_ID,
        PHASE,
        Column("sample", "whole", "Place in its window, from 0", "server"),
        Column("k", "whole", "Frames in the sample", "browser", "frames"),
        Column("us", "whole", "How long they took together", "browser", "microseconds"),
    ),
)

_COUNTS = _all(
    "whole",
    "rules",
    "runs",
    runs="Measured runs of visits that are not rejected",
    valid_runs="Of these, ok and without an invalid flag: the figures come from them",
    invalid_runs="Of these, with an invalid flag",
    **{
        f"{outcome}_runs": f"Of these, with the outcome {outcome}"
        for outcome in ("ok", "wrong_output", "unavailable", "failed", "too_slow", "stopped", "lost")
    },
)
MACHINE_CONDITIONS = Table(
    "machine_conditions",
    "one machine in one condition, on one GPU, browser and link: what every figure of the dashboard is made of",
    (
        MACHINE_ID,
        STUDY,
        LINK,
        STAGE,
        SIMULATED,
        *CONDITION,
        Column(
            "threads",
            "whole",
            "Threads that it ran on; 0 where the mode has none to choose",
            "browser",
            "threads",
        ),
        Column("precision", "text", "Precision that it computed in", "browser"),
        *BROWSER,
        SYSTEM,
        Column("mobile", "yes_no", "A phone or tablet", "browser"),
        *GPU,
        Column("gpu_api", "text", "Graphics interface under WebGL", "rules"),
        Column("refresh_hz", "number", "The display's refresh rate", "browser", "Hz"),
        *_COUNTS,
        Column(
            "capability_ms", "number", "Median over valid runs of their median time of a frame", "rules", "ms"
        ),
        Column(
            "capability_ms_p95", "number", "Median over valid runs of their 95th percentile", "rules", "ms"
        ),
        Column(
            "displayed_fps", "number", "Median over valid runs of their displayed pictures", "rules", "1/s"
        ),
        Column(
            "load_ms",
            "number",
            "Median time to load: cold ones of the first mode on its back end",
            "rules",
            "ms",
        ),
        Column(
            "first_picture_ms",
            "number",
            "Median time to the first picture: cold ones of the first mode on its back end",
            "rules",
            "ms",
        ),
        Column("bound_ms", "number", "Too slow: a frame takes at least this long", "rules", "ms"),
        *_all(
            "time",
            "server",
            first_run_at="When its first run arrived",
            last_run_at="When its latest run arrived",
        ),
        Column("rule_version", "whole", "Version of the rules that made the row", "rules"),
    ),
)

TABLES: dict[str, Table] = {
    table.name: table for table in (RUNS, VISITS, DEVICES, MACHINE_CONDITIONS, WINDOWS, SAMPLES)
}
"""All exported tables by name, in the order in which people ask for them."""
