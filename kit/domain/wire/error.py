"""What the API answers when it does not do as asked."""

from kit.domain.wire.base import Payload


class Problem(Payload):
    """``message`` is one sentence that names the field and says what to do; ``field`` is its dotted path."""

    code: str
    field: str | None
    message: str


class Failure(Payload):
    """The body of every 4xx and 5xx of the API."""

    error: Problem
