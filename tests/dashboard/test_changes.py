"""What an administrator can change: links, studies, and visits that have to go. Both databases."""

import csv
import io
import json
import re

import pytest
from flask import Flask

from kit.db.tables import Audit, Visit
from tests.dashboard.conftest import Person
from tests.service.factory import begin, device_body, new_link, visit_body


@pytest.fixture
def token(admin: Person) -> str:
    return new_link(admin.database)


def actions(person: Person) -> list[tuple[str, str]]:
    with person.database.read() as session:
        return [(line.actor, line.action) for line in session.query(Audit).order_by(Audit.id)]


def test_a_new_link_has_a_qr_code_and_takes_visits(app: Flask, admin: Person, token: str) -> None:
    page = "/admin/studies/flowers"
    answer = admin.submit(page, f"{page}/links", kind="personal", uses="single", label="<b>Ada</b>")
    assert answer.status_code == 302
    text = admin.get(page).text
    (made,) = set(re.findall(r"http://localhost/s/([\w-]+)", text)) - {token}
    assert text.count('class="qr"') == 2
    assert "&lt;b&gt;Ada&lt;/b&gt;" in text
    assert begin(app.test_client(), made).visit
    assert ("admin", "made link") in actions(admin)


def test_a_link_of_a_strange_kind_is_refused(admin: Person, token: str) -> None:
    page = "/admin/studies/flowers"
    assert admin.submit(page, f"{page}/links", kind="secret", uses="single").status_code == 400


def test_a_study_is_closed_and_opened(app: Flask, admin: Person, token: str) -> None:
    page, client = "/admin/studies/flowers", app.test_client()
    admin.submit(page, f"{page}/state", state="closed")
    assert client.post("/api/v1/visits", json=visit_body(token)).status_code == 410
    admin.submit(page, f"{page}/state", state="open")
    assert client.post("/api/v1/visits", json=visit_body(token)).status_code == 201
    assert admin.submit(page, f"{page}/state", state="gone").status_code == 400


def test_a_link_is_switched_off(app: Flask, admin: Person, token: str) -> None:
    admin.submit("/admin/studies/flowers", f"/admin/links/{token}/switch", on="0")
    assert app.test_client().get(f"/s/{token}").status_code == 410
    assert ("admin", "link off") in actions(admin)


def test_a_visit_is_deleted_after_a_second_question(app: Flask, admin: Person, token: str) -> None:
    visit = begin(app.test_client(), token)
    visit.put("device", device_body())
    visit.run()
    page = f"/admin/visits/{visit.visit}"
    assert "Delete for good" in admin.get(f"{page}/delete").text
    assert len(admin.get("/admin/data/hardware.json").json["rows"]) == 1
    assert admin.submit(f"{page}/delete").headers["Location"].startswith("/admin/visits")
    assert admin.get("/admin/data/hardware.json").json["rows"] == []
    with admin.database.read() as session:
        assert session.query(Visit).count() == 0
    assert visit.run().status_code == 410
    assert admin.get(page).status_code == 404
    assert ("admin", "delete visit") in actions(admin)


def test_exports_hold_every_row_under_the_filters(app: Flask, admin: Person, token: str) -> None:
    visit = begin(app.test_client(), token)
    visit.put("device", device_body("=cmd|'/c calc'!A1"))
    visit.run()
    answer = admin.get("/admin/export/devices.csv")
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    (row,) = csv.DictReader(io.StringIO(answer.text))
    assert row["renderer"] == "'=cmd|'/c calc'!A1"  # a spreadsheet must not run it
    (line,) = admin.get("/admin/export/devices.jsonl").text.splitlines()
    assert json.loads(line)["renderer"] == "=cmd|'/c calc'!A1"
    assert len(admin.get("/admin/export/runs.csv").text.splitlines()) == 2
    assert len(admin.get("/admin/export/visits.csv?simulated=1").text.splitlines()) == 1
    assert admin.get("/admin/export/secrets.csv").status_code == 404


def test_no_export_holds_a_secret(app: Flask, admin: Person, token: str) -> None:
    visit = begin(app.test_client(), token)
    visit.put("device", device_body())
    header = [
        admin.get(f"/admin/export/{what}.csv?all=1").text.splitlines()[0]
        for what in ("visits", "devices", "runs")
    ]
    assert not any("secret" in line for line in header)


def test_a_visit_is_missing_until_all_its_blocks_are_there(app: Flask, admin: Person, token: str) -> None:
    visit = begin(app.test_client(), token)
    for entry in visit.created["sequence"][:-1]:
        visit.run(mode=entry["mode"], block=entry["block"])
    assert f"/admin/visits/{visit.visit}" in admin.get("/admin/").text
    assert "4 of 5" in admin.get("/admin/").text
    visit.run(mode=visit.created["sequence"][-1]["mode"], block=4)
    assert "Nobody: every visit measured all its blocks." in admin.get("/admin/").text
