"""Devices are named again by new rules, their rows follow; an administrator's own names stand beside."""

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from kit.db import rebuild, renormalise
from kit.db.aliases import aliases, remove_alias, set_alias
from kit.db.session import Database
from kit.db.tables import Audit, Device, Flag, MachineCondition, RunSummary
from kit.domain.gpu import RULE_VERSION
from kit.errors import CallerError
from tests.service.factory import NOW, Sitting, begin, device_body, new_link

RADEON = "ANGLE (AMD, AMD Radeon(TM) Graphics (0x00001681) Direct3D11 vs_5_0 ps_5_0, D3D11)"
LLVMPIPE = "ANGLE (Mesa, llvmpipe (LLVM 15.0.7 256 bits), OpenGL 4.5)"


@pytest.fixture
def database(app: Flask) -> Database:
    return app.extensions["kit"].database


def sit(client: FlaskClient, database: Database, renderer: str) -> Sitting:
    tester = begin(client, new_link(database))
    tester.put("device", device_body(renderer))
    tester.run()
    return tester


def called(database: Database, visit: str, **names: object) -> None:
    """Let the visit's device and its rows look as older rules would have left them."""
    with database.write() as session:
        session.execute(update(Device).where(Device.visit_id == visit).values(gpu_rule_version=1, **names))


def names(database: Database) -> list[tuple[object, ...]]:
    with database.read() as session:
        columns = (
            Device.gpu_model,
            Device.gpu_family,
            Device.gpu_chip,
            Device.gpu_class,
            Device.gpu_rule_version,
        )
        return [tuple(row) for row in session.execute(select(*columns).order_by(Device.gpu_model))]


def untrue(session: Session) -> list[str]:
    """What pages would read otherwise than the raw rows say; an emptied test database holds no version of the store."""
    return [line for line in rebuild.check(session) if "derived by version" not in line]


RIGHT = ("AMD Radeon Graphics", "AMD RDNA 2", "Rembrandt", "integrated", RULE_VERSION)


def test_the_survey_shows_what_would_change_and_changes_nothing(
    client: FlaskClient, database: Database
) -> None:
    for _ in range(2):
        called(database, sit(client, database, RADEON).visit, gpu_model="AMD RADEON TM", gpu_family="AMD")
    before = names(database)
    with database.read() as session:
        found = renormalise.survey(session)
    assert found.devices == 2
    assert [(count, one.differing()) for one, count in found.renamings.items()] == [
        (2, {"gpu_model": ("AMD RADEON TM", "AMD Radeon Graphics"), "gpu_family": ("AMD", "AMD RDNA 2")})
    ]
    assert names(database) == before


def test_applying_renames_devices_and_their_rows_once(client: FlaskClient, database: Database) -> None:
    tester = sit(client, database, RADEON)
    called(database, tester.visit, gpu_model="AMD RADEON TM", gpu_vendor="ATI", gpu_chip=None)
    with database.write() as session:
        assert sum(renormalise.apply_batch(session).renamings.values()) == 1
        assert not renormalise.apply_batch(session).renamings
        assert untrue(session) == []
        rows = session.execute(select(MachineCondition.gpu_vendor, MachineCondition.gpu_model)).all()
    assert names(database) == [RIGHT]
    assert [tuple(row) for row in rows] == [("AMD", "AMD Radeon Graphics")]


def test_what_is_right_gets_the_version_only(client: FlaskClient, database: Database) -> None:
    called(database, sit(client, database, RADEON).visit)
    with database.write() as session:
        assert not renormalise.apply_batch(session).renamings
    assert names(database) == [RIGHT]


def test_batches_go_on_where_the_last_one_ended(
    client: FlaskClient, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(3):
        called(database, sit(client, database, RADEON).visit, gpu_model="x")
    monkeypatch.setattr(renormalise, "BATCH", 2)
    with database.write() as session:
        first = renormalise.apply_batch(session)
        assert first.last is not None
        assert [row[0] for row in names_in(session)] == ["AMD Radeon Graphics", "AMD Radeon Graphics", "x"]
        assert renormalise.apply_batch(session, first.last).last is None
        assert renormalise.survey(session).devices == 3
    assert names(database) == [RIGHT] * 3


def names_in(session: Session) -> list[tuple[object, ...]]:
    return [tuple(row) for row in session.execute(select(Device.gpu_model).order_by(Device.gpu_model))]


def test_a_renderer_that_turns_out_to_be_software_flags_its_runs(
    client: FlaskClient, database: Database
) -> None:
    tester = sit(client, database, LLVMPIPE)
    called(database, tester.visit, gpu_class="discrete")
    with database.write() as session:
        session.execute(update(Flag).values(rule_version=0))
        session.execute(update(RunSummary).values(rule_version=0))
        renormalise.apply_batch(session)
        assert session.scalars(select(RunSummary.rule_version)).all() != [0]
        assert session.scalars(select(MachineCondition.gpu_class)).all() == ["software"]
        assert untrue(session) == []


def test_an_alias_stands_beside_the_name(client: FlaskClient, database: Database) -> None:
    sit(client, database, RADEON)
    with database.write() as session:
        set_alias(session, "AMD Radeon Graphics", "  Office   laptop ", actor="ada", now=NOW)
        set_alias(session, "AMD Radeon Graphics", "Loan laptop", actor="ada", now=NOW)
        assert aliases(session) == {"AMD Radeon Graphics": "Loan laptop"}
        assert session.scalars(select(Device.gpu_model)).all() == ["AMD Radeon Graphics"]
        remove_alias(session, "AMD Radeon Graphics", actor="ada", now=NOW)
        assert aliases(session) == {}
        actions = session.scalars(select(Audit.action).where(Audit.actor == "ada").order_by(Audit.id)).all()
    assert actions == ["GPU alias set", "GPU alias set", "GPU alias removed"]


@pytest.mark.parametrize("name", ["", "   ", "x" * 201, "a\x00b", "a\u202eb"])
def test_a_name_that_is_none_is_refused(database: Database, name: str) -> None:
    with database.write() as session, pytest.raises(CallerError, match="name: give 1 to 200"):
        set_alias(session, "AMD Radeon Graphics", name, actor="ada", now=NOW)


def test_an_alias_that_is_not_there_cannot_be_removed(database: Database) -> None:
    with database.write() as session, pytest.raises(CallerError, match="has no alias"):
        remove_alias(session, "AMD Radeon Graphics", actor="ada", now=NOW)


def test_webgpu_refines_what_is_stored(client: FlaskClient, database: Database) -> None:
    tester = begin(client, new_link(database))
    adapter = {"vendor": "nvidia", "architecture": "ampere", "device": "", "description": ""}
    tester.put("device", device_body("NVIDIA GeForce GTX 980, or similar", webgpu=adapter))
    with database.read() as session:
        row = session.execute(select(Device.gpu_model, Device.gpu_family, Device.gpu_confidence)).one()
    assert tuple(row) == ("NVIDIA GeForce GTX 980", "NVIDIA Ampere", "medium")
