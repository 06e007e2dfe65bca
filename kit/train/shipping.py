"""In which storage a trained network ships, and what its manifest says about how good it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import keras

from kit.models.manifest import Precision
from kit.train.baselines import BLURRED_GREY, COLOUR_MAP
from kit.train.convert import Stored, store
from kit.train.evaluation import EXACT, PRECISIONS, painters, storages
from kit.train.examining import HeldOut, figures_of, measure_all
from kit.train.fold import fold

ENOUGH_DB = 35.0
Figures = dict[str, Any]


@dataclass(frozen=True)
class Evaluation:
    """The network as it will be shipped, and the figures for its manifest."""

    stored: Stored
    quality: Figures


def choose_storage(model: keras.Model, held_out: HeldOut) -> Evaluation:
    """Choose the storage (8 bit where it stays above 35 dB, else half floats) and measure each on test photographs.

    L1 is on [-1, 1]; PSNR and SSIM ``vs_fp32`` compare with the same network in fp32.
    """
    outcomes = measure_all(painters(storages(fold(model))), held_out, EXACT)
    found = {precision: figures_of(outcomes[precision], held_out) for precision in PRECISIONS}
    chosen: Precision = "int8" if found["int8"]["psnr_db_vs_fp32"] > ENOUGH_DB else "float16"
    return Evaluation(store(model, chosen), quality(found, chosen, held_out))


def quality(found: dict[Precision, Figures], chosen: Precision, held_out: HeldOut) -> Figures:
    """What the manifest says: in short for the storage that ships, and each storage and baseline in full."""
    shipped, baselines = found[chosen], held_out.baseline_figures()
    grey = shipped["against"][BLURRED_GREY]["l1"]
    return {
        "test_photographs": shipped["photographs"],
        "test_l1": shipped["l1"]["mean"],
        "baseline_l1": baselines[BLURRED_GREY]["l1"]["mean"],
        "colour_map_l1": baselines[COLOUR_MAP]["l1"]["mean"],
        "margin_l1": grey["better_by"],
        "margin_share": round(grey["better_by"] / baselines[BLURRED_GREY]["l1"]["mean"], 4),
        "margin_l1_standard_error": grey["standard_error"],
        "photographs_nearer_than_baseline": grey["better_for"],
        "test_ssim": shipped["ssim"]["mean"],
        "baseline_ssim": baselines[BLURRED_GREY]["ssim"]["mean"],
        "psnr_db_vs_fp32": shipped["psnr_db_vs_fp32"],
        "ssim_vs_fp32": shipped["ssim_vs_fp32"],
        "measured": found,
        "baselines": baselines,
    }
