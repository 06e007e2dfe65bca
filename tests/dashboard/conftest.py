"""An administrator who has signed in, and made-up machines to look at."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kit.app import create_app
from kit.db.admins import ensure_first_admin
from kit.db.session import Database
from kit.domain import passwords
from kit.settings import Settings
from tests.dashboard.seed import seed

PASSWORD = "four words in a row"


class Person:
    """Someone at a browser: fills in a form by fetching its page first and sending its token along."""

    def __init__(self, app: Flask) -> None:
        self.client: FlaskClient = app.test_client()
        self.database: Database = app.extensions["kit"].database

    def get(self, path: str, **more: Any) -> TestResponse:
        return self.client.get(path, **more)

    def submit(self, page: str, action: str | None = None, **fields: str) -> TestResponse:
        found = re.search(r'name="csrf_token" value="([^"]+)"', self.get(page).text)
        assert found, f"{page} has no form"
        return self.client.post(action or page, data={"csrf_token": found[1], **fields})

    def one_time_link(self) -> str:
        with self.database.write() as session:
            token = ensure_first_admin(session, now=datetime.now(UTC))
        assert token is not None
        return f"/admin/first/{token}"

    def sign_in(self) -> "Person":
        answer = self.submit(self.one_time_link(), password=PASSWORD, again=PASSWORD)
        assert answer.status_code == 302, answer.text
        return self


@pytest.fixture(scope="module", autouse=True)
def quick_passwords() -> Iterator[None]:
    """The real hashes at a small fraction of their cost: what is tested is who gets in, not how long guessing takes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
        yield


@pytest.fixture
def stranger(app: Flask) -> Person:
    return Person(app)


@pytest.fixture
def admin(app: Flask) -> Person:
    return Person(app).sign_in()


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Iterator[Person]:
    """An administrator and some fifty visits, on SQLite; made once for a module that only looks."""
    settings = Settings(home=tmp_path_factory.mktemp("crowd"))
    (settings.home / "fieldkit.sqlite").write_bytes(sqlite_template.read_bytes())
    app = create_app(settings)
    person = Person(app).sign_in()
    seed(app.test_client(), person.database)
    yield person
    person.database.dispose()
