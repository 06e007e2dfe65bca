"""From a picture of 256x256 to whatever a network takes."""

from __future__ import annotations

import numpy as np
import pytest

from kit.models.errors import BundleError
from kit.models.manifest import Alpha, Grey
from kit.models.preparing import prepared_shape, steps_for
from kit.models.reference import preprocess

PICTURE = np.random.default_rng(5).integers(0, 256, (256, 256, 3)).astype(np.uint8)


@pytest.mark.parametrize(
    ("shape", "ops"),
    [
        ((256, 256, 3), ["scale"]),
        ((128, 200, 1), ["grey", "area", "scale"]),
        ((512, 300, 3), ["bicubic", "scale"]),
        ((96, 320, 4), ["area", "bicubic", "alpha", "scale"]),
    ],
)
def test_steps_bring_a_picture_to_the_input(shape: tuple[int, int, int], ops: list[str]) -> None:
    steps = steps_for(shape, (0, 1))
    assert [step.op for step in steps] == ops
    assert prepared_shape(steps, PICTURE.shape) == shape
    made = preprocess(steps, PICTURE)
    assert made.shape == shape
    assert -0.3 < made.min() < made.max() < 1.3


def test_bytes_as_they_are_need_no_step() -> None:
    assert steps_for((256, 256, 3), (0, 255)) == ()


def test_alpha_is_full() -> None:
    assert (preprocess(steps_for((256, 256, 4), (-1, 1)), PICTURE)[..., 3] == 1).all()


def test_a_picture_of_other_channels_cannot_be_made() -> None:
    with pytest.raises(BundleError, match="1, 3 or 4 channels, not 2"):
        steps_for((256, 256, 2), (0, 1))


def test_alpha_needs_colours() -> None:
    grey = Grey(op="grey", weights=(0.3, 0.6, 0.1))
    with pytest.raises(BundleError, match=r"preprocessing\.1: alpha needs three channels, not 1"):
        prepared_shape((grey, Alpha(op="alpha")), PICTURE.shape)
