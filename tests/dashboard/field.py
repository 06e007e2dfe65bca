"""Machines with figures chosen by hand, on the way through the API to the pages."""

from typing import Any
from uuid import uuid4

from flask import Flask

from tests.dashboard.conftest import Person
from tests.service.factory import RENDERER, begin, device_body, new_link, run_body, samples

FAILED = {
    "outcome": "failed",
    "reason": "no context",
    "capability": None,
    "displayed": None,
    "golden": None,
    "variant": {
        "threads": None,
        "precision": "unknown",
        "library": "unknown",
    },  # as posted where no runner was made
}
STOPPED = {"outcome": "stopped", "capability": None, "displayed": None}


def measured(mode: str, ms: float) -> dict[str, Any]:
    """Changes that make a run one of this mode with this frame time."""
    return {"mode": mode, "capability": samples(20, ms), "displayed": samples(20, max(ms, 1000 / 60))}


class Field:
    """Machines with a chosen frame time, on one GPU unless told otherwise, all in one browser."""

    def __init__(self, app: Flask, admin: Person, **study: Any) -> None:
        self.client, self.admin = app.test_client(), admin
        self.token = new_link(admin.database, **study)

    def machine(
        self,
        *frame_ms: float,
        runs: list[dict[str, Any]] | None = None,
        renderer: str = RENDERER,
        **begin_with: Any,
    ) -> str:
        visit = begin(self.client, self.token, **begin_with)
        visit.put("device", device_body(renderer))
        for ms in frame_ms:
            body = run_body(capability=samples(20, ms), displayed=samples(20, max(ms, 1000 / 60)))
            assert visit.put(f"runs/{uuid4()}", body).status_code == 201
        for changes in runs or []:
            assert visit.run(**changes).status_code == 201
        return visit.machine

    def rows(self, query: str = "") -> list[dict[str, Any]]:
        return self.admin.get(f"/admin/data/hardware.json{query}").json["rows"]
