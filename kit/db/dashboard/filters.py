"""What a page is narrowed down to. All pages share these, so that a number means the same everywhere."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from kit.db.tables import MachineCondition, Study, Visit


@dataclass(frozen=True, slots=True)
class Filters:
    """``study_id``: one study or all. ``simulated``: synthetic testers instead of people; never both in one figure."""

    study_id: str | None = None
    simulated: bool = False


def filters_for(session: Session, study_name: str | None, *, simulated: bool = False) -> Filters | None:
    """Filters for a study's short name; ``None`` where there is no such study.

    A study of synthetic testers shows them: nobody who names it wants an empty page.
    """
    if not study_name:
        return Filters(None, simulated)
    study = session.scalar(select(Study).where(Study.name == study_name))
    return None if study is None else Filters(study.id, simulated or study.simulated)


def of_visits(filters: Filters) -> list[ColumnElement[bool]]:
    """What a query over ``visit`` is narrowed down to."""
    study = [Visit.study_id == filters.study_id] if filters.study_id else []
    return [Visit.simulated.is_(filters.simulated), *study]


def of_conditions(filters: Filters) -> list[ColumnElement[bool]]:
    """What a query over ``machine_condition`` is narrowed down to."""
    study = [MachineCondition.study_id == filters.study_id] if filters.study_id else []
    return [MachineCondition.simulated.is_(filters.simulated), *study]
