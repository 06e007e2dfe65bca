"""Figures by hand-made cases: measures, standard errors, paired comparisons, the colour map."""

from __future__ import annotations

import numpy as np
import pytest

from kit.train import examining
from kit.train.baselines import BLURRED_GREY, COLOUR_MAP, coloured, fit_colour_map, measure_baselines
from kit.train.data import Photographs, blurred_grey, middle, scaled
from kit.train.examining import figures_of, hold_out, measure_all
from kit.train.measures import Measured, compared, summary
from kit.train.quality import decibels, l1_each, mse_each, ssim_each


def flat(*values: float) -> np.ndarray:
    """One picture of each value, [n, 32, 32, 3]."""
    return np.stack([np.full((32, 32, 3), value, np.float32) for value in values])


def test_each_pair_is_measured_by_itself() -> None:
    first, second = flat(0, 0, 1), flat(0.5, -0.1, 1)
    assert l1_each(first, second) == pytest.approx([0.5, 0.1, 0])
    assert mse_each(first, second) == pytest.approx([0.25, 0.01, 0])
    assert decibels(mse_each(first, second)) == pytest.approx([12.04, 26.02, 200], abs=0.01)


def test_equal_pictures_are_alike_and_mirrored_ones_are_not() -> None:
    noise = np.random.default_rng(1).uniform(-1, 1, (2, 32, 32, 3)).astype(np.float32)
    alike = ssim_each(noise, np.stack([noise[0], noise[1, ::-1]]))
    assert alike[0] == pytest.approx(1)
    assert alike[1] < 0.2


def figures(*l1: float) -> Measured:
    values = np.array(l1)
    return Measured(values, -values, -values)


def test_a_summary_has_means_and_standard_errors() -> None:
    assert summary(figures(1, 2, 3, 4))["l1"] == {"mean": 2.5, "standard_error": 0.6455}
    assert summary(figures(1))["l1"] == {"mean": 1, "standard_error": None}


def test_a_comparison_is_paired_and_positive_where_we_are_better() -> None:
    said = compared(figures(1, 2, 3), figures(2, 4, 2))
    assert said["l1"] == {"better_by": 0.66667, "standard_error": 0.88192, "better_for": 2}
    assert said["psnr_db"]["better_by"] == pytest.approx(0.667)


def ramps(count: int, seed: int = 0) -> np.ndarray:
    """Photographs whose colour follows from their grey: (grey, 255 - grey, 40), smooth enough to survive the blur."""
    rng = np.random.default_rng(seed)
    ramp = np.linspace(30, 220, 286)
    made = []
    for _ in range(count):
        grey = np.broadcast_to(ramp if rng.random() < 0.5 else ramp[::-1], (286, 286))
        made.append(np.stack([grey, 255 - grey, np.full_like(grey, 40)], axis=-1))
    return np.rint(np.stack(made)).astype(np.uint8)


def test_the_colour_map_finds_colours_that_follow_from_grey() -> None:
    pictures = scaled(middle(ramps(2, seed=5)))
    greys = blurred_grey(pictures)
    found = fit_colour_map(ramps(4))
    for colours in (found.medians, found.means):
        assert np.abs(coloured(colours, greys) - pictures).mean() < 0.1
    assert np.abs(greys - pictures).mean() > 0.4


def test_the_map_holds_medians_and_means() -> None:
    """Three red photographs and a green one, all of the same grey."""
    red, green = (np.full((286, 286, 3), colour, np.uint8) for colour in ((196, 0, 0), (0, 100, 0)))
    found = fit_colour_map(np.stack([red, red, green, red]))
    assert (found.medians[59] + 1) * 127.5 == pytest.approx([196, 0, 0], abs=0.1)
    assert (found.means[59] + 1) * 127.5 == pytest.approx([147, 25, 0], abs=0.1)
    assert (found.means[200] == found.means[59]).all()  # a grey that never occurred


def test_greys_that_never_occurred_get_what_lies_between() -> None:
    black, white = (np.full((286, 286, 3), value, np.uint8) for value in (0, 255))
    found = fit_colour_map(np.stack([black, white, white]))
    assert found.means[[0, 128, 255], 0] == pytest.approx([-1, 0, 1], abs=0.01)


def test_the_baselines_are_measured_photograph_by_photograph() -> None:
    pictures = scaled(middle(ramps(3, seed=2)))
    found = measure_baselines(fit_colour_map(ramps(4)), blurred_grey(pictures), pictures)
    assert list(found) == [BLURRED_GREY, COLOUR_MAP]
    assert found[COLOUR_MAP].l1.shape == (3,)
    assert (found[COLOUR_MAP].l1 < found[BLURRED_GREY].l1).all()
    assert (found[COLOUR_MAP].psnr_db > found[BLURRED_GREY].psnr_db).all()


@pytest.fixture(scope="module")
def photographs() -> Photographs:
    return Photographs(ramps(4), ramps(3, seed=1), (), ())


def test_networks_side_by_side_are_compared_with_their_exact_form(
    photographs: Photographs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(examining, "CHUNK", 2)
    held_out, told = hold_out(photographs), []
    painters = {
        "float32": scaled,
        "int8": lambda given: scaled(given) + np.float32(0.02),
    }
    found = measure_all(painters, held_out, "float32", lambda done, total: told.append((done, total)))
    exact, rounded = (figures_of(found[name], held_out) for name in painters)
    assert (exact["photographs"], exact["l1"]["mean"]) == (3, 0)
    assert "psnr_db_vs_fp32" not in exact
    assert rounded["psnr_db_vs_fp32"] == pytest.approx(40, abs=0.01)
    assert rounded["against"][BLURRED_GREY]["l1"]["better_for"] == 3
    assert told == [(2, 3), (3, 3)]
