"""The first page: the answer, then what failed and why, who is missing, and what hardware came."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from kit.db.dashboard.coverage import coverage_cells
from kit.db.dashboard.figures import group_rows, store_counts
from kit.db.dashboard.overview import failure_lines, flag_lines, missing_visits, study_lines
from kit.db.dashboard.studies import study_page
from kit.domain.stats.group import FLOOR
from kit.domain.stats.machine import TARGETS_FPS
from kit.views.admin import answer as answers
from kit.views.admin.as_json import condition_json, figures_json, page_json, tail_json
from kit.views.admin.audience import blueprint
from kit.views.admin.coverage import coverage_json, coverage_of
from kit.views.admin.narrowed import Narrowed, narrowed
from kit.views.admin.registry import figures, shared_page
from kit.views.state import database


@blueprint.get("/")
@shared_page("overview")
def overview() -> ResponseReturnValue:
    """The answer first; figures only where the statistics allow them."""
    shown = narrowed()
    target = answers.read_target(request.args.get("target", ""))
    with database().read() as db:
        page = study_page(db, shown.study) if shown.study else None
        found = answers.answers_of(group_rows(db, shown.filters, "all"), target)
        missing, newest = (0, []) if shown.public else missing_visits(db, shown.filters)
        return render_template(
            "admin/overview.html",
            shown=shown,
            study=page.study if page else None,
            counts=store_counts(db, shown.filters),
            answers=found,
            in_short=answers.in_short(found, target),
            words=answers,
            target=target,
            targets=TARGETS_FPS,
            floor=FLOOR,
            coverage=coverage_of(
                coverage_cells(db, shown.filters), page.plan.definition.quotas if page else {}
            ),
            studies=[] if shown.public else study_lines(db),
            failures=[] if shown.public else failure_lines(db, shown.filters),
            flags=flag_lines(db, shown.filters),
            missing=missing,
            missing_newest=newest,
        )


@figures(
    "overview",
    "The answer for each model in each mode, what failed, and coverage",
    shared="overview",
    parameters={"target": "The frame rate by which modes are put into order: 24, 30, 60"},
)
def overview_json(shown: Narrowed) -> Mapping[str, Any]:
    """The same figures for the chart and for scripts."""
    with database().read() as db:
        found = answers.answers_of(
            group_rows(db, shown.filters, "all"), answers.read_target(request.args.get("target", ""))
        )
        failures = [] if shown.public else failure_lines(db, shown.filters)
        cells = coverage_cells(db, shown.filters)
        page = study_page(db, shown.study) if shown.study else None
        counts = store_counts(db, shown.filters)
    return {
        **page_json(shown),
        "counts": asdict(counts),
        "answers": [answer_json(one) for one in found],
        "failures": [asdict(line) for line in failures],
        "coverage": coverage_json(coverage_of(cells, page.plan.definition.quotas if page else {})),
    }


def answer_json(answer: answers.Answer) -> dict[str, Any]:
    """One condition over all machines."""
    return {
        **condition_json(answer.condition),
        **figures_json(answer.figures),
        "slowest_tenth_fps": tail_json(answer.slowest),
    }
