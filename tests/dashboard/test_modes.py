"""Two conditions on the same machines, against ratios worked out by hand."""

import re
from math import exp, log, sqrt
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask

from kit.db.dashboard import pairs
from kit.db.shares import new_share
from tests.dashboard.conftest import Person
from tests.service.factory import NOW, Sitting, begin, device_body, new_link, run_body, samples

WEBGL, PIXELS = "test-blocks/tfjs-webgl", "test-blocks/tfjs-pixels"
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
GTX = "ANGLE (NVIDIA, NVIDIA GeForce GTX 980 Direct3D11 vs_5_0 ps_5_0), or similar"
FIREFOX = {"name": "Firefox", "major": 143, "os": "Windows", "os_version": "10", "mobile": False}
RATIOS = (2.0, 2.0, 4.0, 1.0, 0.5)


class Field:
    """Machines that run both modes."""

    def __init__(self, app: Flask, admin: Person) -> None:
        self.client, self.admin = app.test_client(), admin
        self.token = new_link(admin.database)

    def machine(self, device: dict[str, Any] | None = None, **more: Any) -> Sitting:
        visit = begin(self.client, self.token, **more)
        visit.put("device", device or device_body())
        return visit

    def pair(self, webgl_ms: float, pixels_ms: float, **more: Any) -> Sitting:
        visit = self.machine(**more)
        measure(visit, "tfjs-webgl", webgl_ms)
        measure(visit, "tfjs-pixels", pixels_ms)
        return visit

    def data(self, **asked: str) -> dict[str, Any]:
        query = {"first": WEBGL, "second": PIXELS} | asked
        return dict(self.admin.get("/admin/data/modes.json", query_string=query).json)

    def page(self, **asked: str) -> str:
        return self.admin.get("/admin/modes", query_string={"first": WEBGL, "second": PIXELS} | asked).text


def measure(visit: Sitting, mode: str, ms: float = 20.0, **changes: Any) -> None:
    body = run_body(mode, capability=samples(20, ms), displayed=samples(20, ms)) | changes
    answer = visit.put(f"runs/{uuid4()}", body)
    assert answer.status_code == 201, answer.text


@pytest.fixture
def field(app: Flask, admin: Person) -> Field:
    return Field(app, admin)


@pytest.fixture
def five(field: Field) -> Field:
    for ratio in RATIOS:
        field.pair(10.0, 10.0 * ratio)
    return field


def test_geometric_mean_interval_and_signs_by_hand(five: Field) -> None:
    logs = [log(ratio) for ratio in RATIOS]
    mean = sum(logs) / 5
    spread = sqrt(sum((value - mean) ** 2 for value in logs) / 4)
    half = 2.7764 * spread / sqrt(5)
    group = five.data()["groups"][0]
    assert (group["by"], group["machines_both"]) == ("all", 5)
    assert group["ratio"] == pytest.approx(8 ** (1 / 5))
    assert group["interval_low"] == pytest.approx(exp(mean - half), rel=1e-4)
    assert group["interval_high"] == pytest.approx(exp(mean + half), rel=1e-4)
    assert (group["machines_quicker"], group["machines_slower"]) == (1, 3)


def test_a_mean_that_few_machines_made_is_called_doubtful(field: Field) -> None:
    for ratio in (0.995, 1.005, 0.995, 1.005, 0.995, 6.0, 7.0, 8.0, 9.0):
        field.pair(10.0, 10.0 * ratio)
    group = field.data()["groups"][0]
    assert group["interval_low"] > 1
    assert (group["doubtful"], group["median_low"]) == (True, pytest.approx(0.995))
    assert "The median ratio lies between 0.99 and 8.00." in field.page()


def test_the_page_says_the_direction_in_words(five: Field) -> None:
    page = " ".join(five.page().split())
    assert "a frame takes <strong>1.52 times as long</strong> as in <code>tfjs-webgl</code>" in page
    assert "The interval holds 1" in page
    assert re.search(r"About \d+ more machines \(\d+ at best", page)
    assert "quicker on 1 and slower on 3, the same on 1" in page


def test_a_mean_that_few_machines_made_is_pointed_out(field: Field) -> None:
    for ratio in (1.1, 1.2, 1.1, 1.3, 1.2, 1.1, 1.2, 1.1, 1.2, 0.01):
        field.pair(10.0, 10.0 * ratio)
    group = field.data()["groups"][0]
    assert (group["doubtful"], group["median_low"]) == (True, pytest.approx(1.1))
    assert "A few machines may have made this mean" in field.page()


def test_crashes_are_counted_beside_the_ratio(five: Field) -> None:
    crashed = five.machine()
    measure(crashed, "tfjs-webgl", 10.0)
    measure(crashed, "tfjs-pixels", **FAILED)
    stopped = five.machine()
    measure(stopped, "tfjs-webgl", **STOPPED)
    measure(stopped, "tfjs-pixels", 10.0)
    measure(five.machine(), "tfjs-webgl", 10.0)
    group = five.data()["groups"][0]
    counts = [
        group[f"machines_{name}"] for name in ("both", "only_first", "only_second", "neither", "unknown")
    ]
    assert counts == [5, 1, 0, 0, 1]
    assert "Of 7 machines that tried both, 1 ran only <code>tfjs-webgl</code>" in " ".join(
        five.page().split()
    )


def test_below_the_floor_there_are_only_the_machines_own_ratios(field: Field) -> None:
    field.pair(10.0, 15.0)
    group = field.data()["groups"][0]
    assert (group["ratio"], group["machine_ratios"]) == (None, [pytest.approx(1.5)])
    assert "4 more machines will give a ratio" in " ".join(field.page().split())


def test_a_joined_machine_is_compared_with_itself_in_each_browser_and_counts_once(field: Field) -> None:
    first = field.pair(10.0, 20.0)
    joined = field.pair(
        40.0, 20.0, device=device_body(GTX, browser=FIREFOX), join_code=first.join_code().json["code"]
    )
    assert joined.machine == first.machine
    data = field.data()
    (point,) = data["points"]
    assert (point["first_ms"], point["second_ms"]) == (pytest.approx(20.0), pytest.approx(20.0))
    browsers = {row["place"]: row["machine_ratios"] for row in data["groups"] if row["by"] == "browser"}
    assert browsers == {"Chrome": [pytest.approx(2.0)], "Firefox": [pytest.approx(0.5)]}


def test_blurred_gpus_are_a_group_of_their_own(field: Field) -> None:
    field.pair(10.0, 20.0)
    field.pair(10.0, 30.0, device=device_body(GTX, browser=FIREFOX))
    classes = [(row["section"], row["place"]) for row in field.data()["groups"] if row["by"] == "class"]
    assert sorted(classes) == [("blurred", "discrete"), ("exact", "discrete")]


def test_at_a_glance_every_mode_stands_against_tfjs_webgl(five: Field) -> None:
    (row,) = five.data(first="", second="")["against"]
    assert (row["first"]["mode"], row["second"]["mode"]) == ("tfjs-webgl", "tfjs-pixels")
    assert row["ratio"] == pytest.approx(8 ** (1 / 5))
    assert "Every mode against one of the same model" in five.page(first="", second="")


def test_two_runs_of_one_machine_are_one_pair_by_their_median(field: Field) -> None:
    visit = field.pair(10.0, 20.0)
    field.pair(20.0, 20.0, machine=visit.machine)
    (group, *_), points = field.data()["groups"], field.data()["points"]
    assert group["machines_both"] == 1
    assert points[0]["first_ms"] == pytest.approx(15.0)


def test_of_very_many_machines_a_random_sample_is_compared_and_the_page_says_so(
    field: Field, monkeypatch: pytest.MonkeyPatch
) -> None:
    for digit in "0123456789abcdef":
        field.pair(10.0, 20.0, machine=f"{digit}8{str(uuid4())[2:]}")
    monkeypatch.setattr(pairs, "MOST_MACHINES", 4)
    group = field.data()["groups"][0]
    assert (group["machines_both"], group["sampled_of"]) == (4, 16)
    assert "4 machines of about 16" in " ".join(field.page().split())


def test_behind_a_share_link_there_is_no_machines_own_value(five: Field) -> None:
    five.pair(10.0, 31.0, device=device_body(GTX, browser=FIREFOX))
    with five.admin.database.write() as db:
        asked = {"study": "flowers"}
        _, token = new_share(
            db, title="Board", pages=("modes",), asked=asked, expires_at=None, actor="ada", now=NOW
        )
    query = {"first": WEBGL, "second": PIXELS}
    visitor = Person(five.client.application)
    data = visitor.get(f"/shared/{token}/data/modes.json", query_string=query).json
    assert (data["points"], data["groups"][0]["machines_both"]) == ([], 6)
    assert {tuple(row["machine_ratios"]) for row in data["groups"]} == {()}
    page = visitor.get(f"/shared/{token}/modes", query_string=query).text
    assert "3.10" not in page
    assert "1 machine: too few for a ratio" in " ".join(page.split())


@pytest.mark.parametrize("asked", [{"first": "nothing/tfjs-webgl"}, {"second": "<script>"}])
def test_a_condition_that_nobody_measured_is_named(five: Field, asked: dict[str, str]) -> None:
    answer = five.admin.get("/admin/data/modes.json", query_string={"first": WEBGL, "second": PIXELS} | asked)
    assert answer.status_code == 404
    assert answer.json["error"]["field"] == next(iter(asked))


def test_filters_that_leave_no_pair_give_a_page_that_says_so(five: Field) -> None:
    visit = five.machine(device_body(GTX, browser=FIREFOX))
    measure(visit, "tfjs-webgl", 10.0)
    page = five.page(browser="Firefox")
    assert "No machine has a figure in both conditions under these filters" in " ".join(page.split())
    assert five.data(browser="Firefox")["groups"] == []


def test_the_same_condition_twice_is_refused(five: Field) -> None:
    answer = five.admin.get("/admin/modes", query_string={"first": WEBGL, "second": WEBGL})
    assert answer.status_code == 400
    assert "second: choose another condition" in answer.text


def test_an_empty_store_says_what_to_do(admin: Person) -> None:
    page = admin.get("/admin/modes")
    assert page.status_code == 200
    assert "/admin/studies" in page.text
