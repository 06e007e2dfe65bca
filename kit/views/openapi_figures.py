"""The part of the API's document for programs with a token: figures and exports, from the registries that serve them."""

import re
from typing import Any

from kit.db.dashboard.filters import PARAMETERS
from kit.db.export import FORMATS, TABLES, Table
from kit.db.export.columns import Kind
from kit.domain.wire.error import Failure
from kit.views.admin.registry import FIGURES, Figures

FILTERS = {
    "study": "Short name of a study",
    "stage": "pilot or main",
    "since": "First day in UTC, as 2026-03-31",
    "until": "Last day in UTC, as 2026-03-31",
    "link": "Token of a study's link",
    "model": "Name of a model, or name@version",
    "mode": "A mode as the study named it: direct-wasm[threads=1]",
    "vendor": "Vendor of the GPU",
    "class": "Class of the GPU",
    "gpu": "Name of the GPU",
    "family": "Family of the GPU",
    "browser": "Name of the browser",
    "os": "Operating system",
    "flag": "Only machines with this flag; with a minus in front, only those without it",
    "invalid": "1: figures with invalid runs too",
    "simulated": "1: simulated testers instead of people",
}
assert set(FILTERS) == set(PARAMETERS)
JSON_TYPES: dict[Kind, dict[str, Any]] = {
    "text": {"type": ["string", "null"]},
    "whole": {"type": ["integer", "null"]},
    "number": {"type": ["number", "null"]},
    "yes_no": {"type": ["boolean", "null"]},
    "time": {"type": ["string", "null"], "format": "date-time"},
}
FAILURES = {
    400: "A filter cannot be read: the message names it",
    401: "There is no token in the Authorization header, or it is wrong or revoked",
    404: "There is no such thing: the message names the field",
}


def paths() -> dict[str, Any]:
    """Every request that an API token can make."""
    found = {
        "/api/v1/figures/" + re.sub(r"<(\w+)>", r"{\1}", one.name) + ".json": {"get": _figures(one)}
        for one in FIGURES
    }
    return found | {"/api/v1/exports/{what}.{kind}": {"get": _export()}}


def schemas() -> dict[str, Any]:
    """A row of each export, column by column, as JSON Lines have it."""
    return {f"Export_{table.name}": _row(table) for table in TABLES.values()}


def _figures(one: Figures) -> dict[str, Any]:
    inside = set(re.findall(r"<(\w+)>", one.name))
    own = [_parameter(name, text, "path" if name in inside else "query") for name, text in one.parameters]
    answer = {"application/json": {"schema": {"type": "object"}}}
    return _described(one.summary, f"figures_{one.endpoint}", own, answer)


def _export() -> dict[str, Any]:
    tables = {"enum": [*TABLES, "everything"], "type": "string"}
    kinds = {"enum": [*FORMATS, "zip"], "type": "string"}
    own = [
        _parameter("what", "A table, or everything as zip", "path") | {"schema": tables},
        _parameter("kind", "The format; zip for everything", "path") | {"schema": kinds},
        _parameter("format", f"Of the files in the zip: {', '.join(FORMATS)}", "query"),
        _parameter("all", "1: without any filter", "query"),
    ]
    rows = {"oneOf": [{"$ref": f"#/components/schemas/Export_{name}"} for name in TABLES]}
    content: dict[str, Any] = {"application/x-ndjson": {"schema": rows}}
    content |= {name: {} for name in ("text/csv", "application/vnd.apache.parquet", "application/zip")}
    text = "A table as a file, made while it is sent; everything.zip has all with codebook, manifest and notebook"
    return _described(text, "get_export", own, content)


def _described(
    summary: str, operation: str, own: list[dict[str, Any]], content: dict[str, Any]
) -> dict[str, Any]:
    error = {"application/json": {"schema": {"$ref": f"#/components/schemas/{Failure.__name__}"}}}
    failures = {str(status): {"description": text, "content": error} for status, text in FAILURES.items()}
    return {
        "summary": summary,
        "operationId": operation,
        "parameters": [*own, *(_parameter(name, text, "query") for name, text in FILTERS.items())],
        "responses": {"200": {"description": summary, "content": content}} | failures,
        "security": [{"token": []}],
    }


def _parameter(name: str, text: str, place: str) -> dict[str, Any]:
    return {
        "name": name,
        "in": place,
        "required": place == "path",
        "description": text,
        "schema": {"type": "string"},
    }


def _row(table: Table) -> dict[str, Any]:
    return {
        "type": "object",
        "description": f"A line of {table.name}: {table.row}",
        "required": list(table.names),
        "properties": {
            column.name: JSON_TYPES[column.kind]
            | {"description": column.meaning + (f" ({column.unit})" if column.unit else "")}
            for column in table.columns
        },
    }
