"""A bundle as a TensorFlow Lite file that takes the bytes of a picture: what LiteRT.js is measured with in the browser.

``python -m kit.train.to_tflite FOLDER FILE`` writes it. Input [1, 256, 256, 4] floats 0..255, RGBA; output
[1, height, width, channels] in the output's own range. Matrices are written as convolutions of 1x1, because GPU delegates
run those and not every product.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import tensorflow as tf
from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

from kit.models.exporting.pictures import CHANNELS, Preparing, plan_preparing
from kit.models.loaded import load_network
from kit.models.manifest import Convolution, Leaky, read_manifest
from kit.models.network import Network
from kit.models.preparing import FRAME
from kit.models.resampling import Matrix
from kit.train.rebuild import rebuild

NO_SLOPE = Leaky(type="leaky_relu", alpha=0.0)  # what relu is too, in an operator of its own
ROWS_LAST, COLUMNS_LAST = (0, 2, 3, 1), (0, 1, 3, 2)


def write_tflite(folder: Path, file: Path) -> None:
    """Write the form of the bundle in ``folder``; weights stay floats. Raises BundleError where it cannot be one."""
    manifest = read_manifest(folder)
    model = rebuild(_unfused(load_network(folder)))
    preparing = plan_preparing(manifest.preprocessing)
    picture = tf.TensorSpec((1, *FRAME, CHANNELS), tf.float32, name="picture")
    whole = tf.function(lambda given: model(prepared(preparing, given), training=False))
    # Keras keeps its weights where the converter does not look: they would stay variables that nobody fills.
    frozen = convert_variables_to_constants_v2(whole.get_concrete_function(picture))
    file.write_bytes(tf.lite.TFLiteConverter.from_concrete_functions([frozen]).convert())


def _unfused(network: Network) -> Network:
    """The same network whose transposed convolutions end without relu: the converter would make one operator of both,
    of a version (4) that LiteRT's GPU delegate does not run.
    """
    nodes = tuple(
        node.model_copy(update={"activation": NO_SLOPE})
        if isinstance(node, Convolution) and node.op == "conv2d_transpose" and node.activation.type == "relu"
        else node
        for node in network.nodes
    )
    return replace(network, nodes=nodes)


def prepared(preparing: Preparing, picture: Any) -> Any:
    """[1, 256, 256, 4] to the network's input [1, h, w, c]."""
    value = _applied(preparing.mixing.T, picture)
    for turn in range(2):
        for factors, order in ((preparing.rows, ROWS_LAST), (preparing.columns, COLUMNS_LAST)):
            if turn < len(factors):
                turned = _applied(factors[turn], tf.transpose(value, order))
                back = [order.index(axis) for axis in range(4)]
                value = tf.transpose(turned, back)
    value = value + tf.constant(preparing.offset, tf.float32)
    if preparing.alpha is None:
        return value
    return tf.pad(value, [[0, 0], [0, 0], [0, 0], [0, 1]], constant_values=preparing.alpha)


def _applied(matrix: Matrix, value: Any) -> Any:
    """``matrix`` [target, source] along the last axis."""
    kernel = tf.constant(matrix.T[None, None], tf.float32)
    return tf.nn.conv2d(value, kernel, 1, "VALID")


if __name__ == "__main__":
    write_tflite(Path(sys.argv[1]), Path(sys.argv[2]))
