"""Deleting a visit takes everything with it and leaves a tombstone."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from kit.db.base import Base
from kit.db.deletion import delete_visit
from kit.db.session import Database
from kit.db.tables import Audit, Tombstone
from tests.service.factory import NOW, Sitting, bearer, begin, device_body, new_link, visit_body

KEPT = {
    "counter",
    "study",
    "study_revision",
    "link",
    "link_day",
    "tombstone",
    "audit",
    "admin",
    "alembic_version",
}


@pytest.fixture
def database(app: Flask) -> Database:
    return app.extensions["kit"].database


@pytest.fixture
def full(client: FlaskClient, database: Database) -> Sitting:
    """A visit with a row in every table that a visit can have one in."""
    tester = begin(client, new_link(database))
    tester.put("device", device_body())
    assert tester.run(events=[{"at_ms": 1, "type": "hidden"}]).status_code == 201
    tester.join_code()
    return tester


def filled(database: Database) -> set[str]:
    with database.read() as session:
        counts = {
            name: session.scalar(select(func.count()).select_from(table))
            for name, table in Base.metadata.tables.items()
        }
    return {name for name, count in counts.items() if count}


def test_a_full_visit_fills_every_table_that_it_should(full: Sitting, database: Database) -> None:
    assert filled(database) - KEPT == {
        *(
            "machine",
            "visit",
            "device",
            "run",
            "sample_block",
            "run_summary",
            "flag",
            "machine_condition",
            "cell",
            "token",
        ),
    }


def test_tester_deletes_everything_and_may_ask_twice(full: Sitting, database: Database) -> None:
    assert [full.delete().json for _ in range(2)] == [{"schema": 1, "deleted": True}] * 2
    assert filled(database) <= KEPT


def test_nothing_is_stored_afterwards(full: Sitting, database: Database) -> None:
    full.delete()
    answers = [full.run(), full.put("device", device_body()), full.join_code()]
    answers.append(full.client.post("/api/v1/visits", json=visit_body("x" * 12, id=full.visit)))
    assert {(answer.status_code, answer.json["error"]["code"]) for answer in answers} == {(410, "deleted")}
    assert filled(database) <= KEPT


def test_wrong_secret_deletes_nothing(full: Sitting, database: Database) -> None:
    path = f"/api/v1/visits/{full.visit}"
    assert full.client.delete(path, headers=bearer("x" * 43)).status_code == 403
    assert "run" in filled(database)
    full.delete()
    assert full.client.delete(path, headers=bearer("x" * 43)).status_code == 403


def test_admin_deletes_and_the_audit_says_so(full: Sitting, database: Database) -> None:
    for _ in range(2):
        with database.write() as session:
            delete_visit(session, full.visit, by="admin", actor="ada", now=NOW)
    with database.read() as session:
        assert session.scalars(select(Tombstone.deleted_by)).all() == ["admin"]
        assert session.execute(select(Audit.actor, Audit.target)).all() == [("ada", full.visit)]
    assert full.delete().status_code == 200


def test_another_visit_of_the_machine_keeps_it(full: Sitting, database: Database) -> None:
    token = new_link(database)
    other = begin(full.client, token, machine=full.machine)
    other.run()
    full.delete()
    assert {"machine", "visit", "run", "machine_condition"} <= filled(database)
    other.delete()
    assert filled(database) <= KEPT
