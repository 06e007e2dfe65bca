"""``kit gpu --score`` and ``kit devices``."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select, update

from kit.app import create_app
from kit.db.session import Database
from kit.db.tables import Audit, Device
from kit.settings import Settings
from tests.cli.conftest import Kit, OneLine
from tests.service.factory import begin, device_body, new_link

HEAD = "renderer,vendor,model,class,api,blurred\n"
RIGHT = '"Mali-G57 MC2",ARM,arm  MALI-G57 MC2,mobile,unknown,0\n'
WRONG = '"Mali-G52",ARM,ARM Mali-G51,mobile,OpenGL,0\n'


def labelled(folder: Path, text: str) -> str:
    file = folder / "labelled.csv"
    file.write_text(text)
    return str(file)


def test_the_score_names_what_is_wrong(kit: Kit, tmp_path: Path) -> None:
    lines = kit("gpu", "--score", labelled(tmp_path, HEAD + RIGHT + WRONG)).stdout.splitlines()
    assert lines[:2] == [
        "Mali-G52",
        "    model 'ARM Mali-G52', not 'ARM Mali-G51'; api 'unknown', not 'OpenGL'",
    ]
    assert lines[2:] == [
        *("vendor    2 of 2  100.0 %", "model     1 of 2  50.0 %", "class     2 of 2  100.0 %"),
        *("api       1 of 2  50.0 %", "blurred   2 of 2  100.0 %", "all five  1 of 2  50.0 %"),
    ]


def test_the_score_for_scripts(kit: Kit, tmp_path: Path) -> None:
    said = kit.json("gpu", "--score", labelled(tmp_path, HEAD + RIGHT + WRONG))
    assert (said["strings"], said["right"]["all five"], said["right"]["class"]) == (2, 1, 2)
    assert said["misses"][0]["expected"] == {"model": "ARM Mali-G51", "api": "OpenGL"}


@pytest.mark.parametrize(
    ("text", "says"),
    [("a,b\n1,2\n", "lacks the columns renderer"), (HEAD, "no string"), (HEAD + "x,y\n", "fewer columns")],
)
def test_a_file_without_labels_is_told_so(
    kit: Kit, one_line: OneLine, tmp_path: Path, text: str, says: str
) -> None:
    assert says in one_line(kit("gpu", "--score", labelled(tmp_path, text), code=2))


def test_bytes_that_are_no_text_are_marked(kit: Kit) -> None:
    lines = kit("gpu", "-", stdin=b"Intel\xae HD Graphics 620\n\xff\xfe\x00\n").stdout.splitlines()  # type: ignore[arg-type]
    assert [json.loads(line)["model"] for line in lines] == ["Intel HD Graphics 620", "unknown"]
    assert json.loads(kit("gpu", "Mali-G78\udcff").stdout)["vendor"] == "ARM"


def test_gpu_wants_a_string_or_a_file(kit: Kit, one_line: OneLine) -> None:
    assert "give one renderer string" in one_line(kit("gpu", code=2))


@pytest.fixture
def store(kit: Kit) -> Iterator[Database]:
    """A database with one device."""
    kit("db", "upgrade")
    app = create_app(Settings(home=kit.home))
    database: Database = app.extensions["kit"].database
    begin(app.test_client(), new_link(database)).put("device", device_body())
    yield database
    database.dispose()


def test_devices_are_renamed_when_asked_to(kit: Kit, store: Database) -> None:
    with store.write() as session:
        session.execute(update(Device).values(gpu_model="RTX", gpu_rule_version=1))
    assert "1 of 1 devices would be renamed" in kit("devices", "renormalise").stdout
    said = kit.json("devices", "renormalise", "--apply")
    assert (said["devices"], said["changed"], said["applied"]) == (1, 1, True)
    assert said["changes"][0]["old"]["gpu_model"] == "RTX"
    assert "0 of 1 devices differ" in kit("devices", "renormalise").stdout


def test_renaming_is_noted(kit: Kit, store: Database) -> None:
    kit("devices", "renormalise", "--apply")
    with store.read() as session:
        actions = session.scalars(select(Audit.action).order_by(Audit.id)).all()
    assert actions[-2:] == ["renaming of devices begun", "devices renamed"]


def test_a_gpu_gets_a_name_of_its_own_and_loses_it(kit: Kit, one_line: OneLine) -> None:
    assert "no GPU has a name of your own" in kit("devices", "alias").stdout
    kit("devices", "alias", "AMD Custom GPU 0405", "Steam Deck")
    assert kit.json("devices", "alias") == [
        {"model": "AMD Custom GPU 0405", "name": "Steam Deck", "devices": 0}
    ]
    kit("devices", "alias", "AMD Custom GPU 0405", "--remove")
    assert "has no alias" in one_line(kit("devices", "alias", "AMD Custom GPU 0405", "--remove", code=2))


@pytest.mark.parametrize("words", [["AMD"], ["--remove"], ["AMD", "Deck", "--remove"]])
def test_an_alias_needs_both_names(kit: Kit, one_line: OneLine, words: list[str]) -> None:
    assert "say MODEL and NAME" in one_line(kit("devices", "alias", *words, code=2))
