"""Distributions against figures worked out by hand, for each figure and grouping. Both databases."""

from typing import Any

import pytest
from flask import Flask

from kit.db.dashboard.places import PLACES
from kit.views.admin.distribution import FIGURES
from tests.dashboard.conftest import Person
from tests.dashboard.field import Field
from tests.dashboard.test_pages import cells
from tests.service.factory import run_body, samples

FRAME_MS = (10.0, 12.5, 20.0, 25.0, 40.0, 50.0)


@pytest.fixture
def field(app: Flask, admin: Person) -> Field:
    return Field(app, admin)


def lines(person: Person, query: str = "") -> list[dict[str, Any]]:
    return list(person.get(f"/admin/data/distribution.json{query}").json["rows"])


def test_quantiles_and_curve_by_hand(field: Field) -> None:
    for ms in FRAME_MS:
        field.machine(ms)
    (line,) = lines(field.admin, "?figure=ms")
    assert line["machines"] == 6
    spread = line["spread"]
    assert (spread["median"], spread["low"], spread["high"]) == pytest.approx((22.5, 10, 50))
    assert (spread["p25"], spread["p75"]) == pytest.approx((14.375, 36.25))
    assert line["ecdf"] == [[ms, pytest.approx((at + 1) / 6)] for at, ms in enumerate(FRAME_MS)]
    assert line["band"] == pytest.approx(0.5544, abs=1e-4)


def test_frames_a_second_are_the_other_way_round(field: Field) -> None:
    for ms in FRAME_MS:
        field.machine(ms)
    (line,) = lines(field.admin)
    assert [value for value, _ in line["ecdf"]] == pytest.approx([20, 25, 40, 50, 80, 100])
    assert line["spread"]["median"] == pytest.approx(45)


def test_loading_counts_where_it_was_cold_only(field: Field) -> None:
    cold = run_body()["load"]
    for number in range(6):
        field.machine(runs=[{"load": cold | {"ms": 100.0 + number}}])
    field.machine(runs=[{"load": cold | {"ms": 1.0, "cold": False}}])
    (line,) = lines(field.admin, "?figure=load")
    assert (line["machines"], line["spread"]["median"]) == (6, pytest.approx(102.5))
    (picture,) = lines(field.admin, "?figure=first-picture")
    assert picture["machines"] == 6


def test_slow_frames_are_the_95th_percentile_of_a_machine(field: Field) -> None:
    window = samples(20, 10.0) | {"ms": [10.0] * 17 + [40.0] * 3, "elapsed_ms": 290.0}
    field.machine(runs=[{"capability": window}])
    (line,) = lines(field.admin, "?figure=ms-p95")
    assert line["values"] == pytest.approx([40.0])
    assert (line["spread"], line["ecdf"], line["band"]) == (None, [], None)


def test_below_the_floor_machines_stand_for_themselves(field: Field) -> None:
    for ms in (10.0, 20.0):
        field.machine(ms)
    page = cells(field.admin.get("/admin/distribution").text)
    assert "50.0 · 100 FPS 2 machines, not a group figure" in page


@pytest.mark.parametrize("figure", [figure.id for figure in FIGURES])
@pytest.mark.parametrize("by", PLACES)
def test_every_figure_has_a_page_by_everything(crowd: Person, figure: str, by: str) -> None:
    page = crowd.get(f"/admin/distribution?figure={figure}&by={by}")
    assert page.status_code == 200
    assert 'data-chart="ecdf"' in page.text
    assert 'data-chart="boxes"' in page.text
    for line in lines(crowd, f"?figure={figure}&by={by}"):
        assert line["machines"] >= 1
        assert (line["spread"] is None) == (line["machines"] < 6)


def test_the_page_says_what_its_boxes_are_and_what_is_missing(crowd: Person, admin: Person) -> None:
    page = cells(crowd.get("/admin/distribution").text)
    assert "the wide bar the middle half (25 to 75 %)" in page
    assert "by order statistics, from 6 machines on" in page
    empty = cells(admin.get("/admin/distribution").text)
    assert "Send a link of an open study" in empty
    assert crowd.get("/admin/data/distribution.json?figure=colour").json["error"]["field"] == "figure"
