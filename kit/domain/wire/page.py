"""What the tester's page is told before consent (a JSON script block in the page)."""

from typing import Annotated, Literal

from pydantic import Field

from kit.domain.wire.base import Mode, Payload, Sha256, Token, Versioned
from kit.domain.wire.device import Browser
from kit.domain.wire.visit import BundleRef


class Protocol(Payload):
    """The measuring knobs: documented, range-checked, part of the study's revision. Seconds unless the name says else."""

    blocks: Annotated[int, Field(ge=2, le=20, description="blocks per condition")] = 2
    capability_s: Annotated[float, Field(ge=0.5, le=30)] = 3.0
    displayed_s: Annotated[float, Field(ge=0.5, le=30)] = 3.0
    warmup_min_s: Annotated[float, Field(ge=0, le=20)] = 2.0
    warmup_min_frames: Annotated[int, Field(ge=1, le=1_000)] = 30
    warmup_max_s: Annotated[float, Field(ge=0.5, le=60)] = 20.0
    block_max_s: Annotated[float, Field(ge=1, le=60)] = 30.0
    min_frames: Annotated[int, Field(ge=2, le=100)] = 5
    in_flight: Annotated[int, Field(ge=1, le=2)] = 2
    drift_control: bool = True


class PageModel(Payload):
    """One model of the study: where its manifest is, and how much a tester downloads."""

    ref: BundleRef
    title: str
    description: str
    bytes: int
    url: str


class PageConfig(Versioned):
    """Everything the page needs to run the study. ``autorun`` is set for bench studies only: no person is asked.

    ``own_models``: whether testers may also play with a model file of their own.
    """

    kit_version: str
    protocol_version: int
    link: Token
    status: Literal["open", "closed"]
    title: str
    text: str
    consent_text: str
    consent_sha256: Sha256
    language: str
    models: list[PageModel]
    modes: list[Mode]
    protocol: Protocol
    browser: Browser
    api: str
    autorun: bool = False
    simulated: bool = False
    own_models: bool = True


class LabMode(Payload):
    """An output mode as the laboratory lists it."""

    id: str
    title: str


class LabConfig(Versioned):
    """What the laboratory (``/lab``) is told: all models, the internal ones last, and the names of the modes."""

    kit_version: str
    models: list[PageModel]
    modes: list[LabMode]
