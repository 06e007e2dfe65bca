"""What people without an account never see: a single machine's own value. The one place that takes it away."""

from collections.abc import Sequence
from dataclasses import replace

from kit.db.dashboard.figures import GroupRow


def without_machines(rows: Sequence[GroupRow]) -> list[GroupRow]:
    """The same groups, in which figures of fewer machines than the floor are gone; counts stay."""
    return [replace(row, outside=True) for row in rows]
