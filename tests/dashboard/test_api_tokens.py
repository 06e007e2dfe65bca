"""API tokens: programs read the same figures and exports as the dashboard, and nothing else."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select

from kit.cli import main
from kit.db.access import ApiToken
from kit.db.api_tokens import new_api_token, revoke_api_token
from kit.errors import CallerError
from kit.views.admin.registry import FIGURES
from tests.dashboard.conftest import Person


def make(person: Person, name: str) -> dict[str, str]:
    with person.database.write() as db:
        token = new_api_token(db, name, actor="ada", now=datetime.now(UTC))
    return {"Authorization": f"Bearer {token}"}


def test_every_page_of_figures_is_the_same_with_a_token(crowd: Person) -> None:
    headers, stranger = make(crowd, "same"), Person(crowd.client.application)
    plain = [one.name for one in FIGURES if "<" not in one.name]
    assert "hardware" in plain
    for name in plain:
        for query in ("", "?study=flowers&vendor=Intel"):
            inside = crowd.get(f"/admin/data/{name}.json{query}")
            outside = stranger.get(f"/api/v1/figures/{name}.json{query}", headers=headers)
            assert inside.status_code == outside.status_code == 200, name
            assert inside.json == outside.json, name


def test_exports_come_with_a_token(crowd: Person) -> None:
    headers, stranger = make(crowd, "exports"), Person(crowd.client.application)
    answer = stranger.get("/api/v1/exports/runs.csv?model=flowers-tiny", headers=headers)
    assert answer.text == crowd.get("/admin/export/runs.csv?model=flowers-tiny").text
    assert len(answer.text.splitlines()) > 100
    assert stranger.get("/api/v1/exports/secrets.csv", headers=headers).status_code == 404


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Bearer kit_x", "Basic {}", "{}", "Bearer {}x", "Bearer x{}", "Bearer \xff"],
)
def test_a_wrong_header_is_told_what_to_send(crowd: Person, header: str) -> None:
    stranger = Person(crowd.client.application)
    with crowd.database.read() as db:
        known = db.scalar(select(ApiToken.sha256)) or "hash"
    answer = stranger.get("/api/v1/figures/hardware.json", headers={"Authorization": header.format(known)})
    assert answer.status_code == 401
    assert answer.json["error"]["message"].startswith("Authorization: ")


def test_a_token_opens_no_page_and_no_session_opens_the_api(crowd: Person) -> None:
    headers, stranger = make(crowd, "pages"), Person(crowd.client.application)
    assert stranger.get("/admin/hardware", headers=headers).status_code == 302
    assert stranger.get("/admin/export/runs.csv", headers=headers).status_code == 401
    assert crowd.get("/api/v1/figures/hardware.json").status_code == 401
    assert stranger.client.post("/api/v1/figures/hardware.json", headers=headers).status_code == 405


def test_a_revoked_token_is_refused_at_once(crowd: Person) -> None:
    headers, stranger = make(crowd, "short"), Person(crowd.client.application)
    assert stranger.get("/api/v1/figures/hardware.json", headers=headers).status_code == 200
    with crowd.database.write() as db:
        assert db.scalars(select(ApiToken.used_at).where(ApiToken.name == "short")).one() is not None
        revoke_api_token(db, "short", actor="ada", now=datetime.now(UTC))
    assert stranger.get("/api/v1/figures/hardware.json", headers=headers).status_code == 401


def test_only_hashes_are_stored_and_names_are_taken_once(crowd: Person) -> None:
    token = make(crowd, "hashed")["Authorization"].removeprefix("Bearer ")
    with crowd.database.read() as db:
        row = db.scalars(select(ApiToken).where(ApiToken.name == "hashed")).one()
        assert token not in (row.sha256, row.id, row.name)
    with pytest.raises(CallerError, match="there is a token hashed already"):
        make(crowd, "hashed")
    with pytest.raises(CallerError, match="name: use letters"):
        make(crowd, "<script>")


def test_administrators_make_and_revoke_tokens_on_a_page(app: Flask) -> None:
    admin = Person(app).sign_in()
    made = admin.submit("/admin/access", "/admin/access/tokens", name="nightly")
    token = re.search(r"kit_[\w-]{40,}", made.text)
    assert token
    headers = {"Authorization": f"Bearer {token[0]}"}
    assert Person(app).get("/api/v1/figures/hardware.json", headers=headers).status_code == 200
    assert "nightly" in admin.get("/admin/access").text
    assert token[0] not in admin.get("/admin/access").text
    admin.submit("/admin/access", "/admin/access/tokens/revoke", name="nightly")
    assert Person(app).get("/api/v1/figures/hardware.json", headers=headers).status_code == 401


def test_the_command_makes_lists_and_revokes(tmp_path: Path) -> None:
    def kit(*words: str) -> str:
        done = CliRunner().invoke(main, ["admin", "token", *words], env={"KIT_HOME": str(tmp_path)})
        assert done.exit_code == 0, done.output
        return done.stdout

    assert kit("new", "nightly").startswith("kit_")
    assert [row["name"] for row in json.loads(kit("list", "--json"))] == ["nightly"]
    assert "nightly" in kit("list")
    kit("revoke", "nightly")
    assert json.loads(kit("list", "--json")) == []
