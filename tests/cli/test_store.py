"""The database as a whole, exports, administrators, and the doctor's report."""

import json
import stat
from pathlib import Path

import pytest

from tests.cli.conftest import Kit, OneLine


def test_a_backup_brings_everything_back(kit: Kit, study: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy.sqlite"
    kit("db", "backup", str(copy))
    kit("study", "new", "--title", "Later", "--models", "test-blocks")
    kit("db", "restore", str(copy))
    assert [row["name"] for row in kit.json("study", "list")] == [study]
    assert "nothing damaged" in kit("db", "check").stdout


def test_a_backup_never_replaces_a_file(kit: Kit, study: str, tmp_path: Path, one_line: OneLine) -> None:
    kit("db", "backup", str(tmp_path / "copy.sqlite"))
    assert "exists already" in one_line(kit("db", "backup", str(tmp_path / "copy.sqlite"), code=2))


@pytest.mark.parametrize(
    ("content", "says"), [(b"hello" * 100, "no SQLite database"), (b"", "no backup of Fieldkit")]
)
def test_only_a_backup_is_restored(
    kit: Kit, study: str, tmp_path: Path, one_line: OneLine, content: bytes, says: str
) -> None:
    file = tmp_path / "other"
    file.write_bytes(content)
    assert says in one_line(kit("db", "restore", str(file), code=2))
    assert [row["name"] for row in kit.json("study", "list")] == [study]


def test_check_names_an_old_database(kit: Kit, one_line: OneLine) -> None:
    assert "run `kit db upgrade`" in one_line(kit("db", "check", code=2))
    assert "now at revision" in kit("db", "upgrade").stdout
    assert "already at revision" in kit("db", "upgrade").stdout


def test_figures_that_are_not_those_of_the_runs_are_found_and_made_again(
    kit: Kit, study: str, one_line: OneLine
) -> None:
    import sqlite3

    assert "every figure is that of its runs" in kit("db", "check").stdout
    with sqlite3.connect(kit.home / "fieldkit.sqlite") as connection:
        connection.execute("UPDATE counter SET n = 0 WHERE name = 'store version'")
    connection.close()
    assert "run `kit db rebuild`" in one_line(kit("db", "check", code=2))
    assert "0 visits had been read by older rules" in kit("db", "rebuild").stdout
    assert kit("db", "check").stdout


def test_commands_leave_a_line_in_the_audit(kit: Kit, study: str) -> None:
    import sqlite3

    kit("study", "close", study)
    with sqlite3.connect(kit.home / "fieldkit.sqlite") as connection:
        lines = connection.execute("SELECT actor, action, target FROM audit ORDER BY id").fetchall()
    connection.close()
    assert lines == [("command line", "study made", study), ("command line", "study closed", study)]


@pytest.mark.parametrize("what", ["runs", "visits", "devices"])
def test_an_empty_export_still_has_its_heading(kit: Kit, what: str) -> None:
    heading = kit("export", what).stdout.splitlines()
    assert len(heading) == 1
    assert {"visit", "machine", "study", "simulated"} <= set(heading[0].split(","))


def test_parquet_goes_to_a_file(kit: Kit, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="needs the analysis extra")
    file = tmp_path / "runs.parquet"
    kit("export", "runs", "--format", "parquet", "--out", str(file))
    assert file.read_bytes()[:4] == b"PAR1"


def test_an_admin_link_is_new_each_time(kit: Kit) -> None:
    first = kit("admin", "add", "ada").stdout.split("/admin/first/")[1].strip()
    second = kit("admin", "link", "ada").stdout.split("/admin/first/")[1].strip()
    assert len({first, second}) == 2


def test_what_is_kept_is_closed_to_other_users(kit: Kit, study: str) -> None:
    assert stat.S_IMODE(kit.home.stat().st_mode) == 0o700
    kit.home.chmod(0o755)
    found = {check["name"]: check for check in json.loads(kit_doctor(kit))}
    assert found["permissions"]["level"] == "warn"
    assert found["permissions"]["advice"] == f"chmod 700 {kit.home}"


def kit_doctor(kit: Kit) -> str:
    """The doctor's JSON, whether or not it found something wrong (the pages may not be built here)."""
    from click.testing import CliRunner

    from kit.cli import main

    return CliRunner().invoke(main, ["doctor", "--json"], env={"KIT_HOME": str(kit.home)}).stdout


def test_doctor_stops_at_settings_that_make_no_sense(kit: Kit) -> None:
    output = kit("doctor", code=1, KIT_PORT="eight").stdout
    assert "FAIL  settings: KIT_PORT must be a whole number from 0 to 65535" in output
