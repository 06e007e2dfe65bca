"""A network as it will lie on disk: which taps are left out, how kernels are rounded, what that leaves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from kit.models.arithmetic import axes, live_taps, multiply_adds
from kit.models.graph import KERNEL_AXES, check_graph, node_tensors, with_tensors
from kit.models.manifest import Convolution, Parameters, Precision, Shape, Tensor
from kit.models.network import Floats, Network
from kit.models.shapes import kernel_channels
from kit.models.weights import Kernel, decode, encode

LONGEST_NAME = 90  # leaves room for what is added to the name of a tensor
Taps = list[tuple[int, int]]


@dataclass(frozen=True)
class StoredNetwork:
    """Tensors and shards as they will lie on disk, and the network that somebody reads from them."""

    tensors: tuple[Tensor, ...]
    shards: tuple[bytes, ...]
    precision: Precision
    network: Network


def stored(network: Network, precision: Precision) -> StoredNetwork:
    """Store kernels in ``precision`` without taps that never meet data, and all other tensors as float32."""
    named = _named(network)
    kernels = kernels_of(named)
    plain = {
        name: named.tensors[name]
        for node in named.nodes
        for name in node_tensors(node).values()
        if name not in kernels
    }
    tensors, shards = encode(kernels, plain, precision)
    again = replace(named, tensors=decode(tensors, shards.__getitem__))
    return StoredNetwork(tuple(tensors), tuple(shards), precision, again)


def counted(network: Network, total: int | None = None, live: int | None = None) -> Parameters:
    """Parameters and multiply-adds. ``total`` and ``live``: where the network was made by other software that counts
    values which are no more here (a batch norm's), what it counts.
    """
    kernels = kernels_of(network)
    kept = sum(kernel.kept().size for kernel in kernels.values())
    others = sum(values.size for name, values in network.tensors.items() if name not in kernels)
    work = [_work(network, node, source) for node, source in _convolutions(network)]
    return Parameters(
        total=sum(values.size for values in network.tensors.values()) if total is None else total,
        live=kept + others if live is None else live,
        stored_values=kept + others,
        multiply_adds=sum(everything for everything, _ in work),
        multiply_adds_live=sum(met for _, met in work),
    )


def kernels_of(network: Network) -> dict[str, Kernel]:
    """The kernels of all convolutions by name, each with the taps that meet data in any of its convolutions."""
    kernels: dict[str, Kernel] = {}
    for node, source in _convolutions(network):
        values = network.tensors[node.kernel]
        taps = live_taps(axes(node.op, source, node.strides, values.shape, node.padding))
        if node.kernel in kernels:
            taps = _united(kernels[node.kernel].taps, taps)
        kernels[node.kernel] = Kernel(values, _channel_axis(node, values), taps)
    return kernels


def _convolutions(network: Network) -> Iterator[tuple[Convolution, Shape]]:
    sizes = {name: values.shape for name, values in network.tensors.items()}
    shapes = check_graph(network.input, network.input_shape, network.nodes, sizes)
    for node in network.nodes:
        if isinstance(node, Convolution):
            yield node, shapes[node.inputs[0]]


def _channel_axis(node: Convolution, values: Floats) -> int:
    return max(KERNEL_AXES[node.op], key=lambda axis: (values.shape[axis], -axis))


def _united(first: Taps | None, second: Taps | None) -> Taps | None:
    return None if first is None or second is None else sorted({*first, *second})


def _work(network: Network, node: Convolution, source: Shape) -> tuple[int, int]:
    kernel = network.tensors[node.kernel].shape
    taken, made = kernel_channels(node.op, kernel)
    pair = axes(node.op, source, node.strides, kernel, node.padding)
    return multiply_adds(pair, made if node.op == "depthwise_conv2d" else taken * made)


def _named(network: Network) -> Network:
    """The same network with names of tensors that can be stored: none too long, none that looks like a scale's, and
    a kernel that two kinds of convolution share under two names, since its scales lie along another axis in each.
    """
    nodes, tensors = [], {}
    taken = {*network.tensors}
    by_use: dict[tuple[str, int | None], str] = {}
    for node in network.nodes:
        names = {}
        for field, name in node_tensors(node).items():
            values = network.tensors[name]
            axis = (
                _channel_axis(node, values) if isinstance(node, Convolution) and field == "kernel" else None
            )
            if (name, axis) not in by_use:
                by_use[name, axis] = _free(name, taken, again=any(name == used for used, _ in by_use))
            names[name] = by_use[name, axis]
            tensors[names[name]] = values
        nodes.append(with_tensors(node, names))
    return replace(network, nodes=tuple(nodes), tensors=tensors)


def _free(name: str, taken: set[str], *, again: bool) -> str:
    if not again and len(name) <= LONGEST_NAME and not name.endswith(":scale"):
        return name
    stem, number = name[: LONGEST_NAME - 8].removesuffix(":scale"), 2
    while f"{stem}_{number}" in taken:
        number += 1
    taken.add(f"{stem}_{number}")
    return f"{stem}_{number}"
