"""What the advisor weighs: each model and mode on each group of hardware, over all browsers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from kit.db.dashboard.figures import GroupRow, group_rows
from kit.db.dashboard.filters import Filters
from kit.db.dashboard.places import Condition, Hardware, section_of
from kit.db.tables import Cell
from kit.domain.stats.advisor import Evidence
from kit.domain.stats.advisor_rows import Figure, evidence_of
from kit.domain.stats.group import Counts
from kit.domain.stats.tally import Tally

Grain = Literal["class", "family", "gpu"]
GRAINS: Mapping[Grain, Sequence[Grain]] = {
    "class": ("class",),
    "family": ("family", "class"),
    "gpu": ("gpu", "family", "class"),
}
"""How finely hardware is told apart, and which groups are then looked up, most specific first."""
MOST_TALLIES = 2_000
"""Of more groups than so many the typical frame rate is not worked out; it only decides between equals."""


@dataclass(frozen=True, slots=True)
class _Figures:
    counts: Counts


@dataclass(frozen=True, slots=True)
class _Counted:
    """A group by its counts alone, which are quick to read; medians and intervals of all groups would not be."""

    section: str
    place: str
    hardware: Hardware | None
    condition: Condition
    figures: _Figures
    tallies: Mapping[str, Tally]


def gather_evidence(
    session: Session,
    filters: Filters,
    *,
    grain: Grain,
    target_fps: int,
    sizes: Mapping[str, int],
    figure: Figure = "capability",
) -> list[Evidence]:
    """Shares of machines that reach the frame rate. ``sizes``: multiply-adds by a bundle's sha256.

    Raises ValueError for a frame rate that is not counted.
    """
    rows = {place: _counted(group_rows(session, filters, place)) for place in GRAINS[grain]}
    found = evidence_of(rows, target_fps=target_fps, sizes=sizes, figure=figure)  # type: ignore[arg-type]
    if "family" not in rows:
        return found
    classes = _classes(session)
    return [
        replace(one, where=replace(one.where, class_=classes.get((one.where.section, one.where.name), "")))
        if one.where.place == "family"
        else one
        for one in found
    ]


def _counted(rows: Sequence[GroupRow]) -> list[_Counted]:
    few = len(rows) <= MOST_TALLIES
    return [
        _Counted(
            row.section,
            row.place,
            row.hardware,
            row.condition,
            _Figures(row.counts),
            row.tallies if few else {},
        )
        for row in rows
    ]


def _classes(session: Session) -> dict[tuple[str, str], str]:
    """The class of each family, where all its GPUs are of one: only then a class may speak for a family."""
    query = select(Cell.gpu_family, Cell.gpu_class, Cell.gpu_blurred, Cell.gpu_model != "").distinct()
    found: dict[tuple[str, str], set[str]] = {}
    for family, class_, blurred, named in session.execute(query):
        section = section_of(Hardware("", "named" if named else "", family, class_, blurred))
        found.setdefault((section, family), set()).add(class_)
    return {key: next(iter(classes)) for key, classes in found.items() if len(classes) == 1}
