"""How values are spread over machines: curves, boxes and the table of their quantiles, by a grouping of one's choice."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from flask import render_template, request
from flask.typing import ResponseReturnValue

from kit.db.dashboard.figures import GroupRow, group_rows, store_counts
from kit.domain.stats.group import FLOOR, Spread, spread
from kit.domain.stats.machine import TARGETS_FPS
from kit.domain.stats.tails import band
from kit.domain.stats.tally import Tally
from kit.errors import CallerError
from kit.views.admin import groups
from kit.views.admin.as_json import condition_json, page_json, spread_json
from kit.views.admin.audience import blueprint
from kit.views.admin.narrowed import Narrowed, narrowed
from kit.views.admin.registry import figures, shared_page
from kit.views.state import database

MOST_PLACES = 24
POINTS = 200
"""Steps of a curve: what is left out is less than half a percent."""


@dataclass(frozen=True, slots=True)
class Figure:
    """What is spread. ``meaning`` stands under the heading; ``targets`` are upright lines of the chart."""

    id: str
    title: str
    unit: str
    meaning: str
    tally: str
    reciprocal: bool = False
    targets: tuple[int, ...] = ()


FIGURES = (
    Figure(
        "fps",
        "Capability",
        "FPS",
        "Frames a second when frames follow each other as fast as they can; more is better.",
        "capability_ms",
        True,
        TARGETS_FPS,
    ),
    Figure(
        "displayed",
        "Displayed",
        "FPS",
        "New pictures a second that reached the screen; more is better, and no more than the screen shows.",
        "displayed_fps",
        False,
        TARGETS_FPS,
    ),
    Figure(
        "ms",
        "Frame time",
        "ms",
        "Milliseconds a frame, the median of a machine's frames; less is better.",
        "capability_ms",
    ),
    Figure(
        "ms-p95",
        "Slow frames",
        "ms",
        "The frame time that 95 of 100 frames of a machine do not exceed; less is better.",
        "capability_ms_p95",
    ),
    Figure(
        "load",
        "Load",
        "ms",
        "Milliseconds until the model is there. Only cold loads of the first mode on its back end in a visit.",
        "load_ms",
    ),
    Figure(
        "first-picture",
        "First picture",
        "ms",
        "Milliseconds from the start of loading to the first picture, under the same rule as loading.",
        "first_picture_ms",
    ),
)
PARAMETERS = {
    "figure": f"What is spread: {', '.join(figure.id for figure in FIGURES)}",
    "by": "What to group by: all, gpu, family, class, vendor, browser, os",
    "top": "Only the first so many places",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One group. ``values`` are its machines' own where they are too few for a group figure."""

    row: GroupRow
    tally: Tally
    spread: Spread | None
    values: Sequence[float]


@blueprint.get("/distribution")
@shared_page("distribution")
def distribution() -> ResponseReturnValue:
    """The charts and the table."""
    shown = narrowed()
    figure, by = _figure(), groups.read_place(request.args.get("by", ""), "all")
    with database().read() as db:
        rows = groups.ordered(group_rows(db, shown.filters, by, (figure.tally,)), "")
        counts = store_counts(db, shown.filters)
        page = groups.page_of(rows, groups.read_page(request.args.get("page", "")))
        lines = lines_of(page.rows, figure)
    return render_template(
        "admin/distribution.html",
        shown=shown,
        counts=counts,
        figure=figure,
        figures=FIGURES,
        by=by,
        asked={name: request.args.get(name, "") for name in ("figure", "by")},
        page=page,
        lines=lines,
        groups=groups,
        floor=FLOOR,
        most_places=MOST_PLACES,
    )


@figures("distribution", "Quantiles and curves over machines", shared="distribution", parameters=PARAMETERS)
def distribution_json(shown: Narrowed) -> Mapping[str, Any]:
    """The same for the charts and for scripts."""
    figure, by = _figure(), groups.read_place(request.args.get("by", ""), "all")
    with database().read() as db:
        rows = groups.ordered(group_rows(db, shown.filters, by, (figure.tally,)), "")
        counts = store_counts(db, shown.filters)
        top = request.args.get("top", "")
        rows, left = groups.first_places(rows, groups.read_page(top)) if top else (rows, 0)
        lines = lines_of(rows, figure)
    return {
        **page_json(shown),
        "counts": asdict(counts),
        "figure": figure.id,
        "label": figure.title,
        "unit": figure.unit,
        "by": by,
        "targets": list(figure.targets),
        "places_left": left,
        "rows": [line_json(line) for line in lines],
    }


def lines_of(rows: Sequence[GroupRow], figure: Figure) -> list[Line]:
    """Groups that have the figure at all."""
    found = [_line(row, figure) for row in rows]
    return [line for line in found if line.tally.n]


def line_json(line: Line) -> dict[str, Any]:
    """One group: quantiles with the interval of the median, the curve as steps, and how far the true one may be off."""
    enough = line.spread is not None
    return {
        "section": line.row.section,
        "place": groups.place_words(line.row),
        **condition_json(line.row.condition),
        "machines": line.tally.n,
        "spread": spread_json(line.spread),
        "values": list(line.values),
        "ecdf": line.tally.ecdf(POINTS) if enough else [],
        "band": band(line.tally.n) if enough else None,
    }


def _line(row: GroupRow, figure: Figure) -> Line:
    tally = row.tallies[figure.tally]
    tally = tally.reciprocal() if figure.reciprocal else tally
    found = spread(tally)
    values = [] if found else np.repeat(tally.values, tally.counts).tolist()
    return Line(row, tally, found, values)


def _figure() -> Figure:
    asked = request.args.get("figure", "") or FIGURES[0].id
    for figure in FIGURES:
        if figure.id == asked:
            return figure
    raise CallerError(f"figure: choose from {', '.join(one.id for one in FIGURES)}", field="figure")
