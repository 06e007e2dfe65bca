"""All payloads as one JSON Schema, from which the TypeScript types are generated: ``python -m kit.domain.wire.schema``.

What a browser sends is described as it may be sent (fields with a default may be left out); what the server answers as
it always comes (every field is there).
"""

import json
import sys
from typing import Any

from pydantic.json_schema import models_json_schema

from kit.domain.wire.base import Payload
from kit.domain.wire.device import DeviceReport
from kit.domain.wire.error import Failure
from kit.domain.wire.page import LabConfig, PageConfig
from kit.domain.wire.run import RunReport, RunStored
from kit.domain.wire.visit import Deleted, Empty, JoinCodeAnswer, Stored, VisitCreate, VisitCreated, VisitEnd

REQUESTS: tuple[type[Payload], ...] = (VisitCreate, DeviceReport, RunReport, VisitEnd, Empty)
ANSWERS: tuple[type[Payload], ...] = (
    *(PageConfig, LabConfig, VisitCreated, RunStored, Stored, Deleted, JoinCodeAnswer, Failure),
)


def definitions(ref_template: str = "#/$defs/{model}") -> dict[str, Any]:
    """Every payload class and what it consists of: name -> JSON Schema."""
    requests = [(kind, "validation") for kind in REQUESTS]
    answers = [(kind, "serialization") for kind in ANSWERS]
    _, schema = models_json_schema([*requests, *answers], ref_template=ref_template)  # type: ignore[list-item]
    return dict(sorted(schema["$defs"].items()))


def main() -> None:
    """Print the schema."""
    json.dump({"$defs": definitions()}, sys.stdout, indent=1, sort_keys=True)


if __name__ == "__main__":
    main()
