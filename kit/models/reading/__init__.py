"""Networks out of other people's files. Everything that comes in is hostile until it has been read to its end.

No code of a model is ever run: layers and operators are matched against lists, weights are plain arrays. Each refusal
is a BundleError of one sentence that names the file, layer or node and says what to do.
"""

from kit.models.reading.archive import FileSet
from kit.models.reading.graph_def import GraphNode, GraphNodes, plain_attributes
from kit.models.reading.graph_reader import read_graph_def
from kit.models.reading.keras_config import read_keras_config
from kit.models.reading.keras_store import weights_by_layer
from kit.models.reading.opening import open_files
from kit.models.reading.tfjs import read_tfjs

__all__ = [
    "FileSet",
    "GraphNode",
    "GraphNodes",
    "open_files",
    "plain_attributes",
    "read_graph_def",
    "read_keras_config",
    "read_tfjs",
    "weights_by_layer",
]
