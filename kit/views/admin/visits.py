"""Visits one by one: everything that is stored, rejecting one, and deleting it."""

from collections.abc import Mapping
from typing import Any

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kit.db.dashboard.machines import gpu_aliases
from kit.db.dashboard.visits import PAGE_SIZE, RunLine, VisitPage, visit_lines, visit_page
from kit.db.deletion import delete_visit
from kit.db.rejection import LONGEST_REASON, accept_visit, reject_visit
from kit.db.tables import Device
from kit.errors import CallerError
from kit.views.admin.audience import blueprint
from kit.views.admin.identifiers import identifier_of
from kit.views.admin.narrowed import Narrowed, narrowed
from kit.views.admin.registry import figures
from kit.views.state import database, now

MOST_PAGES = 10**6


@blueprint.get("/visits")
def visits() -> ResponseReturnValue:
    """All visits, newest first, a page at a time; ``rejected=1``: only those that enter no figure."""
    page = min(max(1, request.args.get("page", 1, type=int)), MOST_PAGES)
    shown, rejected = narrowed(), request.args.get("rejected") == "1"
    with database().read() as db:
        total, lines = visit_lines(db, shown.filters, page=page, rejected=rejected)
    pages = max(1, -(-total // PAGE_SIZE))
    return render_template(
        "admin/visits.html",
        shown=shown,
        rejected=rejected,
        total=total,
        lines=lines,
        page=page,
        pages=pages,
    )


@blueprint.get("/visits/<visit_id>")
def visit(visit_id: str) -> ResponseReturnValue:
    """One visit: its device as it came, and its runs."""
    page = _visit(visit_id)
    with database().read() as db:
        aliases = gpu_aliases(db, [page.device.gpu_model if page.device else None])
    return render_template("admin/visit.html", page=page, aliases=aliases, longest_reason=LONGEST_REASON)


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


@blueprint.post("/visits/<visit_id>/reject")
def reject(visit_id: str) -> ResponseReturnValue:
    """Keep a visit out of all figures, with a reason; it stays in the store and is counted."""
    identifier = identifier_of(visit_id, "visit")
    with database().write() as db:
        reject_visit(db, identifier, reason=request.form.get("reason", ""), actor=g.admin_name, now=now())
    return redirect(url_for("admin.visit", visit_id=identifier))


@blueprint.post("/visits/<visit_id>/accept")
def accept(visit_id: str) -> ResponseReturnValue:
    """Take a rejection back."""
    identifier = identifier_of(visit_id, "visit")
    with database().write() as db:
        accept_visit(db, identifier, actor=g.admin_name, now=now())
    return redirect(url_for("admin.visit", visit_id=identifier))


@figures(
    "visits/<visit_id>",
    "One visit: its device, raw and as read, and its runs",
    parameters={"visit_id": "Its id"},
)
def visit_json(_shown: Narrowed, visit_id: str) -> Mapping[str, Any]:
    """Everything that is stored about a visit but its secret; samples are with each run."""
    page = _visit(visit_id)
    visit = page.visit
    return {
        "schema": 1,
        "visit": visit.id,
        "machine": visit.machine_id,
        "study": page.study.name,
        "link": page.link.token,
        "stage": visit.stage,
        "simulated": visit.simulated,
        "state": visit.state,
        "end_reason": visit.end_reason,
        "rejected_at": visit.rejected_at,
        "rejected_reason": visit.rejected_reason,
        "created_at": visit.created_at,
        "ended_at": visit.ended_at,
        "consent": {
            "at": visit.consent_at,
            "text_sha256": visit.consent_sha256,
            "language": visit.consent_language,
        },
        "order_seed": visit.order_seed,
        "sequence": visit.sequence,
        "kit_version": visit.kit_version,
        "protocol_version": visit.protocol_version,
        "refresh_hz_after": visit.refresh_hz_after,
        "device": device_json(page.device),
        "runs": [run_line_json(line) for line in page.runs],
    }


def device_json(device: Device | None) -> dict[str, Any] | None:
    """A device: what the rules read, and the block as it came."""
    if device is None:
        return None
    names = ("vendor", "model", "family", "class", "api", "blurred", "confidence", "chip", "rule_version")
    return {
        "declined": device.declined,
        "renderer": device.renderer,
        "vendor": device.vendor,
        "gpu": {name: getattr(device, f"gpu_{name}") for name in names},
        "browser": {"name": device.browser_name, "major": device.browser_major, "mobile": device.mobile},
        "os": {"name": device.os, "version": device.os_version},
        "raw": device.raw,
    }


def run_line_json(line: RunLine) -> dict[str, Any]:
    """A run without its samples."""
    run, summary = line.run, line.summary
    return {
        "run": run.id,
        "model": run.bundle_name,
        "version": run.bundle_version,
        "mode": run.mode,
        "wishes": run.wishes,
        "threads": run.threads,
        "precision": run.precision,
        "kind": run.kind,
        "block": run.block,
        "outcome": run.outcome,
        "reason": run.reason,
        "capability_ms_median": summary.capability_ms_median if summary else None,
        "displayed_fps": summary.displayed_fps if summary else None,
        "flags": [flag.code for flag in line.flags],
    }


def _visit(visit_id: str) -> VisitPage:
    with database().read() as db:
        page = visit_page(db, identifier_of(visit_id, "visit"))
    if page is None:
        raise CallerError("there is no such visit; it may have been deleted", status=404)
    return page
