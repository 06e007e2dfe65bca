"""What is known of a model that was handed in, and what its owner decided."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from kit.models.errors import BundleError
from kit.models.manifest import LARGEST_END, LEAST_WIDTH, Precision, Shape

Finite = Annotated[float, Field(allow_inf_nan=False)]
Range = tuple[Finite, Finite]
LARGEST_SIDE = 4096
Side = Annotated[int, Field(ge=1, le=LARGEST_SIDE)]
Size = tuple[Side, Side]


class Choices(BaseModel):
    """What the owner decided. None: not decided; then it is what the model says, or a guess that is marked as one."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    size: Size | None = None
    input_range: Range | None = None
    output_range: Range | None = None
    precision: Precision = "float16"


class Said(BaseModel):
    """What a file says of itself, as exports of the kit do. It is the file's word: suggested, never taken over unasked.

    ``credits``: a source each, as ``parse_credit`` takes them.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str | None = None
    input_range: Range | None = None
    output_range: Range | None = None
    credits: tuple[str, ...] = ()


class Facts(BaseModel):
    """What a model is, found out by reading it and by trying it once.

    ``known_*_range``: what the network's own operators imply, or None. ``used_*_range``: what the trial was made with.
    ``observed``: the lowest and highest value of the output on the test picture. ``trial``: the bundle that was made,
    relative to the room.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: str
    input_shape: Shape
    output_shape: Shape
    size_is_free: bool
    parameters: int
    multiply_adds: int
    operators: dict[str, int]
    known_input_range: Range | None
    known_output_range: Range | None
    used_input_range: Range
    used_output_range: Range
    observed: Range
    bytes: int
    trial: Annotated[str, Field(pattern=r"^trial(/[a-z0-9][a-z0-9-]{0,62}/[0-9]+(\.[0-9]+){2})?$")]
    name: str | None = None
    version: str | None = None
    title: str | None = None
    description: str | None = None
    notes: tuple[str, ...] = ()
    said: Said = Said()

    @property
    def is_bundle(self) -> bool:
        """A bundle comes with its name, version and ranges; nothing of it is changed."""
        return self.kind == "bundle"

    def trial_in(self, room: Path) -> Path:
        """The bundle that was made. Raises BundleError where it is not in the room: the facts are a child's word."""
        folder = room / self.trial
        if not folder.resolve().is_relative_to(room.resolve()):
            raise BundleError("the trial is not where it should be; hand the model in again")
        return folder

    def undecided(self, choices: Choices) -> tuple[str, ...]:
        """Which ranges ("input", "output") are a guess so far."""
        if self.is_bundle:
            return ()
        known = {
            "input": self.known_input_range or choices.input_range,
            "output": self.known_output_range or choices.output_range,
        }
        return tuple(name for name, value in known.items() if value is None)


def parse_range(text: str, field: str) -> Range:
    """ "-1,1" (also "-1 to 1", "0..255"). Raises BundleError that names the field."""
    numbers = re.findall(r"[-+]?\d*\.?\d+(?:[eE][-+]?\d+)?", text.replace("\u2212", "-").replace("..", " "))
    rest = re.sub(r"[-+\u2212\d.,;:eE\s]|to", "", text)
    if len(numbers) != 2 or rest or not float(numbers[0]) < float(numbers[1]):
        raise BundleError(f"{field}: write the lowest and the highest value, such as -1,1 or 0,255")
    low, high = float(numbers[0]), float(numbers[1])
    if max(abs(low), abs(high)) > LARGEST_END or high - low < LEAST_WIDTH:
        raise BundleError(f"{field}: values of pictures lie within {LARGEST_END:g}, and not all in one place")
    return low, high


def parse_size(text: str, field: str = "size") -> Size:
    """Height and width: "256x320". Raises BundleError."""
    found = re.fullmatch(r"\s*(\d{1,5})\s*[x\u00d7,]\s*(\d{1,5})\s*", text)
    if found is None or not all(1 <= int(side) <= LARGEST_SIDE for side in found.groups()):
        raise BundleError(f"{field}: write height and width, such as 256x256, each at most {LARGEST_SIDE}")
    return int(found[1]), int(found[2])


@dataclass(frozen=True)
class Counted:
    """What a reader knows beside the network: the parameters as its own software counts them, whether the size of the
    input was left open, and what the file says of itself.
    """

    parameters: int
    size_is_free: bool
    notes: tuple[str, ...] = ()
    said: Said = field(default_factory=Said)
