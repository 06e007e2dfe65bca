"""Run reports as the page would send them, for tests of what ``kit bench`` makes of them."""

from typing import Any

from kit.bench.rows import BenchRun
from kit.domain.wire.run import RunReport

MODEL = {"name": "test-blocks", "version": "1.0.0", "sha256": "a" * 64}


def window(*ms: float, k: int = 1) -> dict[str, Any]:
    """Samples of ``k`` frames, ``ms`` milliseconds each."""
    return {"k": [k] * len(ms), "ms": list(ms), "elapsed_ms": sum(ms)}


def bench_run(
    mode: str, block: int, *ms: float, k: int = 1, flags: tuple[str, ...] = (), **changes: Any
) -> BenchRun:
    """A run whose capability and displayed windows hold these samples."""
    body = {
        "schema": 1,
        "model": MODEL,
        "mode": mode,
        "kind": "measured",
        "block": block,
        "started_ms": block * 1000,
        "outcome": "ok",
        "variant": {"threads": None, "precision": "float32", "library": "tfjs 4.22.0"},
        "load": {"bytes": 5000, "ms": 40, "compile_ms": 90, "first_picture_ms": 120, "cold": block == 0},
        "golden": {"status": "pass", "max_abs_error": 0.004, "psnr_db": 60},
        "capability": window(*ms, k=k),
        "displayed": window(*ms),
    }
    return BenchRun(RunReport.model_validate(body | changes), flags)
