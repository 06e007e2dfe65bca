"""A new operator is not done until each place that must know it does: these lists come from the manifest itself."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any, get_args

import pytest

import kit
from kit.models.manifest import Activation, Node
from tests.models.exporting.networks import ACTIVATIONS, all_cases, every_operator

CLASSES = get_args(get_args(Node)[0])
DISPATCHERS = [
    ("kit.models.shapes", "_shape", None),
    ("kit.models.operators", "_evaluated", None),
    ("kit.models.exporting.tfjs_graph", "_emit", None),
    ("kit.models.exporting.tfjs_layers", "_emit", None),
    ("kit.models.exporting.onnx", "_emit", "onnx"),
    pytest.param("kit.train.rebuild", "_applied", "keras", marks=pytest.mark.train),
]
SINGLE = [network for name, network in all_cases().items() if not name.startswith("every-")]


def words(union: Any, field: str) -> set[str]:
    """The names that a union's classes go by."""
    kinds = get_args(get_args(union)[0])
    return {word for kind in kinds for word in get_args(kind.model_fields[field].annotation)}


@pytest.mark.parametrize(("module", "name", "extra"), DISPATCHERS)
def test_each_class_of_nodes_has_its_rule(module: str, name: str, extra: str | None) -> None:
    if extra:
        pytest.importorskip(extra, reason="the train extra is not installed")
    assert set(CLASSES) == set(getattr(import_module(module), name).registry) - {object}


def test_no_dispatcher_is_left_out() -> None:
    files = Path(kit.__file__).parent.rglob("*.py")
    found = {file for file in files if "@singledispatch\n" in file.read_text("utf-8")}
    assert len(found) == len(DISPATCHERS)


def test_each_operator_has_a_case_of_its_own() -> None:
    assert {node.op for network in SINGLE for node in network.nodes} == words(Node, "op")


def test_each_activation_has_a_case_by_itself_and_in_a_convolution() -> None:
    named = {activation["type"] for activation in ACTIVATIONS.values()} | {"linear"}
    used = {node.activation.type for each in SINGLE for node in each.nodes if hasattr(node, "activation")}
    assert named == used == words(Activation, "type")


def test_the_large_network_has_every_operator_and_activation() -> None:
    nodes = every_operator().nodes
    assert {node.op for node in nodes} == words(Node, "op")
    used = {node.activation.type for node in nodes if hasattr(node, "activation")}
    assert used == words(Activation, "type")
