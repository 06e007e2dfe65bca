"""The discriminator, for training only: judges overlapping patches of a picture (PatchGAN)."""

from __future__ import annotations

import keras
from keras import layers

from kit.train.generator import LEAK, NORM_EPSILON, SIZE


def build_discriminator(filters: int) -> keras.Model:
    """Return ([n, 256, 256, 1], [n, 256, 256, 3]) -> logits [n, 30, 30, 1], one for each 70x70 patch.

    ``filters`` is the width of the first step: 64 in Isola et al. (2017), 32 is enough for `small`.
    """
    grey = keras.Input((SIZE, SIZE, 1), name="grey")
    picture = keras.Input((SIZE, SIZE, 3), name="picture")
    value = layers.Concatenate()([grey, picture])
    value = _step(value, filters, strides=2, norm=False)
    value = _step(value, filters * 2, strides=2, norm=True)
    value = _step(value, filters * 4, strides=2, norm=True)
    value = layers.ZeroPadding2D()(value)
    value = _step(value, filters * 8, strides=1, norm=True)
    value = layers.ZeroPadding2D()(value)
    logits = layers.Conv2D(1, 4, kernel_initializer=_start(), dtype="float32")(value)
    return keras.Model([grey, picture], logits, name=f"discriminator_{filters}")


def _start() -> keras.initializers.Initializer:
    return keras.initializers.RandomNormal(stddev=0.02)


def _step(value: keras.KerasTensor, width: int, *, strides: int, norm: bool) -> keras.KerasTensor:
    padding = "same" if strides == 2 else "valid"
    value = layers.Conv2D(
        width, 4, strides=strides, padding=padding, use_bias=not norm, kernel_initializer=_start()
    )(value)
    if norm:
        value = layers.BatchNormalization(epsilon=NORM_EPSILON)(value)
    return layers.LeakyReLU(negative_slope=LEAK)(value)
