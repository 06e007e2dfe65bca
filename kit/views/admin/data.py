"""One run as JSON, for scripts. Units are in the names; shapes only ever grow."""

from collections.abc import Mapping
from typing import Any

from kit.db.dashboard.visits import run_page
from kit.errors import CallerError
from kit.views.admin.narrowed import Narrowed
from kit.views.admin.registry import figures
from kit.views.state import database


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
