"""The layers that can be read, by Keras' names for them. What is not listed is refused, above all code."""

from __future__ import annotations

from kit.models.errors import BundleError
from kit.models.reading import layers_conv, layers_norm, layers_other
from kit.models.reading.keras_graph import Layer
from kit.models.reading.layer_call import Kind

KINDS: dict[str, Kind] = {**layers_conv.KINDS, **layers_norm.KINDS, **layers_other.KINDS}
OPERATIONS = {
    "math.add": "Add",
    "__operators__.add": "Add",
    "math.subtract": "Subtract",
    "math.multiply": "Multiply",
    "math.truediv": "TrueDivide",
    "math.divide": "TrueDivide",
    "math.maximum": "Maximum",
    "math.minimum": "Minimum",
    "nn.relu": "Relu",
    "nn.relu6": "Relu6",
    "math.tanh": "Tanh",
    "nn.tanh": "Tanh",
    "math.sigmoid": "Sigmoid",
    "nn.sigmoid": "Sigmoid",
    "nn.silu": "Silu",
    "math.abs": "Absolute",
    "math.exp": "Exp",
    "math.negative": "Negative",
    "math.square": "Square",
    "math.sqrt": "Sqrt",
}
"""TensorFlow's functions that Keras 2 keeps by name (TFOpLambda); no code is stored with them."""


def allowed(layer: Layer) -> Kind:
    """The reader of a layer. Raises BundleError for what is not listed, above all for code."""
    kind = layer.kind
    if kind in {"TFOpLambda", "SlicingOpLambda"}:
        kind = OPERATIONS.get(layer.fields.text("function", ""), kind)
    if kind in KINDS:
        return KINDS[kind]
    if kind == "Lambda":
        raise BundleError(
            f"{layer.fields.where} holds code, which is never run; replace it by a built-in layer, or export the "
            "model as a SavedModel or a TensorFlow.js graph model"
        )
    raise BundleError(
        f"{layer.fields.where} is not a layer that can run in a bundle; replace it by built-in ones "
        "(convolutions, norms, activations, merges, resizing, pooling), or export the model as a TensorFlow.js graph model"
    )
