"""What every payload has in common: strictness, bounds and the schema number.

Units are in the names: ``_ms`` milliseconds, ``_hz`` per second, ``_gb`` gigabytes (2**30 bytes), ``_db`` decibels.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

SCHEMA = 1

Milliseconds = Annotated[float, Field(ge=0, le=86_400_000, allow_inf_nan=False)]
PositiveMilliseconds = Annotated[float, Field(gt=0, le=86_400_000, allow_inf_nan=False)]
Hertz = Annotated[float, Field(gt=0, le=2_000, allow_inf_nan=False)]
# A NUL character is refused everywhere: PostgreSQL cannot store one in text.
_NO_NUL = r"^[^\x00]*$"
ShortText = Annotated[str, StringConstraints(max_length=200, pattern=_NO_NUL)]
LongText = Annotated[str, StringConstraints(max_length=1_000, pattern=_NO_NUL)]
RawString = Annotated[str, StringConstraints(max_length=1_024, pattern=_NO_NUL)]
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,62}$")]
Version = Annotated[str, StringConstraints(pattern=r"^[0-9]+(\.[0-9]+){0,3}$")]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Token = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{6,64}$")]
Secret = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{43}$")]
JoinCode = Annotated[str, StringConstraints(pattern=r"^[0-9A-HJKMNP-TV-Z]{8}$")]
Mode = Annotated[str, StringConstraints(pattern=r"^[a-z]+(-[a-z]+)*$", max_length=40)]


class Payload(BaseModel):
    """Base of every class in this package: unknown fields and wrong types are refused, values cannot change afterwards.

    ``strict``: "3" is no number and 1 is no yes. (A UUID or a time is text in JSON, and is read from that.)
    """

    model_config = ConfigDict(extra="forbid", frozen=True, allow_inf_nan=False, strict=True)


class Versioned(Payload):
    """A payload that travels on its own and so names its schema."""

    schema_: Literal[1] = Field(alias="schema")
