"""The answer of a study in order and in words: for each model the mode that serves most machines, its typical machine, its
slowest tenth."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from kit.db.dashboard.figures import GroupRow
from kit.db.dashboard.places import Condition
from kit.domain.stats.group import FLOOR, Group, Share
from kit.domain.stats.machine import TARGETS_FPS
from kit.domain.stats.tails import Tail, slowest_tenth
from kit.views.admin import show

TARGET = 30
"""The frame rate by which modes are put into order where nobody asks for another."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One condition over all machines."""

    condition: Condition
    figures: Group
    slowest: Tail | None


@dataclass(frozen=True, slots=True)
class InShort:
    """A model in the mode that surely serves most machines; ``share`` is ``None`` where no mode has enough machines."""

    model: str
    version: str
    answer: Answer
    share: Share | None
    modes: int


def answers_of(rows: Sequence[GroupRow], target: int = TARGET) -> list[Answer]:
    """The conditions, models together; in each the mode first whose share of the target is surely highest."""
    found = [
        Answer(row.condition, row.figures, slowest_tenth(row.figures, row.tallies["capability_ms"]))
        for row in rows
    ]
    return sorted(found, key=lambda one: (_model(one), -_surely(one, target), -_typical(one), one.condition))


def in_short(answers: Sequence[Answer], target: int = TARGET) -> list[InShort]:
    """One line per model."""
    found = []
    for (name, version, _), own in groupby(answers, key=_model):
        modes = list(own)
        best = modes[0]
        found.append(InShort(name, version, best, best.figures.reach.get(target), len(modes)))
    return found


def read_target(text: str) -> int:
    """The frame rate that an address names; what nobody offers is the usual one."""
    return int(text) if text in {str(target) for target in TARGETS_FPS} else TARGET


def tail_words(tail: Tail) -> str:
    """The slowest tenth: "12.4 FPS or less", or that it does not run at all."""
    return "does not run it" if tail.value == 0 else f"{show.fps(tail.value)} or less"


def tail_interval(tail: Tail) -> str:
    """The interval as far as there is one; which end is missing is said."""
    low, high = (None if end is None else show.number(end) for end in (tail.low, tail.high))
    if low is not None and high is not None:
        return f"{low}–{high}"
    if high is not None:
        return f"at most {high}; a lower end from 36 machines on"
    return f"no interval with {tail.machines} machines"


def floor_words(figures: Group) -> str:
    """Why there is no share yet, and what to do."""
    missing = FLOOR - figures.started
    return f"{show.count(figures.started, 'machine')} so far; shares need {missing} more"


def _model(answer: Answer) -> tuple[str, str, str]:
    return answer.condition.bundle, answer.condition.version, answer.condition.sha256


def _surely(answer: Answer, target: int) -> float:
    share = answer.figures.reach.get(target)
    return share.interval.low if share else -1.0


def _typical(answer: Answer) -> float:
    return answer.figures.fps.median if answer.figures.fps else 0.0
