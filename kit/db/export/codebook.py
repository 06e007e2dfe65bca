"""The codebook: every column of every table with its meaning, unit, type and source, made from the columns themselves."""

import csv
import io
import json
from typing import Any

from kit.db.export.columns import KINDS, SOURCES, TABLES

HEADINGS = ("table", "column", "type", "unit", "meaning", "source")
NOTES = (
    "The tables join by their ids: run, visit and machine.",
    "Nothing is left out: invalid runs (runs.invalid) and rejected visits (rejected) are in the files and enter no figure.",
    "Simulated testers are marked; never mix them with people.",
    "In CSV, an empty cell is a missing value.",
    "In CSV, a text that a spreadsheet would run as a formula has an apostrophe in front that is not part of it.",
    "JSON Lines and Parquet hold every text as it came.",
)


def codebook_rows() -> list[dict[str, str]]:
    """One row for each column, in the order of the files."""
    return [
        {
            "table": table.name,
            "column": column.name,
            "type": KINDS[column.kind],
            "unit": column.unit,
            "meaning": column.meaning,
            "source": SOURCES[column.source],
        }
        for table in TABLES.values()
        for column in table.columns
    ]


def codebook_csv() -> str:
    """The codebook as CSV."""
    text = io.StringIO()
    writer = csv.DictWriter(text, HEADINGS, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(codebook_rows())
    return text.getvalue()


def codebook_json() -> str:
    """The codebook as JSON."""
    tables: list[dict[str, Any]] = [
        {
            "name": table.name,
            "row": table.row,
            "columns": [
                {
                    "name": column.name,
                    "type": KINDS[column.kind],
                    "unit": column.unit or None,
                    "meaning": column.meaning,
                    "source": SOURCES[column.source],
                }
                for column in table.columns
            ],
        }
        for table in TABLES.values()
    ]
    return json.dumps({"schema": 1, "notes": NOTES, "tables": tables}, ensure_ascii=False, indent=1) + "\n"
