"""One machine in one condition: its own value, and whether it reaches a frame rate."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from kit.domain.stats.run import weighted_median

Reach = Literal["yes", "no", "unknown"]

TARGETS_FPS = (24, 30, 60)
DISPLAYED_SHARE = 0.97
"""A display of 59.94 Hz reaches "60": displayed pictures count from 97 % of the target on."""


@dataclass(frozen=True, slots=True)
class Part:
    """A machine's runs in one condition as stored together; a machine has several where links or sittings differ.

    ``ok`` counts runs whose outcome is ok and which are valid; ``refused`` those that failed, gave a wrong picture,
    were too slow or had no such mode; ``unknown`` those that were stopped or lost, or whose figures are invalid.
    """

    machine: str
    capability_ms: float | None
    displayed_fps: float | None
    runs: int
    ok: int
    refused: int
    unknown: int


@dataclass(frozen=True, slots=True)
class MachineValue:
    """A machine's own value: the median of its parts, each counting as often as it has valid runs."""

    machine: str
    capability_ms: float | None
    displayed_fps: float | None
    runs: int
    refused: int

    @property
    def capability_fps(self) -> float | None:
        return 1000.0 / self.capability_ms if self.capability_ms else None

    @property
    def unknown(self) -> bool:
        """Neither a capability nor a refusal: stopped, lost or invalid."""
        return self.capability_ms is None and not self.refused

    @property
    def displayed_unknown(self) -> bool:
        """The same of displayed pictures."""
        return self.displayed_fps is None and not self.refused

    def reaches(self, target_fps: float) -> Reach:
        """By capability: median milliseconds a frame <= 1000 / target. Failures are "no", what was never known is not."""
        if self.unknown:
            return "unknown"
        return "yes" if self.capability_ms is not None and self.capability_ms <= 1000.0 / target_fps else "no"

    def displays(self, target_fps: float) -> Reach:
        """By displayed pictures a second: at least 97 % of the target."""
        if self.displayed_unknown:
            return "unknown"
        return (
            "yes"
            if self.displayed_fps is not None and self.displayed_fps >= DISPLAYED_SHARE * target_fps
            else "no"
        )


def machine_values(parts: Sequence[Part]) -> list[MachineValue]:
    """One value per machine, in the order in which machines first appear."""
    by_machine: dict[str, list[Part]] = {}
    for part in parts:
        by_machine.setdefault(part.machine, []).append(part)
    return [_join(machine, own) for machine, own in by_machine.items()]


def _join(machine: str, parts: Sequence[Part]) -> MachineValue:
    return MachineValue(
        machine=machine,
        capability_ms=_middle([(part.capability_ms, part.ok) for part in parts]),
        displayed_fps=_middle([(part.displayed_fps, part.ok) for part in parts]),
        runs=sum(part.runs for part in parts),
        refused=sum(part.refused for part in parts),
    )


def _middle(values: Sequence[tuple[float | None, int]]) -> float | None:
    known = [(value, max(1, runs)) for value, runs in values if value is not None]
    if not known:
        return None
    return weighted_median([value for value, _ in known], [runs for _, runs in known])
