"""Results on disk: one JSON file a part, so that a run can be broken off and go on."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kit.bench.figures.parts import Part
from kit.errors import CallerError

RAW = "raw"
FIELDS = {"part", "task", "model", "browser", "gl", "modes", "trouble", "result"}
Kept = dict[str, Any]
"""``part`` its name, ``task``, ``model``, ``browser``, ``gl``, ``modes``, ``took_s``, ``taken_at``, ``build``, ``trouble``
(why there is no result, else ``None``) and ``result``.
"""


@dataclass(frozen=True, slots=True)
class Keep:
    """The folder that holds them."""

    folder: Path

    def file(self, part: Part) -> Path:
        """Where a part is kept."""
        return self.folder / RAW / f"{part.name}.json"

    def read(self, part: Part) -> Kept | None:
        """What is kept of a part; ``None`` where there is nothing. Raises CallerError for a file that is none of ours."""
        file = self.file(part)
        return _read(file) if file.is_file() else None

    def is_done(self, part: Part) -> bool:
        """Whether there is a result. A part that failed is taken again."""
        kept = self.read(part)
        return kept is not None and kept["trouble"] is None

    def write(self, part: Part, kept: Kept) -> None:
        """Keep it, whole or not at all."""
        file = self.file(part)
        file.parent.mkdir(parents=True, exist_ok=True)
        scratch = file.with_suffix(".tmp")
        scratch.write_text(json.dumps(kept, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
        scratch.replace(file)

    def everything(self) -> list[Kept]:
        """All that is kept, also of other models and browsers than this run's, by name."""
        files: Iterable[Path] = sorted((self.folder / RAW).glob("*.json"))
        return [_read(file) for file in files]


def _read(file: Path) -> Kept:
    try:
        kept = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise CallerError(f"{file} cannot be read ({error}); delete it, and it is taken again") from error
    if not isinstance(kept, dict) or not kept.keys() >= FIELDS:
        raise CallerError(f"{file} is no result of `kit bench table`; delete it")
    return kept
