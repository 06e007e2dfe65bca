"""What each filter can be set to."""

import json
from collections import Counter as Count
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kit.db.dashboard.filters import NOT_TOLD, Filters, of_cells, of_rows, rows_of_cells
from kit.db.tables import Cell, Link, MachineCondition
from kit.domain.modes import asked_text

MOST_LINKS = 500


@dataclass(frozen=True, slots=True)
class Option:
    """A value that a filter can have, and how often it is there: rows of the store (machine x condition); for flags runs."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class FilterOptions:
    """What each filter can be set to, under the study and testers chosen; the most frequent first. ``links``: token and
    label.
    """

    stages: Sequence[Option]
    links: Sequence[tuple[str, str]]
    models: Sequence[Option]
    modes: Sequence[Option]
    vendors: Sequence[Option]
    classes: Sequence[Option]
    gpus: Sequence[Option]
    families: Sequence[Option]
    browsers: Sequence[Option]
    systems: Sequence[Option]
    flags: Sequence[Option]


def filter_options(session: Session, filters: Filters) -> FilterOptions:
    """What the form offers: read from the cells, of which there are few."""
    found = options_within(session, Filters(study_id=filters.study_id, simulated=filters.simulated))
    return replace(found, links=_links(session, filters))


def options_within(session: Session, filters: Filters) -> FilterOptions:
    """What is there under all of these filters, and nothing else. No links; under link, days or flag no counts of flags."""
    where = of_cells(filters)
    columns = (
        *(Cell.stage, Cell.gpu_vendor, Cell.gpu_class, Cell.gpu_model, Cell.gpu_family, Cell.browser_name),
        *(Cell.os, Cell.bundle_name, Cell.bundle_version, Cell.mode, Cell.wishes),
    )
    of_own = of_rows(filters)
    if of_own:
        row = MachineCondition
        kept = select(row.cell_id, func.count().label("rows")).where(*rows_of_cells(filters), *of_own)
        counted = kept.group_by(row.cell_id).subquery()
        query = select(*columns, func.sum(counted.c.rows)).join(counted, counted.c.cell_id == Cell.id)
    else:
        query = select(*columns, func.sum(Cell.row_count)).where(*where)
    rows = session.execute(query.group_by(*columns)).all()
    names = ("stages", "vendors", "classes", "gpus", "families", "browsers", "systems")
    found = {name: _ranked((row[place], row[-1]) for row in rows) for place, name in enumerate(names)}
    return FilterOptions(
        **found,
        models=_models(rows),
        modes=_ranked((asked_text(row[9], row[10]), row[-1]) for row in rows),
        links=[],
        flags=[] if of_own else _flags(session, where),
    )


def _ranked(pairs: Any) -> list[Option]:
    counted: Count[str] = Count()
    for value, number in pairs:
        counted[value or NOT_TOLD] += int(number)
    return [
        Option(value, number) for value, number in sorted(counted.items(), key=lambda one: (-one[1], one[0]))
    ]


def _models(rows: Sequence[Any]) -> list[Option]:
    """Names, and behind each that has several its versions."""
    versions = _ranked((f"{row[7]}@{row[8]}", row[-1]) for row in rows)
    found: list[Option] = []
    for name in _ranked((row[7], row[-1]) for row in rows):
        own = [version for version in versions if version.value.startswith(f"{name.value}@")]
        found += [name, *(own if len(own) > 1 else [])]
    return found


def _links(session: Session, filters: Filters) -> list[tuple[str, str]]:
    query = select(Link.token, Link.label).order_by(Link.created_at.desc(), Link.token).limit(MOST_LINKS)
    if filters.study_id:
        query = query.where(Link.study_id == filters.study_id)
    return [(token, label) for token, label in session.execute(query)]


def _flags(session: Session, where: Sequence[Any]) -> list[Option]:
    counted: Count[str] = Count()
    for text in session.scalars(select(Cell.flag_runs).where(*where, Cell.flag_runs != "[]")):
        for code, _level, runs, _machines in json.loads(text):
            counted[code] += runs
    return _ranked(counted.items())
