"""Visits and runs, one by one: everything that is stored, and deleting a visit."""

from uuid import UUID

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kit.db.dashboard.visits import PAGE_SIZE, VisitPage, run_page, visit_lines, visit_page
from kit.db.deletion import delete_visit
from kit.errors import CallerError
from kit.views.admin.audience import blueprint
from kit.views.admin.narrowed import narrowed
from kit.views.admin.strip import make_strip
from kit.views.state import database, now


@blueprint.get("/visits")
def visits() -> ResponseReturnValue:
    """All visits, newest first, a page at a time."""
    page = max(1, request.args.get("page", 1, type=int))
    shown = narrowed()
    with database().read() as db:
        total, lines = visit_lines(db, shown.filters, page=page)
    pages = max(1, -(-total // PAGE_SIZE))
    return render_template(
        "admin/visits.html",
        shown=shown,
        gpu=shown.filters.gpu,
        total=total,
        lines=lines,
        page=page,
        pages=pages,
    )


@blueprint.get("/visits/<visit_id>")
def visit(visit_id: str) -> ResponseReturnValue:
    """One visit: its device as it came, and its runs."""
    return render_template("admin/visit.html", page=_visit(visit_id))


@blueprint.get("/visits/<visit_id>/delete")
def confirm_delete(visit_id: str) -> ResponseReturnValue:
    """Ask once more, and say what will be gone."""
    return render_template("admin/delete.html", page=_visit(visit_id))


@blueprint.post("/visits/<visit_id>/delete")
def delete(visit_id: str) -> ResponseReturnValue:
    """Delete a visit and all that belongs to it; a tombstone stays."""
    identifier = _visit(visit_id).visit.id
    with database().write() as db:
        delete_visit(db, identifier, by="admin", actor=g.admin_name, now=now())
    return redirect(url_for("admin.visits", deleted=identifier[:8]))


@blueprint.get("/runs/<run_id>")
def run(run_id: str) -> ResponseReturnValue:
    """One run: samples, variant, environment, flags and what each flag means for each figure."""
    with database().read() as db:
        page = run_page(db, _identifier(run_id, "run"))
    if page is None:
        raise CallerError("there is no such run; it may have been deleted with its visit", status=404)
    return render_template("admin/run.html", page=page, strip=make_strip(page.windows))


def _visit(visit_id: str) -> VisitPage:
    with database().read() as db:
        page = visit_page(db, _identifier(visit_id, "visit"))
    if page is None:
        raise CallerError("there is no such visit; it may have been deleted", status=404)
    return page


def _identifier(text: str, what: str) -> str:
    try:
        return str(UUID(text))
    except ValueError as error:
        raise CallerError(f"there is no such {what}; check the address", status=404) from error
