"""The same figures as JSON, for the charts and for scripts. Units are in the names; shapes only ever grow."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from kit.db.dashboard.hardware import HardwareRow, hardware_counts, hardware_rows
from kit.db.dashboard.places import section_of
from kit.db.dashboard.visits import run_page
from kit.domain.stats.group import FLOOR, Share, Spread
from kit.domain.stats.machine import TARGETS_FPS
from kit.errors import CallerError
from kit.views.admin import show
from kit.views.admin.narrowed import Narrowed
from kit.views.admin.registry import figures
from kit.views.state import database


@figures("hardware", "Every row of the table by hardware", shared="hardware")
def hardware_json(shown: Narrowed) -> Mapping[str, Any]:
    """Every row of the table by hardware."""
    with database().read() as db:
        rows, counts = hardware_rows(db, shown.filters), hardware_counts(db, shown.filters)
    return {
        "schema": 1,
        "floor_machines": FLOOR,
        "targets_fps": list(TARGETS_FPS),
        "filters": {"study": shown.study or None, "simulated": shown.filters.simulated},
        "counts": asdict(counts),
        "rows": [row_json(row) for row in rows],
    }


@figures("runs/<run_id>", "One run with every sample", parameters={"run_id": "The run's id"})
def run_json(_shown: Narrowed, run_id: str) -> Mapping[str, Any]:
    """One run with every sample, so that its figures can be checked."""
    with database().read() as db:
        page = run_page(db, run_id)
    if page is None:
        raise CallerError("there is no such run", code="unknown_run", status=404)
    run, summary = page.line.run, page.line.summary
    return {
        "schema": 1,
        "run": run.id,
        "visit": run.visit_id,
        "model": {"name": run.bundle_name, "version": run.bundle_version, "sha256": run.bundle_sha256},
        "mode": run.mode,
        "wishes": run.wishes,
        "kind": run.kind,
        "local": run.local,
        "outcome": run.outcome,
        "reason": run.reason,
        "environment": run.environment,
        "events": run.events,
        "flags": [
            {"code": flag.code, "level": flag.level, "effect": flag.effect} for flag in page.line.flags
        ],
        "summary": {
            "capability_ms_median": summary.capability_ms_median if summary else None,
            "capability_ms_p95": summary.capability_ms_p95 if summary else None,
            "capability_fps": summary.capability_fps if summary else None,
            "displayed_fps": summary.displayed_fps if summary else None,
        },
        "windows": {phase: samples.model_dump(mode="json") for phase, samples in page.windows.items()},
    }


def row_json(row: HardwareRow) -> dict[str, Any]:
    """One row. Below the floor only the machines' own values are there."""
    hardware, condition, figures = row.hardware, row.condition, row.figures
    return {
        "section": section_of(hardware),
        "by": "gpu",
        "place": show.gpu(hardware.model, hardware.vendor),
        "gpu": show.gpu(hardware.model, hardware.vendor),
        "gpu_vendor": hardware.vendor,
        "gpu_family": hardware.family,
        "gpu_class": hardware.class_,
        "gpu_blurred": hardware.blurred,
        "model": condition.bundle,
        "version": condition.version,
        "model_sha256": condition.sha256,
        "mode": condition.mode,
        "wishes": condition.wishes,
        "threads": condition.threads or None,
        "precision": condition.precision,
        "browser": condition.browser or None,
        "machines_started": figures.started,
        "machines_measured": figures.measured,
        "machines_failed": row.failed_machines,
        "runs": figures.runs,
        "invalid_runs": row.invalid_runs,
        "fps": _spread(figures.fps),
        "displayed_fps": _spread(figures.displayed_fps),
        "machines_fps": list(figures.dots_fps),
        "machines_displayed_fps": list(figures.dots_displayed_fps),
        "reach": {str(target): _share(share) for target, share in figures.reach.items()},
        "displayed_reach": {str(target): _share(share) for target, share in figures.displayed_reach.items()},
    }


def _spread(spread: Spread | None) -> dict[str, float] | None:
    if spread is None:
        return None
    return {
        "median": spread.median,
        "low": spread.interval.low,
        "high": spread.interval.high,
        "p5": spread.p5,
        "p25": spread.p25,
        "p75": spread.p75,
        "p95": spread.p95,
        "machines": spread.machines,
    }


def _share(share: Share) -> dict[str, float]:
    return {
        "yes": share.yes,
        "no": share.no,
        "unknown": share.unknown,
        "lowest": share.low,
        "highest": share.high,
        "interval_low": share.interval.low,
        "interval_high": share.interval.high,
    }
