"""``cell``: what pages read first. A cell is the sum of its rows, so a row that changes is taken away and added again.

Why a sum and not a copy: pages ask for medians and shares of groups that are unions of cells, and histograms and counts
of a union are sums too. A machine with several rows in one condition (two joined browsers, two links) is the exception:
its rows are not ``sole``, stay out of the sums but for their runs, and readers merge them one by one.
"""

import json
from bisect import bisect_right
from collections import Counter as Count
from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from kit.db.histograms import pack, unpack
from kit.db.tables import OUTCOMES, Cell
from kit.db.upsert import insert_missing
from kit.domain.hashing import sha256_text
from kit.domain.stats.machine import DISPLAYED_SHARE, TARGETS_FPS
from kit.domain.stats.tally import BUCKETS

CATEGORIES = (
    *("study_id", "stage", "simulated", "bundle_name", "bundle_version", "bundle_sha256", "mode", "wishes"),
    *("threads", "precision", "browser_name", "os", "gpu_vendor", "gpu_model", "gpu_family", "gpu_class"),
    "gpu_blurred",
)
"""What tells cells apart. Never changed in a stored cell."""
FIGURES = ("capability_ms", "displayed_fps", "load_ms", "first_picture_ms", "capability_ms_p95")
REFUSED = ("wrong_output", "unavailable", "failed", "too_slow")
OVER_ALL_ROWS = ("row_count", "shared", "runs", "invalid_runs", "not_ok_runs")
COUNTS = (
    *OVER_ALL_ROWS,
    *("unknown", "displayed_unknown", "refused"),
    *(f"yes_{target}" for target in TARGETS_FPS),
    *(f"displayed_yes_{target}" for target in TARGETS_FPS),
    *(f"{outcome}_machines" for outcome in OUTCOMES),
)
TABLE = cast(Table, Cell.__table__)
EDGES: list[float] = BUCKETS.edges.tolist()


def cell_key(row: Mapping[str, Any]) -> str:
    """The key of the cell that a row of ``machine_condition`` belongs to."""
    return sha256_text("\x1f".join(str(row[name]) for name in CATEGORIES))


class Delta:
    """A change of one cell, or, from nothing, the whole of it."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        self.categories = {name: row[name] for name in CATEGORIES}
        self.counts: Count[str] = Count()
        self.histograms: dict[str, Count[int]] = {figure: Count() for figure in FIGURES}
        self.flags: Count[tuple[str, ...]] = Count()
        self.problems: Count[tuple[str | None, ...]] = Count()

    def add(self, row: Mapping[str, Any], sign: int = 1) -> None:
        """Add a row of ``machine_condition``, or with -1 take it away."""
        counts = {
            "row_count": 1,
            "shared": int(not row["sole"]),
            "runs": row["runs"],
            "invalid_runs": row["invalid_runs"],
            "not_ok_runs": row["runs"] - row["ok_runs"],
        }
        if row["sole"]:
            counts |= machine_counts(row)
            for figure in FIGURES:
                if row[figure] is not None:
                    self.histograms[figure][_bucket(row[figure])] += sign
            for outcome, reason, runs in json.loads(row["problems"]) if row["problems"] != "[]" else ():
                self.problems[outcome, reason, "runs"] += sign * runs
                self.problems[outcome, reason, "machines"] += sign
        for code, level, runs in json.loads(row["flag_runs"]) if row["flag_runs"] != "[]" else ():
            self.flags[code, level, "runs"] += sign * runs
            self.flags[code, level, "machines"] += sign
        for name, number in counts.items():
            self.counts[name] += sign * number

    def onto(self, stored: Mapping[str, Any] | None) -> dict[str, Any]:
        """The columns of the cell after this change."""
        counts, histograms = self.counts.copy(), {name: held.copy() for name, held in self.histograms.items()}
        flags, problems = self.flags.copy(), self.problems.copy()
        if stored is not None:
            counts.update({name: stored[name] for name in COUNTS})
            for figure in FIGURES:
                histograms[figure].update(unpack(stored[figure]))
            flags.update(_read(stored["flag_runs"]))
            problems.update(_read(stored["problems"]))
        return {
            **self.categories,
            **{name: counts[name] for name in COUNTS},
            **{figure: pack(held) for figure, held in histograms.items()},
            "flag_runs": _write(flags),
            "problems": _write(problems),
        }


def machine_counts(row: Mapping[str, Any]) -> dict[str, int]:
    """What one machine with this row alone is counted as; ``kit.domain.stats.machine`` says when it is unknown."""
    capability, displayed = row["capability_ms"], row["displayed_fps"]
    refused = any(row[f"{outcome}_runs"] for outcome in REFUSED)
    found = {
        "unknown": int(capability is None and not refused),
        "displayed_unknown": int(displayed is None and not refused),
        "refused": int(refused),
    }
    for target in TARGETS_FPS:
        found[f"yes_{target}"] = int(capability is not None and capability <= 1000.0 / target)
        found[f"displayed_yes_{target}"] = int(
            displayed is not None and displayed >= DISPLAYED_SHARE * target
        )
    for outcome in OUTCOMES:
        found[f"{outcome}_machines"] = int(row[f"{outcome}_runs"] > 0)
    return found


def apply_deltas(session: Session, deltas: Mapping[str, Delta]) -> dict[str, int]:
    """Change the cells of these keys and give their ids. Cells are made and locked in one order, so that two writers
    never wait for each other; an empty one goes.
    """
    ids: dict[str, int] = {}
    for key, delta in sorted(deltas.items()):
        empty = Delta(delta.categories).onto(None)
        insert_missing(session, TABLE, empty | {"key": key}, index=["key"])
        stored = session.execute(select(TABLE).where(TABLE.c.key == key).with_for_update()).mappings().one()
        values = delta.onto(dict(stored))
        ids[key] = stored["id"]
        if values["row_count"]:
            session.execute(update(TABLE).where(TABLE.c.id == stored["id"]).values(values))
        else:
            session.execute(delete(TABLE).where(TABLE.c.id == stored["id"]))
    return ids


def make_cells(session: Session, cells: Mapping[str, Delta]) -> dict[str, int]:
    """Store new cells, empty as yet, and give their ids."""
    if not cells:
        return {}
    rows = [Delta(cell.categories).onto(None) | {"key": key} for key, cell in cells.items()]
    made = session.execute(insert(TABLE).returning(TABLE.c.key, TABLE.c.id), rows)
    return {str(key): int(number) for key, number in made}


def fill_cells(session: Session, cells: Mapping[str, Delta]) -> None:
    """Write cells that were made before."""
    rows = [cell.onto(None) | {"cell_key": key} for key, cell in cells.items()]
    if rows:
        session.connection().execute(update(TABLE).where(TABLE.c.key == bindparam("cell_key")), rows)


def _bucket(value: float) -> int:
    # One number at a time: a hundred times as quick as by NumPy, and by the same edges.
    return bisect_right(EDGES, value)


def _read(text: str) -> Count[tuple[Any, ...]]:
    found: Count[tuple[Any, ...]] = Count()
    for first, second, runs, machines in json.loads(text):
        found[first, second, "runs"] += runs
        found[first, second, "machines"] += machines
    return found


def _write(counted: Mapping[tuple[Any, ...], int]) -> str:
    names = {key[:2] for key, number in counted.items() if number}
    listed = sorted(names, key=lambda name: (name[0], name[1] or ""))
    return json.dumps([[*name, counted[*name, "runs"], counted[*name, "machines"]] for name in listed])
