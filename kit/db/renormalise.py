"""Devices' names made again after the GPU rules have changed: ``kit devices renormalise``. No function commits.

Raw strings stay; names, families and classes are read from them anew, and the rows that pages read follow in the same
transaction. It goes by batches, each a transaction of its own: broken off, it is simply started again, and what is
already right costs no writing.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, select, update
from sqlalchemy.orm import Session

from kit.db.conditions import TEXTS, refresh_conditions
from kit.db.derive import derive_visit
from kit.db.naming import NAMES, gpu_columns
from kit.db.tables import Device, Visit
from kit.domain.gpu import RULE_VERSION
from kit.domain.wire.device import DeviceBlock

BATCH = 200
IN_CONDITIONS = frozenset((*TEXTS, "gpu_blurred")) & frozenset(NAMES)


@dataclass(frozen=True)
class Renaming:
    """What some devices are called (in the order of ``NAMES``), and what the rules call them now."""

    old: tuple[Any, ...]
    new: tuple[Any, ...]

    def differing(self) -> dict[str, tuple[Any, Any]]:
        """The columns that change: column -> (old, new)."""
        pairs = zip(NAMES, self.old, self.new, strict=True)
        return {name: (old, new) for name, old, new in pairs if old != new}


@dataclass
class Found:
    """Of ``devices`` that were read, how many get another name, by which; ``last`` is the last one's visit."""

    devices: int
    renamings: "Counter[Renaming]"
    last: str | None


def survey(session: Session) -> Found:
    """What would change, over all devices; nothing is written."""
    total = Found(0, Counter(), None)
    for rows in _batches(session):
        total.devices += len(rows)
        total.renamings.update(one for row in rows if (one := _renaming(row)) is not None)
    return total


def apply_batch(session: Session, after: str = "") -> Found:
    """Rename the next devices behind ``after``, and make again what follows from them. ``last`` is None at the end."""
    rows = session.execute(_devices(after)).all()
    found = Found(len(rows), Counter(), rows[-1].visit_id if len(rows) == BATCH else None)
    machines = set()
    for row in rows:
        renaming = _renaming(row)
        if renaming is None:
            continue
        found.renamings[renaming] += 1
        changes = renaming.differing()
        new = {name: value for name, (_, value) in changes.items()}
        session.execute(update(Device).where(Device.visit_id == row.visit_id).values(**new))
        if "software" in changes.get("gpu_class", ()):
            # Runs are flagged for software renderers: their flags are made again too.
            derive_visit(session, session.get_one(Visit, row.visit_id))
        elif IN_CONDITIONS & changes.keys():
            machines.add(row.machine_id)
    _stamp(session, [row.visit_id for row in rows if row.gpu_rule_version != RULE_VERSION])
    for machine in sorted(machines):
        refresh_conditions(session, machine)
    return found


def _batches(session: Session) -> Iterator[list[Row[Any]]]:
    after: str | None = ""
    while after is not None:
        rows = list(session.execute(_devices(after)).all())
        yield rows
        after = rows[-1].visit_id if len(rows) == BATCH else None


def _devices(after: str) -> Select[*tuple[Any, ...]]:
    columns = (getattr(Device, name) for name in NAMES)
    return (
        select(Device.visit_id, Visit.machine_id, Device.raw, Device.renderer, Device.vendor, *columns)
        .add_columns(Device.gpu_rule_version)
        .join(Visit, Visit.id == Device.visit_id)
        .where(Device.renderer.is_not(None), Device.renderer != "", Device.visit_id > after)
        .order_by(Device.visit_id)
        .limit(BATCH)
    )


def _renaming(row: Row[Any]) -> Renaming | None:
    block = None if row.raw is None else DeviceBlock.model_validate(row.raw)
    made = gpu_columns(row.renderer, row.vendor or "", block)
    # Devices from before there were chips hold nothing there, which is no other name.
    old = tuple(getattr(row, name) or "" if name == "gpu_chip" else getattr(row, name) for name in NAMES)
    new = tuple(made[name] for name in NAMES)
    return None if old == new else Renaming(old, new)


def _stamp(session: Session, visits: list[str]) -> None:
    if visits:
        session.execute(
            update(Device).where(Device.visit_id.in_(visits)).values(gpu_rule_version=RULE_VERSION)
        )
