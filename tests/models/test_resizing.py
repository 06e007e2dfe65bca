from __future__ import annotations

import numpy as np
import pytest

from kit.models.reference import run_network
from kit.models.resizing import bilinear_places, nearest_places, resize_matrix
from tests.models.exporting.networks import picture, resizes

RESIZES = resizes()


def test_where_the_three_kinds_look() -> None:
    assert nearest_places(4, 3, "asymmetric").tolist() == [0, 1, 2]
    assert nearest_places(4, 3, "half_pixel").tolist() == [0, 2, 3]
    assert nearest_places(4, 3, "align_corners").tolist() == [0, 2, 3]


def test_between_which_two_places_it_lies() -> None:
    lower, upper, share = bilinear_places(4, 3, "align_corners")
    assert (lower.tolist(), upper.tolist(), share.tolist()) == ([0, 1, 3], [1, 2, 3], [0, 0.5, 0])


@pytest.mark.parametrize("name", RESIZES)
def test_as_matrices_it_is_the_same(name: str) -> None:
    network = RESIZES[name]
    value = picture(network)
    method, coordinates, _ = name.split("-")
    rows, columns = (
        resize_matrix(value.shape[axis], network.output_shape[axis], method, coordinates)  # type: ignore[arg-type]
        for axis in (0, 1)
    )
    made = np.einsum("yh,hwc,xw->yxc", rows, value, columns)
    assert np.abs(run_network(network, value) - made).max() < 1e-5
