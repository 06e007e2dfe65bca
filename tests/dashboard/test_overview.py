"""The answer of a study, against figures worked out by hand: order, slowest tenth, coverage, failures. Both databases."""

from typing import Any

import pytest
from flask import Flask

from tests.dashboard.conftest import Person
from tests.dashboard.field import FAILED, STOPPED, Field, measured
from tests.dashboard.test_pages import cells

FRAME_MS = (10.0, 12.5, 20.0, 25.0, 40.0, 50.0, 80.0)
QUOTAS = {"machines": 9, "browser": {"Firefox": 2}, "class": {"discrete": 8}, "colour": {"red": 1}}


@pytest.fixture
def field(app: Flask, admin: Person) -> Field:
    return Field(app, admin, quotas=QUOTAS, modes=["tfjs-webgl", "tfjs-pixels"])


def answers(field: Field, query: str = "") -> list[dict[str, Any]]:
    return list(field.admin.get(f"/admin/data/overview.json{query}").json["answers"])


def test_the_answer_by_hand(field: Field) -> None:
    for ms in FRAME_MS:
        field.machine(ms)
    field.machine(runs=[FAILED])
    (row,) = answers(field)
    assert (row["machines_started"], row["machines_measured"]) == (8, 7)
    assert [row["reach"]["30"][name] for name in ("yes", "no", "unknown", "lowest")] == [4, 4, 0, 0.5]
    assert row["reach"]["30"]["interval_low"] == pytest.approx(0.2152, abs=1e-4)
    assert row["fps"]["median"] == pytest.approx(1000 / 25)
    assert row["slowest_tenth_fps"]["value"] == 0
    assert (row["slowest_tenth_fps"]["low"], row["slowest_tenth_fps"]["machines"]) == (None, 8)


def test_the_page_says_it_in_a_sentence(field: Field) -> None:
    for ms in FRAME_MS:
        field.machine(ms)
    page = cells(field.admin.get("/admin/?study=flowers").text)
    assert "57 % (25–88 %) of 7 machines reach 30 FPS" in page
    assert "the typical machine makes 40.0 FPS (12.5–100)" in page
    assert "the slowest tenth 12.5 FPS or less" in page


def test_the_mode_that_surely_serves_most_machines_comes_first(field: Field) -> None:
    for ms in FRAME_MS:
        field.machine(runs=[measured("tfjs-pixels", 10.0), measured("tfjs-webgl", ms)])
    assert [row["mode"] for row in answers(field)] == ["tfjs-pixels", "tfjs-webgl"]
    assert "of 2 modes" in field.admin.get("/admin/?study=flowers").text


def test_stopped_machines_are_no_slow_machines(field: Field) -> None:
    for ms in FRAME_MS:
        field.machine(ms)
    for _ in range(3):
        field.machine(runs=[STOPPED])
    (row,) = answers(field)
    assert row["reach"]["30"]["unknown"] == 3
    assert row["slowest_tenth_fps"]["value"] == pytest.approx(12.5)


def test_too_few_machines_say_what_to_do(field: Field) -> None:
    field.machine(10.0)
    (row,) = answers(field)
    assert (row["reach"], row["slowest_tenth_fps"], row["fps"]) == ({}, None, None)
    page = cells(field.admin.get("/admin/?study=flowers").text)
    assert "has too few machines for an answer: 1 machine so far; shares need 5 more" in page
    assert "Send the link to more people" in page


def test_hardware_is_compared_with_what_the_study_asks_for(field: Field) -> None:
    for ms in FRAME_MS:
        field.machine(ms)
    coverage = field.admin.get("/admin/data/overview.json?study=flowers").json["coverage"]
    assert [(one["of"], one["machines_wanted"], one["machines"]) for one in coverage["quotas"]] == [
        ({"browser": "Firefox"}, 2, 0),
        ({}, 9, 7),
        ({"class": "discrete"}, 8, 7),
    ]
    assert coverage["combinations"] == [{"browser": "Chrome", "os": "Windows", "machines": {"discrete": 7}}]
    page = cells(field.admin.get("/admin/?study=flowers").text)
    assert "3 of 3 quotas lack machines" in page
    assert "quotas: colour cannot be read" in page


def test_coverage_under_a_link_counts_the_same_machines(field: Field) -> None:
    for ms in FRAME_MS[:3]:
        field.machine(ms)
    queries = ("?study=flowers", f"?study=flowers&link={field.token}")
    found = [field.admin.get(f"/admin/data/overview.json{query}").json["coverage"] for query in queries]
    assert found[0]["combinations"] == found[1]["combinations"]
    assert found[0]["combinations"][0]["machines"] == {"discrete": 3}


def test_without_quotas_thin_combinations_are_named(crowd: Person) -> None:
    page = cells(crowd.get("/admin/?study=flowers").text)
    assert "have fewer than 6" in page
    assert "The study says nothing of what hardware it wants" in page
    assert "3, too few" in page
