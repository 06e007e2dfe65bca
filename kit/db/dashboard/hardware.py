"""The table by hardware and the answer, as the first pages take them: thin callers of ``figures``."""

from dataclasses import dataclass

from sqlalchemy.orm import Session

from kit.db.dashboard.figures import GroupRow, HardwareCounts, group_rows, store_counts
from kit.db.dashboard.filters import Filters
from kit.db.dashboard.places import Condition, Hardware
from kit.domain.stats.group import Group

__all__ = ["AnswerRow", "Condition", "Hardware", "HardwareCounts", "HardwareRow"]


@dataclass(frozen=True, slots=True)
class HardwareRow:
    """One line of the table. ``failed_machines`` had at least one run that failed, was wrong or too slow."""

    hardware: Hardware
    condition: Condition
    figures: Group
    invalid_runs: int
    failed_machines: int


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One condition over all machines; ``condition.browser`` is empty."""

    condition: Condition
    figures: Group


def hardware_rows(session: Session, filters: Filters) -> list[HardwareRow]:
    """GPU x model x mode x variant x browser; GPUs with most machines first, conditions in a fixed order."""
    return [_hardware_row(row) for row in group_rows(session, filters, "gpu")]


def answer_rows(session: Session, filters: Filters) -> list[AnswerRow]:
    """What share of all machines reaches 24, 30, 60 with this model in this mode? Every machine counts once."""
    return [AnswerRow(row.condition, row.figures) for row in group_rows(session, filters, "all")]


def hardware_counts(session: Session, filters: Filters) -> HardwareCounts:
    """Counts under the same filters."""
    return store_counts(session, filters)


def _hardware_row(row: GroupRow) -> HardwareRow:
    assert row.hardware is not None
    return HardwareRow(row.hardware, row.condition, row.figures, row.invalid_runs, row.failed_machines)
