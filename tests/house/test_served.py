"""The installed wheel serves: an older database is brought up to date, pages and built scripts come."""

import json
import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.deployed import Server, server
from tests.house.visitor import Visitor

OLDER = Path(__file__).with_name("data") / "0001.sql"


def write_older_database(file: Path) -> None:
    """The database of the first revision, with what was measured then."""
    file.parent.mkdir(parents=True)
    connection = sqlite3.connect(file)
    connection.executescript(OLDER.read_text())
    connection.close()


@pytest.fixture(scope="module")
def served(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("served")
    write_older_database(folder / "home" / "fieldkit.sqlite")
    with server(installed, folder, KIT_WORKERS="1") as running:
        yield running


def test_an_older_database_is_brought_up_to_date(served: Server) -> None:
    served.kit("db", "check")
    studies = {study["name"]: study["visits"] for study in json.loads(served.kit("study", "list", "--json"))}
    assert studies["older"] == 1


def test_what_was_measured_before_is_still_there(served: Server) -> None:
    runs = [json.loads(line) for line in served.kit("export", "runs", "--format", "jsonl").splitlines()]
    assert [(run["mode"], run["local"]) for run in runs] == [("tfjs-pixels", False)] * 2


def test_the_testers_page_comes_with_its_script(served: Server) -> None:
    visitor = Visitor(served.base)
    page = visitor.open_page(served.new_study())
    scripts = re.findall(r'<script [^>]*src="(/static/dist/[^"]+)"', page)
    status, headers, body = visitor.fetch(scripts[0])
    assert status == 200
    assert "javascript" in headers["Content-Type"]
    assert "immutable" in headers["Cache-Control"]
    assert len(body) > 1000


def test_every_file_of_the_build_is_served(served: Server, installed: Path) -> None:
    (dist,) = installed.parent.glob("lib/python*/site-packages/kit/static/dist")
    manifest = json.loads((dist / "manifest.json").read_text())
    visitor = Visitor(served.base)
    files = {entry["file"] for entry in manifest.values()}
    assert len(files) >= 3
    assert {visitor.fetch(f"/static/dist/{file}")[0] for file in files} == {200}


def test_a_study_with_the_trained_network_takes_a_visit(served: Server) -> None:
    assert Visitor(served.base).whole_visit(served.new_study("flowers-small")) == [201, 200, 201, 201, 200]
