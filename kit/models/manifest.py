"""``manifest.json``, schema 1: what a bundle says about itself, read strictly."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from kit.models.errors import BundleError

MANIFEST = "manifest.json"
MANIFEST_BYTES = 4_000_000
SHARD_BYTES = 4_000_000
ALIGNMENT = 16
MOST_NESTED = 12
LARGEST_END, LEAST_WIDTH = 1e6, 1e-6  # of a range of values
LARGEST_REMARK = 1e15  # of the numbers that say how a network was trained and how good it is

Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
Version = Annotated[str, Field(pattern=r"^(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})$")]
FilePath = Annotated[
    str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,99}(/[A-Za-z0-9][A-Za-z0-9._-]{0,99}){0,3}$")
]
NodeName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_./:-]{0,99}$")]
LARGEST_EXTENT = 8192
LARGEST_CHANNELS = 65_536
Extent = Annotated[int, Field(ge=1, le=LARGEST_EXTENT)]
Channels = Annotated[int, Field(ge=1, le=LARGEST_CHANNELS)]
Shape = tuple[Extent, Extent, Channels]
Finite = Annotated[float, Field(allow_inf_nan=False)]
Count = Annotated[int, Field(ge=0, le=10**13)]
Text = Annotated[str, Field(max_length=2000)]
Dtype = Literal["uint8", "int8", "float16", "float32"]
Precision = Literal["int8", "float16", "float32"]  # of weights
BYTES_PER_VALUE: dict[str, int] = {"uint8": 1, "int8": 1, "float16": 2, "float32": 4}


class Part(BaseModel):
    """Base of all parts of a manifest: unknown keys and loose types are refused."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, populate_by_name=True)


Ends = tuple[Finite, Finite]


def _apart(ends: Ends) -> Ends:
    if max(map(abs, ends)) > LARGEST_END or abs(ends[1] - ends[0]) < LEAST_WIDTH:
        raise ValueError(f"values of pictures lie within {LARGEST_END:g}, and not all in one place")
    return ends


def _rising(ends: Ends) -> Ends:
    if ends[0] >= ends[1]:
        raise ValueError(f"the lower end must come first, not {list(ends)}")
    return _apart(ends)


class Port(Part):
    """An input or output of the network: height, width, channels (no batch), and the range of its values."""

    name: NodeName
    shape: Shape
    range_: Annotated[Ends, AfterValidator(_rising), Field(alias="range")]


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
    from_: Annotated[Ends, AfterValidator(_apart), Field(alias="from")]
    to: Annotated[Ends, AfterValidator(_apart)]


class Alpha(Part):
    """A fourth channel of constant 255 behind RGB."""

    op: Literal["alpha"]


Preprocess = Annotated[Grey | Area | Bicubic | Scale | Alpha, Field(discriminator="op")]


class Plain(Part):
    """An activation without a parameter. ``swish``: x * sigmoid(x)."""

    type: Literal["linear", "relu", "relu6", "tanh", "sigmoid", "swish"]


class Leaky(Part):
    """x where x > 0, else alpha * x."""

    type: Literal["leaky_relu"]
    alpha: Annotated[float, Field(ge=0, le=1)]


class Elu(Part):
    """x where x > 0, else exp(x) - 1."""

    type: Literal["elu"]


class Prelu(Part):
    """x where x > 0, else slope * x, with a slope per channel (a tensor of shape [channels])."""

    type: Literal["prelu"]
    slopes: NodeName


class Clip(Part):
    """min(max(x, low), high)."""

    type: Literal["clip"]
    low: Finite
    high: Finite


Activation = Annotated[Plain | Leaky | Elu | Prelu | Clip, Field(discriminator="type")]
Stride = Annotated[int, Field(ge=1, le=16)]
Edge = Annotated[int, Field(ge=0, le=1024)]
Edges = tuple[tuple[Edge, Edge], tuple[Edge, Edge]]  # rows above and below, columns left and right


class Convolution(Part):
    """A convolution, its bias and its activation. Kernels: conv2d [kh, kw, in, out]; conv2d_transpose (Keras')
    [kh, kw, out, in]; depthwise_conv2d [kh, kw, in, multiplier], output channel = channel * multiplier + index.

    ``padding`` as Keras means it, or zeros to add around the input; for a transposed one: rows and columns to cut
    from the whole result of (size - 1) * stride + kernel.
    """

    name: NodeName
    op: Literal["conv2d", "conv2d_transpose", "depthwise_conv2d"]
    inputs: tuple[NodeName]
    kernel: NodeName
    bias: NodeName | None
    strides: tuple[Stride, Stride]
    padding: Literal["same", "valid"] | Edges
    activation: Activation
    shape: Shape


class Concat(Part):
    """Channels of several inputs, one after the other."""

    name: NodeName
    op: Literal["concat"]
    inputs: Annotated[tuple[NodeName, ...], Field(min_length=2, max_length=16)]
    axis: Literal[-1]
    shape: Shape


class Activated(Part):
    """An activation by itself."""

    name: NodeName
    op: Literal["activation"]
    inputs: tuple[NodeName]
    activation: Activation
    shape: Shape


class Affine(Part):
    """x * scale + shift, a value per channel each: a batch norm that no convolution could take in."""

    name: NodeName
    op: Literal["affine"]
    inputs: tuple[NodeName]
    scale: NodeName
    shift: NodeName
    shape: Shape


class InstanceNorm(Part):
    """(x - mean) / sqrt(variance + epsilon) over height and width of each channel, then scale and shift if given."""

    name: NodeName
    op: Literal["instance_norm"]
    inputs: tuple[NodeName]
    epsilon: Annotated[float, Field(gt=0, le=1)]
    scale: NodeName | None
    shift: NodeName | None
    shape: Shape


class Binary(Part):
    """Two values, place by place. Extents of 1 stretch to the other's, as in NumPy."""

    name: NodeName
    op: Literal["add", "sub", "mul", "div", "maximum", "minimum"]
    inputs: tuple[NodeName, NodeName]
    shape: Shape


class Unary(Part):
    """One function of each value."""

    name: NodeName
    op: Literal["abs", "exp", "neg", "reciprocal", "rsqrt", "sqrt", "square"]
    inputs: tuple[NodeName]
    shape: Shape


class Constant(Part):
    """A stored tensor of the node's shape, as a value."""

    name: NodeName
    op: Literal["constant"]
    inputs: tuple[()]
    value: NodeName
    shape: Shape


class Mean(Part):
    """The mean over height and width: [1, 1, channels]."""

    name: NodeName
    op: Literal["mean"]
    inputs: tuple[NodeName]
    shape: Shape


class Pad(Part):
    """Rows and columns added around. ``reflect`` leaves the edge out of the mirror image, ``symmetric`` repeats it."""

    name: NodeName
    op: Literal["pad"]
    inputs: tuple[NodeName]
    mode: Literal["zero", "reflect", "symmetric"]
    edges: Edges
    shape: Shape


class Crop(Part):
    """Rows and columns cut off."""

    name: NodeName
    op: Literal["crop"]
    inputs: tuple[NodeName]
    edges: Edges
    shape: Shape


class Resize(Part):
    """To the height and width of ``shape``. Where output place i looks: asymmetric i * in / out (TensorFlow 1's
    default), half_pixel (i + 0.5) * in / out - 0.5, align_corners i * (in - 1) / (out - 1). ``nearest`` takes the
    place below, except half_pixel floor((i + 0.5) * in / out) and align_corners, which rounds half up.
    """

    name: NodeName
    op: Literal["resize"]
    inputs: tuple[NodeName]
    method: Literal["nearest", "bilinear"]
    coordinates: Literal["asymmetric", "half_pixel", "align_corners"]
    shape: Shape


class Pool(Part):
    """The largest or the mean value in a window; the mean counts only places inside the input."""

    name: NodeName
    op: Literal["max_pool", "avg_pool"]
    inputs: tuple[NodeName]
    window: tuple[Stride, Stride]
    strides: tuple[Stride, Stride]
    padding: Literal["same", "valid"]
    shape: Shape


class DepthToSpace(Part):
    """Blocks of channels become blocks of places, as TensorFlow's (pixel shuffle)."""

    name: NodeName
    op: Literal["depth_to_space"]
    inputs: tuple[NodeName]
    block: Annotated[int, Field(ge=2, le=16)]
    shape: Shape


Node = Annotated[
    Convolution
    | Concat
    | Activated
    | Affine
    | InstanceNorm
    | Binary
    | Unary
    | Constant
    | Mean
    | Pad
    | Crop
    | Resize
    | Pool
    | DepthToSpace,
    Field(discriminator="op"),
]


class Span(Part):
    """Bytes of a tensor in one shard."""

    shard: Annotated[int, Field(ge=0, le=9999)]
    offset: Annotated[int, Field(ge=0, le=SHARD_BYTES)]
    bytes: Annotated[int, Field(ge=1, le=SHARD_BYTES)]


Tap = tuple[Annotated[int, Field(ge=0, le=63)], Annotated[int, Field(ge=0, le=63)]]


class Tensor(Part):
    """A tensor as stored. ``taps``: only these (ky, kx) are stored, the others are zero.

    int8: value = stored * scale[index along ``channel_axis``]. That axis is 3 for a kernel of conv2d, 2 for one of
    conv2d_transpose, and for one of depthwise_conv2d [kh, kw, in, multiplier] 2 or 3, whichever is longer.
    """

    name: NodeName
    shape: Annotated[tuple[Channels, ...], Field(min_length=1, max_length=4)]
    dtype: Precision
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
    """Counts. ``total`` as the software counts that made the network; ``stored_values`` what lies in the shards, without
    scales; ``live`` those of them that were weights before norms were folded in: kernels without taps that never meet
    data, and biases. For a network that was trained here biases that came out of norms are no part of ``live``; of one
    that was brought along nobody knows which did, so all count, and ``live`` is ``stored_values``.
    """

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


def _remarks(value: Any, depth: int = 0) -> Any:
    """Free-form JSON that people and programs will read: numbers that a float holds, and no endless nesting."""
    if depth > MOST_NESTED:
        raise ValueError(f"is nested deeper than {MOST_NESTED} levels")
    if isinstance(value, dict):
        return {key: _remarks(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [_remarks(item, depth + 1) for item in value]
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if number and not abs(value) <= LARGEST_REMARK:
        raise ValueError(f"holds a number that is not between -{LARGEST_REMARK:g} and {LARGEST_REMARK:g}")
    return value


def _figures(value: dict[str, Any]) -> dict[str, Any]:
    stored = value.get("psnr_db_vs_fp32")
    if stored is not None and (isinstance(stored, bool) or not isinstance(stored, int | float)):
        raise ValueError("psnr_db_vs_fp32 must be a number of decibels")
    return value


Remarks = Annotated[dict[str, Any], AfterValidator(_remarks)]
Figures = Annotated[Remarks, AfterValidator(_figures)]


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
    precision: Precision
    training: Remarks | None
    quality: Figures | None
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
        raise BundleError(f"{where}: {first_problem(error)}") from error


def first_problem(error: ValidationError) -> str:
    """The first field that is wrong, and why; cut short, since both may repeat what somebody sent."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    field = ".".join(str(step) for step in first["loc"]) or "the whole file"
    return f"{_short(field)}: {_short(first['msg'].removeprefix('Value error, '))}"


def _short(text: str, most: int = 400) -> str:
    return " ".join(text[:most].split()) + ("..." if len(text) > most else "")


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
