"""One training step on TensorFlow: both networks see the batch once and move once."""

from __future__ import annotations

from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from kit.train.losses import discriminator_loss, generator_loss

Floats = NDArray[np.float32]
FIGURES = ("generator_total", "adversarial", "generator_l1", "discriminator")


def make_step(
    generator: keras.Model,
    discriminator: keras.Model,
    generator_optimizer: keras.Optimizer,
    discriminator_optimizer: keras.Optimizer,
    l1_weight: float,
    real_target: float = 1.0,
    jit: bool = False,
) -> Callable[[Floats, Floats, bool], dict[str, float]]:
    """Return step(grey [n, 256, 256, 1], picture [n, 256, 256, 3], norm_frozen) -> losses.

    With ``norm_frozen`` the generator's batch norm uses its moving averages, as it will when deployed
    (dropout is off then too); otherwise it uses the batch.
    """

    @tf.function(jit_compile=jit, reduce_retracing=True)
    def step(grey: tf.Tensor, picture: tf.Tensor, norm_frozen: bool) -> tf.Tensor:
        with tf.GradientTape() as generator_tape, tf.GradientTape() as discriminator_tape:
            made = generator(grey, training=not norm_frozen)
            real_logits = discriminator([grey, picture], training=True)
            made_logits = discriminator([grey, made], training=True)
            total, adversarial, l1 = generator_loss(made_logits, made, picture, l1_weight)
            judged = discriminator_loss(real_logits, made_logits, real_target)
        _move(generator_tape, total, generator, generator_optimizer)
        _move(discriminator_tape, judged, discriminator, discriminator_optimizer)
        return tf.stack([total, adversarial, l1, judged])

    def run(grey: Floats, picture: Floats, norm_frozen: bool = False) -> dict[str, float]:
        values = step(tf.constant(grey), tf.constant(picture), norm_frozen).numpy()
        return dict(zip(FIGURES, map(float, values), strict=True))

    return run


def _move(tape: tf.GradientTape, loss: tf.Tensor, model: keras.Model, optimizer: keras.Optimizer) -> None:
    variables = model.trainable_variables
    optimizer.apply(tape.gradient(loss, variables), variables)
