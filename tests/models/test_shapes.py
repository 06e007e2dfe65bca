"""What each operator gives for what it gets, and what is refused by name of node and field."""

from __future__ import annotations

from typing import Any

import pytest

from kit.models.errors import BundleError
from kit.models.graph import check_graph, check_network
from kit.models.reference import run_network
from kit.models.shapes import node_shape
from tests.models.exporting.networks import all_cases, every_operator, picture, uneven
from tests.models.networks import LINEAR, NODE, weights

CASES = all_cases() | uneven()
SOURCE = (7, 10, 3)
TENSORS = {"k": (3, 3, 3, 4), "t": (3, 3, 4, 3), "wide": (65, 1, 3, 4), "b": (4,), "c": (3,), "v": (1, 1, 3)}
CONV = {"op": "conv2d", "kernel": "k", "bias": None, "strides": (1, 1), "padding": "same"}


@pytest.mark.parametrize("name", CASES)
def test_shapes_are_those_of_the_values(name: str) -> None:
    network = CASES[name]
    check_network(network)
    assert run_network(network, picture(network)).shape == network.output_shape


def test_every_operator_keeps_its_shape_through_a_network() -> None:
    network = every_operator()
    shapes = check_graph(network.input, network.input_shape, network.nodes, weights(network))
    assert shapes[network.output] == (8, 8, 3)


def refused(says: str, /, *inputs: tuple[int, int, int], shape: Any = SOURCE, **fields: Any) -> Any:
    return pytest.param(inputs or (SOURCE,), {"shape": shape, **fields}, says, id=says)


@pytest.mark.parametrize(
    ("inputs", "fields", "says"),
    [
        refused("kernel: none is not among", **(CONV | {"kernel": "none"}), activation=LINEAR),
        refused("kernel: b is .4., and no kernel", **(CONV | {"kernel": "b"}), activation=LINEAR),
        refused("kernel: wide is .65, 1", **(CONV | {"kernel": "wide"}), activation=LINEAR),
        refused("kernel: odd gets 3 channels, but t takes 4", **(CONV | {"kernel": "t"}), activation=LINEAR),
        refused("bias: c must have the shape .4., not .3.", **(CONV | {"bias": "c"}), activation=LINEAR),
        refused(
            "activation.slopes: c must have the shape .4.",
            **CONV,
            activation={"type": "prelu", "slopes": "c"},
        ),
        refused(
            "shape: it would give .0, 3, 4.: what it takes is too small",
            (2, 5, 3),
            **(CONV | {"padding": "valid"}),
            activation=LINEAR,
        ),
        refused("activation.slopes: b must", op="activation", activation={"type": "prelu", "slopes": "b"}),
        refused("inputs: it joins inputs of different sizes", SOURCE, (7, 9, 3), op="concat", axis=-1),
        refused("inputs: .7, 10, 3. and .7, 9, 3. do not fit", SOURCE, (7, 9, 3), op="add"),
        refused("scale: b must have the shape .3.", op="affine", scale="b", shift="c"),
        refused("shift: none is not", op="instance_norm", epsilon=0.1, scale="c", shift="none"),
        refused("value: none is not among", op="constant", value="none", inputs=()),
        refused("value: c is .3., not .height", op="constant", value="c", inputs=()),
        refused("edges: reflect can add 6 at most", op="pad", mode="reflect", edges=((7, 0), (0, 0))),
        refused("edges: symmetric can add 10 at most", op="pad", mode="symmetric", edges=((7, 0), (0, 11))),
        refused("too small", op="crop", edges=((3, 4), (0, 0))),
        refused("too small", op="max_pool", window=(8, 8), strides=(1, 1), padding="valid"),
        refused("block: 3 channels are no multiple of 2 x 2", op="depth_to_space", block=2),
        refused("too large", (8192, 8000, 3), op="square"),
        refused("too large", (8000, 10, 3), op="pad", mode="zero", edges=((1000, 0), (0, 0))),
        refused("too large", (1, 1, 40_000), (1, 1, 40_000), op="concat", axis=-1),
        refused("inputs: there are 2 shapes for 1 inputs", SOURCE, SOURCE, op="square", inputs=("x",)),
    ],
)
def test_what_does_not_fit_names_node_and_field(
    inputs: tuple[tuple[int, int, int], ...], fields: dict[str, Any], says: str
) -> None:
    names = fields.pop("inputs", tuple(f"x{number}" for number in range(len(inputs))))
    node = NODE.validate_python({"name": "odd", "inputs": names, **fields})
    with pytest.raises(BundleError, match=rf"^graph: odd: .*{says}") as caught:
        node_shape(node, inputs if names else (), TENSORS)
    assert "\n" not in str(caught.value)
