"""The parent's side: everything that touches a stranger's files happens in a child process (``kit.models.sandbox``)."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from kit.models.errors import BundleError
from kit.models.incoming import handover
from kit.models.incoming.facts import Choices, Facts
from kit.models.incoming.kinds import BUNDLE
from kit.models.incoming.trial import TRIAL
from kit.models.network import Network
from kit.models.sandbox import Bounds, run_apart

CHILD = "kit.models.incoming.child"
FILE_MB, ROOM_MB = 1000, 4000


@dataclass(frozen=True)
class Read:
    """A model as it was written down (not fused). ``bundle``: where it is one, its copy in the room, checked there."""

    network: Network
    kind: str
    bundle: Path | None


def bounds_of(memory_mb: int, seconds: int) -> Bounds:
    """The bounds for the two settings that there are."""
    return Bounds(memory_mb=memory_mb, cpu_s=seconds, wall_s=seconds, file_mb=FILE_MB, room_mb=ROOM_MB)


def examine(path: Path, choices: Choices, room: Path, bounds: Bounds | None = None) -> Facts:
    """Read the model at ``path`` and try it. The room (a folder) keeps what was read, for the next try with other choices.

    Raises BundleError, one sentence, for whatever cannot be used.
    """
    try:
        return Facts.model_validate(_ask(path, choices, room, bounds, tried=True), strict=False)
    except ValidationError as error:
        raise BundleError("the reader gave no usable answer; hand the model in again") from error


def read_model(
    path: Path, room: Path, size: tuple[int, int] | None = None, bounds: Bounds | None = None
) -> Read:
    """The network at ``path``, without trying it. Raises BundleError."""
    _ask(path, Choices(size=size), room, bounds, tried=False)
    kind, network, _ = handover.read_network(room)
    return Read(network, kind, room / TRIAL if kind == BUNDLE.name else None)


def read_network(
    path: Path, size: tuple[int, int] | None = None, bounds: Bounds | None = None
) -> tuple[Network, str]:
    """The network at ``path`` as it was written down there (not fused), and its kind. Raises BundleError."""
    with tempfile.TemporaryDirectory(prefix="kit-read-") as folder:
        read = read_model(path, Path(folder), size, bounds)
        return read.network, read.kind


def _ask(path: Path, choices: Choices, room: Path, bounds: Bounds | None, *, tried: bool) -> Any:
    if not path.exists():
        raise BundleError(f"there is nothing at {path}")
    where = path.resolve()
    # A model.json needs the weight files beside it.
    readable = where.parent if where.suffix.lower() == ".json" else where
    ask = {"path": str(where), "choices": choices.model_dump(mode="json"), "try": tried}
    return run_apart(
        CHILD, ask, room, bounds or Bounds(file_mb=FILE_MB, room_mb=ROOM_MB), readable=[readable]
    )
