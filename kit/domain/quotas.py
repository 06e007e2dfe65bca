"""What a study asks for of hardware: how many machines of a class, vendor, browser or system, and how many are there.

``quotas`` of a study's definition, as a researcher writes it::

    {"machines": 200,
     "class": {"discrete": 60, "integrated": 80},
     "browser": {"Firefox": 30},
     "cells": [{"class": "integrated", "browser": "Chrome", "os": "Windows", "machines": 20}]}
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

FACTORS = ("class", "vendor", "browser", "os")


@dataclass(frozen=True, slots=True)
class Cell:
    """Machines of one kind. ``section``: whether their GPU is named, blurred, software or not told.

    ``machines``: in the condition that most of them started; in a study all machines start all conditions, so that is how
    many there are.
    """

    class_: str
    vendor: str
    browser: str
    os: str
    section: str
    machines: int

    def value(self, factor: str) -> str:
        """What it has of a factor: ``cell.value("class")``."""
        return str({"class": self.class_}.get(factor, getattr(self, factor, "")))


@dataclass(frozen=True, slots=True)
class Quota:
    """``wanted`` machines of what ``of`` says: factor -> value; nothing there means any machine."""

    of: Mapping[str, str]
    wanted: int

    def holds(self, cell: Cell) -> bool:
        """Whether machines of the cell count for it. Upper and lower case are the same."""
        return all(cell.value(factor).casefold() == value.casefold() for factor, value in self.of.items())


@dataclass(frozen=True, slots=True)
class Filled:
    """A quota and how far it is met."""

    quota: Quota
    have: int

    @property
    def missing(self) -> int:
        return max(0, self.quota.wanted - self.have)


def read_quotas(quotas: Mapping[str, Any]) -> tuple[list[Quota], list[str]]:
    """The quotas, and a sentence for each part that cannot be read. Never raises: a study may hold anything here."""
    found: list[Quota] = []
    trouble: list[str] = []
    for name, asked in quotas.items():
        read = _read(name, asked)
        if read is None:
            trouble.append(
                f"quotas: {name[:60]} cannot be read; write machines, class, vendor, browser, os or cells"
            )
        else:
            found += read
    return found, trouble


def quotas_from(texts: Iterable[str]) -> dict[str, Any]:
    """Quotas as a command takes them: ``class=integrated:80``, ``class=mobile,browser=Safari:20``, ``machines:300``.

    Raises ValueError in one sentence that says how to write it.
    """
    found: dict[str, Any] = {}
    for text in texts:
        what, _, number = text.rpartition(":")
        parts = [part.partition("=") for part in what.split(",")]
        of = {name.strip(): value.strip() for name, _, value in parts}
        if not (number.isdecimal() and int(number)) or (
            what != "machines" and not (of.keys() <= {*FACTORS} and all(of.values()))
        ):
            raise ValueError(
                f"{text} is no quota; write it as class=integrated:80, browser=Firefox:30 or machines:300"
            )
        if what == "machines":
            found["machines"] = int(number)
        elif len(of) == 1:
            ((name, value),) = of.items()
            found.setdefault(name, {})[value] = int(number)
        else:
            found.setdefault("cells", []).append({**of, "machines": int(number)})
    return found


def fill(quotas: Iterable[Quota], cells: Sequence[Cell]) -> list[Filled]:
    """How many machines there are for each; the emptiest, by share of what is wanted, first."""
    filled = [Filled(quota, sum(cell.machines for cell in cells if quota.holds(cell))) for quota in quotas]
    return sorted(filled, key=lambda one: one.have / one.quota.wanted)


def _read(name: str, asked: Any) -> list[Quota] | None:
    if name == "machines":
        return [Quota({}, asked)] if _number(asked) else None
    if name == "cells" and isinstance(asked, list):
        cells = [_cell(one) for one in asked]
        return None if None in cells else [cell for cell in cells if cell is not None]
    if name in FACTORS and isinstance(asked, dict) and all(_number(wanted) for wanted in asked.values()):
        return [Quota({name: str(value)}, wanted) for value, wanted in asked.items()]
    return None


def _cell(asked: Any) -> Quota | None:
    if not isinstance(asked, dict) or not _number(asked.get("machines")):
        return None
    of = {name: value for name, value in asked.items() if name != "machines"}
    known = of and set(of) <= set(FACTORS) and all(isinstance(value, str) for value in of.values())
    return Quota(of, asked["machines"]) if known else None


def _number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0
