"""Coverage of hardware: what a study asks for against what came, or, without quotas, which combinations are thin."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kit.domain.quotas import Cell, Filled, fill, read_quotas
from kit.domain.stats.group import FLOOR

MOST_ROWS = 15
NOT_TOLD = "not told"
CLASSES = ("discrete", "integrated", "mobile")
"""Always shown, so that what is missing is seen."""


@dataclass(frozen=True, slots=True)
class Line:
    """A browser on a system, and how many machines it has in each class."""

    browser: str
    os: str
    machines: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.machines.values())


@dataclass(frozen=True, slots=True)
class Coverage:
    """``thin`` combinations have machines, but too few for a figure; ``left`` lines are not shown."""

    filled: Sequence[Filled]
    trouble: Sequence[str]
    classes: Sequence[str]
    lines: Sequence[Line]
    left: int
    enough: int
    thin: int

    @property
    def unmet(self) -> int:
        """How many quotas lack machines."""
        return sum(one.missing > 0 for one in self.filled)


def coverage_of(cells: Sequence[Cell], quotas: Mapping[str, Any]) -> Coverage:
    """Machines by class x browser x system, most machines first."""
    read, trouble = read_quotas(quotas)
    counted: Counter[tuple[str, str, str]] = Counter()
    for cell in cells:
        counted[cell.browser or NOT_TOLD, cell.os or NOT_TOLD, cell.class_ or NOT_TOLD] += cell.machines
    others = sorted({class_ for _, _, class_ in counted} - {*CLASSES})
    places = {(browser, os) for browser, os, _ in counted}
    lines = [_line(counted, browser, os) for browser, os in places]
    lines.sort(key=lambda line: (-line.total, line.browser, line.os))
    enough = sum(machines >= FLOOR for machines in counted.values())
    return Coverage(
        filled=fill(read, cells),
        trouble=trouble,
        classes=[*CLASSES, *others],
        lines=lines[:MOST_ROWS],
        left=max(0, len(lines) - MOST_ROWS),
        enough=enough,
        thin=len(counted) - enough,
    )


def coverage_json(coverage: Coverage) -> dict[str, Any]:
    """The same for scripts."""
    return {
        "quotas": [
            {"of": dict(one.quota.of), "machines_wanted": one.quota.wanted, "machines": one.have}
            for one in coverage.filled
        ],
        "combinations": [
            {"browser": line.browser, "os": line.os, "machines": dict(line.machines)}
            for line in coverage.lines
        ],
        "combinations_left": coverage.left,
    }


def _line(counted: Mapping[tuple[str, str, str], int], browser: str, os: str) -> Line:
    own = {key[2]: machines for key, machines in counted.items() if key[:2] == (browser, os)}
    return Line(browser, os, own)
