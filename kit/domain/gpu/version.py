"""The version of the GPU rules, and the hash of the tables that it stands for."""

import hashlib
import re
from collections.abc import Iterator, Mapping

from kit.domain.gpu import (
    api,
    blur,
    chips,
    classes,
    codenames,
    confidence,
    families,
    grouping,
    models,
    refine,
    unwrap,
    vendors,
)
from kit.domain.gpu.rule import Change, Rule

RULE_VERSION = 2
"""Raised whenever the same string could come out differently; stored beside each derived device."""

TABLES_VERSION, TABLES_SHA256 = 2, "5d68499848d76a9a8dd51bcc5ee9ca44a141f5d1aeeb07be93701fce8b7b65e3"
"""What ``tables_sha256()`` was under which version: a test fails when the tables change and the version does not."""

MODULES = (
    api,
    blur,
    chips,
    classes,
    codenames,
    confidence,
    families,
    grouping,
    models,
    refine,
    unwrap,
    vendors,
)


def tables() -> Iterator[tuple[str, Rule[object] | Change]]:
    """Every rule of every table with the table's name, in the order in which they are asked."""
    for name, value in _constants():
        for key, table in value.items() if isinstance(value, Mapping) else [("", value)]:
            if isinstance(table, tuple):
                yield from ((f"{name}{key}", one) for one in table if isinstance(one, Rule | Change))


def tables_sha256() -> str:
    """A hash of all that the tables say: patterns, what they give, sets of names, chips. Examples do not count."""
    digest = hashlib.sha256(chips.TABLE.read_bytes())
    for name, one in tables():
        gives = one.gives if isinstance(one, Rule) else one.text
        digest.update(f"{name}\0{one.pattern}\0{gives}\n".encode())
    for name, value in _constants():
        if isinstance(value, frozenset):
            digest.update(f"{name}\0{sorted(value)}\n".encode())
        elif isinstance(value, re.Pattern):
            digest.update(f"{name}\0{value.pattern}\n".encode())
    return digest.hexdigest()


def _constants() -> Iterator[tuple[str, object]]:
    for module in MODULES:
        yield from (
            (f"{module.__name__}.{name}", value) for name, value in vars(module).items() if name.isupper()
        )
