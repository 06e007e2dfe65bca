"""One machine: all its visits, devices and browsers, and its own value in every condition."""

from collections.abc import Mapping
from typing import Any

from flask import render_template
from flask.typing import ResponseReturnValue

from kit.db.dashboard.machines import MOST_VISITS, MachinePage, OwnValue, machine_page
from kit.errors import CallerError
from kit.views.admin.audience import blueprint
from kit.views.admin.identifiers import identifier_of
from kit.views.admin.narrowed import Narrowed
from kit.views.admin.registry import figures
from kit.views.admin.visits import device_json
from kit.views.state import database


@blueprint.get("/machines/<machine_id>")
def machine(machine_id: str) -> ResponseReturnValue:
    """Everything about a machine. Its values are no group figures: they have no interval."""
    return render_template("admin/machine.html", page=_machine(machine_id), most=MOST_VISITS)


@figures(
    "machines/<machine_id>",
    "One machine: its visits, devices, and its own value in every condition",
    parameters={"machine_id": "Its id"},
)
def machine_json(_shown: Narrowed, machine_id: str) -> Mapping[str, Any]:
    """The same as JSON. Values are medians over the machine's valid runs; filters are not looked at."""
    page = _machine(machine_id)
    return {
        "schema": 1,
        "machine": page.machine.id,
        "created_at": page.machine.created_at,
        "visits_total": page.total,
        "visits": [
            {
                "visit": one.visit.id,
                "study": one.study.name,
                "created_at": one.visit.created_at,
                "state": one.visit.state,
                "simulated": one.visit.simulated,
                "rejected_reason": one.visit.rejected_reason,
                "runs": one.measured,
            }
            for one in page.visits
        ],
        "devices": [device_json(device) for device in page.devices],
        "gpu_aliases": page.aliases,
        "values": [_value_json(value) for value in page.values],
    }


def _machine(machine_id: str) -> MachinePage:
    with database().read() as db:
        page = machine_page(db, identifier_of(machine_id, "machine"))
    if page is None:
        raise CallerError("there is no such machine; it goes with its last visit", status=404)
    return page


def _value_json(value: OwnValue) -> dict[str, Any]:
    condition, hardware = value.condition, value.hardware
    return {
        "model": condition.bundle,
        "version": condition.version,
        "model_sha256": condition.sha256,
        "mode": condition.mode,
        "wishes": condition.wishes,
        "threads": condition.threads or None,
        "precision": condition.precision,
        "browser": condition.browser or None,
        "os": value.os or None,
        "gpu": hardware.model or None,
        **value.figures,
        "runs": value.runs,
        "valid_runs": value.valid_runs,
        "invalid_runs": value.invalid_runs,
        "outcomes": value.outcomes,
        "last_run_at": value.last_run_at,
    }
