"""Figures by hardware: the table that is put into order by its headings, the chart above it, and the machines behind it."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from kit.db.dashboard.figures import GroupRow, group_rows, machine_lines, store_counts
from kit.db.dashboard.places import SECTION_IDS
from kit.domain.stats.group import FLOOR
from kit.domain.stats.machine import TARGETS_FPS
from kit.errors import CallerError
from kit.views.admin import groups
from kit.views.admin.as_json import condition_json, figures_json, page_json
from kit.views.admin.audience import blueprint
from kit.views.admin.narrowed import Narrowed, narrowed
from kit.views.admin.registry import figures, shared_page
from kit.views.state import database

MOST_PLACES = 10
"""So many does the chart show; the table has all."""
LINES = 50
PARAMETERS = {
    "by": "What to group by: gpu, family, class, vendor, browser, os",
    "sort": "Column to put rows into order by: place, machines, runs, fps, displayed, reaches-24, reaches-30, reaches-60",
    "order": "up: smallest first",
    "top": "Only the first so many places",
}


@blueprint.get("/hardware")
@shared_page("hardware")
def hardware() -> ResponseReturnValue:
    """The table, a page at a time, and the place for the chart of its first places."""
    shown = narrowed()
    by = groups.read_place(request.args.get("by", ""))
    with database().read() as db:
        rows = _ordered(group_rows(db, shown.filters, by))
        counts = store_counts(db, shown.filters)
    page = groups.page_of(rows, groups.read_page(request.args.get("page", "")))
    asked = {name: request.args.get(name, "") for name in ("by", "sort", "order")}
    return render_template(
        "admin/hardware.html",
        shown=shown,
        counts=counts,
        by=by,
        asked=asked,
        page=page,
        sections=groups.by_section(page.rows),
        groups=groups,
        targets=TARGETS_FPS,
        floor=FLOOR,
        most_places=MOST_PLACES,
    )


@figures("hardware", "Every row of the table by hardware", shared="hardware", parameters=PARAMETERS)
def hardware_json(shown: Narrowed) -> Mapping[str, Any]:
    """Every row of the table by hardware, or those of the first places."""
    by = groups.read_place(request.args.get("by", ""))
    with database().read() as db:
        rows = _ordered(group_rows(db, shown.filters, by))
        counts = store_counts(db, shown.filters)
    top = request.args.get("top", "")
    rows, left = groups.first_places(rows, groups.read_page(top)) if top else (rows, 0)
    return {
        **page_json(shown),
        "by": by,
        "counts": asdict(counts),
        "places_left": left,
        "rows": [row_json(row, by) for row in rows],
    }


@blueprint.get("/machines")
def machines() -> ResponseReturnValue:
    """The machines behind one line of the table, the slowest first, a page at a time."""
    shown = narrowed()
    by = groups.read_place(request.args.get("by", ""), "all")
    section = request.args.get("section", "")
    if section and section not in SECTION_IDS:
        raise CallerError(f"section: choose from {', '.join(SECTION_IDS)}", field="section")
    place = request.args.get("place", "")
    number = groups.read_page(request.args.get("page", ""))
    with database().read() as db:
        total, lines = machine_lines(
            db, shown.filters, section=section or None, place=place, by=by, page=number
        )
        counts = store_counts(db, shown.filters)
    return render_template(
        "admin/machines.html",
        shown=shown,
        counts=counts,
        lines=lines,
        total=total,
        page=number,
        pages=max(1, -(-total // LINES)),
        asked={"by": request.args.get("by", ""), "section": section, "place": place},
        section=next((one for one in groups.SECTIONS if one.id == section and section), None),
        title=f"{groups.TITLES[by]} {place or groups.NOT_TOLD}" if by != "all" else "All machines",
    )


def row_json(row: GroupRow, by: str) -> dict[str, Any]:
    """One row. Below the floor only the machines' own values are there."""
    found = {
        "section": row.section,
        "by": by,
        "place": groups.place_words(row),
        **condition_json(row.condition),
        **figures_json(row.figures),
        "machines_failed": row.failed_machines,
        "invalid_runs": row.invalid_runs,
    }
    if row.hardware is not None:
        hardware = row.hardware
        found |= {
            "gpu": groups.place_words(row) if by == "gpu" else None,
            "gpu_vendor": hardware.vendor,
            "gpu_family": hardware.family,
            "gpu_class": hardware.class_,
            "gpu_blurred": hardware.blurred,
        }
    return found


def _ordered(rows: list[GroupRow]) -> list[GroupRow]:
    return groups.ordered(rows, request.args.get("sort", ""), rising=request.args.get("order") == "up")
