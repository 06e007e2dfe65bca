"""What is derived can be made again, and is known to be stale when its rule has a newer version."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update

from kit.db.derive import derive_visit, stale_visits
from kit.db.session import Database
from kit.db.tables import Device, Flag, MachineCondition, RunSummary, Visit
from tests.service.factory import Sitting, begin, device_body, new_link


@pytest.fixture
def database(app: Flask) -> Database:
    return app.extensions["kit"].database


@pytest.fixture
def tester(client: FlaskClient, database: Database) -> Sitting:
    tester = begin(client, new_link(database))
    tester.put("device", device_body())
    tester.run(events=[{"at_ms": 1, "type": "hidden"}])
    tester.run()
    return tester


def derived(database: Database) -> list[object]:
    with database.read() as session:
        rows: list[object] = [
            row._asdict() for row in session.execute(select(RunSummary.__table__).order_by(RunSummary.run_id))
        ]
        rows += [
            row._asdict() for row in session.execute(select(Flag.__table__).order_by(Flag.run_id, Flag.code))
        ]
        return rows + [row._asdict() for row in session.execute(select(MachineCondition.__table__))]


def test_making_it_again_changes_nothing(tester: Sitting, database: Database) -> None:
    before = derived(database)
    with database.write() as session:
        derive_visit(session, session.get_one(Visit, tester.visit))
    assert derived(database) == before
    assert len(before) == 4


@pytest.mark.parametrize("table", [RunSummary, Flag, MachineCondition])
def test_an_older_rule_makes_a_visit_stale_until_it_is_made_again(
    tester: Sitting, database: Database, table: type
) -> None:
    with database.write() as session:
        assert stale_visits(session) == []
        session.execute(update(table).values(rule_version=0))
        assert stale_visits(session) == [tester.visit]
        derive_visit(session, session.get_one(Visit, tester.visit))
        assert stale_visits(session) == []


def test_the_gpu_is_read_again_from_the_raw_string(tester: Sitting, database: Database) -> None:
    with database.write() as session:
        session.execute(update(Device).values(gpu_model="old", gpu_rule_version=0))
        assert stale_visits(session) == [tester.visit]
        derive_visit(session, session.get_one(Visit, tester.visit))
        assert "3060" in (session.scalar(select(Device.gpu_model)) or "")
        assert (
            session.scalar(
                select(func.count()).select_from(MachineCondition).where(MachineCondition.gpu_model == "old")
            )
            == 0
        )
