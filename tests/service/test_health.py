"""For machines that look after this one."""

import logging

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kit.app import create_app
from kit.settings import Settings
from tests.service.conftest import database_of
from tests.service.factory import begin, new_link


def test_alive(client: FlaskClient) -> None:
    assert (client.get("/healthz").status_code, client.get("/healthz").text) == (200, "ok\n")


def test_not_ready_without_tables(empty_settings: Settings) -> None:
    app = create_app(empty_settings)
    answer = app.test_client().get("/readyz")
    database_of(app).dispose()
    assert answer.status_code == 503
    assert "kit db upgrade" in answer.text


def test_metrics_count_what_is_stored(app: Flask, client: FlaskClient) -> None:
    begin(client, new_link(database_of(app))).run()
    text = client.get("/metrics").text
    assert 'kit_visits{state="started"} 1.0' in text
    assert 'kit_runs{outcome="ok"} 1.0' in text
    assert 'kit_http_requests_total{method="POST",route="/api/v1/visits",status="201"}' in text


def test_no_token_address_or_user_agent_in_log_or_metrics(
    sqlite_app: Flask, sqlite_client: FlaskClient, caplog: pytest.LogCaptureFixture
) -> None:
    token = new_link(database_of(sqlite_app))
    logging.getLogger("kit").propagate = True
    with caplog.at_level(logging.DEBUG, logger="kit"):
        sqlite_client.get(
            f"/s/{token}", headers={"User-Agent": "Secret/1.0"}, environ_base={"REMOTE_ADDR": "203.0.113.9"}
        )
        begin(sqlite_client, token).run()
        text = caplog.text + sqlite_client.get("/metrics").text
    assert "/s/<token>" in text
    for secret in (token, "203.0.113.9", "Secret/1.0", "s" * 43):
        assert secret not in text


def test_a_bug_gives_no_details_away(sqlite_app: Flask, sqlite_client: FlaskClient) -> None:
    database_of(sqlite_app).dispose()
    (sqlite_app.extensions["kit"].settings.home / "fieldkit.sqlite").write_bytes(
        b"not a database at all" * 100
    )
    answer = sqlite_client.post("/api/v1/visits", json={})
    assert answer.status_code == 400
    answer = sqlite_client.get("/s/abcdefgh", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json["error"]["code"]) == (500, "broken")
    assert "database" not in answer.text
