"""The table by hardware."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import render_template
from flask.typing import ResponseReturnValue

from kit.db.dashboard.hardware import Hardware, HardwareRow, hardware_counts, hardware_rows
from kit.db.dashboard.places import section_of
from kit.domain.stats.group import FLOOR
from kit.domain.stats.machine import TARGETS_FPS
from kit.views.admin.audience import blueprint
from kit.views.admin.narrowed import narrowed
from kit.views.admin.registry import shared_page
from kit.views.state import database


@dataclass(frozen=True, slots=True)
class Section:
    """GPUs of one kind, which never enter each other's figures."""

    id: str
    title: str
    note: str


SECTIONS = (
    Section("exact", "GPUs by name", "The browser names the GPU itself."),
    Section(
        "blurred",
        "Blurred by the browser",
        "Firefox, Safari and Brave name a stand-in for many GPUs, or none. These are groups of stand-ins, not of GPUs.",
    ),
    Section(
        "software",
        "Software and virtual",
        "No GPU did the work: a program or a virtual machine stood in for it.",
    ),
    Section("unsent", "Device not told", "The tester kept the device, or the browser has no WebGL."),
)


@blueprint.get("/hardware")
@shared_page("hardware")
def hardware() -> ResponseReturnValue:
    """The table and, above it, the place for the chart that shows the same."""
    shown = narrowed()
    with database().read() as db:
        rows = hardware_rows(db, shown.filters)
        counts = hardware_counts(db, shown.filters)
    return render_template(
        "admin/hardware.html",
        shown=shown,
        counts=counts,
        sections=by_section(rows),
        targets=TARGETS_FPS,
        floor=FLOOR,
    )


def by_section(rows: Sequence[HardwareRow]) -> list[tuple[Section, list[tuple[Hardware, list[HardwareRow]]]]]:
    """Rows under their section and GPU, in the order in which they come; sections without rows are left out."""
    found: dict[str, dict[Hardware, list[HardwareRow]]] = {section.id: {} for section in SECTIONS}
    for row in rows:
        found[section_of(row.hardware)].setdefault(row.hardware, []).append(row)
    return [(section, list(found[section.id].items())) for section in SECTIONS if found[section.id]]
