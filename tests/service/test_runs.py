"""A run is stored whole, once, with what is derived from it; and the machine's row follows."""

from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from kit.db.reports import run_report
from kit.db.samples import unpack
from kit.db.session import Database
from kit.db.tables import Flag, MachineCondition, Run, SampleBlock, Visit
from kit.domain.wire.run import RunReport
from tests.service.factory import DECLINED, RENDERER, Sitting, begin, device_body, new_link, run_body, samples


@pytest.fixture
def database(app: Flask) -> Database:
    return app.extensions["kit"].database


@pytest.fixture
def tester(client: FlaskClient, database: Database) -> Sitting:
    return begin(client, new_link(database))


def conditions(database: Database) -> list[MachineCondition]:
    with database.read() as session:
        return list(session.scalars(select(MachineCondition).order_by(MachineCondition.mode)))


def test_same_run_again_gets_the_first_answer(tester: Sitting, database: Database) -> None:
    path, body = f"runs/{uuid4()}", run_body()
    first, again = tester.put(path, body), tester.put(path, body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json
    assert conditions(database)[0].runs == 1


def test_same_run_id_with_another_body_is_a_conflict(tester: Sitting) -> None:
    path = f"runs/{uuid4()}"
    tester.put(path, run_body())
    assert tester.put(path, run_body(block=1)).status_code == 409


def test_a_run_of_another_visit_is_a_conflict(tester: Sitting, database: Database) -> None:
    path = f"runs/{uuid4()}"
    tester.put(path, run_body())
    other = begin(tester.client, new_link(database))
    assert other.put(path, run_body()).status_code == 409


def test_every_sample_comes_back(tester: Sitting, database: Database) -> None:
    window = {"k": [1, 2, 70_000], "ms": [0.001, 16.667, 5_000_000.123], "elapsed_ms": 5_000_020}
    tester.run(capability=window)
    with database.read() as session:
        block = session.scalars(select(SampleBlock).where(SampleBlock.phase == "capability")).one()
        assert unpack(block).model_dump(exclude={"animation_frames"}) == window


def test_the_whole_report_comes_back(tester: Sitting, database: Database) -> None:
    body = run_body(events=[{"at_ms": 12.5, "type": "resized"}], warmup=samples(3))
    tester.put(f"runs/{uuid4()}", body)
    with database.read() as session:
        assert run_report(session, session.scalars(select(Run)).one()) == RunReport.model_validate(body)


def test_answer_has_the_figures_of_the_samples(tester: Sitting) -> None:
    summary = tester.run(capability=samples(50, 20.0)).json["summary"]
    assert summary["capability_ms_median"] == pytest.approx(20)
    assert summary["capability_fps"] == pytest.approx(50)


def test_the_row_has_every_filter_and_the_median_of_valid_runs(tester: Sitting, database: Database) -> None:
    tester.put("device", device_body())
    for ms in (10.0, 30.0, 20.0):
        tester.run(capability=samples(ms=ms))
    tester.run(capability=samples(ms=500.0), events=[{"at_ms": 1, "type": "hidden"}])
    row = conditions(database)[0]
    assert row.capability_ms == pytest.approx(20)
    assert (row.runs, row.ok_runs, row.valid_runs, row.invalid_runs) == (4, 4, 3, 1)
    assert (row.browser_name, row.os, row.gpu_vendor, row.gpu_blurred) == (
        "Chrome",
        "Windows",
        "NVIDIA",
        False,
    )
    assert "3060" in row.gpu_model
    assert (row.bundle_name, row.mode, row.precision, row.threads) == ("test-blocks", "tfjs-webgl", "int8", 0)


OUTCOMES = ["wrong_output", "unavailable", "failed", "too_slow", "stopped", "lost"]


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_a_run_without_figures_still_counts(sqlite_app: Flask, outcome: str) -> None:
    database = sqlite_app.extensions["kit"].database
    begin(sqlite_app.test_client(), new_link(database)).run(
        outcome=outcome, reason="because", capability=None
    )
    row = conditions(database)[0]
    assert (row.runs, row.valid_runs, row.capability_ms) == (1, 0, None)
    assert {name: getattr(row, f"{name}_runs") for name in OUTCOMES} == dict.fromkeys(OUTCOMES, 0) | {
        outcome: 1
    }


def test_variants_never_pool(tester: Sitting, database: Database) -> None:
    for threads in (1, 4, None):
        tester.run(variant={"threads": threads, "precision": "int8", "library": "x"})
    tester.run(variant={"threads": 1, "precision": "float16", "library": "x"})
    assert sorted((row.threads, row.precision) for row in conditions(database)) == [
        (0, "int8"),
        (1, "float16"),
        (1, "int8"),
        (4, "int8"),
    ]


def test_play_makes_no_row(tester: Sitting, database: Database) -> None:
    assert tester.run(kind="play", capability=None).status_code == 201
    assert conditions(database) == []


def test_a_device_that_comes_late_moves_the_row_to_its_gpu(tester: Sitting, database: Database) -> None:
    tester.put("device", DECLINED)
    tester.run()
    assert [row.gpu_model for row in conditions(database)] == [""]
    tester.put("device", device_body())
    assert ["3060" in row.gpu_model for row in conditions(database)] == [True]


def test_flags_are_made_again_when_the_device_comes(tester: Sitting, database: Database) -> None:
    tester.run()
    tester.put("device", device_body(renderer=RENDERER.replace("3060", "3070")))
    with database.read() as session:
        assert "renderer_differs" in session.scalars(select(Flag.code)).all()


def test_the_repeated_first_condition_is_known_as_drift_control(tester: Sitting, database: Database) -> None:
    last = tester.created["sequence"][-1]
    tester.run(mode=last["mode"], block=last["block"])
    tester.run(mode=last["mode"], block=0)
    with database.read() as session:
        controls = dict(session.execute(select(Run.block, Run.drift_control)).all())
    assert controls == {last["block"]: True, 0: False}


def test_what_was_asked_of_a_mode_keeps_conditions_apart(client: FlaskClient, database: Database) -> None:
    token = new_link(database, modes=["tfjs-wasm[threads=1]", "tfjs-wasm"], protocol={"drift_control": False})
    tester = begin(client, token)
    with database.read() as session:
        sequence = session.scalars(select(Visit)).one().sequence
    for entry in sequence:
        answer = tester.put(f"runs/{uuid4()}", run_body("tfjs-wasm", block=entry["block"]))
        assert answer.status_code == 201
    asked = {(row.wishes, row.runs) for row in conditions(database)}
    assert asked == {("threads=1", 2), ("", 2)}


def test_play_is_in_any_mode_that_can_run_but_no_rival(tester: Sitting) -> None:
    def status(kind: str, mode: str) -> int:
        return tester.put(f"runs/{uuid4()}", run_body(mode, kind=kind)).status_code

    assert (status("play", "direct-webgl"), status("measured", "direct-webgl")) == (201, 400)
    assert status("play", "tfjs-wasm") == 400
