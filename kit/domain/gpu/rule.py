"""Rules of tables: a pattern, what it gives, and an example that a test holds it to.

Patterns are searched for, ignoring case. Word boundaries are written out, so that "Imagination" is not ATI.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Rule(Generic[T]):
    """``example`` is a text that this rule, and none before it in its table, must match."""

    pattern: str
    gives: T
    example: str

    @cached_property
    def regex(self) -> re.Pattern[str]:
        return re.compile(self.pattern, re.IGNORECASE)

    def matches(self, text: str) -> bool:
        return self.regex.search(text) is not None


@dataclass(frozen=True)
class Change:
    """What matches ``pattern`` becomes ``text``. ``example`` is a text before it and ``becomes`` the same after it."""

    pattern: str
    text: str
    example: str
    becomes: str

    @cached_property
    def regex(self) -> re.Pattern[str]:
        return re.compile(self.pattern, re.IGNORECASE)

    def apply(self, text: str) -> str:
        return squeeze(self.regex.sub(self.text, text))


def first(table: Sequence[Rule[T]], text: str, default: T) -> T:
    """What the first rule of ``table`` that matches ``text`` gives."""
    return next((rule.gives for rule in table if rule.matches(text)), default)


def change(table: Iterable[Change], text: str) -> str:
    """``text`` after every change of ``table``, in order."""
    for one in table:
        text = one.apply(text)
    return text


def squeeze(text: str) -> str:
    """Runs of white space become one space; spaces, commas and semicolons at the ends go."""
    return " ".join(text.split()).strip(" ,;")
