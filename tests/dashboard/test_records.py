"""Machine, visit and run pages: everything that is stored, two runs side by side, rejecting a visit."""

import re
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select, update

from kit.db.tables import Audit, Device, GpuAlias, Run, Visit
from tests.dashboard.conftest import Person
from tests.dashboard.test_pages import cells
from tests.service.factory import NOW, RENDERER, Sitting, begin, device_body, new_link, run_body, samples

FIREFOX = {"name": "Firefox", "major": 143, "os": "Windows", "os_version": "10", "mobile": False}
HOSTILE = '"><img src=x onerror=alert(1)> \u202eevil'


class Bench:
    """One tester's visits."""

    def __init__(self, app: Flask, admin: Person) -> None:
        self.client, self.admin, self.token = app.test_client(), admin, new_link(admin.database)

    def visit(self, device: dict[str, Any] | None = None, **more: Any) -> Sitting:
        visit = begin(self.client, self.token, **more)
        visit.put("device", device or device_body())
        return visit

    def run(self, visit: Sitting, ms: float = 20.0, mode: str = "tfjs-webgl", **changes: Any) -> str:
        run = str(uuid4())
        body = run_body(mode, capability=samples(20, ms), displayed=samples(20, max(ms, 1000 / 60)))
        assert visit.put(f"runs/{run}", body | changes).status_code == 201
        return run


@pytest.fixture
def bench(app: Flask, admin: Person) -> Bench:
    return Bench(app, admin)


def test_a_machine_shows_its_own_value_in_each_browser(bench: Bench) -> None:
    first = bench.visit()
    for ms in (10.0, 20.0, 60.0):
        bench.run(first, ms)
    joined = bench.visit(device_body(browser=FIREFOX), join_code=first.join_code().json["code"])
    bench.run(joined, 40.0)
    data = bench.admin.get(f"/admin/data/machines/{first.machine}.json").json
    values = {row["browser"]: (row["capability_ms"], row["valid_runs"]) for row in data["values"]}
    assert values == {"Chrome": (pytest.approx(20.0), 3), "Firefox": (pytest.approx(40.0), 1)}
    page = cells(bench.admin.get(f"/admin/machines/{first.machine}").text)
    assert "2 visits in 2 joined browsers: Chrome, Firefox" in page
    assert "one machine's values, not group figures" in page.replace("&#39;", "'")


def test_raw_strings_stand_beside_what_the_rules_read_and_the_alias(bench: Bench) -> None:
    visit = bench.visit()
    bench.run(visit)
    with bench.admin.database.write() as db:
        db.add(
            GpuAlias(gpu_model="NVIDIA GeForce RTX 3060", name="lab's old one", actor="admin", created_at=NOW)
        )
    for path in (f"visits/{visit.visit}", f"machines/{visit.machine}"):
        page = cells(bench.admin.get(f"/admin/{path}").text)
        assert RENDERER in page
        assert "NVIDIA GeForce RTX 3060 called “lab&#39;s old one” here" in page
    device = bench.admin.get(f"/admin/data/visits/{visit.visit}.json").json["device"]
    assert (device["gpu"]["class"], device["raw"]["screen"]["width"]) == ("discrete", 1920)


def test_a_rejected_visit_leaves_the_figures_and_comes_back(bench: Bench) -> None:
    visit = bench.visit()
    bench.run(visit, 10.0)
    page, rows = f"/admin/visits/{visit.visit}", "/admin/data/hardware.json"
    answer = bench.admin.submit(page, f"{page}/reject", reason="  my own\ntest ")
    assert answer.status_code == 302
    assert bench.admin.get(rows).json["rows"] == []
    assert "my own test" in cells(bench.admin.get(page).text)
    assert bench.admin.submit(page, f"{page}/accept").status_code == 302
    assert [row["machines_fps"] for row in bench.admin.get(rows).json["rows"]] == [[pytest.approx(100.0)]]
    with bench.admin.database.read() as db:
        noted = list(db.scalars(select(Audit.action).where(Audit.target == visit.visit).order_by(Audit.id)))
    assert noted == ["reject visit", "accept visit"]


def test_a_rejection_needs_a_reason_and_a_token(bench: Bench) -> None:
    visit = bench.visit()
    page = f"/admin/visits/{visit.visit}"
    answer = bench.admin.submit(page, f"{page}/reject", reason=" ")
    assert (answer.status_code, "reason: say why" in answer.text) == (400, True)
    assert bench.admin.client.post(f"{page}/reject", data={"reason": "x"}).status_code == 400
    assert "rejected" not in bench.admin.get(page).text.split('id="reject"')[0]


def test_two_runs_stand_side_by_side_on_one_scale_with_what_differs(bench: Bench) -> None:
    visit = bench.visit()
    quick, slow = bench.run(visit, 10.0), bench.run(visit, 20.0, mode="tfjs-pixels")
    page = bench.admin.get(f"/admin/runs/{quick}/beside/{slow}").text
    assert page.count('class="strip"') == 2
    ticks = [re.findall(r'text-anchor="end">([\d.]+)<', part) for part in page.split('class="strip"')[1:3]]
    assert ticks[0] == ticks[1]
    facts = bench.admin.get(f"/admin/data/runs/{quick}/beside/{slow}.json").json["facts"]
    differing = {fact["name"]: fact["ratio"] for fact in facts if fact["differs"]}
    assert differing["Capability, median a frame"] == pytest.approx(2.0)
    assert "Mode" in differing
    assert {"Precision", "GPU", "Visit"}.isdisjoint(differing)


def test_the_second_run_is_chosen_on_the_page_of_the_first(bench: Bench) -> None:
    visit = bench.visit()
    first, second = bench.run(visit), bench.run(visit, 30.0)
    page = f"/admin/runs/{first}"
    assert f'<option value="{second}"' in bench.admin.get(page).text
    address = f"http://localhost/admin/runs/{second.upper()}#samples"
    answer = bench.admin.get(f"{page}/beside", query_string={"with": address})
    assert answer.headers["Location"].endswith(f"{page}/beside/{second}")
    refused = bench.admin.get(f"{page}/beside", query_string={"with": "the other one"})
    assert (refused.status_code, "with: paste" in refused.text) == (400, True)


def test_a_run_shows_events_flags_and_the_warm_up_apart(bench: Bench) -> None:
    drifting = {"k": [1] * 60, "ms": [10.0] * 30 + [15.0] * 30, "elapsed_ms": 750.0}
    events = [{"at_ms": 900.0, "type": "hidden"}, {"at_ms": 950.0, "type": "shown"}]
    run = bench.run(bench.visit(), warmup=samples(30, 30.0), capability=drifting, events=events)
    page = bench.admin.get(f"/admin/runs/{run}").text
    assert page.count('class="drift"') == 2
    assert page.count('class="event') == 3  # two marks and the list
    assert "⚑ drift" in page
    assert "⚑ whole run: hidden" in page
    assert "hidden after 0.9 s" in page


def test_hostile_strings_and_a_reason_of_a_megabyte_are_harmless(bench: Bench) -> None:
    visit = bench.visit(device_body(HOSTILE))
    run, other = bench.run(visit), bench.run(visit, 30.0)
    with bench.admin.database.write() as db:
        db.execute(update(Run).values(reason=HOSTILE * 30_000, outcome="failed", renderer=HOSTILE * 30_000))
        db.execute(update(Visit).values(end_reason=HOSTILE * 30_000))
        db.execute(update(Device).values(gpu_model=HOSTILE, gpu_family=HOSTILE, renderer=HOSTILE * 30_000))
    pages = (
        f"visits/{visit.visit}",
        f"machines/{visit.machine}",
        f"runs/{run}",
        f"runs/{run}/beside/{other}",
    )
    for path in pages:
        page = bench.admin.get(f"/admin/{path}")
        assert page.status_code == 200, path
        assert "<img" not in page.text, path
        assert len(page.text) < 60_000, path


@pytest.mark.parametrize("path", ["machines/17", "machines/{}", "runs/{}/beside/{}", "runs/x/beside/y"])
def test_what_is_not_there_is_a_friendly_page(admin: Person, path: str) -> None:
    answer = admin.get(f"/admin/{path.format(uuid4(), uuid4())}")
    assert answer.status_code == 404
    assert "there is no such" in answer.text
