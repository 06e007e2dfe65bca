"""How much a model that somebody hands in may hold. Each bound is far above any network that runs live in a browser."""

from __future__ import annotations

from kit.models.manifest import LARGEST_EXTENT
from kit.models.shapes import LARGEST_VALUES

JSON_BYTES = 16_000_000
"""Of ``model.json`` or a Keras configuration: parsed, it takes some twenty times as much memory."""
MEMBERS = 10_000
"""Files in a folder or zip."""
FILE_BYTES = 1_000_000_000
TOTAL_BYTES = 2_000_000_000
DIRECTORY_BYTES = 8_000_000
"""Of a zip's table of contents, which is read whole."""
PACKED_RATIO = 200
"""A zip that unpacks to more than this many times its size is a trap, not a model: weights hardly shrink."""
PATH_DEPTH = 12
PATH_CHARACTERS = 400

GRAPH_NODES = 50_000
"""Of a graph as it comes; what reaches the output must fit in a bundle (2,000 nodes)."""
NETWORK_NODES = 2_000
WEIGHTS = 20_000
LAYERS = 5_000
NESTING = 8
"""Models in models."""
WEIGHT_VALUES = 250_000_000
RANK = 8
FOLDED_VALUES = 4_000_000
"""Values of a constant that is computed while reading out of fewer."""
FOLDED_TOTAL = 16 * FOLDED_VALUES
"""Values of all constants that are computed while reading."""
PICTURE_VALUES = LARGEST_VALUES
"""Values of anything between input and output: a quarter of a gigabyte of floats."""
KERNEL_VALUES = 50_000_000
"""Values of a kernel that had to be spread out (dilation, groups)."""
SIDE = LARGEST_EXTENT
DEFAULT_SIDE = 256
"""Height and width for networks that take any."""
