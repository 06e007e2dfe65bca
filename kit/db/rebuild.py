"""The whole of what is derived for pages, made again from the raw rows, or compared with them: ``kit db rebuild|check``.

Both go through the machines in batches, so that a store of a million runs fits into memory; the cells, which are few,
are added up as they go.
"""

from collections import Counter as Count
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from sqlalchemy import ScalarSelect, and_, delete, func, not_, or_, select, text, update
from sqlalchemy.orm import Session

from kit.db import counters
from kit.db.bulk import insert_many
from kit.db.cells import CATEGORIES, Delta, cell_key, fill_cells, make_cells
from kit.db.conditions import ROWS, RowValues, machine_rows, measured_counts, stored_rows
from kit.db.tables import Cell, Counter, Device, Machine, MachineCondition, Run, Visit

BATCH = 500
SHOWN = 20
VERSION = 2
"""Raised when cells or counters of the same runs could come out differently: they are then made again on upgrading."""
MARK = ("", "store version")

Progress = Callable[[int], None]


def rebuild(session: Session, progress: Progress = lambda _machines: None) -> None:
    """Make ``machine_condition``, ``cell``, the counters and what visits hold of their runs again. The raw rows stay."""
    _hold(session)
    for table in (MachineCondition, Cell, Counter):
        session.execute(delete(table))
    _count_blocks(session)
    cells: dict[str, Delta] = {}
    ids: dict[str, int] = {}
    measured: Count[counters.Key] = Count()
    for batch in machine_batches(session):
        rows = machine_rows(session, batch)
        keys = _add_up(rows, cells, measured)
        ids |= make_cells(session, {key: cells[key] for key in sorted(set(keys) - ids.keys())})
        linked = [row | {"cell_id": ids[key]} for row, key in zip(rows, keys, strict=True)]
        insert_many(session, ROWS, linked)
        progress(len(batch))
    fill_cells(session, cells)
    counters.add(session, visit_counts(session) + measured)
    counters.add(session, {MARK: VERSION})
    session.flush()


def _hold(session: Session) -> None:
    """Nobody changes a machine or a counter meanwhile; reading goes on. (On SQLite there is one writer anyway.)"""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE machine, counter IN EXCLUSIVE MODE"))


def is_stale(session: Session) -> bool:
    """Whether the store was derived by another version than this one (or not at all)."""
    return counters.read(session).get(MARK) != VERSION


def check(session: Session) -> list[str]:
    """What is otherwise than the raw rows say, one line each, at most a few of each kind; nothing where all is true."""
    problems: list[str] = []
    cells: dict[str, Delta] = {}
    measured: Count[counters.Key] = Count()
    for batch in machine_batches(session):
        wanted = {row["key"]: row for row in machine_rows(session, batch)}
        stored = {row["key"]: row for row in stored_rows(session, batch)}
        problems += _compared(stored, wanted)
        _add_up(wanted.values(), cells, measured)
    problems += _check_links(session)
    problems += _check_cells(session, cells)
    problems += _check_counters(session, visit_counts(session) + measured)
    problems += _check_blocks(session)
    return _shortened(problems)


def machine_batches(session: Session) -> Iterator[Sequence[str]]:
    """The ids of all machines, some hundreds at a time."""
    last = ""
    while True:
        query = select(Machine.id).where(Machine.id > last).order_by(Machine.id).limit(BATCH)
        batch = session.scalars(query).all()
        if not batch:
            return
        yield batch
        last = batch[-1]


def count_machines(session: Session) -> int:
    """How many machines there are."""
    return session.scalar(select(func.count()).select_from(Machine)) or 0


def visit_counts(session: Session) -> Count[counters.Key]:
    """The counters of visits, counted."""
    found: Count[counters.Key] = Count()
    by_state = select(Visit.study_id, Visit.state, func.count()).group_by(Visit.study_id, Visit.state)
    for study, state, number in session.execute(by_state):
        found[study, "visits"] += number
        found[study, state] += number
    rejected = select(Visit.study_id, func.count()).where(Visit.rejected_at.is_not(None))
    declined = select(Visit.study_id, func.count()).join(Device, Device.visit_id == Visit.id)
    machines = select(Visit.study_id, Visit.machine_id).distinct().subquery()
    play = select(Visit.study_id, func.count()).join(Run, Run.visit_id == Visit.id)
    named = {
        "rejected": rejected.group_by(Visit.study_id),
        "declined": declined.where(Device.declined).group_by(Visit.study_id),
        "machines": select(machines.c.study_id, func.count()).group_by(machines.c.study_id),
        "play": play.where(Run.kind == "play", ~Run.local).group_by(Visit.study_id),
    }
    for name, query in named.items():
        for study, number in session.execute(query):
            found[study, name] += number
    return found


def _add_up(rows: Iterable[RowValues], cells: dict[str, Delta], measured: Count[counters.Key]) -> list[str]:
    """Add rows to their cells; gives the key of each row's cell."""
    keys: list[str] = []
    by_machine: dict[str, list[RowValues]] = {}
    for row in rows:
        key = cell_key(row)
        cell = cells.get(key)
        if cell is None:
            cell = cells[key] = Delta(row)
        cell.add(row)
        keys.append(key)
        by_machine.setdefault(row["machine_id"], []).append(row)
    for own in by_machine.values():
        measured.update(measured_counts(own))
    return keys


def _compared(stored: Mapping[str, RowValues], wanted: Mapping[str, RowValues]) -> list[str]:
    problems = []
    for key in stored.keys() | wanted.keys():
        own, should = stored.get(key), wanted.get(key)
        if own is None or should is None:
            machine = (own or should or {})["machine_id"]
            problems.append(f"machine {machine}: a row is {'missing' if own is None else 'too many'}")
        else:
            wrong = [name for name in should if own[name] != should[name]]
            problems += [f"machine {own['machine_id']}: {', '.join(wrong)} differ"] if wrong else []
    return problems


def _check_links(session: Session) -> list[str]:
    """Every row has to be in the cell of its own categories."""
    same = and_(*(getattr(Cell, name) == getattr(MachineCondition, name) for name in CATEGORIES))
    query = select(MachineCondition.machine_id).outerjoin(Cell, Cell.id == MachineCondition.cell_id)
    lost = session.scalars(query.where(or_(Cell.id.is_(None), not_(same))).limit(SHOWN))
    return [f"machine {machine}: a row is in the wrong cell" for machine in lost]


def _check_cells(session: Session, wanted: Mapping[str, Delta]) -> list[str]:
    problems, left = [], dict(wanted)
    for stored in session.execute(select(Cell.__table__)).mappings():
        cell = left.pop(stored["key"], None)
        if cell is None:
            problems.append(f"cell {stored['id']}: no machine is in it")
            continue
        should = cell.onto(None)
        wrong = [name for name in should if should[name] != stored[name]]
        problems += [f"cell {stored['id']}: {', '.join(wrong)} differ"] if wrong else []
    return problems + [f"cell {key[:8]}: missing" for key in left]


def _check_counters(session: Session, wanted: Mapping[counters.Key, int]) -> list[str]:
    stored = counters.read(session)
    version = stored.pop(MARK, 0)
    problems = [] if version == VERSION else [f"the figures were derived by version {version}, not {VERSION}"]
    for key in sorted(stored.keys() | {key for key, number in wanted.items() if number}):
        own, should = stored.get(key, 0), wanted.get(key, 0)
        problems += [f"counter {key[1]} of {key[0] or 'all'}: {own}, not {should}"] if own != should else []
    return problems


def _count_blocks(session: Session) -> None:
    session.execute(update(Visit).values(planned=func.json_array_length(Visit.sequence), done=_done()))


def _check_blocks(session: Session) -> list[str]:
    wrong = select(Visit.id).where(
        or_(Visit.planned != func.json_array_length(Visit.sequence), Visit.done != _done())
    )
    return [f"visit {visit}: its blocks are miscounted" for visit in session.scalars(wrong.limit(SHOWN))]


def _done() -> ScalarSelect[int]:
    arrived = select(func.count(Run.block.distinct())).where(Run.visit_id == Visit.id, Run.kind == "measured")
    return arrived.correlate(Visit).scalar_subquery()


def _shortened(problems: Sequence[str]) -> list[str]:
    more = len(problems) - SHOWN
    return [*problems[:SHOWN], *([f"and {more} more"] if more > 0 else [])]
