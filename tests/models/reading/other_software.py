"""Run as a program: models made by Keras 3 and by legacy Keras, and what TensorFlow.js' converter makes of them.

``python other_software.py FOLDER`` writes models, inputs and outputs (as Keras computes them) to FOLDER.
"""

from __future__ import annotations

import os
import sys
import types
from pathlib import Path
from typing import Any

os.environ |= {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""}

import numpy as np

SIDE = 16


def random_weights(model: Any) -> None:
    rng = np.random.default_rng(0)
    model.set_weights(
        [
            rng.uniform(0.5, 1.5, held.shape) if "variance" in made.name else rng.normal(0, 0.3, held.shape)
            for made, held in zip(model.weights, model.get_weights(), strict=True)
        ]
    )


def keras_3() -> Any:
    import keras
    from keras import layers

    start = keras.Input((None, None, 3))
    value = layers.Conv2D(8, 7)(layers.ZeroPadding2D(3)(start))
    first = value = layers.ReLU()(layers.GroupNormalization(groups=-1)(value))
    value = layers.Conv2D(12, 3, strides=2, padding="same")(value)
    value = layers.LeakyReLU(negative_slope=0.2)(layers.BatchNormalization()(value))
    value = layers.ReLU(max_value=6)(layers.DepthwiseConv2D(3, padding="same")(value))
    value = layers.Conv2D(12, 3, padding="same", activation="elu", dilation_rate=2)(value)
    value = layers.SeparableConv2D(10, 3, padding="same", activation="swish")(
        layers.PReLU(shared_axes=[1, 2])(value)
    )
    gate = layers.Dense(10, activation="sigmoid")(layers.GlobalAveragePooling2D(keepdims=True)(value))
    value = layers.AveragePooling2D(3, strides=1, padding="same")(layers.Multiply()([value, gate]))
    value = layers.Conv2DTranspose(8, 4, strides=2, padding="same", use_bias=False)(value)
    value = layers.Concatenate()([layers.Activation("relu")(layers.BatchNormalization()(value)), first])
    value = layers.UpSampling2D(2)(value) * 0.5 + 0.1
    return keras.Model(start, layers.Conv2D(3, 3, padding="same", activation="tanh")(value))


def legacy() -> Any:
    """A U-Net of blocks, each a model of its own, as tutorials write it."""
    import tf_keras
    from tf_keras import layers

    def down(filters: int) -> Any:
        conv = layers.Conv2D(filters, 4, strides=2, padding="same", use_bias=False)
        return tf_keras.Sequential([conv, layers.BatchNormalization(), layers.LeakyReLU()])

    def up(filters: int) -> Any:
        conv = layers.Conv2DTranspose(filters, 4, strides=2, padding="same", use_bias=False)
        return tf_keras.Sequential(
            [conv, layers.Dropout(0.5), layers.ReLU()]
        )  # a norm here stops the converter

    start = layers.Input((SIDE, SIDE, 1))
    first = down(4)(start)
    second = down(8)(first)
    value = layers.Concatenate()([up(4)(second), first])
    value = layers.UpSampling2D(2, interpolation="bilinear")(layers.Activation("hard_sigmoid")(value))
    frozen = layers.Conv2D(6, 3, padding="same", trainable=False)
    return tf_keras.Model(start, layers.Conv2D(3, 1, activation="tanh")(frozen(value)))


def convert(*arguments: str | Path) -> None:
    try:
        import pkg_resources  # noqa: F401 (newer setuptools lack what tensorflow_hub asks of it)
    except ImportError:
        from packaging.version import parse

        stand_in = types.ModuleType("pkg_resources")
        stand_in.parse_version = parse  # type: ignore[attr-defined]
        sys.modules["pkg_resources"] = stand_in
    from tensorflowjs.converters import converter

    converter.convert([str(argument) for argument in arguments])


def main(folder: Path) -> None:
    os.chdir(folder)  # the converter leaves files where it runs
    new, old = keras_3(), legacy()
    arrays = {}
    for name, model, channels in (("new", new, 3), ("old", old, 1)):
        random_weights(model)
        value = np.random.default_rng(1).uniform(-1, 1, (1, SIDE, SIDE, channels)).astype(np.float32)
        arrays |= {f"{name}_input": value[0], f"{name}_output": np.asarray(model(value))[0]}
    new.export("new_saved", format="tf_saved_model", verbose=False)
    new.save("new.keras")
    old.save("old.h5")
    layers, graph = "--output_format=tfjs_layers_model", "--output_format=tfjs_graph_model"
    convert("--input_format=tf_saved_model", "--signature_name=serve", graph, "new_saved", "new_graph")
    convert("--input_format=keras_keras", layers, "new.keras", "new_layers")
    convert("--input_format=keras", layers, "--weight_shard_size_bytes=1000", "old.h5", "old_layers")
    convert("--input_format=keras", graph, "--quantize_uint16=*", "old.h5", "old_graph")
    np.savez("arrays.npz", **arrays)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
