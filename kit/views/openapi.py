"""The API's document, OpenAPI 3.1: made from the payload classes and one line for each operation."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from flask import Blueprint, Response
from pydantic import BaseModel

from kit import __version__
from kit.domain.wire.device import DeviceReport
from kit.domain.wire.error import Failure
from kit.domain.wire.run import RunReport, RunStored
from kit.domain.wire.schema import definitions
from kit.domain.wire.visit import Deleted, Empty, JoinCodeAnswer, Stored, VisitCreate, VisitCreated, VisitEnd
from kit.views import openapi_figures

blueprint = Blueprint("openapi", __name__, url_prefix="/api/v1")

COMMON_FAILURES = {
    400: "The body is wrong: the message names the field",
    413: "The body is larger than 2 MB",
    415: "The body is not declared as application/json",
}
SECRET_FAILURES = {
    401: "There is no secret in the Authorization header",
    403: "The secret is not this visit's",
    404: "There is no such visit",
    410: "The visit was deleted",
}
CONFLICT = {409: "The id is known with another body"}


@dataclass(frozen=True, slots=True)
class Operation:
    """One request that the API takes. ``failures`` come on top of those that all have."""

    method: str
    path: str
    summary: str
    answer: type[BaseModel]
    body: type[BaseModel] | None = None
    statuses: tuple[int, ...] = (200,)
    secret: bool = True
    failures: tuple[tuple[int, str], ...] = ()


OPERATIONS = (
    Operation(
        "post",
        "/api/v1/visits",
        "Begin a visit, after consent; the same again gives the first answer",
        VisitCreated,
        VisitCreate,
        (200, 201),
        secret=False,
        failures=(
            (404, "There is no such link"),
            (410, "The link is off or used, or the study closed"),
            *CONFLICT.items(),
        ),
    ),
    Operation(
        "put",
        "/api/v1/visits/{visit_id}/device",
        "What the visit runs on, or that the tester keeps it",
        Stored,
        DeviceReport,
        failures=tuple(CONFLICT.items()),
    ),
    Operation(
        "put",
        "/api/v1/visits/{visit_id}/runs/{run_id}",
        "One run, as soon as it is finished; the same again gives the first answer",
        RunStored,
        RunReport,
        (200, 201),
        failures=tuple(CONFLICT.items()),
    ),
    Operation(
        "put",
        "/api/v1/visits/{visit_id}/end",
        "How the visit ended; may come again as it goes further",
        Stored,
        VisitEnd,
    ),
    Operation(
        "post",
        "/api/v1/visits/{visit_id}/join-code",
        "A code that joins another browser on the same computer",
        JoinCodeAnswer,
        Empty,
    ),
    Operation(
        "delete", "/api/v1/visits/{visit_id}", "Delete all that the visit sent; a tombstone stays", Deleted
    ),
)


@blueprint.get("/openapi.json")
def document_file() -> Response:
    """The document."""
    return Response(json.dumps(document(), ensure_ascii=False), mimetype="application/json")


@cache
def document() -> dict[str, Any]:
    """The document as a dictionary."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = _describe(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Fieldkit",
            "version": __version__,
            "description": "What a tester's browser sends, and the figures and exports that programs read. "
            "Every write may be repeated: ids are made by the browser.",
        },
        "paths": paths | openapi_figures.paths(),
        "components": {
            "schemas": definitions("#/components/schemas/{model}") | openapi_figures.schemas(),
            "securitySchemes": {
                "secret": {"type": "http", "scheme": "bearer", "description": "The visit's secret"},
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "An API token, which only reads",
                },
            },
        },
    }


def _describe(operation: Operation) -> dict[str, Any]:
    failures = COMMON_FAILURES | (SECRET_FAILURES if operation.secret else {}) | dict(operation.failures)
    responses = {str(status): _content(operation.answer, "Stored") for status in operation.statuses}
    responses |= {str(status): _content(Failure, text) for status, text in sorted(failures.items())}
    described: dict[str, Any] = {
        "summary": operation.summary,
        "operationId": f"{operation.method}_{operation.path.rsplit('/', 1)[-1].strip('{}')}",
        "parameters": [
            _parameter(name) for name in ("visit_id", "run_id") if f"{{{name}}}" in operation.path
        ],
        "responses": responses,
        "security": [{"secret": []}] if operation.secret else [],
    }
    if operation.body is not None:
        described["requestBody"] = _content(operation.body) | {"required": True}
    return described


def _parameter(name: str) -> dict[str, Any]:
    return {"name": name, "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}


def _content(kind: type[BaseModel], text: str | None = None) -> dict[str, Any]:
    content = {"content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{kind.__name__}"}}}}
    return content if text is None else {"description": text, **content}
