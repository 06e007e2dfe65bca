"""A run: one condition (model x mode) on one visit, posted as soon as it finishes.

Terms and rules: see /help/measuring. A *sample* is ``k`` frames that together lasted ``ms`` milliseconds.
"""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from kit.domain.wire.base import (
    LongText,
    Milliseconds,
    Mode,
    Payload,
    PositiveMilliseconds,
    RawString,
    ShortText,
    Versioned,
)
from kit.domain.wire.visit import BundleRef

MAX_SAMPLES = 20_000
MAX_EVENTS = 500
LOCAL_MODEL = "local-model"
"""What a run of a tester's own model has for a name; no bundle may be called so."""
LOCAL_VERSION = "0.0.0"

# The store keeps whole microseconds; a sample of none would be an error there too.
SampleMilliseconds = Annotated[float, Field(ge=0.001, le=86_400_000, allow_inf_nan=False)]
Outcome = Literal["ok", "wrong_output", "unavailable", "failed", "too_slow", "stopped", "lost"]
Closing = Literal["return", "fence", "work_done"]
EventType = Literal[
    "hidden",
    "shown",
    "blurred",
    "focused",
    "context_lost",
    "context_restored",
    "fell_back",
    "disjoint",
    "resized",
    "device_lost",
]


class Samples(Payload):
    """One timed window, column by column: sample ``i`` is ``k[i]`` frames in ``ms[i]`` milliseconds.

    ``elapsed_ms`` is the window's own length. For the displayed window a sample is the time since the picture before,
    every ``k`` is 1, and ``animation_frames`` counts the animation frames of the window, with or without a new picture.
    """

    k: Annotated[list[Annotated[int, Field(ge=1, le=100_000)]], Field(max_length=MAX_SAMPLES)]
    ms: Annotated[list[SampleMilliseconds], Field(max_length=MAX_SAMPLES)]
    elapsed_ms: Milliseconds
    animation_frames: Annotated[int, Field(ge=0, le=10_000_000)] | None = None

    @model_validator(mode="after")
    def _same_length(self) -> "Samples":
        if len(self.k) != len(self.ms):
            raise ValueError(
                f"k has {len(self.k)} entries and ms has {len(self.ms)}; send one of each per sample"
            )
        return self


class Variant(Payload):
    """How the condition was run. Figures never pool over threads or precision."""

    threads: Annotated[int, Field(ge=1, le=1_024)] | None
    precision: ShortText
    tuning: LongText | None = None
    library: ShortText


class Load(Payload):
    """The model's way onto the machine. ``bytes`` counts what came over the network (0 when all was cached)."""

    bytes: Annotated[int, Field(ge=0, le=10_000_000_000)]
    ms: Milliseconds
    compile_ms: Milliseconds | None
    first_picture_ms: Milliseconds | None
    cold: bool


class Golden(Payload):
    """The picture as shown against the golden output, in units of the output range [-1, 1].

    ``status`` is ``readback_masked`` when a known pattern did not come back as drawn: the browser masks read-backs.
    """

    status: Literal["pass", "fail", "readback_masked", "not_checked"]
    max_abs_error: Annotated[float, Field(ge=0, le=10)] | None
    psnr_db: Annotated[float, Field(ge=-100, le=1_000)] | None


class Environment(Payload):
    """What could have bent the figures. ``close_ms`` is the cost of closing an empty frame, measured before the run."""

    tick_ms: PositiveMilliseconds
    closing: Closing
    close_ms: Milliseconds
    in_flight: Annotated[int, Field(ge=1, le=16)]
    isolated: bool
    visible: bool
    focused: bool
    canvas_width: Annotated[int, Field(ge=0, le=100_000)]
    canvas_height: Annotated[int, Field(ge=0, le=100_000)]
    vendor: RawString | None
    renderer: RawString | None


class Event(Payload):
    """Something that happened during the run, ``at_ms`` after its start."""

    at_ms: Milliseconds
    type: EventType


class RunReport(Versioned):
    """``PUT /api/v1/visits/<visit>/runs/<run>``.

    ``local``: a tester's own model, read by the page and never uploaded. ``model.sha256`` is then the hash of its graph
    and weights, ``model.name`` is local-model, its version 0.0.0, and the run is one of kind play.
    """

    model: BundleRef
    mode: Mode
    kind: Literal["measured", "play"]
    local: bool = False
    block: Annotated[int, Field(ge=0, le=100_000)]
    started_ms: Milliseconds
    outcome: Outcome
    reason: LongText | None = None
    variant: Variant
    load: Load | None = None
    golden: Golden | None = None
    environment: Environment | None = None
    warmup: Samples | None = None
    capability: Samples | None = None
    displayed: Samples | None = None
    events: Annotated[list[Event], Field(max_length=MAX_EVENTS)] = []

    @model_validator(mode="after")
    def _reason_where_needed(self) -> "RunReport":
        if self.outcome in ("failed", "unavailable") and not self.reason:
            raise ValueError(f"an outcome of {self.outcome} needs a reason")
        return self

    @model_validator(mode="after")
    def _local_runs_are_play(self) -> "RunReport":
        if not self.local:
            return self
        if self.kind != "play":
            raise ValueError("local is for runs of kind play; a tester's own model is never measured")
        if (self.model.name, self.model.version) != (LOCAL_MODEL, LOCAL_VERSION):
            raise ValueError(
                f"local needs the model's name to be {LOCAL_MODEL} and its version {LOCAL_VERSION}"
            )
        return self


class RunSummaryAnswer(Payload):
    """What the server made of the samples; ``None`` where there is no such figure."""

    capability_ms_median: float | None
    capability_ms_p95: float | None
    capability_fps: float | None
    displayed_fps: float | None
    flags: list[str]


class RunStored(Versioned):
    """The answer once a run is committed."""

    run: str
    summary: RunSummaryAnswer
