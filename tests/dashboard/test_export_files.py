"""Exports as files: what a spreadsheet, a script and a data frame get."""

import csv
import gc
import io
import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kit.db.export import FORMATS, TABLES, Column, Table, export_rows, reading, write_file
from kit.db.export.codebook import codebook_csv, codebook_json
from kit.db.export.reading import READERS
from kit.db.export.writing import FORMULA, LINES_AT_ONCE, ROW_GROUP
from kit.errors import CallerError
from tests.dashboard.conftest import Person

TABLE = Table(
    "things",
    "one thing",
    (
        Column("a", "number", "A", "server", "ms"),
        Column("b", "whole", "B", "server"),
        Column("c", "text", "C", "browser"),
        Column("d", "time", "D", "server"),
        Column("e", "yes_no", "E", "server"),
    ),
)
ROWS: list[dict[str, Any]] = [
    {"a": None, "b": 1, "c": 'x,\n"y"', "d": datetime(2026, 3, 1, tzinfo=UTC), "e": True},
    {"a": 2.5, "b": 2, "c": "-1+1", "d": None, "e": False},
]


def text_of(kind: str, rows: list[dict[str, Any]]) -> str:
    return b"".join(FORMATS[kind](TABLE, rows)).decode()


def of_text(text: str) -> list[dict[str, Any]]:
    return [ROWS[0] | {"c": text}]


def test_csv_quotes_and_defuses() -> None:
    assert text_of("csv", ROWS) == (
        'a,b,c,d,e\r\n,1,"x,\n""y""",2026-03-01T00:00:00+00:00,true\r\n2.5,2,\'-1+1,,false\r\n'
    )


@pytest.mark.parametrize("first", FORMULA)
def test_no_text_of_a_csv_is_a_formula(first: str) -> None:
    (line,) = list(
        csv.DictReader(io.StringIO(text_of("csv", of_text(f"{first}cmd|' /C calc'!A0")), newline=""))
    )
    assert line["c"] == f"'{first}cmd|' /C calc'!A0"


@pytest.mark.parametrize(
    "text", ["a\r\nb", "\0", "\u2028", "\ud800", '","', "😀" * 400, "</script>", "\x1b[2J"]
)
def test_any_text_stays_in_its_cell(text: str) -> None:
    read = list(csv.reader(io.StringIO(text_of("csv", of_text(text)), newline="")))
    assert [len(line) for line in read] == [5, 5]
    kept = text.encode("utf-8", "backslashreplace").decode()
    assert json.loads(text_of("jsonl", of_text(text)))["c"] in (text, kept)


def test_json_lines_change_nothing() -> None:
    assert text_of("jsonl", ROWS).splitlines()[1] == '{"a": 2.5, "b": 2, "c": "-1+1", "d": null, "e": false}'


def test_parquet_says_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(CallerError, match=r"fieldkit\[analysis\]"):
        list(FORMATS["parquet"](TABLE, ROWS))


def test_parquet_has_the_types_of_its_columns_even_where_they_are_empty(tmp_path: Path) -> None:
    pq = pytest.importorskip("pyarrow.parquet")
    nothing = dict.fromkeys(TABLE.names)
    assert write_file(tmp_path / "x.parquet", "parquet", TABLE, [nothing, *ROWS]) == 3
    table = pq.read_table(tmp_path / "x.parquet")
    types = [str(field.type) for field in table.schema]
    assert types == ["double", "int64", "string", "timestamp[us, tz=UTC]", "bool"]
    assert table.to_pylist() == [nothing, *ROWS]
    assert table.schema.field("a").metadata == {b"meaning": b"A", b"unit": b"ms"}


@pytest.mark.parametrize(
    ("kind", "ahead"), [("csv", LINES_AT_ONCE), ("jsonl", LINES_AT_ONCE), ("parquet", ROW_GROUP)]
)
def test_no_format_reads_further_than_it_has_written(kind: str, ahead: int) -> None:
    """Memory is bounded: of endless rows, the first bytes come after a batch of them."""
    if kind == "parquet":
        pytest.importorskip("pyarrow")
    taken = 0

    def endless() -> Iterator[dict[str, Any]]:
        nonlocal taken
        while True:
            taken += 1
            yield ROWS[1]

    written = FORMATS[kind](TABLE, endless())
    for _ in range(4):
        next(written)
    assert taken <= 4 * ahead


@pytest.mark.parametrize("what", TABLES)
def test_rows_have_every_column_and_no_other_type(crowd: Person, what: str) -> None:
    kinds = {"text": str, "whole": int, "number": (int, float), "yes_no": bool, "time": datetime}
    with crowd.database.read() as session:
        table, rows = export_rows(session, what)
        seen = 0
        for row in rows:
            seen += 1
            for column in table.columns:
                value = row[column.name]
                assert value is None or isinstance(value, kinds[column.kind]), (column.name, value)
    assert seen > 40


@pytest.mark.parametrize("what", ["runs", "visits", "devices", "machine_conditions"])
def test_rows_are_read_from_the_database_in_batches(
    crowd: Person, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is in memory does not grow with the store: the objects of a batch are gone with the next."""
    monkeypatch.setattr(reading, "BATCH", 10)
    with crowd.database.read() as session:
        _, rows = export_rows(session, what)
        held = []
        for number, _ in enumerate(rows):
            if number % 15 == 14:
                gc.collect()
                held.append(len(session.identity_map))
    assert len(held) >= 2
    assert max(held) <= 2 * 10 * 4, "a batch and the one before it, with up to four objects a row"


def test_all_runs_come_once_and_invalid_ones_are_marked(crowd: Person) -> None:
    with crowd.database.read() as session:
        _, rows = export_rows(session, "runs")
        records = list(rows)
    assert len({record["run"] for record in records}) == len(records) == 388
    assert {record["flags"] for record in records} >= {"", "hidden", "software"}
    assert {record["invalid"] for record in records} == {True, False}


def test_another_word_is_refused(crowd: Person) -> None:
    with crowd.database.read() as session, pytest.raises(CallerError, match="runs, visits, devices"):
        export_rows(session, "secrets")


def test_every_table_has_a_reader_and_every_column_its_line_in_the_codebook() -> None:
    assert set(READERS) == set(TABLES)
    for table in TABLES.values():
        assert len(set(table.names)) == len(table.names)
        for column in table.columns:
            assert len(column.meaning) > 5, (table.name, column.name)
            assert column.unit or not column.name.endswith(
                ("_ms", "_us", "_hz", "_fps", "_db", "_gb", "_bytes")
            )
    lines = list(csv.DictReader(io.StringIO(codebook_csv())))
    assert [(line["table"], line["column"]) for line in lines] == [
        (table.name, name) for table in TABLES.values() for name in table.names
    ]
    assert all(line["meaning"] and line["type"] and line["source"] for line in lines)
    assert [table["name"] for table in json.loads(codebook_json())["tables"]] == list(TABLES)
