"""A visit from consent to the thank-you page."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, Field, StringConstraints

from kit.domain.wire.base import (
    Hertz,
    JoinCode,
    LongText,
    Mode,
    Name,
    Payload,
    Secret,
    Sha256,
    ShortText,
    Token,
    Version,
    Versioned,
)


class Consent(Payload):
    """What the tester agreed to: the hash of the text as shown, its language, and when."""

    text_sha256: Sha256
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$", max_length=35)]
    at: AwareDatetime


class VisitCreate(Versioned):
    """``POST /api/v1/visits``: the first thing that is stored, sent only after consent.

    ``id``, ``machine`` and ``secret`` are made by the browser, so that a repeated request is the same request.
    ``machine`` is the browser's remembered random id; with ``join_code`` the server answers the id to use instead.
    """

    id: UUID
    link: Token
    machine: UUID
    join_code: JoinCode | None = None
    secret: Secret
    consent: Consent
    kit_version: ShortText
    protocol_version: Annotated[int, Field(ge=1, le=1_000)]


class BundleRef(Payload):
    """One immutable model bundle; ``sha256`` is that of its ``manifest.json``."""

    name: Name
    version: Version
    sha256: Sha256


TUNING = r"^[A-Za-z0-9_.:;,=+-]{1,150}$"


class Wishes(Payload):
    """What a study asks of a mode beyond its name, as in ``direct-wasm[threads=1]``. ``None``: the mode chooses.

    A run that cannot meet a wish has failed; the run's own ``variant`` says how it really ran.
    """

    threads: Annotated[int, Field(ge=1, le=1_024)] | None = None
    precision: Literal["float32", "float16"] | None = None
    tuning: Annotated[str, StringConstraints(pattern=TUNING)] | None = None


class PlanEntry(Payload):
    """One block of the visit's sequence: run this condition for so many seconds in each of its two windows."""

    block: Annotated[int, Field(ge=0, le=10_000)]
    model: BundleRef
    mode: Mode
    variant: Wishes | None = None
    drift_control: bool = False


class VisitCreated(Versioned):
    """The answer to ``VisitCreate``: which machine id to keep, and the balanced order for this visit."""

    id: UUID
    machine: UUID
    order_seed: int
    sequence: list[PlanEntry]


class VisitEnd(Versioned):
    """``PUT /api/v1/visits/<id>/end``: how the visit ended. May be sent again as the visit goes further."""

    state: Literal["finished", "stopped", "no_webgl"]
    refresh_hz_after: Hertz | None = None
    reason: LongText | None = None


class JoinCodeAnswer(Versioned):
    """``POST /api/v1/visits/<id>/join-code``: a short code that joins a second browser to this machine."""

    code: JoinCode
    expires_at: AwareDatetime


class Empty(Payload):
    """A request that says nothing: ``{}``."""


class Stored(Versioned):
    """The answer to a device block and to a visit's end, once they are committed."""

    stored: Literal[True]


class Deleted(Versioned):
    """The answer to a deletion, once it is committed."""

    deleted: Literal[True]
