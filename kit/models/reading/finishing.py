"""From nodes to a network that may leave the reader: only what reaches the output, a picture in, a picture out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from kit.models.errors import BundleError
from kit.models.graph import node_tensors
from kit.models.manifest import Shape
from kit.models.network import Network
from kit.models.preparing import PICTURE_CHANNELS
from kit.models.reading.build import Builder, Value
from kit.models.reading.limits import DEFAULT_SIDE, NETWORK_NODES, SIDE
from kit.models.reading.patterns import simplified


def chosen_size(extents: Sequence[object], size: tuple[int, int] | None, where: str) -> Shape:
    """The input's shape, from [batch, height, width, channels] with -1 for what is open, and the size asked for."""
    if len(extents) != 4 or not all(isinstance(e, int) and not isinstance(e, bool) for e in extents):
        raise BundleError(f"{where}: the input must be one picture, [batch, height, width, channels]")
    batch, high, wide, channels = (int(e) for e in extents if isinstance(e, int))
    if batch not in {-1, 0, 1}:
        raise BundleError(f"{where}: the network wants {batch} pictures at once; save it for one picture")
    if channels not in PICTURE_CHANNELS:
        hint = "; it seems to have channels first" if high in PICTURE_CHANNELS else ""
        raise BundleError(f"{where}: the input must have 1, 3 or 4 channels, not {channels}{hint}")
    wanted = size or (high if high > 0 else DEFAULT_SIDE, wide if wide > 0 else DEFAULT_SIDE)
    for fixed, asked in ((high, wanted[0]), (wide, wanted[1])):
        if fixed > 0 and fixed != asked:
            raise BundleError(
                f"{where}: the network takes pictures of {high} x {wide} only; leave the size open"
            )
        if not 1 <= asked <= SIDE:
            raise BundleError(f"{where}: pictures of 1 to {SIDE} a side can be used, not {asked}")
    return wanted[0], wanted[1], channels


def finished(builder: Builder, output: Value) -> Network:
    """The network without what nobody needs. Raises BundleError where its output is no picture."""
    if output.shape[2] not in PICTURE_CHANNELS:
        raise BundleError(
            f"the network gives {list(output.shape)}; a picture has 1, 3 or 4 channels, "
            "so save a model whose output is the picture"
        )
    network = pruned(simplified(pruned(builder.network(output))))
    if not network.nodes:
        raise BundleError("the network gives back its input unchanged; there is nothing to run")
    if len(network.nodes) > NETWORK_NODES:
        raise BundleError(f"the network has {len(network.nodes)} steps; at most {NETWORK_NODES} can run")
    return network


def pruned(network: Network) -> Network:
    """Without nodes that do not reach the output, and without tensors that no node names."""
    needed = {network.output}
    nodes = []
    for node in reversed(network.nodes):
        if node.name in needed:
            needed.update(node.inputs)
            nodes.append(node)
    if nodes and network.input not in needed:
        raise BundleError("the network's output does not depend on its input; save the whole model")
    used = {name for node in nodes for name in node_tensors(node).values()}
    tensors = {name: array for name, array in network.tensors.items() if name in used}
    return replace(network, nodes=tuple(reversed(nodes)), tensors=tensors)
