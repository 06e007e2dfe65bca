"""The losses of pix2pix, written with ``keras.ops`` so that each back end runs the same formula."""

from __future__ import annotations

from typing import Any

from keras import ops

Tensor = Any  # a tensor of whichever back end Keras runs on


def judged(logits: Tensor, real: float) -> Tensor:
    """Binary cross-entropy of patch logits against "real" (1), "made" (0) or what lies between, a scalar."""
    target = ops.full_like(logits, real)
    return ops.mean(ops.binary_crossentropy(target, logits, from_logits=True))


def distance(made: Tensor, picture: Tensor) -> Tensor:
    """Mean absolute difference (L1) on the scale [-1, 1], a scalar."""
    return ops.mean(ops.abs(picture - made))


def generator_loss(
    logits: Tensor, made: Tensor, picture: Tensor, weight: float
) -> tuple[Tensor, Tensor, Tensor]:
    """Return (total, adversarial part, L1): total = adversarial + weight * L1."""
    adversarial, l1 = judged(logits, 1.0), distance(made, picture)
    return adversarial + weight * l1, adversarial, l1


def discriminator_loss(real_logits: Tensor, made_logits: Tensor, real_target: float = 1.0) -> Tensor:
    """Sum of the cross-entropies on photographs and on made pictures, a scalar.

    ``real_target`` below 1 is one-sided label smoothing (Salimans et al., 2016).
    """
    return judged(real_logits, real_target) + judged(made_logits, 0.0)
