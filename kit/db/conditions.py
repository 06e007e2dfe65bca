"""``machine_condition``: what each machine did in each condition, made again from its runs whenever one of them changes.

All of a machine's rows are made at once, since whether a row is ``sole`` and whose load was the first on its back end
depends on the others; only rows that came out otherwise are written, and only their cells are locked and changed.
"""

import json
from collections import Counter as Count
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from statistics import median
from typing import Any, cast

from sqlalchemy import Row, Select, Table, delete, insert, select
from sqlalchemy.orm import Session

from kit.db import counters
from kit.db.cells import Delta, apply_deltas, cell_key
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
from kit.domain.flag_bits import flag_bits, flag_codes
from kit.domain.hashing import sha256_text
from kit.domain.stats.run import RULE_VERSION

# What tells two rows of one machine apart, in the order in which it is hashed into the key.
KEY = (
    *("machine_id", "study_id", "link_id", "stage", "simulated", "bundle_sha256", "mode", "wishes"),
    *("threads", "precision", "browser_name", "os", "gpu_vendor", "gpu_model", "gpu_api"),
)
KEPT = (
    *("bundle_name", "bundle_version", "browser_major", "mobile", "gpu_family", "gpu_class", "gpu_blurred"),
    "refresh_hz",
)
CONDITION = ("bundle_sha256", "mode", "wishes", "threads", "precision", "simulated")
"""A machine with one row for all of these is ``sole`` there; with several, readers merge them."""
TEXTS = ("browser_name", "os", "gpu_vendor", "gpu_model", "gpu_family", "gpu_class", "gpu_api")
FIGURES = {
    "capability_ms": "capability_ms_median",
    "displayed_fps": "displayed_fps",
    "load_ms": "load_ms",
    "first_picture_ms": "first_picture_ms",
    "capability_ms_p95": "capability_ms_p95",
}
"""A row's figure and what of its runs it is the median of."""
NEVER_RAN = "unknown"
"""The precision that is posted of a run whose runner was never made."""
OUTCOME_BITS = {outcome: 1 << place for place, outcome in enumerate(OUTCOMES)}
ROWS = cast(Table, MachineCondition.__table__)

RowValues = dict[str, Any]


def refresh_conditions(session: Session, machine_id: str) -> None:
    """Write a machine's rows again, its cells and counters with them. Locks the machine's row first."""
    session.execute(select(Machine.id).where(Machine.id == machine_id).with_for_update())
    old = {row["key"]: dict(row) for row in session.execute(_stored([machine_id])).mappings()}
    new = {row["key"]: row for row in machine_rows(session, [machine_id])}
    gone = [row for key, row in old.items() if not _same(row, new.get(key))]
    come = [row for key, row in new.items() if not _same(row, old.get(key))]
    deltas: dict[str, Delta] = {}
    for row, sign in [*((row, -1) for row in gone), *((row, 1) for row in come)]:
        deltas.setdefault(cell_key(row), Delta(row)).add(row, sign)
    if gone:
        session.execute(
            delete(MachineCondition).where(MachineCondition.key.in_([row["key"] for row in gone]))
        )
    ids = apply_deltas(session, deltas)
    if come:
        session.execute(insert(ROWS), [row | {"cell_id": ids[cell_key(row)]} for row in come])
    changes = measured_counts(new.values())
    changes.subtract(measured_counts(old.values()))
    counters.add(session, changes)


def machine_rows(session: Session, machine_ids: Sequence[str]) -> list[RowValues]:
    """The rows that these machines should have, without the ids of their cells."""
    runs: dict[str, list[RowValues]] = defaultdict(list)
    flags = _flags(session, machine_ids)
    for row in session.execute(_measured_runs(machine_ids)):
        run = _filled(row, flags.get(row.run_id, ()))
        runs[run["machine_id"]].append(run)
    return [row for own in runs.values() for row in condition_rows(own)]


def stored_rows(session: Session, machine_ids: Sequence[str]) -> list[RowValues]:
    """The rows that these machines have."""
    return [dict(row) for row in session.execute(_stored(machine_ids)).mappings()]


def condition_rows(runs: Iterable[RowValues]) -> list[RowValues]:
    """Group one machine's measured runs (oldest first) into the rows to store."""
    listed = list(runs)
    _mark_first_loads(listed)
    _give_variants(listed)
    groups: dict[tuple[Any, ...], list[RowValues]] = defaultdict(list)
    for run in listed:
        groups[tuple(run[name] for name in KEY)].append(run)
    rows = [_condition(key, group) for key, group in groups.items()]
    shared = Count(tuple(row[name] for name in CONDITION) for row in rows)
    for row in rows:
        row["sole"] = shared[tuple(row[name] for name in CONDITION)] == 1
    return rows


def _give_variants(runs: Sequence[RowValues]) -> None:
    """A run that failed before anything ran knows neither threads nor precision: it counts with what ran in its place on
    the same machine, at another time or in another browser. Where nothing ever did, readers find it a place.
    """
    asked = ("bundle_sha256", "mode", "wishes", "simulated")
    latest = {tuple(run[name] for name in asked): run for run in runs if run["precision"] != NEVER_RAN}
    for run in runs:
        known = latest.get(tuple(run[name] for name in asked))
        if run["precision"] == NEVER_RAN and known is not None:
            run |= {"threads": known["threads"], "precision": known["precision"]}


def measured_counts(rows: Iterable[Mapping[str, Any]]) -> Count[counters.Key]:
    """What the rows of ONE machine add to the counters."""
    found: Count[counters.Key] = Count()
    for row in rows:
        name = "simulated" if row["simulated"] else "measured"
        names = (name, *(f"{name} {code}" for code in flag_codes(row["flags"])))
        for scope in (row["study_id"], ""):
            for counted in names:
                found[scope, counted] = 1
    return found


def _same(row: RowValues, other: RowValues | None) -> bool:
    return other is not None and all(row[name] == other[name] for name in row if name != "cell_id")


def _stored(machine_ids: Sequence[str]) -> Select[*tuple[Any, ...]]:
    return select(ROWS).where(ROWS.c.machine_id.in_(machine_ids))


def _flags(session: Session, machine_ids: Sequence[str]) -> dict[str, list[tuple[str, str]]]:
    query = select(Flag.run_id, Flag.code, Flag.level).join(Run, Run.id == Flag.run_id)
    query = query.join(Visit, Visit.id == Run.visit_id).where(Visit.machine_id.in_(machine_ids))
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for run_id, code, level in session.execute(query):
        found[run_id].append((code, level))
    return found


def _measured_runs(machine_ids: Sequence[str]) -> Select[*tuple[Any, ...]]:
    return (
        select(
            Run.id.label("run_id"),
            *(Visit.machine_id, Visit.study_id, Visit.link_id, Visit.stage, Visit.simulated, Run.visit_id),
            *(Run.bundle_name, Run.bundle_version, Run.bundle_sha256, Run.mode, Run.wishes, Run.threads),
            *(Run.precision, Run.outcome, Run.reason, Run.received_at, Run.started_us, Run.cold),
            *(Run.load_us, Run.first_picture_us),
            *(Device.browser_name, Device.browser_major, Device.os, Device.mobile, Device.refresh_hz),
            *(Device.gpu_vendor, Device.gpu_model, Device.gpu_family, Device.gpu_class, Device.gpu_api),
            *(Device.gpu_blurred, RunSummary.capability_ms_median, RunSummary.capability_ms_p95),
            *(RunSummary.displayed_fps, RunSummary.bound_ms),
        )
        .join(Visit, Visit.id == Run.visit_id)
        .outerjoin(Device, Device.visit_id == Visit.id)
        .outerjoin(RunSummary, RunSummary.run_id == Run.id)
        .where(Visit.machine_id.in_(machine_ids), Visit.rejected_at.is_(None), Run.kind == "measured")
        .order_by(Run.received_at, Run.id)
    )


def _filled(row: Row[Any], flags: Sequence[tuple[str, str]]) -> RowValues:
    run = dict(row._mapping)
    for name in TEXTS:
        run[name] = run[name] or ""
    run["threads"] = run["threads"] or 0
    run["gpu_blurred"] = bool(run["gpu_blurred"])
    run["flags"] = flags
    run["invalid"] = any(level == "invalid" for _, level in flags)
    return run


def _mark_first_loads(runs: Sequence[RowValues]) -> None:
    """Only a cold load of the first run on its back end in a visit is compared: what comes later finds work done."""
    first: dict[tuple[str, str], RowValues] = {}
    for run in runs:
        place = (run["visit_id"], back_end(run["mode"]))
        if place not in first or (run["started_us"], run["run_id"]) < (
            first[place]["started_us"],
            first[place]["run_id"],
        ):
            first[place] = run
    for run in runs:
        counts = run["cold"] and first[run["visit_id"], back_end(run["mode"])] is run
        for figure in ("load", "first_picture"):
            us = run[f"{figure}_us"]
            run[f"{figure}_ms"] = us / 1000 if counts and us is not None else None


def back_end(mode: str) -> str:
    """Modes on one back end share compiled programs: ``tfjs-pixels`` and ``tfjs-webgl`` differ in their output only."""
    return "tfjs-webgl" if mode == "tfjs-pixels" else mode


def _condition(key: tuple[Any, ...], runs: list[RowValues]) -> RowValues:
    latest, done = runs[-1], [run for run in runs if run["outcome"] == "ok"]
    valid = [run for run in done if not run["invalid"]]
    outcomes = Count(run["outcome"] for run in runs)
    row: RowValues = {
        "key": sha256_text("\x1f".join(str(value) for value in key)),
        **{name: latest[name] for name in (*KEY, *KEPT)},
        "runs": len(runs),
        "valid_runs": len(valid),
        "invalid_runs": sum(run["invalid"] for run in runs),
        "bound_ms": max((run["bound_ms"] for run in runs if run["bound_ms"] is not None), default=None),
        "first_run_at": runs[0]["received_at"],
        "last_run_at": latest["received_at"],
        "rule_version": RULE_VERSION,
        "outcomes": sum(OUTCOME_BITS[outcome] for outcome in outcomes),
        "flags": flag_bits(code for run in runs for code, _ in run["flags"]),
        "flag_runs": _flag_runs(runs),
        "problems": _problems(runs),
    }
    for outcome in OUTCOMES:
        row[f"{outcome}_runs"] = outcomes[outcome]
    for figure, source in FIGURES.items():
        row[figure] = _median(run[source] for run in valid)
        row[f"all_{figure}"] = _median(run[source] for run in done)
    return row


def _flag_runs(runs: Iterable[RowValues]) -> str:
    counted = Count(flag for run in runs for flag in run["flags"])
    return json.dumps([[code, level, number] for (code, level), number in sorted(counted.items())])


def _problems(runs: Iterable[RowValues]) -> str:
    counted: dict[tuple[str, str | None], int] = {}
    for run in runs:
        if run["outcome"] != "ok":
            problem = (run["outcome"], run["reason"])
            counted[problem] = counted.pop(problem, 0) + 1  # the latest goes to the end
    return json.dumps([[outcome, reason, number] for (outcome, reason), number in counted.items()])


def _median(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    if len(known) == 1:
        return known[0]
    return median(known) if known else None
