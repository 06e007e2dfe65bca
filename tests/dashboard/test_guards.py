"""Every route of the dashboard is closed to strangers."""

from uuid import uuid4

from flask import Flask

from tests.dashboard.conftest import Person

VALUES = {
    "name": "flowers",
    "token": "abcdef",
    "visit_id": str(uuid4()),
    "run_id": str(uuid4()),
    "what": "runs",
    "kind": "csv",
    "version": "1.0.0",
    "upload_id": "0123456789abcdef",
}


def test_no_page_and_no_data_without_signing_in(app: Flask) -> None:
    stranger, seen = Person(app), 0
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if not rule.endpoint.startswith("admin."):
            continue
        path = adapter.build(rule.endpoint, {name: VALUES[name] for name in rule.arguments})
        answer = stranger.get(path) if "GET" in (rule.methods or ()) else stranger.client.post(path)
        assert answer.status_code in (302, 400, 401), path
        assert answer.status_code != 302 or answer.headers["Location"].startswith("/admin/sign-in"), path
        seen += 1
    assert seen >= 14


def test_a_script_is_told_so_in_json(app: Flask) -> None:
    answer = Person(app).get("/admin/data/hardware.json")
    assert answer.status_code == 401
    assert answer.json["error"]["code"] == "signed_out"
