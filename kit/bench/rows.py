"""Runs of a bench visit to the rows of ``kit bench``: one for each condition, all its rounds together."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from kit.domain.modes import asked_text
from kit.domain.stats.run import bound_ms, frame_count, frames_per_second, median_ms, percentile_ms
from kit.domain.wire.run import RunReport, Samples

BACKENDS = {"pixels": "webgl", "webgl": "webgl", "webgpu": "webgpu", "wasm": "wasm"}
"""What the last word of a mode's name says about who computes."""

Row = dict[str, Any]
"""A row of the file that ``--out`` writes. ``_ms`` milliseconds, ``_fps`` frames a second; ``None``: no such figure."""

NOT_MEASURED = "the page ended before this condition was measured"


@dataclass(frozen=True, slots=True)
class BenchRun:
    """One stored run, the codes of its flags, and what was asked of its mode."""

    report: RunReport
    flags: tuple[str, ...] = ()
    wishes: str = ""

    @property
    def asked(self) -> str:
        """The mode as the bench named it, with its wishes."""
        return asked_text(self.report.mode, self.wishes)


def condition_row(model: str, mode: str, runs: Sequence[BenchRun], refresh_hz: float | None) -> Row:
    """Put the runs of one condition into one row; ``mode`` has its wishes. Without a single run the outcome is ``lost``."""
    reports = [run.report for run in runs]
    return {
        "model": model,
        "mode": mode,
        "backend": _backend(mode),
        "renderer": next(
            (r.environment.renderer for r in reports if r.environment and r.environment.renderer), None
        ),
        **_outcome(reports),
        **_load(reports),
        **_figures([report for report in reports if report.outcome == "ok"]),
        "refresh_hz": refresh_hz,
        **_golden(reports),
        "flags": sorted({code for run in runs for code in run.flags}),
        **_variant(reports),
    }


def _backend(mode: str) -> str:
    plain = mode.partition("[")[0]
    return BACKENDS.get(plain.rsplit("-", 1)[-1], plain)


def pooled(windows: Sequence[Samples | None]) -> Samples | None:
    """Several windows as one: their samples one after another, their lengths added. ``None`` where all are missing."""
    present = [window for window in windows if window is not None]
    if not present:
        return None
    # Not validated again: each window was, and several together may be longer than one is allowed to be.
    return Samples.model_construct(
        k=[k for window in present for k in window.k],
        ms=[ms for window in present for ms in window.ms],
        elapsed_ms=sum(window.elapsed_ms for window in present),
        animation_frames=None,
    )


def _outcome(reports: Sequence[RunReport]) -> Row:
    if not reports:
        return {"ok": False, "outcome": "lost", "reason": NOT_MEASURED, "bound_ms": None}
    bad = next((report for report in reports if report.outcome != "ok"), None)
    if bad is None:
        return {"ok": True, "outcome": "ok", "reason": None, "bound_ms": None}
    bounds = [bound_ms(report.capability) for report in reports if report.outcome == "too_slow"]
    known = [bound for bound in bounds if bound is not None]
    reason = bad.reason or bad.outcome.replace("_", " ")
    return {"ok": False, "outcome": bad.outcome, "reason": reason, "bound_ms": max(known, default=None)}


def _load(reports: Sequence[RunReport]) -> Row:
    load = next((report.load for report in reports if report.load), None)
    return {
        "load_ms": load.ms if load else None,
        "first_frame_ms": load.first_picture_ms if load else None,
        "compile_ms": load.compile_ms if load else None,
        "load_bytes": load.bytes if load else None,
        "cold": load.cold if load else None,
    }


def _figures(good: Sequence[RunReport]) -> Row:
    capability = pooled([report.capability for report in good])
    displayed = pooled([report.displayed for report in good])
    return {
        "blocks": len(good),
        "frames": frame_count(capability),
        "capability_ms_median": median_ms(capability) if capability else None,
        "capability_ms_p95": percentile_ms(capability, 95) if capability else None,
        "capability_fps": frames_per_second(capability) if capability else None,
        "displayed_fps": frames_per_second(displayed) if displayed else None,
    }


def _golden(reports: Sequence[RunReport]) -> Row:
    goldens = [report.golden for report in reports if report.golden]
    errors = [golden.max_abs_error for golden in goldens if golden.max_abs_error is not None]
    psnrs = [golden.psnr_db for golden in goldens if golden.psnr_db is not None]
    statuses = [golden.status for golden in goldens]
    return {
        "golden_max_abs_error": max(errors, default=None),
        "golden_psnr_db": min(psnrs, default=None),
        "golden_status": next((s for s in statuses if s != "pass"), "pass" if statuses else None),
    }


def _variant(reports: Sequence[RunReport]) -> Row:
    first = reports[0] if reports else None
    return {
        "model_version": first.model.version if first else None,
        "threads": first.variant.threads if first else None,
        "precision": first.variant.precision if first else None,
        "tuning": first.variant.tuning if first else None,
        "library": first.variant.library if first else None,
    }
