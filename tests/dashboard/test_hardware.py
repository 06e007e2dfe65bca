"""The page by hardware: groupings, order by links, pages, sections, the machines behind a line. Figures by hand."""

import re
from typing import Any

import pytest
from flask import Flask

from kit.db.dashboard.places import PLACES
from kit.views.admin import groups
from tests.dashboard.conftest import Person
from tests.dashboard.field import FAILED, Field
from tests.dashboard.seed import KINDS
from tests.dashboard.test_pages import cells

UHD = "ANGLE (Intel, Intel(R) UHD Graphics 620 (0x00005917) Direct3D11 vs_5_0 ps_5_0, D3D11)"


@pytest.fixture
def field(app: Flask, admin: Person) -> Field:
    return Field(app, admin)


def rows(person: Person, query: str) -> list[dict[str, Any]]:
    return list(person.get(f"/admin/data/hardware.json{query}").json["rows"])


def places(person: Person, query: str) -> list[str]:
    return list(dict.fromkeys(row["place"] for row in rows(person, query)))


def two_gpus(field: Field) -> None:
    for ms in (10.0, 10.0, 10.0, 20.0, 20.0, 20.0):
        field.machine(ms)
    for _ in range(7):
        field.machine(50.0, renderer=UHD)


def test_each_grouping_by_hand(field: Field) -> None:
    two_gpus(field)
    assert places(field.admin, "?by=gpu") == ["Intel UHD Graphics 620", "NVIDIA GeForce RTX 3060"]
    assert places(field.admin, "?by=vendor") == ["Intel", "NVIDIA"]
    assert places(field.admin, "?by=class") == ["integrated", "discrete"]
    (chrome,) = rows(field.admin, "?by=browser")
    assert (chrome["place"], chrome["machines_started"], chrome["reach"]["30"]["yes"]) == ("Chrome", 13, 6)
    assert chrome["fps"]["median"] == pytest.approx(20)
    (windows,) = rows(field.admin, "?by=os")
    assert (windows["place"], windows["fps"]["median"]) == ("Windows", pytest.approx(20))


def test_families_of_several_vendors_say_whose_they_are(crowd: Person) -> None:
    families = places(crowd, "?by=family")
    assert {"Software renderer (Google)", "Software renderer (Mesa)"} <= set(families)
    assert "NVIDIA Ampere" in families


@pytest.mark.parametrize("by", PLACES)
def test_every_grouping_has_a_page_that_keeps_unlike_machines_apart(crowd: Person, by: str) -> None:
    page = crowd.get(f"/admin/hardware?by={by}")
    assert page.status_code == 200
    assert ('id="software"' in page.text) == (by != "all")


def test_a_heading_puts_rows_into_order_and_turns_it_round(field: Field) -> None:
    two_gpus(field)
    quick = ["NVIDIA GeForce RTX 3060", "Intel UHD Graphics 620"]
    assert places(field.admin, "?sort=fps") == quick
    assert places(field.admin, "?sort=fps&order=up") == quick[::-1]
    page = field.admin.get("/admin/hardware?sort=fps").text
    assert page.count('aria-sort="descending"') == 1
    link = re.search(r'aria-sort="descending"><a class="sort" href="([^"]+)"', page)
    assert link is not None
    assert 'aria-sort="ascending"' in field.admin.get(link[1].replace("&amp;", "&")).text


def test_groups_without_a_figure_come_last_whatever_the_order(field: Field) -> None:
    two_gpus(field)
    field.machine(1.0, renderer="Adreno (TM) 740")
    for order in ("", "&order=up"):
        assert places(field.admin, f"?sort=fps{order}")[-1] == "Qualcomm Adreno 740"


def test_sections_stay_in_their_order_under_every_sort(crowd: Person) -> None:
    for sort in ("place", *groups.ORDERS):
        sections = list(dict.fromkeys(row["section"] for row in rows(crowd, f"?sort={sort}")))
        assert sections == ["exact", "blurred", "software", "unsent"], sort


def test_long_tables_are_paged_and_say_so(crowd: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groups, "ROWS", 7)
    total = len(rows(crowd, ""))
    pages = [cells(crowd.get(f"/admin/hardware?page={number}").text) for number in (1, 2, 999)]
    assert f"Lines 1 to 7 of {total}" in pages[0]
    assert f"Lines 8 to 14 of {total}" in pages[1]
    assert f"to {total} of {total}" in pages[2]


def test_a_chart_gets_the_first_places_and_says_how_many_are_left(crowd: Person) -> None:
    every = crowd.get("/admin/data/hardware.json").json
    first = crowd.get("/admin/data/hardware.json?top=2").json
    shown = {(row["place"], row["browser"]) for row in first["rows"]}
    assert len(shown) == 2
    assert every["places_left"] == 0
    assert (
        first["places_left"]
        == len({(row["section"], row["place"], row["browser"]) for row in every["rows"]}) - 2
    )


def test_a_line_leads_to_its_machines_slowest_first(field: Field) -> None:
    two_gpus(field)
    field.machine(runs=[FAILED])
    page = field.admin.get("/admin/hardware").text
    link = next(one for one in re.findall(r'href="(/admin/machines\?[^"]+)"', page) if "RTX" in one)
    text = cells(field.admin.get(link.replace("&amp;", "&")).text)
    assert "7 lines" in text
    assert "UHD" not in text.split("Machine GPU")[1]
    assert text.index("failed") < text.index("20.0 ms") < text.index("10.0 ms")


def test_the_machines_of_every_line_are_found(crowd: Person) -> None:
    page = crowd.get("/admin/hardware").text
    links = {one.replace("&amp;", "&") for one in re.findall(r'href="(/admin/machines\?[^"]+)"', page)}
    assert len(links) >= len(KINDS)
    for link in links:
        assert "No machine is left" not in crowd.get(link).text, link


@pytest.mark.parametrize(
    ("query", "field_name"),
    [("by=colour", "by"), ("sort=colour", "sort"), ("by=gpu&sort=--", "sort")],
)
def test_what_nobody_offers_is_named(crowd: Person, query: str, field_name: str) -> None:
    answer = crowd.get(f"/admin/data/hardware.json?{query}")
    assert answer.status_code == 400
    assert answer.json["error"]["field"] == field_name
    assert crowd.get("/admin/machines?section=colour").status_code == 400
    assert crowd.get("/admin/hardware?page=-1&order=x").status_code == 200
