"""The filter form, the same on every page: what it offers, what it keeps, and how what is set is taken away."""

import json
import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from kit.db.dashboard.filters import PARAMETERS
from kit.db.rejection import reject_visit
from kit.views.admin.form import TITLES
from tests.dashboard.conftest import Person
from tests.dashboard.seed import KINDS, Seeder, device_of, new_study
from tests.service.factory import NOW

PAGES = ("/admin/", "/admin/hardware", "/admin/visits", "/admin/modes", "/admin/distribution", "/admin/power")
SET = "study=flowers&gpu=Intel+UHD+Graphics+620&flag=-software&since=2020-01-01&invalid=1"


def chips(page: str) -> dict[str, str]:
    """Text of each chip -> where it leads."""
    found = re.findall(r'<a class="chip" href="([^"]+)"><span>([^<]+)</span>', page)
    return {unescape(text): unescape(href) for href, text in found}


def selected(page: str) -> dict[str, str]:
    """Name -> value of what the form would send."""
    fields = dict(re.findall(r'<input type="date" name="(\w+)" value="([^"]*)"', page))
    for name, options in re.findall(r'<select name="(\w+)">(.*?)</select>', page, re.DOTALL):
        chosen = re.findall(r'<option value="([^"]*)" selected', options)
        fields[name] = unescape(chosen[0]) if chosen else ""
    return fields


@pytest.mark.parametrize("path", PAGES)
def test_every_page_has_every_filter_and_keeps_what_is_set(crowd: Person, path: str) -> None:
    page = crowd.get(f"{path}?{SET}").text
    asked = {name: values[0] for name, values in parse_qs(SET).items()}
    assert set(PARAMETERS) == set(TITLES)
    assert {name: selected(page)[name] for name in PARAMETERS} == {
        name: asked.get(name, "") for name in PARAMETERS
    }
    assert len(chips(page)) == len(asked)


def test_a_chip_leads_to_the_same_page_without_it(crowd: Person) -> None:
    found = chips(crowd.get(f"/admin/hardware?{SET}").text)
    href = found["GPU: Intel UHD Graphics 620"]
    left = {name: values[0] for name, values in parse_qs(urlsplit(href).query).items()}
    assert urlsplit(href).path == "/admin/hardware"
    assert left == {"study": "flowers", "flag": "-software", "since": "2020-01-01", "invalid": "1"}
    assert crowd.get(href).status_code == 200


def test_options_say_how_many_there_are(crowd: Person) -> None:
    page = crowd.get("/admin/hardware").text
    assert re.search(r'<option value="NVIDIA">NVIDIA \(\d+\)</option>', page)
    assert re.search(r'<option value="not told">not told \(\d+\)</option>', page)
    assert '<optgroup label="Only machines without">' in page


def test_hostile_names_are_text_in_the_form(crowd: Person) -> None:
    page = crowd.get("/admin/hardware").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_hidden_counts_lead_to_what_is_hidden(crowd: Person) -> None:
    page = crowd.get("/admin/hardware?study=flowers").text
    line = re.search(r'<p class="counts">(.*?)</p>', page, re.DOTALL)
    assert line
    href = unescape(re.findall(r'<a href="([^"]+)">\d+ invalid runs?</a>', line[1])[0])
    assert parse_qs(urlsplit(href).query) == {"study": ["flowers"], "invalid": ["1"]}
    shown = crowd.get(href).text
    assert re.search(r"\d+ invalid runs? (is|are) in these figures", shown)
    assert "0 rejected visits" in line[1]


@pytest.mark.parametrize(
    "query", ["gpu=nothing", "since=yesterday", "until=9999-12-31", "flag=x", "link=%00", "stage=x"]
)
def test_what_cannot_be_read_is_named(crowd: Person, query: str) -> None:
    answer = crowd.get(f"/admin/hardware?{query}")
    assert answer.status_code in (400, 404)
    assert f"{query.partition('=')[0]}: " in answer.text


def test_rejected_visits_are_listed_and_marked_everywhere(admin: Person) -> None:
    token = new_study(admin.database)
    seeder = Seeder(admin.client, token)
    tester = seeder.visit(device_of(KINDS[0]))
    seeder.measure(tester, KINDS[0], 1)
    with admin.database.write() as db:
        reject_visit(db, tester.visit, reason="two browsers at once", actor="ada", now=NOW)
    href = re.findall(r'<a href="([^"]+)">1 rejected visit</a>', admin.get("/admin/hardware").text)[0]
    page = admin.get(unescape(href)).text
    assert tester.visit[:8] in page
    assert "1 rejected visit." in page
    assert "0 visits" in admin.get(unescape(href) + "&until=2000-01-01").text.replace("rejected ", "")
    runs = [json.loads(line) for line in admin.get("/admin/export/runs.jsonl").text.splitlines()]
    assert [run["rejected"] for run in runs] == [True]
    (visit,) = [json.loads(line) for line in admin.get("/admin/export/visits.jsonl").text.splitlines()]
    assert (visit["rejected"], visit["rejected_reason"]) == (True, "two browsers at once")
