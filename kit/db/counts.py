"""How much is stored, for /metrics."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from kit.db.tables import Run, Study, Tombstone, Visit

Counts = dict[str, tuple[str, str, dict[str, int]]]


def stored_counts(session: Session) -> Counts:
    """Name -> (what it is, the label's name, {label's value: count})."""
    return {
        "studies": ("Studies", "state", _by(session, Study.state)),
        "visits": ("Visits stored", "state", _by(session, Visit.state)),
        "runs": ("Runs stored", "outcome", _by(session, Run.outcome)),
        "deleted_visits": ("Visits deleted", "by", _by(session, Tombstone.deleted_by)),
    }


def _by(session: Session, column: InstrumentedAttribute[str]) -> dict[str, int]:
    rows: list[Any] = list(session.execute(select(column, func.count()).group_by(column)))
    return {str(value): int(count) for value, count in rows}
