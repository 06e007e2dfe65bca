"""Graph operators with windows: convolutions plain and fused, batch norm, pooling, resizing, edges."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from kit.models.errors import BundleError
from kit.models.reading import convolving, elementwise
from kit.models.reading.activations import NAMED
from kit.models.reading.build import Builder, Value
from kit.models.reading.convolving import Edges, Padding, Pair
from kit.models.reading.fields import Fields, told
from kit.models.reading.graph_arithmetic import Handler
from kit.models.reading.graph_values import Array, Result, Seen, Step, dealt, picture
from kit.models.reading.limits import FOLDED_VALUES, SIDE

FUSED_ACTIVATIONS = ("relu", "relu6", "elu", "tanh", "sigmoid", "selu", "softsign")


def _spatial(fields: Fields, name: str, most: int, default: tuple[int, ...] | None = None) -> Pair:
    """Height's and width's entry of a list of four whose others must be 1."""
    four = fields.integers(name, 0, most, 4) if name in fields or default is None else default
    if len(four) != 4 or four[0] != 1 or four[3] != 1 or min(four) < 1:
        raise fields.wrong(name, "[1, height, width, 1]")
    return four[1], four[2]


def _padding(fields: Fields) -> Padding:
    name = fields.text("padding").upper()
    if name == "SAME":
        return "same"
    if name == "VALID":
        return "valid"
    if name != "EXPLICIT":
        raise fields.wrong("padding", "SAME, VALID or EXPLICIT")
    eight = fields.integers("explicit_paddings", 0, 1024, 8)
    if len(eight) != 8 or any((*eight[:2], *eight[6:])):
        raise fields.wrong("explicit_paddings", "eight numbers, those of batch and channels 0")
    return (eight[2], eight[3]), (eight[4], eight[5])


def _strides(step: Step) -> Pair:
    return _spatial(step.fields, "strides", 16)


def _dilations(step: Step) -> Pair:
    return _spatial(step.fields, "dilations", 64, (1, 1, 1, 1))


def _convolved(step: Step) -> Seen:
    step.channels_last()
    seen, dilation, padding = step.seen(0), _dilations(step), _padding(step.fields)
    if seen.block != (1, 1):  # TensorFlow's way to a dilated convolution
        if (_strides(step), dilation, padding) != ((1, 1), (1, 1), "valid"):
            raise BundleError(f"{step.where}: strides and dilation together cannot run in a bundle")
        value, dilation = seen.value, seen.block
    else:
        value = step.picture(0)
    read = convolving.depthwise if "Depthwise" in step.node.op else convolving.convolution
    made = read(step.builder, step.label, value, step.constant(1), _strides(step), padding, dilation)
    return picture(made) if seen.block == (1, 1) else dealt(made, seen.block)


def _fused_conv2d(step: Step) -> Result:
    """_FusedConv2D and FusedDepthwiseConv2dNative: what follows is named in ``fused_ops``, its tensors come behind."""
    made = _convolved(step)
    return replace(made, value=fused(step, made.value))


def _block(step: Step) -> tuple[Pair, Edges]:
    """Block and edges of SpaceToBatchND and its inverse, for height and width."""
    block, edges = step.whole(1, 2), step.whole(2, 4)
    if len(block) != 2 or len(edges) != 4 or not all(1 <= each <= 64 for each in block) or min(edges) < 0:
        raise BundleError(f"{step.where}: only height and width can be dealt out")
    return (block[0], block[1]), ((edges[0], edges[1]), (edges[2], edges[3]))


def _space_to_batch(step: Step) -> Result:
    block, edges = _block(step)
    value = step.picture(0)
    if edges != ((0, 0), (0, 0)):
        value = step.builder.add(step.label, "pad", [value], mode="zero", edges=edges)
    if value.shape[0] % block[0] or value.shape[1] % block[1]:
        raise BundleError(f"{step.where}: {list(value.shape)} cannot be dealt out by {list(block)}")
    return dealt(value, block)


def _batch_to_space(step: Step) -> Result:
    block, edges = _block(step)
    seen = step.seen(0)
    if seen.block != block:
        raise BundleError(f"{step.where}: it gathers a batch of pictures that nothing dealt out")
    if edges == ((0, 0), (0, 0)):
        return picture(seen.value)
    return picture(step.builder.add(step.label, "crop", [seen.value], edges=edges))


def fused(step: Step, value: Value) -> Value:
    """Apply the operations that the converter fused into a node."""
    index = 2
    for name in step.fields.items("fused_ops", 8, ()):
        label = f"{step.label}/{name}"
        if name == "BiasAdd":
            value = elementwise.affine(step.builder, label, value, 1, step.constant(index))
            index += 1
        elif name == "FusedBatchNorm":
            four = [step.constant(index + place) for place in range(4)]
            value = _normed(step.builder, label, step.where, value, four, step.fields.number("epsilon", 1e-4))
            index += 4
        elif name == "Prelu":
            value = elementwise.prelu(step.builder, label, value, step.constant(index))
            index += 1
        elif name == "LeakyRelu":
            value = elementwise.leaky(step.builder, label, value, step.fields.number("leakyrelu_alpha", 0.2))
        elif isinstance(name, str) and name.lower() in FUSED_ACTIVATIONS:
            value = NAMED[name.lower()](step.builder, label, value)
        else:
            raise BundleError(f"{step.where}: it is fused with {told(name)}, which cannot run in a bundle")
    return value


def _conv2d_backprop(step: Step) -> Result:
    step.channels_last()
    sizes, kernel, value = step.whole(0, 4), step.constant(1), step.picture(2)
    if _dilations(step) != (1, 1):
        raise BundleError(f"{step.where}: dilation in a transposed convolution cannot run in a bundle")
    high, wide = sizes[-3:-1] if len(sizes) == 4 else (*sizes, 0, 0)[:2]
    if not (1 <= high <= SIDE and 1 <= wide <= SIDE):
        raise BundleError(f"{step.where} makes a picture of {high} x {wide}, which cannot be")
    made = convolving.transposed(
        step.builder, step.label, value, kernel, _strides(step), _padding(step.fields), (high, wide)
    )
    return picture(made)


def _normed(
    builder: Builder, label: str, where: str, value: Value, four: list[Array], epsilon: float
) -> Value:
    gamma, beta, mean, variance = (array.astype(np.float64).ravel() for array in four)
    if (variance + epsilon <= 0).any():
        raise BundleError(f"{where}: its variance is negative; the training went wrong, or the file")
    scale = gamma / np.sqrt(variance + epsilon)
    return elementwise.affine(builder, label, value, scale, beta - mean * scale)


def _batch_norm(step: Step) -> Result:
    """In inference by the stored moments; in training, of one picture, by the picture's own: instance norm."""
    step.channels_last()
    value, epsilon = step.picture(0), step.fields.number("epsilon", 1e-4)
    four = [step.constant(index) for index in range(1, 5)]
    own = step.fields.flag("is_training", four[2].size == 0)
    if own:
        names = [
            step.builder.store(f"{step.label}/{n}", a) for n, a in zip(("scale", "shift"), four, strict=False)
        ]
        made = step.builder.add(
            step.label, "instance_norm", [value], epsilon=epsilon, scale=names[0], shift=names[1]
        )
    else:
        made = _normed(step.builder, step.label, step.where, value, four, epsilon)
    mode = step.fields.text("activation_mode", "Identity").lower()
    if step.fields.integer("num_side_inputs", 0, 9, 0) or mode not in {"identity", "relu"}:
        raise BundleError(
            f"{step.where}: what is fused into it cannot run in a bundle; export without optimisation"
        )
    return picture(NAMED["relu"](step.builder, f"{step.label}/relu", made) if mode == "relu" else made)


def _pool(op: str) -> Handler:
    def made(step: Step) -> Result:
        step.channels_last()
        window, padding = _spatial(step.fields, "ksize", 16), _padding(step.fields)
        if not isinstance(padding, str):
            raise step.fields.wrong("padding", "SAME or VALID")
        value = step.picture(0)
        return picture(
            step.builder.add(step.label, op, [value], window=window, strides=_strides(step), padding=padding)
        )

    return made


def _resize(method: str) -> Handler:
    def made(step: Step) -> Result:
        value, size = step.picture(0), step.whole(1, 2)
        if len(size) != 2 or not all(1 <= extent <= SIDE for extent in size):
            raise BundleError(f"{step.where} makes a picture of {size}, which cannot be")
        coordinates = "asymmetric"
        if step.fields.flag("align_corners", False):
            coordinates = "align_corners"
        elif step.fields.flag("half_pixel_centers", False):
            coordinates = "half_pixel"
        shape = (size[0], size[1], value.shape[2])
        return picture(
            step.builder.add(
                step.label, "resize", [value], shape=shape, method=method, coordinates=coordinates
            )
        )

    return made


def _pad(step: Step) -> Result:
    op, value = step.node.op, step.picture(0)
    pads = step.constant(1)
    if pads.shape != (4, 2) or pads.dtype.kind not in "iu" or pads.min() < 0 or pads.max() > 1024:
        raise BundleError(f"{step.where}: its paddings must be four pairs of whole numbers from 0 to 1024")
    if pads[0].any():
        raise BundleError(f"{step.where} adds pictures to the batch; only the edges of one can be padded")
    mode = "zero"
    if op == "MirrorPad":
        mode = step.fields.text("mode").lower()
    elif op == "PadV2" and step.constant(2).any():
        raise BundleError(f"{step.where} pads with {step.constant(2).ravel()[:1]}; only zeros can be padded")
    if pads[3].any():
        if mode != "zero":
            raise BundleError(f"{step.where} mirrors channels, which a bundle cannot do")
        value = _more_channels(step, value, int(pads[3][0]), int(pads[3][1]))
    rows, columns = ((int(pair[0]), int(pair[1])) for pair in pads[1:3])
    if (rows, columns) == ((0, 0), (0, 0)):
        return picture(value)
    edges: Edges = (rows, columns)
    return picture(step.builder.add(step.label, "pad", [value], mode=mode, edges=edges))


def _more_channels(step: Step, value: Value, before: int, after: int) -> Value:
    channels = value.shape[2]
    if channels * (before + channels + after) > FOLDED_VALUES:
        raise BundleError(f"{step.where}: {channels} channels are too many for it")
    matrix = np.zeros((channels, before + channels + after), np.float32)
    matrix[:, before : before + channels] = np.eye(channels, dtype=np.float32)
    return convolving.pointwise(step.builder, f"{step.label}/channels", value, matrix)


def _depth_to_space(step: Step) -> Result:
    step.channels_last()
    block = step.fields.integer("block_size", 2, 16)
    return picture(step.builder.add(step.label, "depth_to_space", [step.picture(0)], block=block))


def _space_to_depth(step: Step) -> Result:
    """A convolution whose kernel picks each place of a block."""
    step.channels_last()
    block, value = step.fields.integer("block_size", 2, 16), step.picture(0)
    channels = value.shape[2]
    if channels * channels * block**4 > FOLDED_VALUES:
        raise BundleError(f"{step.where}: {channels} channels are too many for it")
    kernel = np.zeros((block, block, channels, channels * block * block), np.float32)
    for row, column in np.ndindex(block, block):
        start = (row * block + column) * channels
        kernel[row, column, :, start : start + channels] = np.eye(channels)
    return picture(convolving.convolution(step.builder, step.label, value, kernel, (block, block), "valid"))


def _mat_mul(step: Step) -> Result:
    """A vector of channels times a matrix: a convolution of 1 x 1."""
    seen, matrix = step.seen(0), step.constant(1)
    if step.fields.flag("transpose_a", False) or matrix.ndim != 2:
        raise BundleError(f"{step.where}: only a vector of channels times a matrix can run in a bundle")
    if step.fields.flag("transpose_b", False):
        matrix = matrix.T
    if len(seen.dims) != 2 or seen.axes[-1] != 2 or seen.value.shape[:2] != (1, 1):
        raise BundleError(f"{step.where}: it mixes places of the picture, which a bundle cannot do")
    made = convolving.pointwise(step.builder, step.label, seen.value, np.ascontiguousarray(matrix))
    if step.node.op == "_FusedMatMul":
        made = fused(step, made)
    return Seen(made, (1, made.shape[2]), (None, 2))


HANDLERS: dict[str, Handler] = {
    **dict.fromkeys(("Conv2D", "DepthwiseConv2dNative"), _convolved),
    "SpaceToBatchND": _space_to_batch,
    "BatchToSpaceND": _batch_to_space,
    **dict.fromkeys(("_FusedConv2D", "FusedConv2D", "FusedDepthwiseConv2dNative"), _fused_conv2d),
    "_FusedDepthwiseConv2dNative": _fused_conv2d,
    "Conv2DBackpropInput": _conv2d_backprop,
    **dict.fromkeys(
        ("FusedBatchNorm", "FusedBatchNormV2", "FusedBatchNormV3", "_FusedBatchNormEx"), _batch_norm
    ),
    "MaxPool": _pool("max_pool"),
    "AvgPool": _pool("avg_pool"),
    "ResizeNearestNeighbor": _resize("nearest"),
    "ResizeBilinear": _resize("bilinear"),
    **dict.fromkeys(("Pad", "PadV2", "MirrorPad"), _pad),
    "DepthToSpace": _depth_to_space,
    "SpaceToDepth": _space_to_depth,
    **dict.fromkeys(("MatMul", "_FusedMatMul"), _mat_mul),
}
