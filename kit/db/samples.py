"""Samples in the store: integer microseconds, packed; and out of it again."""

from typing import Any

import numpy as np

from kit.db.tables import SampleBlock
from kit.domain.wire.run import RunReport, Samples

K_TYPE = np.dtype("<i4")
US_TYPE = np.dtype("<i8")


def sample_rows(run_id: str, report: RunReport) -> list[dict[str, Any]]:
    """One row for each window that the report has."""
    windows = {"warmup": report.warmup, "capability": report.capability, "displayed": report.displayed}
    return [
        pack(samples) | {"run_id": run_id, "phase": phase} for phase, samples in windows.items() if samples
    ]


def pack(samples: Samples) -> dict[str, Any]:
    """The columns of ``SampleBlock`` for one window."""
    return {
        "samples": len(samples.k),
        "elapsed_us": round(samples.elapsed_ms * 1000),
        "animation_frames": samples.animation_frames,
        "k": np.asarray(samples.k, dtype=K_TYPE).tobytes(),
        "us": np.rint(np.asarray(samples.ms, dtype=np.float64) * 1000).astype(US_TYPE).tobytes(),
    }


def unpack(block: SampleBlock) -> Samples:
    """The window as it was sent, its times rounded to whole microseconds."""
    return Samples(
        k=np.frombuffer(block.k, dtype=K_TYPE).tolist(),
        ms=(np.frombuffer(block.us, dtype=US_TYPE) / 1000).tolist(),
        elapsed_ms=block.elapsed_us / 1000,
        animation_frames=block.animation_frames,
    )
