"""What the service's tests share."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from kit.db.session import Database
from tests.service.factory import Sitting, begin, new_link


@pytest.fixture
def tester(sqlite_app: Flask) -> Sitting:
    """A visit that has begun, on SQLite."""
    return begin(sqlite_app.test_client(), new_link(database_of(sqlite_app)))


@pytest.fixture
def sqlite_client(sqlite_app: Flask) -> FlaskClient:
    """Requests without a server, on SQLite."""
    return sqlite_app.test_client()


def database_of(app: Flask) -> Database:
    return app.extensions["kit"].database
