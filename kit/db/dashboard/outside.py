"""What people without an account never see: a single machine's own value. The one place that takes it away."""

from collections.abc import Sequence
from dataclasses import replace

from kit.db.dashboard.figures import GroupRow
from kit.domain.stats.group import FLOOR
from kit.domain.stats.tally import Tally


def without_machines(rows: Sequence[GroupRow]) -> list[GroupRow]:
    """The same groups, in which figures of fewer machines than the floor are gone; counts stay."""
    return [_without(row) for row in rows]


def _without(row: GroupRow) -> GroupRow:
    nothing = Tally.from_values([])
    return replace(
        row,
        figures=replace(row.figures, dots_fps=(), dots_displayed_fps=()),
        tallies={name: tally if tally.n >= FLOOR else nothing for name, tally in row.tallies.items()},
    )
