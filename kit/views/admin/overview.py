"""The first page: the answer, then who came, what failed and why, and who is missing."""

from flask import render_template
from flask.typing import ResponseReturnValue

from kit.db.dashboard.hardware import answer_rows, hardware_counts
from kit.db.dashboard.overview import failure_lines, flag_lines, missing_visits, study_lines
from kit.views.admin.audience import blueprint
from kit.views.admin.narrowed import narrowed
from kit.views.admin.registry import shared_page
from kit.views.state import database


@blueprint.get("/")
@shared_page("overview")
def overview() -> ResponseReturnValue:
    """Counts and lists; figures only where the statistics allow them."""
    shown = narrowed()
    with database().read() as db:
        missing, newest = missing_visits(db, shown.filters)
        return render_template(
            "admin/overview.html",
            shown=shown,
            counts=hardware_counts(db, shown.filters),
            answers=answer_rows(db, shown.filters),
            studies=study_lines(db),
            failures=failure_lines(db, shown.filters),
            flags=flag_lines(db, shown.filters),
            missing=missing,
            missing_newest=newest,
        )
