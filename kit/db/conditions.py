"""``machine_condition``: what each machine did in each condition, made again from its runs whenever one changes."""

from collections import defaultdict
from collections.abc import Iterable
from statistics import median
from typing import Any

from sqlalchemy import Row, Select, delete, exists, insert, select
from sqlalchemy.orm import Session

from kit.db.tables import (
    OUTCOMES,
    Device,
    Flag,
    Machine,
    MachineCondition,
    Run,
    RunSummary,
    Visit,
)
from kit.domain.hashing import sha256_text
from kit.domain.stats.run import RULE_VERSION

# What tells two rows of one machine apart, in the order in which it is hashed into the key.
KEY = (
    *(
        "machine_id",
        "study_id",
        "link_id",
        "stage",
        "simulated",
        "bundle_sha256",
        "mode",
        "wishes",
        "threads",
        "precision",
    ),
    *("browser_name", "os", "gpu_vendor", "gpu_model", "gpu_api"),
)
TEXTS = ("browser_name", "os", "gpu_vendor", "gpu_model", "gpu_family", "gpu_class", "gpu_api")


def refresh_conditions(
    session: Session, machine_id: str, *, bundle_sha256: str | None = None, mode: str | None = None
) -> None:
    """Write a machine's rows again: those of one condition, or all of them. Locks the machine's row first."""
    session.execute(select(Machine.id).where(Machine.id == machine_id).with_for_update())
    old, runs = (
        delete(MachineCondition).where(MachineCondition.machine_id == machine_id),
        _measured_runs(machine_id),
    )
    if bundle_sha256 is not None:
        old = old.where(MachineCondition.bundle_sha256 == bundle_sha256, MachineCondition.mode == mode)
        runs = runs.where(Run.bundle_sha256 == bundle_sha256, Run.mode == mode)
    session.execute(old)
    rows = condition_rows(session.execute(runs).all())
    if rows:
        session.execute(insert(MachineCondition), rows)


def condition_rows(runs: Iterable[Row[Any]]) -> list[dict[str, Any]]:
    """Group runs (rows of ``_measured_runs``, oldest first) into the rows to store."""
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in runs:
        run = _filled(row)
        groups[sha256_text("\x1f".join(str(run[name]) for name in KEY))].append(run)
    return [_condition(key, group) for key, group in groups.items()]


def _measured_runs(machine_id: str) -> Select[*tuple[Any, ...]]:
    invalid = exists().where(Flag.run_id == Run.id, Flag.level == "invalid").label("invalid")
    return (
        select(
            *(Visit.machine_id, Visit.study_id, Visit.link_id, Visit.stage, Visit.simulated),
            *(Run.bundle_name, Run.bundle_version, Run.bundle_sha256),
            *(Run.mode, Run.wishes, Run.threads, Run.precision),
            *(
                Run.outcome,
                Run.received_at,
                Device.browser_name,
                Device.browser_major,
                Device.os,
                Device.mobile,
            ),
            *(Device.gpu_vendor, Device.gpu_model, Device.gpu_family, Device.gpu_class, Device.gpu_api),
            *(
                Device.gpu_blurred,
                Device.refresh_hz,
                RunSummary.capability_ms_median,
                RunSummary.displayed_fps,
            ),
            *(RunSummary.bound_ms, invalid),
        )
        .join(Visit, Visit.id == Run.visit_id)
        .outerjoin(Device, Device.visit_id == Visit.id)
        .outerjoin(RunSummary, RunSummary.run_id == Run.id)
        .where(Visit.machine_id == machine_id, Run.kind == "measured")
        .order_by(Run.received_at, Run.id)
    )


def _filled(row: Row[Any]) -> dict[str, Any]:
    run = dict(row._mapping)
    run |= {name: run[name] or "" for name in TEXTS}
    return run | {"threads": run["threads"] or 0, "gpu_blurred": bool(run["gpu_blurred"])}


def _condition(key: str, runs: list[dict[str, Any]]) -> dict[str, Any]:
    latest = runs[-1]
    valid = [run for run in runs if run["outcome"] == "ok" and not run["invalid"]]
    kept = (
        "bundle_name",
        "bundle_version",
        "browser_major",
        "mobile",
        "gpu_family",
        "gpu_class",
        "gpu_blurred",
    )
    return {
        "key": key,
        **{name: latest[name] for name in (*KEY, *kept, "refresh_hz")},
        "runs": len(runs),
        "valid_runs": len(valid),
        "invalid_runs": sum(bool(run["invalid"]) for run in runs),
        **{f"{outcome}_runs": sum(run["outcome"] == outcome for run in runs) for outcome in OUTCOMES},
        "capability_ms": _median(run["capability_ms_median"] for run in valid),
        "displayed_fps": _median(run["displayed_fps"] for run in valid),
        "bound_ms": max((run["bound_ms"] for run in runs if run["bound_ms"] is not None), default=None),
        "first_run_at": runs[0]["received_at"],
        "last_run_at": latest["received_at"],
        "rule_version": RULE_VERSION,
    }


def _median(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return median(known) if known else None
