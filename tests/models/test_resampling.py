from __future__ import annotations

import numpy as np
import pytest

from kit.models.resampling import area_matrix, bicubic_matrix, keys_weight


def test_an_area_average_keeps_the_mean() -> None:
    row = np.random.default_rng(1).uniform(0, 255, 256)
    assert (area_matrix(256, 10) @ row).mean() == pytest.approx(row.mean())


def test_an_area_that_is_no_whole_number_of_samples_takes_fractions() -> None:
    assert area_matrix(3, 2).tolist() == pytest.approx(np.array([[2 / 3, 1 / 3, 0], [0, 1 / 3, 2 / 3]]))


def test_bicubic_gives_a_straight_line_back_away_from_the_edges() -> None:
    line = bicubic_matrix(10, 40, -0.5) @ np.arange(10.0)
    assert line[8:32] == pytest.approx((np.arange(8, 32) + 0.5) / 4 - 0.5)


def test_bicubic_leaves_samples_beyond_the_edge_out() -> None:
    first = bicubic_matrix(10, 256, -0.5)[0]
    weights = keys_weight(np.array([0.5 - 5 / 256, 1.5 - 5 / 256]), -0.5)
    assert first[:2] == pytest.approx(weights / weights.sum())


def test_the_slope_matters() -> None:
    assert np.abs(bicubic_matrix(10, 256, -0.5) - bicubic_matrix(10, 256, -0.75)).max() > 0.05
