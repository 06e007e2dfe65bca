"""The figures of a bundle that somebody hands in, held against its graph and its weights as far as these tell."""

from __future__ import annotations

import numpy as np

from kit.models.errors import BundleError
from kit.models.manifest import Convolution, Manifest
from kit.models.network import Floats, Network
from kit.models.storage import counted, kernels_of

AGAIN = "publish the bundle again where it was made"
NORMS = 10
"""Parameters for one stored value, at most: folded norms leave one where there were a few."""
LEAST_SPAN = 0.01
"""Of the output's range: the golden check lets every value be as far off as that."""


def check_figures(manifest: Manifest, network: Network) -> None:
    """Raise BundleError for a count or a precision that the graph contradicts.

    The parameters as other software counts them cannot be known exactly: norms are folded into kernels, dilated kernels
    are spread out. They are at least the kernels' values that are not zero, and not many times what is there.
    """
    says = manifest.parameters
    counts = counted(network)
    exact = {
        "stored_values": _stored(manifest),
        "multiply_adds": counts.multiply_adds,
        "multiply_adds_live": counts.multiply_adds_live,
    }
    for field, value in exact.items():
        _check(field, getattr(says, field), value, value)
    # A kernel that two kinds of convolution share is stored twice.
    least = sum(np.count_nonzero(kernel.values) for kernel in kernels_of(network).values()) // 2
    _check("live", says.live, least, NORMS * exact["stored_values"])
    _check("total", says.total, least, NORMS * counts.total)
    _check_precision(manifest)


def check_golden_span(manifest: Manifest, made: Floats) -> None:
    """Raise BundleError where the golden output is so flat, or its range so wide, that any picture would pass for it."""
    low, high = manifest.output.range_
    span = float(made.max()) - float(made.min())
    if not span >= LEAST_SPAN * (high - low):
        raise BundleError(
            f"output.range: on the test picture the values differ by {span:.3g} only, which is nothing in {low:g} to "
            f"{high:g}, so no browser could be held against it; {AGAIN}, with the range that its pictures have"
        )


def _stored(manifest: Manifest) -> int:
    scales = {tensor.scale for tensor in manifest.tensors}
    return sum(tensor.stored_values for tensor in manifest.tensors if tensor.name not in scales)


def _check(field: str, says: int, least: int, most: int) -> None:
    if not least <= says <= most:
        found = f"{least:,}" if least == most else f"between {least:,} and {most:,}"
        raise BundleError(f"parameters.{field}: the manifest says {says:,}, its graph gives {found}; {AGAIN}")


def _check_precision(manifest: Manifest) -> None:
    dtypes = {tensor.name: tensor.dtype for tensor in manifest.tensors}
    for node in manifest.graph:
        if isinstance(node, Convolution) and dtypes[node.kernel] != manifest.precision:
            raise BundleError(
                f"precision: the manifest says {manifest.precision}, but {node.kernel} is {dtypes[node.kernel]}; {AGAIN}"
            )
