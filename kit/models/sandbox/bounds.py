"""How much a child process may use."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

MB = 1_000_000


@dataclass(frozen=True)
class Bounds:
    """``memory_mb``: address space; ``cpu_s``, ``wall_s``: seconds; ``file_mb``: each file it writes; ``room_mb``: all
    that it may add to its folder.
    """

    memory_mb: int = 6000
    cpu_s: int = 300
    wall_s: int = 300
    file_mb: int = 1000
    room_mb: int = 2000

    def to_json(self) -> str:
        """For the child's command line."""
        return json.dumps(asdict(self))

    @staticmethod
    def from_json(text: str) -> Bounds:
        """The child's side of ``to_json``."""
        return Bounds(**json.loads(text))
