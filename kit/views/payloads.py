"""Payloads in and out: validation errors become one sentence that names the field and says what to do."""

from typing import TypeVar
from uuid import UUID

from flask import Response, request
from pydantic import BaseModel, ValidationError

from kit.errors import CallerError

Body = TypeVar("Body", bound=BaseModel)

SENTENCES = {
    "missing": "is missing; send it",
    "extra_forbidden": "is not a field of this request; leave it out",
    "finite_number": "must be a finite number, not NaN or infinity",
    "json_invalid": "the body is not JSON; send an object in UTF-8",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
}


def read_body(kind: type[Body]) -> Body:
    """The request's body as a payload. Raises CallerError 415, 413 or 400."""
    if request.mimetype != "application/json":
        raise CallerError("send the body as Content-Type: application/json", code="not_json", status=415)
    try:
        return kind.model_validate_json(request.get_data(cache=False))
    except ValidationError as error:
        raise explain(error) from error


def explain(error: ValidationError) -> CallerError:
    """The first mistake as a sentence; how many more there are is said, not shown."""
    found = error.errors(include_url=False, include_context=True, include_input=False)
    first, more = found[0], len(found) - 1
    field = ".".join(str(part) for part in first["loc"]) or None
    sentence = SENTENCES.get(first["type"]) or _lower(first["msg"].removeprefix("Value error, "))
    prefix = f"{field}: " if field else ""
    suffix = f" ({more} more like this)" if more == 1 else f" ({more} more problems)" if more else ""
    return CallerError(f"{prefix}{sentence}{suffix}", code="invalid", field=field)


def answer(payload: BaseModel, status: int = 200) -> Response:
    """A payload as the response."""
    return Response(payload.model_dump_json(by_alias=True), status=status, mimetype="application/json")


def read_id(text: str, what: str) -> str:
    """A UUID of the address in its usual form. Raises CallerError."""
    try:
        return str(UUID(text))
    except ValueError as error:
        raise CallerError(f"{what}: the address must hold a UUID, not {text[:40]!r}", field=what) from error


def _lower(message: str) -> str:
    return message[:1].lower() + message[1:]
