"""An administrator who has signed in, on each database."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kit.db.admins import ensure_first_admin
from kit.db.session import Database
from kit.settings import Settings
from tests.dashboard.seed import seed
from tests.service.factory import NOW

PASSWORD = "four words in a row"


def csrf_of(page: TestResponse) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert found, page.text
    return found[1]


class Browser:
    """A client that fills in forms as a person would: it fetches the page, and sends its token along."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str, **more: object) -> TestResponse:
        return self.client.get(path, **more)

    def submit(self, page: str, action: str | None = None, **fields: str) -> TestResponse:
        token = csrf_of(self.client.get(page))
        return self.client.post(action or page, data={"csrf_token": token, **fields})
