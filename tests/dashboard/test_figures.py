"""Figures on the way from posted samples to the dashboard, against figures worked out by hand. Both databases."""

from uuid import uuid4

import pytest
from flask import Flask

from kit.db.export import export_rows
from tests.dashboard.conftest import Person
from tests.dashboard.field import FAILED, STOPPED, Field
from tests.service.factory import RENDERER, begin, device_body, samples

HIDDEN = {"events": [{"at_ms": 1.0, "type": "hidden"}]}


@pytest.fixture
def field(app: Flask, admin: Person) -> Field:
    return Field(app, admin)


def test_median_interval_and_shares_by_hand(field: Field) -> None:
    for ms in (10.0, 12.5, 20.0, 25.0, 40.0, 50.0):
        field.machine(ms)
    (row,) = field.rows()
    assert (row["gpu"], row["gpu_class"], row["gpu_blurred"]) == (
        "NVIDIA GeForce RTX 3060",
        "discrete",
        False,
    )
    assert (row["machines_started"], row["runs"]) == (6, 6)
    assert row["fps"]["median"] == pytest.approx((40 + 50) / 2)
    assert (row["fps"]["low"], row["fps"]["high"]) == pytest.approx((20, 100))
    reach = row["reach"]["30"]
    assert (reach["yes"], reach["no"], reach["lowest"]) == (4, 2, pytest.approx(4 / 6))
    assert (reach["interval_low"], reach["interval_high"]) == pytest.approx((0.300, 0.941), abs=0.001)
    assert row["reach"]["60"]["yes"] == 2
    assert row["displayed_reach"]["60"]["yes"] == 2


def test_failed_is_no_and_stopped_is_unknown(field: Field) -> None:
    for _ in range(5):
        field.machine(10.0)
    field.machine(runs=[FAILED])
    field.machine(runs=[STOPPED])
    (row,) = field.rows()
    reach = row["reach"]["30"]
    assert (reach["yes"], reach["no"], reach["unknown"]) == (5, 1, 1)
    assert (reach["lowest"], reach["highest"]) == (pytest.approx(5 / 7), pytest.approx(6 / 7))
    assert row["fps"] is None
    assert row["machines_fps"] == pytest.approx([100.0] * 5)


def test_an_eager_tester_counts_once(field: Field) -> None:
    eager = str(uuid4())
    for _ in range(6):
        field.machine(100.0, 100.0, machine=eager)
    for _ in range(6):
        field.machine(10.0)
    (row,) = field.rows()
    assert (row["machines_started"], row["runs"]) == (7, 18)
    assert row["fps"]["median"] == pytest.approx(100.0)


def test_invalid_runs_are_counted_and_enter_no_figure(field: Field) -> None:
    field.machine(10.0, runs=[HIDDEN | {"capability": samples(20, 90.0)}])
    (row,) = field.rows()
    assert row["machines_fps"] == pytest.approx([100.0])
    assert (row["runs"], row["invalid_runs"]) == (2, 1)
    assert "1 invalid run" in field.admin.get("/admin/hardware").text


def test_threads_precision_and_browser_never_pool(field: Field) -> None:
    variant = {"threads": 4, "precision": "float16", "library": "x 1"}
    field.machine(10.0, runs=[{"variant": variant}, {"variant": variant | {"threads": 1}}])
    assert [(row["threads"], row["precision"]) for row in field.rows()] == [
        (None, "int8"),
        (1, "float16"),
        (4, "float16"),
    ]


def test_a_mode_that_never_came_to_run_counts_with_every_variant_that_did(field: Field) -> None:
    field.machine(10.0)
    field.machine(runs=[{"variant": {"threads": 4, "precision": "float16", "library": "x 1"}}])
    field.machine(runs=[FAILED])
    assert [(row["precision"], row["machines_started"], row["machines_failed"]) for row in field.rows()] == [
        ("int8", 2, 1),
        ("float16", 2, 1),
    ]


def test_a_machine_that_ran_at_another_time_is_one_machine(field: Field) -> None:
    machine = str(uuid4())
    field.machine(runs=[FAILED], machine=machine)
    field.machine(10.0, machine=machine)
    (row,) = field.rows()
    assert (row["machines_started"], row["machines_failed"], row["precision"]) == (1, 1, "int8")


def test_where_nothing_ever_ran_the_condition_is_still_told(field: Field) -> None:
    field.machine(runs=[FAILED])
    (row,) = field.rows()
    assert (row["precision"], row["machines_started"], row["machines_failed"]) == ("unknown", 1, 1)


def test_simulated_machines_are_hidden_and_counted(app: Flask, admin: Person) -> None:
    people, robots = Field(app, admin), Field(app, admin, title="Robots", simulated=True)
    people.machine(10.0)
    robots.machine(50.0)
    assert [row["machines_fps"] for row in people.rows()] == [pytest.approx([100.0])]
    assert [row["machines_fps"] for row in people.rows("?simulated=1")] == [pytest.approx([20.0])]
    assert [row["machines_fps"] for row in people.rows("?study=robots")] == [pytest.approx([20.0])]
    assert "1 simulated machine" in admin.get("/admin/hardware").text


def test_another_study_has_its_own_figures(app: Flask, admin: Person) -> None:
    for title, ms in (("One", 10.0), ("Two", 20.0)):
        Field(app, admin, title=title).machine(ms)
    assert admin.get("/admin/data/hardware.json?study=two").json["rows"][0]["machines_fps"] == pytest.approx(
        [50.0]
    )
    assert admin.get("/admin/data/hardware.json?study=three").status_code == 404


def test_the_answer_counts_a_machine_once_whatever_its_browsers(
    app: Flask, admin: Person, field: Field
) -> None:
    first = begin(field.client, field.token)
    first.put("device", device_body())
    first.run(capability=samples(20, 10.0))
    second = begin(field.client, field.token, join_code=first.join_code().json["code"])
    second.put(
        "device",
        device_body(
            "NVIDIA GeForce GTX 980, or similar", browser={"name": "Firefox", "major": 143, "os": "Windows"}
        ),
    )
    second.run(capability=samples(20, 20.0))
    assert [row["machines_started"] for row in field.rows()] == [1, 1]
    page = admin.get("/admin/").text
    assert "1 machine so far; shares need 5 more" in page


def test_every_run_and_device_is_exported_as_it_was_sent(field: Field) -> None:
    machine = field.machine(10.0, runs=[FAILED])
    with field.admin.database.read() as session:
        _, rows = export_rows(session, "runs")
        runs = list(rows)
        _, devices = export_rows(session, "devices")
        device = next(iter(devices))
    assert [run["machine"] for run in runs] == [machine, machine]
    assert [(run["outcome"], run["reason"]) for run in runs] == [("ok", None), ("failed", "no context")]
    assert (device["renderer"], device["tick_ms"], device["screen_width"]) == (RENDERER, 0.005, 1920)
