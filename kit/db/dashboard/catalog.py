"""What each cell is a cell of, as numbers that NumPy can group by. Kept in memory for each process.

That is safe because a stored cell's categories never change and an id is never given twice; ids that are not known yet
are read when they are first met.
"""

from collections.abc import Hashable, Sequence
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt
from sqlalchemy import Engine, select
from sqlalchemy.engine import Connection
from sqlalchemy.orm import Session

from kit.db.cells import CATEGORIES
from kit.db.dashboard.places import Condition, Hardware, Place, section_of
from kit.db.tables import Cell

Ints = npt.NDArray[np.int64]
AT_ONCE = 20_000
FACTORS = ("condition", "hardware", "section", "gpu", "family", "class", "vendor", "browser", "os", "all")


class Catalog:
    """The cells of one database. ``values[factor][codes[factor][position]]`` is what a cell has of a factor."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._places: dict[str, dict[Hashable, int]] = {factor: {} for factor in FACTORS}
        self.ids: Ints = np.zeros(0, dtype=np.int64)
        self.codes: dict[str, Ints] = {factor: np.zeros(0, dtype=np.int64) for factor in FACTORS}
        self.values: dict[str, list[Any]] = {factor: [] for factor in FACTORS}

    def factors(self, session: Session, ids: Ints) -> dict[str, Ints]:
        """For each factor the code of each id's cell."""
        with self._lock:
            self._learn(session, np.setdiff1d(ids, self.ids))
            places = np.searchsorted(self.ids, ids)
            return {factor: codes[places] for factor, codes in self.codes.items()}

    def _learn(self, session: Session, missing: Ints) -> None:
        for start in range(0, len(missing), AT_ONCE):
            wanted = missing[start : start + AT_ONCE].tolist()
            columns = [getattr(Cell, name) for name in CATEGORIES]
            rows = session.execute(select(Cell.id, *columns).where(Cell.id.in_(wanted))).all()
            self._append(rows)

    def _append(self, rows: Sequence[Any]) -> None:
        facts = [(row.id, _facts(row)) for row in rows]
        ids = np.array([number for number, _ in facts], dtype=np.int64)
        order = np.argsort(np.concatenate([self.ids, ids]))
        for factor in FACTORS:
            own = np.array([self._code(factor, fact[factor]) for _, fact in facts], dtype=np.int64)
            self.codes[factor] = np.concatenate([self.codes[factor], own])[order]
        self.ids = np.concatenate([self.ids, ids])[order]

    def _code(self, factor: str, value: Hashable) -> int:
        places = self._places[factor]
        if value not in places:
            places[value] = len(places)
            self.values[factor].append(value)
        return places[value]


CATALOGS: WeakKeyDictionary[Engine, Catalog] = WeakKeyDictionary()


def catalog_of(session: Session) -> Catalog:
    """The catalog of the session's database."""
    bind = session.get_bind()
    engine = bind.engine if isinstance(bind, Connection) else bind
    return CATALOGS.setdefault(engine, Catalog())


def group_factors(by: Place) -> tuple[str, ...]:
    """What groups differ in when they are made by a place."""
    if by == "all":
        return ("condition",)
    own = ("hardware", "browser") if by == "gpu" else ("vendor", "family") if by == "family" else (by,)
    return ("section", *own, "condition")


def _facts(row: Any) -> dict[str, Hashable]:
    hardware = Hardware(row.gpu_vendor, row.gpu_model, row.gpu_family, row.gpu_class, row.gpu_blurred)
    return {
        "condition": Condition(
            row.bundle_name,
            row.bundle_version,
            row.bundle_sha256,
            row.mode,
            row.threads,
            row.precision,
            "",
            row.wishes,
        ),
        "hardware": hardware,
        "section": section_of(hardware),
        "gpu": row.gpu_model,
        "family": row.gpu_family,
        "class": row.gpu_class,
        "vendor": row.gpu_vendor,
        "browser": row.browser_name,
        "os": row.os,
        "all": "",
    }
