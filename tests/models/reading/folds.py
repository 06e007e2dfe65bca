"""Small arithmetic on constants, a case or more for each operator that is folded. What comes out stands in folds.json."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

FILE = Path(__file__).with_name("folds.json")


def array(held: dict[str, Any]) -> NDArray[Any]:
    """An array as the file holds it."""
    return np.array(held["values"], held["dtype"]).reshape(held["shape"])


@dataclass(frozen=True)
class Case:
    """An operator, its attributes in protobuf's JSON, its inputs, and what TensorFlow makes of them."""

    op: str
    attributes: dict[str, Any]
    inputs: tuple[NDArray[Any], ...]
    output: NDArray[Any]

    @property
    def called(self) -> str:
        return f"{self.op}{json.dumps(self.attributes) if self.attributes else ''}"


def cases() -> list[Case]:
    return [
        Case(each["op"], each["attributes"], tuple(map(array, each["inputs"])), array(each["output"]))
        for each in json.loads(FILE.read_text("utf-8"))
    ]
