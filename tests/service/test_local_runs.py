"""A tester's own model: its runs are stored as local play, need the study's leave, and enter no figure."""

from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from kit.db.dashboard.overview import study_lines
from kit.db.derive import derive_visit
from kit.db.export import export_rows
from kit.db.reports import run_report
from kit.db.session import Database
from kit.db.tables import MachineCondition, Run, Visit
from kit.domain.wire.run import RunReport
from tests.service.factory import Sitting, begin, new_link, run_body

OWN = {"name": "local-model", "version": "0.0.0", "sha256": "c" * 64}


@pytest.fixture
def database(app: Flask) -> Database:
    return app.extensions["kit"].database


@pytest.fixture
def tester(client: FlaskClient, database: Database) -> Sitting:
    return begin(client, new_link(database))


def own_body(**changes: Any) -> dict[str, Any]:
    """A play run of a model that no study names."""
    free = {"kind": "play", "local": True, "model": OWN, "capability": None, "load": None, "golden": None}
    return run_body(**(free | changes))


def own_run(tester: Sitting, **changes: Any) -> TestResponse:
    return tester.put(f"runs/{uuid4()}", own_body(**changes))


def test_it_is_stored_with_its_hash_and_comes_back_as_sent(tester: Sitting, database: Database) -> None:
    assert own_run(tester).status_code == 201
    with database.read() as session:
        run = session.scalars(select(Run)).one()
        assert (run.local, run.kind, run.bundle_sha256) == (True, "play", OWN["sha256"])
        assert run_report(session, run) == RunReport.model_validate(own_body())


def test_it_enters_no_figure_also_when_figures_are_made_again(tester: Sitting, database: Database) -> None:
    own_run(tester)
    with database.write() as session:
        derive_visit(session, session.get_one(Visit, tester.visit))
        assert session.scalar(select(func.count()).select_from(MachineCondition)) == 0
        assert [(line.measured_runs, line.play_runs) for line in study_lines(session)] == [(0, 0)]


def test_a_study_that_does_not_want_them_refuses_them(client: FlaskClient, database: Database) -> None:
    tester = begin(client, new_link(database, own_models=False))
    answer = own_run(tester)
    assert (answer.status_code, answer.json["error"]["field"]) == (400, "local")
    assert tester.run(kind="play", capability=None).status_code == 201


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"kind": "measured"}, "kind play"),
        ({"model": OWN | {"name": "test-blocks"}}, "local-model"),
        ({"model": OWN | {"version": "1.0.0"}}, "0.0.0"),
        ({"local": False}, "no such model"),
        ({"mode": "no-such-mode"}, "no mode"),
    ],
)
def test_what_is_refused(sqlite_app: Flask, changes: dict[str, Any], said: str) -> None:
    link = new_link(sqlite_app.extensions["kit"].database)
    answer = own_run(begin(sqlite_app.test_client(), link), **changes)
    assert answer.status_code == 400
    assert said in answer.json["error"]["message"]


def test_exports_mark_it(tester: Sitting, database: Database) -> None:
    tester.run()
    own_run(tester)
    with database.read() as session:
        _, rows = export_rows(session, "runs")
        assert sorted((row["model"], row["local"]) for row in rows) == [
            ("local-model", True),
            ("test-blocks", False),
        ]


def test_the_page_is_told_whether_they_are_welcome(sqlite_app: Flask) -> None:
    database, client = sqlite_app.extensions["kit"].database, sqlite_app.test_client()
    pages = [client.get(f"/s/{new_link(database, own_models=welcome)}").text for welcome in (True, False)]
    assert ['"own_models":true' in page for page in pages] == [True, False]
