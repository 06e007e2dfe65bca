"""Runs of testers' own models on the dashboard: marked as such, and never among the study's models."""

from flask import Flask

from tests.dashboard.conftest import Person
from tests.service.factory import begin, new_link
from tests.service.test_local_runs import OWN, own_run


def test_a_local_run_is_marked_and_stays_out_of_the_tables(app: Flask, admin: Person) -> None:
    tester = begin(app.test_client(), new_link(admin.database))
    run = own_run(tester).json["run"]
    visit = admin.get(f"/admin/visits/{tester.visit}").text
    assert "local model" in visit
    assert OWN["sha256"][:12] in visit
    assert "enter no figure" in admin.get(f"/admin/runs/{run}").text
    assert admin.get(f"/admin/data/runs/{run}.json").json["local"] is True
    for page in ("/admin/", "/admin/hardware"):
        assert "local" not in admin.get(page).text.split("<main", 1)[-1], page
