"""``manifest.json``, schema 1: what a bundle says about itself, read strictly."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kit.models.errors import BundleError

MANIFEST = "manifest.json"
MANIFEST_BYTES = 4_000_000
SHARD_BYTES = 4_000_000
ALIGNMENT = 16

Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
Version = Annotated[str, Field(pattern=r"^(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})$")]
FilePath = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}(/[A-Za-z0-9][A-Za-z0-9._-]{0,99}){0,3}$")
]
NodeName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_./:-]{0,99}$")]
Extent = Annotated[int, Field(ge=1, le=8192)]
Channels = Annotated[int, Field(ge=1, le=65_536)]
Shape = tuple[Extent, Extent, Channels]
Finite = Annotated[float, Field(allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0, le=10**13)]
Text = Annotated[str, Field(max_length=2000)]
Dtype = Literal["uint8", "int8", "float16", "float32"]
BYTES_PER_VALUE: dict[str, int] = {"uint8": 1, "int8": 1, "float16": 2, "float32": 4}


class Part(BaseModel):
    """Base of all parts of a manifest: unknown keys and loose types are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=True)


class Port(Part):
    """An input or output of the network: height, width, channels (no batch), and the range of its values."""

    name: NodeName
    shape: Shape
    range_: Annotated[tuple[Finite, Finite], Field(alias="range")]


class Grey(Part):
    """RGB to one channel by weights."""

    op: Literal["grey"]
    weights: tuple[Finite, Finite, Finite]


class Area(Part):
    """Area average to [height, width], fractional weights."""

    op: Literal["area"]
    size: tuple[Extent, Extent]


class Bicubic(Part):
    """Keys' bicubic to [height, width]: half-pixel centres, samples beyond the edge left out."""

    op: Literal["bicubic"]
    size: tuple[Extent, Extent]
    a: Annotated[float, Field(ge=-1, le=0)]


class Scale(Part):
    """Linear from one range to another, not clipped."""

    op: Literal["scale"]
    from_: Annotated[tuple[Finite, Finite], Field(alias="from")]
    to: tuple[Finite, Finite]


Preprocess = Annotated[Grey | Area | Bicubic | Scale, Field(discriminator="op")]


class Plain(Part):
    """An activation without a parameter."""

    type: Literal["linear", "relu", "tanh", "sigmoid"]


class Leaky(Part):
    """x where x > 0, else alpha * x."""

    type: Literal["leaky_relu"]
    alpha: Annotated[float, Field(ge=0, le=1)]


Activation = Annotated[Plain | Leaky, Field(discriminator="type")]
Stride = Annotated[int, Field(ge=1, le=16)]


class Convolution(Part):
    """A convolution or transposed convolution, its bias and its activation."""

    name: NodeName
    op: Literal["conv2d", "conv2d_transpose"]
    inputs: tuple[NodeName]
    kernel: NodeName
    bias: NodeName | None
    strides: tuple[Stride, Stride]
    padding: Literal["same"]
    activation: Activation
    shape: Shape


class Concat(Part):
    """Channels of several inputs, one after the other."""

    name: NodeName
    op: Literal["concat"]
    inputs: Annotated[tuple[NodeName, ...], Field(min_length=2, max_length=16)]
    axis: Literal[-1]
    shape: Shape


Node = Annotated[Convolution | Concat, Field(discriminator="op")]


class Span(Part):
    """Bytes of a tensor in one shard."""

    shard: Annotated[int, Field(ge=0, le=9999)]
    offset: Annotated[int, Field(ge=0, le=SHARD_BYTES)]
    bytes: Annotated[int, Field(ge=1, le=SHARD_BYTES)]


Tap = tuple[Annotated[int, Field(ge=0, le=63)], Annotated[int, Field(ge=0, le=63)]]


class Tensor(Part):
    """A tensor as stored. ``taps``: only these (ky, kx) are stored, the others are zero."""

    name: NodeName
    shape: Annotated[tuple[Channels, ...], Field(min_length=1, max_length=4)]
    dtype: Literal["int8", "float16", "float32"]
    scale: NodeName | None = None
    channel_axis: Annotated[int, Field(ge=0, le=3)]
    taps: Annotated[tuple[Tap, ...], Field(min_length=1, max_length=4096)] | None = None
    parts: Annotated[tuple[Span, ...], Field(min_length=1, max_length=9999)]

    @property
    def stored_shape(self) -> tuple[int, ...]:
        """Shape of what is in the shards: [taps, ...] where taps were left out."""
        return self.shape if self.taps is None else (len(self.taps), *self.shape[2:])

    @property
    def stored_values(self) -> int:
        """Number of values in the shards."""
        return math.prod(self.stored_shape)

    @property
    def stored_bytes(self) -> int:
        """Number of bytes in the shards."""
        return self.stored_values * BYTES_PER_VALUE[self.dtype]


class Parameters(Part):
    """Counts. ``total`` as Keras counts; ``live`` the kernels' and biases' values that ever meet data."""

    total: Count
    live: Count
    stored_values: Count
    multiply_adds: Count
    multiply_adds_live: Count


class Credit(Part):
    """A source and its licence."""

    what: Text
    licence: Text
    url: Text


class Array(Part):
    """A file that holds one array, little-endian."""

    path: FilePath
    dtype: Dtype
    shape: Annotated[tuple[Extent, ...], Field(min_length=1, max_length=4)]


class Golden(Part):
    """A picture, what preprocessing makes of it, and what the network makes of that."""

    picture: Array
    input: Array
    output: Array


class File(Part):
    """A file of the bundle."""

    path: FilePath
    bytes: Annotated[int, Field(ge=0, le=1_000_000_000)]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


class Manifest(Part):
    """The whole of ``manifest.json``."""

    schema_: Annotated[Literal[1], Field(alias="schema")]
    name: Name
    version: Version
    title: Annotated[str, Field(min_length=1, max_length=100)]
    description: Text
    internal: bool = False
    input: Port
    output: Port
    preprocessing: Annotated[tuple[Preprocess, ...], Field(max_length=16)]
    graph: Annotated[tuple[Node, ...], Field(min_length=1, max_length=2000)]
    tensors: Annotated[tuple[Tensor, ...], Field(min_length=1, max_length=5000)]
    shards: Annotated[tuple[FilePath, ...], Field(min_length=1, max_length=2000)]
    parameters: Parameters
    precision: Literal["int8", "float16", "float32"]
    training: dict[str, Any] | None
    quality: dict[str, Any] | None
    credits: Annotated[tuple[Credit, ...], Field(max_length=100)]
    golden: Golden
    files: Annotated[tuple[File, ...], Field(min_length=1, max_length=5000)]

    def to_json(self) -> str:
        """The text of ``manifest.json``."""
        return self.model_dump_json(by_alias=True, indent=1) + "\n"


def parse_manifest(text: bytes, where: str = MANIFEST) -> Manifest:
    """Parse ``manifest.json``. Raises BundleError that names the first field that is wrong."""
    if len(text) > MANIFEST_BYTES:
        raise BundleError(f"{where} has {len(text)} bytes; at most {MANIFEST_BYTES} are read")
    try:
        return Manifest.model_validate_json(text)
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False, include_input=False)[0]
        field = ".".join(str(step) for step in first["loc"]) or "the whole file"
        raise BundleError(f"{where}: {field}: {first['msg']}") from error


def read_manifest(path: Path) -> Manifest:
    """Read the manifest of a bundle's folder (or the file itself)."""
    file = path / MANIFEST if path.is_dir() else path
    try:
        with file.open("rb") as opened:
            text = opened.read(MANIFEST_BYTES + 1)
    except OSError as error:
        raise BundleError(
            f"{file} cannot be read ({error.strerror or error}); a bundle needs a {MANIFEST}"
        ) from error
    return parse_manifest(text, file.name)
