"""Steps of a TensorFlow graph that several operators share."""

from __future__ import annotations

from kit.models.exporting.graph_def import Attributes, Graph, integer
from kit.models.manifest import Activation, Clip, Edges, Leaky, Prelu, Shape

PLAIN = {"relu": "Relu", "relu6": "Relu6", "elu": "Elu", "tanh": "Tanh", "sigmoid": "Sigmoid"}
INDEX: Attributes = {"Index": {"type": "DT_INT32"}}
SIZES: Attributes = {"Tpaddings": {"type": "DT_INT32"}}


def padded(name: str, edges: Edges, graph: Graph, source: str) -> str:
    """Zeros around."""
    sizes = graph.numbers(f"{name}/edges", ((0, 0), *edges, (0, 0)))
    return graph.add("Pad", name, [source, sizes], SIZES)


def cut(name: str, edges: Edges, shape: Shape, graph: Graph, source: str) -> str:
    """Rows and columns off, down to ``shape``."""
    (top, _), (left, _) = edges
    begin = graph.numbers(f"{name}/begin", (0, top, left, 0))
    end = graph.numbers(f"{name}/end", (1, top + shape[0], left + shape[1], shape[2]))
    steps = graph.numbers(f"{name}/steps", (1, 1, 1, 1))
    masks = ("begin_mask", "end_mask", "ellipsis_mask", "new_axis_mask", "shrink_axis_mask")
    return graph.add(
        "StridedSlice", name, [source, begin, end, steps], INDEX | {mask: integer(0) for mask in masks}
    )


def activated(name: str, activation: Activation, graph: Graph, value: str) -> str:
    """An activation by itself."""
    match activation:
        case Leaky():
            return graph.add("LeakyRelu", name, [value], {"alpha": {"f": activation.alpha}})
        case Prelu():
            return graph.add("Prelu", name, [value, graph.tensor(activation.slopes)], {})
        case Clip():
            ends = [
                graph.number(f"{name}/low", activation.low),
                graph.number(f"{name}/high", activation.high),
            ]
            return graph.add("ClipByValue", name, [value, *ends], {})
    if activation.type == "linear":
        return value
    if activation.type == "swish":
        share = graph.add("Sigmoid", name, [value], {})
        return graph.add("Mul", name, [value, share], {})
    return graph.add(PLAIN[activation.type], name, [value], {})


def mean(name: str, graph: Graph, value: str) -> str:
    """The mean over height and width."""
    places = graph.numbers(f"{name}/places", (1, 2))
    attributes = {"keep_dims": {"b": True}, "Tidx": {"type": "DT_INT32"}}
    return graph.add("Mean", name, [value, places], attributes)
