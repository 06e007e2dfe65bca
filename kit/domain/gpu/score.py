"""How right the rules are on labelled strings: the share per column and of all five together."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from kit.domain.gpu.parse import parse_renderer

COLUMNS = ("vendor", "model", "class", "api", "blurred")
NEEDED = ("renderer", *COLUMNS)


@dataclass(frozen=True, slots=True)
class Miss:
    """One string that came out otherwise than its label says, and where."""

    renderer: str
    expected: dict[str, str]
    got: dict[str, str]


@dataclass(frozen=True, slots=True)
class Score:
    """``right``: how many of ``rows`` strings are right in each column. ``all_five``: right in every one."""

    rows: int
    right: dict[str, int]
    all_five: int
    misses: list[Miss]


def score(rows: Iterable[Mapping[str, str]]) -> Score:
    """Rows with the columns of ``NEEDED``; ``blurred`` is 0 or 1. Models are compared without case and doubled spaces."""
    right, misses, total = dict.fromkeys(COLUMNS, 0), [], 0
    for row in rows:
        total += 1
        got = answer(row["renderer"])
        wrong = [name for name in COLUMNS if _plain(name, got[name]) != _plain(name, row[name])]
        for name in COLUMNS:
            right[name] += name not in wrong
        if wrong:
            misses.append(
                Miss(
                    row["renderer"], {name: row[name] for name in wrong}, {name: got[name] for name in wrong}
                )
            )
    return Score(total, right, total - len(misses), misses)


def answer(renderer: str) -> dict[str, str]:
    """The five columns for one string, spelled as in a file of labels."""
    found = parse_renderer(renderer).as_dict()
    return {name: str(int(value)) if isinstance(value := found[name], bool) else value for name in COLUMNS}


def _plain(name: str, value: str) -> str:
    return " ".join(value.lower().split()) if name == "model" else value
