"""Rows as CSV, JSON Lines or Parquet: generators of bytes, so that files, downloads and zips all stream.

A Parquet file's types come from the table's columns, never from the rows: a column may hold nothing for a long time.
"""

import csv
import importlib.util
import io
import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from kit.db.export.columns import Kind, Table
from kit.errors import CallerError

Record = dict[str, Any]
ROW_GROUP = 10_000
"""Rows that are in memory at once on their way into Parquet."""
LINES_AT_ONCE = 500
# Spreadsheets take the wide ones too.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
INSTALL_PARQUET = 'Parquet needs pyarrow; run: pip install "fieldkit[analysis]"'


def csv_bytes(table: Table, rows: Iterable[Record]) -> Iterator[bytes]:
    """CSV as RFC 4180 says, in UTF-8, a heading first.

    A text that a spreadsheet would run as a formula gets an apostrophe in front, and U+0000, which ends a text in many
    readers, is written as U+FFFD. JSON Lines and Parquet change nothing.
    """
    yield _csv_lines([table.names])
    for some in _chunks(rows, LINES_AT_ONCE):
        yield _csv_lines([[_csv_cell(row[name]) for name in table.names] for row in some])


def jsonl_bytes(table: Table, rows: Iterable[Record]) -> Iterator[bytes]:
    """One JSON object a line, in UTF-8, nothing changed."""
    for some in _chunks(rows, LINES_AT_ONCE):
        lines = [_json_line({name: _plain(row[name]) for name in table.names}) for row in some]
        yield "".join(lines).encode("utf-8", "backslashreplace")


def parquet_bytes(table: Table, rows: Iterable[Record]) -> Iterator[bytes]:
    """A Parquet file in row groups of ``ROW_GROUP``. Raises CallerError where pyarrow is not installed."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise CallerError(INSTALL_PARQUET) from error
    schema = arrow_schema(table)
    sink = Sink()
    with pq.ParquetWriter(pa.PythonFile(sink, mode="w"), schema, compression="zstd") as writer:
        for some in _chunks(rows, ROW_GROUP):
            columns = [
                pa.array([_arrow_value(row[field.name], kind) for row in some], type=field.type)
                for field, kind in zip(schema, (column.kind for column in table.columns), strict=True)
            ]
            writer.write_batch(pa.record_batch(columns, schema=schema))
            yield sink.take()
    yield sink.take()


FORMATS: dict[str, Callable[[Table, Iterable[Record]], Iterator[bytes]]] = {
    "csv": csv_bytes,
    "jsonl": jsonl_bytes,
    "parquet": parquet_bytes,
}


def has_parquet() -> bool:
    """Whether this installation can write Parquet."""
    return importlib.util.find_spec("pyarrow") is not None


def check_format(kind: str) -> None:
    """Refuse, before the first byte, a format that there is not. Raises CallerError that says what to do."""
    if kind not in FORMATS:
        raise CallerError(f"format: choose from {', '.join(FORMATS)}", status=404, field="format")
    if kind == "parquet" and not has_parquet():
        raise CallerError(INSTALL_PARQUET, status=501, code="no_parquet", field="format")


def write_file(path: Path, kind: str, table: Table, rows: Iterable[Record]) -> int:
    """Write a file and say how many rows it has. Raises CallerError where the format cannot be written."""
    check_format(kind)
    counted = Counted(rows)
    with path.open("wb") as file:
        file.writelines(FORMATS[kind](table, counted))
    return counted.count


def arrow_schema(table: Table) -> Any:
    """The Parquet schema, with each column's meaning and unit as metadata."""
    import pyarrow as pa

    types: dict[Kind, Any] = {
        "text": pa.string(),
        "whole": pa.int64(),
        "number": pa.float64(),
        "yes_no": pa.bool_(),
        "time": pa.timestamp("us", tz="UTC"),
    }
    return pa.schema(
        [
            pa.field(
                column.name, types[column.kind], metadata={"meaning": column.meaning, "unit": column.unit}
            )
            for column in table.columns
        ]
    )


class Counted:
    """Rows on their way, counted."""

    def __init__(self, rows: Iterable[Record]) -> None:
        self._rows, self.count = rows, 0

    def __iter__(self) -> Iterator[Record]:
        for row in self._rows:
            self.count += 1
            yield row


class Sink(io.RawIOBase):
    """A file that keeps what is written until it is taken, so that what writes files can be sent while it writes."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any) -> int:
        part = bytes(data)
        self._parts.append(part)
        return len(part)

    def take(self) -> bytes:
        """What was written since it was last asked."""
        whole, self._parts = b"".join(self._parts), []
        return whole


def _chunks(rows: Iterable[Record], size: int) -> Iterator[list[Record]]:
    running = iter(rows)
    while some := list(islice(running, size)):
        yield some


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _json_line(values: Record) -> str:
    return json.dumps(values, ensure_ascii=False, allow_nan=False) + "\n"


def _arrow_value(value: Any, kind: Kind) -> Any:
    """A value as its column's type: whole numbers that came as 60.0 in a number column, and the other way round."""
    if value is None:
        return None
    return float(value) if kind == "number" else int(value) if kind == "whole" else value


def _csv_cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        text = value.replace("\0", "\ufffd")
        return f"'{text}" if text.startswith(FORMULA) else text
    return "" if value is None else _plain(value)


def _csv_lines(lines: Iterable[Iterable[Any]]) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(lines)
    return text.getvalue().encode("utf-8", "backslashreplace")
