"""A rule of a table: a pattern, what it gives, and an example that a test holds it to."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Rule(Generic[T]):
    """``pattern`` is searched for, ignoring case; word boundaries are written out, so that "Imagination" is not ATI.

    ``example`` is a text that this rule, and none before it in its table, must match.
    """

    pattern: str
    gives: T
    example: str

    @cached_property
    def regex(self) -> re.Pattern[str]:
        return re.compile(self.pattern, re.IGNORECASE)

    def matches(self, text: str) -> bool:
        return self.regex.search(text) is not None


def first(table: Sequence[Rule[T]], text: str, default: T) -> T:
    """What the first rule of ``table`` that matches ``text`` gives."""
    return next((rule.gives for rule in table if rule.matches(text)), default)
