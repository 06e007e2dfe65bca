"""How many more machines: questions, states and sentences. The numbers themselves are tested in tests/domain."""

from typing import Any

import pytest
from flask import Flask

from tests.dashboard.conftest import Person
from tests.dashboard.field import STOPPED, Field
from tests.dashboard.test_hardware import UHD
from tests.dashboard.test_pages import cells


@pytest.fixture
def field(app: Flask, admin: Person) -> Field:
    return Field(app, admin)


def lines(person: Person, query: str = "") -> list[dict[str, Any]]:
    return list(person.get(f"/admin/data/power.json{query}").json["rows"])


def some_quick_and_slow(field: Field, quick: int, slow: int, **more: Any) -> None:
    for at in range(quick + slow):
        field.machine(10.0 if at < quick else 90.0, **more)


def test_a_share_far_from_the_bar_is_settled_on_its_side(field: Field) -> None:
    some_quick_and_slow(field, 0, 9)
    some_quick_and_slow(field, 20, 0, renderer=UHD)
    discrete, integrated = sorted(lines(field.admin), key=lambda line: str(line["place"]))
    assert (discrete["place"], discrete["state"], discrete["answer"]) == ("discrete", "settled", False)
    assert (integrated["place"], integrated["state"], integrated["answer"]) == ("integrated", "settled", True)


def test_a_share_near_the_bar_is_open_and_says_how_many(field: Field) -> None:
    some_quick_and_slow(field, 9, 1)
    (line,) = lines(field.admin, "?bar=60")
    assert line["state"] == "open"
    assert line["more"] == 4  # of 14, 12 exclude 60 %: 3 of 4 more at 90 % are likely enough, 3 of 3 are not
    assert line["fewest"] <= line["more"]
    page = cells(field.admin.get("/admin/power?bar=60").text)
    assert f"discrete : 0 of 1 condition settled. About {line['more']} more machine" in page
    assert line["words"] in page


def test_too_few_machines_say_how_many_are_missing(field: Field) -> None:
    some_quick_and_slow(field, 2, 0)
    (line,) = lines(field.admin)
    assert (line["state"], line["more"], line["share"]) == ("too_few", 4, None)
    assert "4 more machines before anything can be said." in cells(field.admin.get("/admin/power").text)


def test_machines_that_stopped_are_not_outvoted(field: Field) -> None:
    some_quick_and_slow(field, 4, 1)
    for _ in range(5):
        field.machine(runs=[STOPPED])
    (line,) = lines(field.admin, "?bar=60")
    assert line["state"] == "unknown_machines"
    assert "find out why they stop" in cells(field.admin.get("/admin/power?bar=60").text)


def test_the_width_and_the_median_are_questions_too(field: Field) -> None:
    some_quick_and_slow(field, 9, 0)
    (wide,) = lines(field.admin, "?question=width&width=5")
    assert (wide["state"], wide["share"]["yes"]) == ("open", 9)
    (median,) = lines(field.admin, "?question=median")
    assert (median["state"], median["fps"]["median"]) == ("settled", pytest.approx(100))


def test_named_hardware_comes_before_what_nobody_can_be_asked_for(crowd: Person) -> None:
    states = [(line["state"], line["section"]) for line in lines(crowd, "?by=class&bar=50")]
    assert next(section for state, section in states if state == "too_few") == "exact"
    page = cells(crowd.get("/admin/power?by=class&bar=50").text)
    assert page.index("mobile :") < page.index("software software or virtual :")


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("bar=0", "bar"),
        ("bar=100", "bar"),
        ("bar=1e9", "bar"),
        ("width=50", "width"),
        ("question=why", "question"),
    ],
)
def test_a_question_that_nobody_can_answer_is_named(crowd: Person, query: str, name: str) -> None:
    answer = crowd.get(f"/admin/data/power.json?{query}")
    assert answer.status_code == 400
    assert answer.json["error"]["field"] == name


def test_an_empty_store_says_what_to_do(admin: Person) -> None:
    page = cells(admin.get("/admin/power").text)
    assert "Nothing can be said yet" in page
    assert "Guesses start from 6 machines" in page
