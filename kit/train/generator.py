"""The generator: a pix2pix U-Net at 256x256, one grey channel in, three channels out."""

from __future__ import annotations

import keras
from keras import layers

SIZE = 256
LEVELS = 8
WIDEST = 512
DROPPED_LEVELS = 3
LEAK = 0.3
NORM_EPSILON = 1e-3


def widths(filters: int, widest: int = WIDEST) -> list[int]:
    """Filters of the eight steps down: doubled at each step, at most ``widest``."""
    if filters < 1:
        raise ValueError(f"filters must be 1 or more, not {filters}")
    return [min(filters * 2**level, widest) for level in range(LEVELS)]


def build_generator(filters: int, widest: int = WIDEST) -> keras.Model:
    """Return the network [n, 256, 256, 1] -> [n, 256, 256, 3], both sides in [-1, 1].

    Total parameters: 54,423,811 at 64 filters, 16,786,211 at 8, 6,297,491 at 4. After Isola et al.,
    "Image-to-Image Translation with Conditional Adversarial Networks" (2017).
    """
    down_widths = widths(filters, widest)
    start = keras.Input((SIZE, SIZE, 1), name="input")
    value, skips = start, []
    for level, width in enumerate(down_widths, start=1):
        value = _down(value, width, level)
        skips.append(value)
    for level, skip in enumerate(reversed(skips[:-1]), start=1):
        value = _up(value, skip.shape[-1], level)
        value = layers.Concatenate(name=f"join{level}")([value, skip])
    last = layers.Conv2DTranspose(
        3,
        4,
        strides=2,
        padding="same",
        activation="tanh",
        kernel_initializer=_start(),
        name="output",
        dtype="float32",  # also where the others multiply in fewer bits: the picture has finer steps than bfloat16
    )
    return keras.Model(start, last(value), name=f"generator_{filters}")


def _start() -> keras.initializers.Initializer:
    return keras.initializers.RandomNormal(stddev=0.02)


def _down(value: keras.KerasTensor, width: int, level: int) -> keras.KerasTensor:
    value = layers.Conv2D(
        width, 4, strides=2, padding="same", use_bias=False, kernel_initializer=_start(), name=f"down{level}"
    )(value)
    if level > 1:
        value = layers.BatchNormalization(epsilon=NORM_EPSILON, name=f"down{level}_norm")(value)
    return layers.LeakyReLU(negative_slope=LEAK, name=f"down{level}_act")(value)


def _up(value: keras.KerasTensor, width: int, level: int) -> keras.KerasTensor:
    value = layers.Conv2DTranspose(
        width, 4, strides=2, padding="same", use_bias=False, kernel_initializer=_start(), name=f"up{level}"
    )(value)
    value = layers.BatchNormalization(epsilon=NORM_EPSILON, name=f"up{level}_norm")(value)
    if level <= DROPPED_LEVELS:
        value = layers.Dropout(0.5, name=f"up{level}_drop")(value)
    return layers.ReLU(name=f"up{level}_act")(value)
