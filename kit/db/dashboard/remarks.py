"""Failures and flags, counted by runs and by machines, from cells where they can tell and from rows where not."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Literal

import numpy as np
from sqlalchemy import Select, Text, cast, func, select
from sqlalchemy.orm import Session

from kit.db import counters
from kit.db.conditions import OUTCOME_BITS
from kit.db.dashboard.filters import Filters, is_plain, of_cells, of_rows, rows_of_cells
from kit.db.dashboard.machine_rows import alone
from kit.db.tables import Cell, MachineCondition
from kit.domain.flag_bits import BITS

What = Literal["problems", "flag_runs"]
Key = tuple[str | None, ...]
CONDITION = ("bundle_name", "bundle_version", "mode", "wishes")


def remarks(session: Session, filters: Filters, what: What) -> dict[Key, tuple[int, int]]:
    """Runs and machines for each remark: (model, version, mode, wishes, outcome, reason), or for flags (code, level).

    A machine counts once in each condition, however many rows it has there; for flags, which are not told apart by
    condition, ``flag_machines`` counts it once.
    """
    runs: dict[Key, int] = defaultdict(int)
    machines: dict[Key, int] = defaultdict(int)
    for key, own_runs, own_machines in _summed(session, filters, what):
        runs[key] += own_runs
        machines[key] += own_machines
    met: dict[Key, set[str]] = defaultdict(set)
    # Cells have the flags of all rows, since only their runs are asked for.
    for key, own_runs, machine in _shared(session, filters, what) if what == "problems" else ():
        runs[key] += own_runs
        met[key].add(machine)
    for key, names in met.items():
        machines[key] += len(names)
    return {key: (runs[key], machines[key]) for key in runs if runs[key]}


def flag_machines(session: Session, filters: Filters) -> dict[str, int]:
    """How many machines have a run with each flag, each once whatever its conditions."""
    if is_plain(filters):
        kind, kept = "simulated" if filters.simulated else "measured", counters.read(session)
        return {code: kept.get((filters.study_id or "", f"{kind} {code}"), 0) for code in BITS}
    row = MachineCondition
    line = row.machine_id.concat(" ").concat(cast(row.flags, Text))
    where = (row.flags != 0, *rows_of_cells(filters), *of_rows(filters))
    words = (session.scalar(select(func.aggregate_strings(line, " ")).where(*where)) or "").split()
    _, machine = np.unique(np.array(words[::2], dtype=np.bytes_), return_inverse=True)
    flags = np.array(words[1::2], dtype=np.int64)
    return {code: len(np.unique(machine[(flags & bit) > 0])) for code, bit in BITS.items()}


def _summed(session: Session, filters: Filters, what: What) -> Iterator[tuple[Key, int, int]]:
    """What stands for machines of one row each: sums of cells, or equal rows counted by the database."""
    key = _key(what)
    if not of_rows(filters):
        text = getattr(Cell, what)
        query = select(*_columns(Cell, what), text).where(*of_cells(filters), text != "[]")
        for *condition, found in session.execute(query):
            for first, second, runs, machines in json.loads(found):
                yield key(condition, first, second), runs, machines
        return
    text = getattr(MachineCondition, what)
    columns = (*_columns(MachineCondition, what), text)
    rows = _rows(select(*columns, func.count()), filters, what)
    if what == "problems":
        rows = rows.where(MachineCondition.sole.is_(True))
    for *condition, found, number in session.execute(rows.group_by(*columns)):
        for first, second, runs in json.loads(found):
            yield key(condition, first, second), runs * number, number


def _shared(session: Session, filters: Filters, what: What) -> Iterator[tuple[Key, int, str]]:
    """The same of rows whose machines may have several, one by one with the machine."""
    key = _key(what)
    columns = (
        *_columns(MachineCondition, what),
        MachineCondition.machine_id,
        getattr(MachineCondition, what),
    )
    query = _rows(select(*columns), filters, what).where(alone(session, value=False))
    for *condition, machine, found in session.execute(query):
        for first, second, runs in json.loads(found):
            yield key(condition, first, second), runs, machine


def _rows(query: Select[Any], filters: Filters, what: What) -> Select[Any]:
    row = MachineCondition
    # By a column of the covering index, so that rows with nothing to say are not read.
    remarkable = row.flags != 0 if what == "flag_runs" else row.outcomes != OUTCOME_BITS["ok"]
    return query.where(*rows_of_cells(filters), *of_rows(filters), remarkable)


def _columns(table: type[Cell] | type[MachineCondition], what: What) -> list[Any]:
    return [getattr(table, name) for name in CONDITION] if what == "problems" else []


def _key(what: What) -> Callable[[Iterable[Any], str, str | None], Key]:
    return lambda condition, first, second: (*condition, first, second)
