"""The folder of everything: the manifest holds, and the notebook's code comes to the server's figures, from each format."""

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from kit.cli import main
from kit.db.deletion import delete_visit
from kit.db.export import TABLES, folder_files, reading, zip_bytes
from tests.dashboard.conftest import Person
from tests.dashboard.seed import KINDS, Seeder, device_of, new_study

NOW = datetime(2026, 4, 1, tzinfo=UTC)
CONDITION = ("model", "version", "model_sha256", "mode", "wishes", "threads", "precision")


@pytest.fixture(scope="module", params=["csv", "jsonl", "parquet"])
def folder(request: pytest.FixtureRequest, crowd: Person, tmp_path_factory: pytest.TempPathFactory) -> Path:
    if request.param == "parquet":
        pytest.importorskip("pyarrow")
    target = tmp_path_factory.mktemp("exported") / request.param
    with crowd.database.read() as session:
        folder_files(session, target, request.param, filters=None, query={}, now=NOW)
    return target


@pytest.fixture(scope="module")
def worked(folder: Path) -> dict[str, Any]:
    """What the notebook's code leaves behind."""
    names: dict[str, Any] = {"FOLDER": folder}
    for cell in json.loads((folder / "overview.ipynb").read_text())["cells"]:
        if cell["cell_type"] == "code":
            exec("".join(cell["source"]), names)
    return names


def test_the_manifest_names_every_file_with_its_hash(folder: Path) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    files = {file["name"]: file for file in manifest["files"]}
    assert {path.name for path in folder.iterdir()} == {*files, "manifest.json"}
    for name, file in files.items():
        content = (folder / name).read_bytes()
        assert (file["bytes"], file["sha256"]) == (len(content), hashlib.sha256(content).hexdigest())
    assert files[f"runs.{manifest['format']}"]["rows"] == 388
    assert set(manifest["rule_versions"]) == {"summary", "flags", "gpu", "group_figures", "protocol"}


def test_the_notebook_comes_to_the_servers_overview(worked: dict[str, Any], crowd: Person) -> None:
    """Every share, every median and both ends of every interval, to the last bit."""
    answers = crowd.get("/admin/data/overview.json").json["answers"]
    served = {
        tuple(row[name] or (0 if name == "threads" else "") for name in CONDITION): row for row in answers
    }
    assert len(served) == len(worked["overview"]) == 4
    for line in worked["overview"]:
        row = served[tuple(line[name] for name in CONDITION)]
        assert line["machines_started"] == row["machines_started"] > 40
        assert line["machines_measured"] == row["machines_measured"]
        assert line["median_fps"] == row["fps"]["median"]
        assert line["median_interval"] == (row["fps"]["low"], row["fps"]["high"])
        for target, share in line["reach"].items():
            told = row["reach"][str(target)]
            assert share["interval"] == (told["interval_low"], told["interval_high"])
            assert [share[name] for name in ("yes", "no", "unknown")] == [
                told[name] for name in ("yes", "no", "unknown")
            ]


def test_the_notebook_comes_to_the_servers_pairs(worked: dict[str, Any], crowd: Person) -> None:
    compared = 0
    for pair in worked["pairs"]:
        first, second = (f"{one[0]}@{one[1]}/{one[3]}" for one in (pair["first"], pair["second"]))
        answer = crowd.get("/admin/data/modes.json", query_string={"first": first, "second": second}).json
        (row,) = [group for group in answer["groups"] if group["by"] == "all"]
        assert (pair["ratio"], *pair["interval"]) == (row["ratio"], row["interval_low"], row["interval_high"])
        assert pair["machines"] == row["machines_both"] > 40
        compared += 1
    assert compared == 4


def test_the_notebook_makes_every_run_again_from_its_samples(worked: dict[str, Any]) -> None:
    assert worked["checked"] > 1_000
    assert worked["wrong"] == []


def test_a_changed_file_is_noticed(folder: Path, tmp_path: Path) -> None:
    for path in folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / "codebook.csv").write_text("something else")
    cells = json.loads((tmp_path / "overview.ipynb").read_text())["cells"]
    with pytest.raises(AssertionError, match=r"codebook\.csv is not the file"):
        exec("".join(cells[1]["source"]), {"FOLDER": tmp_path})


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_the_zip_holds_the_same_files_and_is_sent_in_pieces(crowd: Person, kind: str) -> None:
    answer = crowd.get(f"/admin/export/everything.zip?format={kind}&study=flowers")
    assert answer.headers["Content-Type"] == "application/zip"
    assert "Content-Length" not in answer.headers
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        assert archive.testzip() is None
        names = {name.partition("/")[2]: name for name in archive.namelist()}
        manifest = json.loads(archive.read(names["manifest.json"]))
        assert {f"{table}.{kind}" for table in TABLES} < set(names)
        for file in manifest["files"]:
            assert hashlib.sha256(archive.read(names[file["name"]])).hexdigest() == file["sha256"]
    assert manifest["filters"] == {"study": "flowers"}


def test_the_zip_is_never_whole_in_memory(crowd: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes of the first table leave before the rows of the next are asked for."""
    from kit.db.export import archive

    asked: list[str] = []
    read: Callable[..., Any] = archive.export_rows

    def noted(session: Any, what: str, filters: Any) -> Any:
        asked.append(what)
        return read(session, what, filters)

    monkeypatch.setattr(archive, "export_rows", noted)
    with crowd.database.read() as session:
        pieces = archive.zip_bytes(session, "csv", filters=None, query={}, now=NOW)
        sizes = [len(next(pieces))]
        assert asked == ["runs"]
        sizes += [len(piece) for piece in pieces]
    assert asked == list(TABLES)
    assert max(sizes) < sum(sizes) / 4


def test_the_command_writes_a_folder_and_not_over_another(tmp_path: Path) -> None:
    def kit(*words: str) -> Any:
        return CliRunner().invoke(main, ["export", *words], env={"KIT_HOME": str(tmp_path / "home")})

    target = tmp_path / "out"
    assert kit("all", "--out", str(target), "--format", "jsonl").exit_code == 0
    assert {"manifest.json", "codebook.csv", "overview.ipynb", "samples.jsonl"} <= {
        p.name for p in target.iterdir()
    }
    again = kit("all", "--out", str(target))
    assert again.exit_code != 0
    assert "new or empty" in str(again.output) + str(again.exception)
    assert kit("all").exit_code != 0
    assert kit("runs", "--format", "parquet").exit_code != 0
    assert kit("visits").stdout.startswith("visit,machine,study,link")


def test_all_tables_come_from_one_moment(admin: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """On both databases: what is deleted while the zip is sent is still in its later tables, batch after batch."""
    monkeypatch.setattr(reading, "BATCH", 2)
    monkeypatch.setattr(reading, "WINDOW_BATCH", 2)
    seeder = Seeder(admin.client, new_study(admin.database))
    tester = seeder.visit(device_of(KINDS[0]))
    seeder.measure(tester, KINDS[0])
    with admin.database.read() as session:
        pieces = zip_bytes(session, "jsonl", filters=None, query={}, now=NOW)
        first = next(pieces)
        with admin.database.write() as other:
            delete_visit(other, tester.visit, by="admin", actor="ada", now=NOW)
        content = first + b"".join(pieces)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        (manifest,) = [json.loads(archive.read(name)) for name in archive.namelist() if "manifest" in name]
    rows = {file["name"]: file["rows"] for file in manifest["files"]}
    assert rows["runs.jsonl"] == len(tester.created["sequence"])
    assert rows["visits.jsonl"] == rows["devices.jsonl"] == 1
    assert rows["windows.jsonl"] == 3 * rows["runs.jsonl"]
    assert rows["samples.jsonl"] > 1_000
