"""One training step on PyTorch: the same losses, moved by autograd."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import keras
import numpy as np
import torch  # only where KERAS_BACKEND=torch; not part of the [train] extra
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
) -> Callable[[Floats, Floats, bool], dict[str, float]]:
    """Return step(grey [n, 256, 256, 1], picture [n, 256, 256, 3], norm_frozen) -> losses.

    The meaning of the arguments is the same as on TensorFlow, see ``step_tensorflow``.
    """

    def run(grey: Floats, picture: Floats, norm_frozen: bool = False) -> dict[str, float]:
        source, target = keras.ops.convert_to_tensor(grey), keras.ops.convert_to_tensor(picture)
        made = generator(source, training=not norm_frozen)
        real_logits = discriminator([source, target], training=True)
        made_logits = discriminator([source, made], training=True)
        total, adversarial, l1 = generator_loss(made_logits, made, target, l1_weight)
        judged = discriminator_loss(real_logits, made_logits, real_target)
        generator_gradients = _gradients(total, generator, keep=True)
        discriminator_gradients = _gradients(judged, discriminator, keep=False)
        with torch.no_grad():
            generator_optimizer.apply(generator_gradients, generator.trainable_weights)
            discriminator_optimizer.apply(discriminator_gradients, discriminator.trainable_weights)
        values = (total, adversarial, l1, judged)
        return {name: float(value.detach()) for name, value in zip(FIGURES, values, strict=True)}

    return run


def _gradients(loss: Any, model: keras.Model, keep: bool) -> list[Any]:
    values = [variable.value for variable in model.trainable_weights]
    return list(torch.autograd.grad(loss, values, retain_graph=keep))
