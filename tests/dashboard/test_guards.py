"""Every route of the dashboard is closed to strangers."""

from uuid import uuid4

from flask import Flask

from tests.dashboard.conftest import Person

VALUES = {
    "name": "flowers",
    "token": "abcdef",
    "visit_id": str(uuid4()),
    "run_id": str(uuid4()),
    "other_id": str(uuid4()),
    "machine_id": str(uuid4()),
    "what": "runs",
    "kind": "csv",
    "version": "1.0.0",
    "upload_id": "0123456789abcdef",
}


def value_of(argument: str) -> str:
    """What stands for an argument of a route; most are ids."""
    return VALUES.get(argument, VALUES["visit_id"])


def test_no_page_and_no_data_without_signing_in(app: Flask) -> None:
    stranger, seen = Person(app), 0
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        if not rule.endpoint.startswith("admin."):
            continue
        path = adapter.build(rule.endpoint, {name: value_of(name) for name in rule.arguments})
        answer = stranger.get(path) if "GET" in (rule.methods or ()) else stranger.client.post(path)
        assert answer.status_code in (302, 400, 401), path
        assert answer.status_code != 302 or answer.headers["Location"].startswith("/admin/sign-in"), path
        seen += 1
    assert seen >= 14


def test_a_script_is_told_so_in_json(app: Flask) -> None:
    answer = Person(app).get("/admin/data/hardware.json")
    assert answer.status_code == 401
    assert answer.json["error"]["code"] == "signed_out"


def test_neither_a_wrong_share_link_nor_a_wrong_token_opens_anything(app: Flask) -> None:
    stranger, seen = Person(app), 0
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        expected = {"shared": 410, "figures_api": 401}.get(rule.endpoint.partition(".")[0])
        if expected is None:
            continue
        assert rule.methods is not None
        assert rule.methods <= {"GET", "HEAD", "OPTIONS"}, f"{rule.rule} does more than read"
        path = adapter.build(rule.endpoint, {name: value_of(name) for name in rule.arguments})
        for headers in ({}, {"Authorization": "Bearer kit_wrong"}, {"Authorization": "Basic kit_wrong"}):
            assert stranger.get(path, headers=headers).status_code == expected, path
        seen += 1
    assert seen >= 6
