"""How good a network is on the test photographs, and what storing it costs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from kit.models.weights import Precision
from kit.train.convert import Stored, store
from kit.train.data import Bytes, blurred_grey, middle, scaled
from kit.train.loop import mean_l1, paint
from kit.train.quality import psnr_db, ssim

Floats = NDArray[np.float32]
ENOUGH_DB = 35.0
SMALL: tuple[Precision, ...] = ("int8", "float16")


@dataclass(frozen=True)
class Evaluation:
    """The network as it will be shipped, and the figures for its manifest."""

    stored: Stored
    quality: dict[str, Any]


def evaluate(model: keras.Model, test: Bytes) -> Evaluation:
    """Choose the storage (8 bit where it stays above 35 dB, else half floats) and measure on test photographs.

    ``test`` is uint8 [n, 286, 286, 3]. L1 is on [-1, 1]; PSNR and SSIM compare with the same network in fp32.
    """
    pictures = scaled(middle(test))
    greys = blurred_grey(pictures)
    exact = paint(store(model, "float32").model, greys)
    stored = {precision: store(model, precision) for precision in SMALL}
    made = {precision: paint(stored[precision].model, greys) for precision in SMALL}
    costs = {precision: _cost(made[precision], exact) for precision in SMALL}
    chosen: Precision = "int8" if costs["int8"]["psnr_db"] > ENOUGH_DB else "float16"
    return Evaluation(stored[chosen], _figures(made[chosen], greys, pictures) | _storage(costs, chosen))


def _cost(made: Floats, exact: Floats) -> dict[str, float]:
    return {"psnr_db": round(psnr_db(made, exact), 2), "ssim": round(ssim(made, exact), 5)}


def _storage(costs: dict[Precision, dict[str, float]], chosen: Precision) -> dict[str, Any]:
    return {
        "psnr_db_vs_fp32": costs[chosen]["psnr_db"],
        "ssim_vs_fp32": costs[chosen]["ssim"],
        "storage_compared": costs,
    }


def _figures(made: Floats, greys: Floats, pictures: Floats) -> dict[str, Any]:
    ours = np.abs(made - pictures).mean(axis=(1, 2, 3))
    baseline = np.abs(greys - pictures).mean(axis=(1, 2, 3))
    return {
        "test_photographs": len(pictures),
        "test_l1": mean_l1(made, pictures),
        "baseline_l1": mean_l1(greys, pictures),
        "margin_l1": round(float((baseline - ours).mean()), 5),
        "margin_share": round(float(1 - ours.mean() / baseline.mean()), 4),
        "margin_l1_standard_error": round(float((baseline - ours).std(ddof=1) / np.sqrt(len(ours))), 5),
        "photographs_nearer_than_baseline": int((ours < baseline).sum()),
        "test_ssim": round(ssim(made, pictures), 4),
        "baseline_ssim": round(ssim(np.repeat(greys, 3, axis=-1), pictures), 4),
    }
