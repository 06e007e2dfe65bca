"""Exports as files: what a spreadsheet, a script and a data frame get."""

import importlib.util
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kit.db.export import csv_lines, export_rows, jsonl_lines, write_parquet
from kit.errors import CallerError
from tests.dashboard.conftest import Person

ROWS: list[dict[str, Any]] = [
    {"a": None, "b": 1, "c": 'x,\n"y"', "d": datetime(2026, 3, 1, tzinfo=UTC), "e": True},
    {"a": 2.5, "b": 2, "c": "-1+1", "d": None, "e": False},
]
COLUMNS = ("a", "b", "c", "d", "e")


def test_csv_quotes_and_defuses() -> None:
    assert list(csv_lines(COLUMNS, ROWS)) == [
        "a,b,c,d,e\r\n",
        ',1,"x,\n""y""",2026-03-01T00:00:00+00:00,true\r\n',
        "2.5,2,'-1+1,,false\r\n",
    ]


def test_json_lines_change_nothing() -> None:
    assert list(jsonl_lines(COLUMNS, ROWS))[1] == '{"a": 2.5, "b": 2, "c": "-1+1", "d": null, "e": false}\n'


def test_parquet_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(CallerError, match=r"fieldkit\[analysis\]"):
        write_parquet(tmp_path / "x.parquet", COLUMNS, ROWS)


@pytest.mark.skipif(importlib.util.find_spec("pyarrow") is None, reason="pyarrow is not installed")
def test_parquet_keeps_types(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    assert write_parquet(tmp_path / "x.parquet", COLUMNS, ROWS) == 2
    table = pq.read_table(tmp_path / "x.parquet")
    assert [str(field.type) for field in table.schema] == [
        "double",
        "int64",
        "string",
        "timestamp[us, tz=UTC]",
        "bool",
    ]
    assert table.to_pylist() == ROWS


def test_all_rows_come_once_and_in_batches(crowd: Person) -> None:
    with crowd.database.read() as session:
        columns, rows = export_rows(session, "runs")
        records = list(rows)
    assert len({record["run"] for record in records}) == len(records) == 388
    assert set(records[0]) >= set(columns)
    assert {record["flags"] for record in records} >= {"", "hidden", "software"}


def test_another_word_is_refused(crowd: Person) -> None:
    with crowd.database.read() as session, pytest.raises(CallerError, match="runs, visits, devices"):
        export_rows(session, "secrets")
