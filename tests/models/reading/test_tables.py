"""The server's reader and the browser's know the same things: both are held to tables.json.

The browser's half is in web/tests/engine/read/tables.test.ts, and compares the same lists.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, get_args

import pytest

from kit.models.manifest import Activation, Node
from kit.models.reading import (
    activations,
    folding,
    graph_def,
    graph_layers,
    graph_reader,
    keras_kinds,
    limits,
)
from kit.models.reading.tfjs_weights import QUANTISED, STORED

TABLES: dict[str, Any] = json.loads(Path(__file__).with_name("tables.json").read_text("utf-8"))
ONLY_HERE = {  # a browser gets single files from its user: no archives, no folders, and no more than it may hold anyway
    "MEMBERS",
    "FILE_BYTES",
    "TOTAL_BYTES",
    "DIRECTORY_BYTES",
    "PACKED_RATIO",
    "PATH_DEPTH",
    "PATH_CHARACTERS",
}


def words(union: Any, field: str) -> Iterable[str]:
    return (
        word
        for kind in get_args(get_args(union)[0])
        for word in get_args(kind.model_fields[field].annotation)
    )


@pytest.mark.parametrize(
    ("table", "own"),
    [
        ("operators", words(Node, "op")),
        ("activations", words(Activation, "type")),
        ("layers", keras_kinds.KINDS),
        ("named_activations", activations.NAMES),
        ("fused_activations", graph_layers.FUSED_ACTIVATIONS),
        ("graph_operators", graph_reader.HANDLERS),
        ("splits", graph_reader.SPLITS),
        ("folds", folding.FOLDS),
        ("content_types", graph_def.DTYPES),
        ("quantised_types", QUANTISED),
    ],
)
def test_the_same_words(table: str, own: Iterable[str]) -> None:
    assert sorted(own) == TABLES[table]


def test_the_same_words_for_other_words() -> None:
    assert TABLES["operations"] == keras_kinds.OPERATIONS
    assert TABLES["listed_types"] == graph_def.LISTED
    assert TABLES["stored_types"] == {name: dtype.itemsize for name, dtype in STORED.items()}


def test_the_same_bounds() -> None:
    own = {name: value for name, value in vars(limits).items() if name.isupper() and isinstance(value, int)}
    shared = {name: value for name, value in own.items() if not name.startswith("LARGEST_")}
    assert shared == TABLES["limits"] | {name: own[name] for name in ONLY_HERE}
