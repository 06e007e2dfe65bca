"""From consent to the end of a visit: idempotent, and refused with a reason where it must be."""

from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kit.db import studies
from kit.db.session import Database
from kit.db.tables import Link, Visit
from tests.service.factory import (
    DECLINED,
    NOW,
    SECRET,
    bearer,
    begin,
    device_body,
    new_link,
    run_body,
    visit_body,
)


@pytest.fixture
def database(app: Flask) -> Database:
    return app.extensions["kit"].database


@pytest.fixture
def token(database: Database) -> str:
    return new_link(database)


def error_of(answer: Any) -> tuple[int, str, str | None]:
    return answer.status_code, answer.json["error"]["code"], answer.json["error"]["field"]


def test_same_visit_again_gets_the_first_answer(client: FlaskClient, token: str) -> None:
    body = visit_body(token)
    first, again = client.post("/api/v1/visits", json=body), client.post("/api/v1/visits", json=body)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json == again.json


def test_same_visit_id_with_another_body_is_a_conflict(client: FlaskClient, token: str) -> None:
    body = visit_body(token)
    client.post("/api/v1/visits", json=body)
    answer = client.post("/api/v1/visits", json=body | {"machine": str(uuid4())})
    assert error_of(answer) == (409, "conflict", "id")


def test_sequence_has_two_blocks_of_each_mode_and_a_drift_control(client: FlaskClient, token: str) -> None:
    sequence = begin(client, token).created["sequence"]
    modes = [entry["mode"] for entry in sequence]
    assert sorted(modes[:4]) == ["tfjs-pixels", "tfjs-pixels", "tfjs-webgl", "tfjs-webgl"]
    assert modes[4] == modes[0]
    assert [entry["drift_control"] for entry in sequence] == [False] * 4 + [True]
    assert [entry["block"] for entry in sequence] == [0, 1, 2, 3, 4]


def test_two_visits_in_a_row_begin_with_different_modes(client: FlaskClient, token: str) -> None:
    firsts = {begin(client, token).created["sequence"][0]["mode"] for _ in range(2)}
    assert firsts == {"tfjs-pixels", "tfjs-webgl"}


def test_unknown_link(client: FlaskClient) -> None:
    assert error_of(client.post("/api/v1/visits", json=visit_body("nosuchtoken"))) == (
        404,
        "unknown_link",
        "link",
    )


def test_link_switched_off(client: FlaskClient, database: Database, token: str) -> None:
    with database.write() as session:
        studies.switch_link(session, token, on=False)
    assert error_of(client.post("/api/v1/visits", json=visit_body(token))) == (410, "link_off", "link")


def test_closed_study_takes_no_visits_but_the_runs_of_older_ones(
    client: FlaskClient, database: Database, token: str
) -> None:
    tester = begin(client, token)
    with database.write() as session:
        studies.close_study(session, studies.get_study(session, "flowers"), now=NOW)
    assert error_of(client.post("/api/v1/visits", json=visit_body(token))) == (410, "study_closed", "link")
    assert tester.run().status_code == 201


def test_single_use_link_takes_one_visit_however_often_it_is_opened(
    client: FlaskClient, database: Database
) -> None:
    token = new_link(database, uses="single")
    for _ in range(3):
        client.get(f"/s/{token}")
    body = visit_body(token)
    assert [client.post("/api/v1/visits", json=body).status_code for _ in range(2)] == [201, 200]
    assert error_of(client.post("/api/v1/visits", json=visit_body(token))) == (410, "link_used", "link")


def test_wrong_secret_and_no_secret(client: FlaskClient, token: str) -> None:
    tester = begin(client, token)
    path = f"/api/v1/visits/{tester.visit}/end"
    body = {"schema": 1, "state": "finished"}
    assert error_of(client.put(path, json=body, headers=bearer("x" * 43))) == (403, "wrong_secret", None)
    assert error_of(client.put(path, json=body)) == (401, "no_secret", None)
    assert error_of(client.put(path, json=body, headers={"Authorization": "Basic eDp4"})) == (
        401,
        "no_secret",
        None,
    )


def test_unknown_visit(client: FlaskClient) -> None:
    answer = client.put(
        f"/api/v1/visits/{uuid4()}/end", json={"schema": 1, "state": "finished"}, headers=bearer()
    )
    assert error_of(answer) == (404, "unknown_visit", None)


def test_address_without_a_uuid(client: FlaskClient) -> None:
    answer = client.put("/api/v1/visits/17/end", json={"schema": 1, "state": "finished"}, headers=bearer())
    assert error_of(answer) == (400, "invalid", "visit")


def test_secret_is_not_stored(client: FlaskClient, database: Database, token: str) -> None:
    tester = begin(client, token)
    with database.read() as session:
        visit = session.get_one(Visit, tester.visit)
        assert SECRET not in str(
            {column.key: getattr(visit, column.key) for column in Visit.__table__.columns}
        )


def test_device_again_is_fine_and_another_is_a_conflict(client: FlaskClient, token: str) -> None:
    tester = begin(client, token)
    assert tester.put("device", DECLINED).status_code == 200
    assert [tester.put("device", device_body()).status_code for _ in range(2)] == [200, 200]
    assert error_of(tester.put("device", device_body(charging=True))) == (409, "conflict", "device")


def test_end_goes_on_and_never_back(client: FlaskClient, database: Database, token: str) -> None:
    tester = begin(client, token)
    for state in ("stopped", "finished", "stopped"):
        assert (
            tester.put("end", {"schema": 1, "state": state, "refresh_hz_after": 60.0}).json["stored"] is True
        )
    with database.read() as session:
        visit = session.get_one(Visit, tester.visit)
        assert (visit.state, visit.refresh_hz_after) == ("finished", 60.0)


def test_join_code_gives_a_second_browser_the_same_machine(client: FlaskClient, token: str) -> None:
    first = begin(client, token)
    code = first.join_code().json["code"]
    assert first.join_code().json["code"] == code
    assert begin(client, token, join_code=code).machine == first.machine


def test_unknown_join_code_stores_nothing(client: FlaskClient, database: Database, token: str) -> None:
    body = visit_body(token, join_code="00000000")
    assert error_of(client.post("/api/v1/visits", json=body)) == (400, "unknown_join_code", "join_code")
    assert client.post("/api/v1/visits", json=body | {"join_code": None}).status_code == 201


def test_openings_are_counted_by_day_and_nothing_else(
    client: FlaskClient, database: Database, token: str
) -> None:
    for _ in range(3):
        client.get(f"/s/{token}")
    client.head(f"/s/{token}")
    with database.read() as session:
        link = session.query(Link).filter_by(token=token).one()
        assert studies.openings(session, link.id) == 3
        assert session.query(Visit).count() == 0


def test_play_run_of_a_mode_that_the_study_has_not(client: FlaskClient, token: str) -> None:
    tester = begin(client, token)
    assert error_of(tester.put(f"runs/{uuid4()}", run_body(mode="direct-webgl"))) == (400, "invalid", "mode")
