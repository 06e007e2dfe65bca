"""The formats that networks can be written in, and who writes each."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import click

from kit.commands.quiet import import_quietly
from kit.errors import INSTALL_TENSORFLOW, INSTALL_TRAIN, CallerError
from kit.models.errors import BundleError

if TYPE_CHECKING:
    from kit.models.exporting.about import About
    from kit.models.network import Network

Writer: TypeAlias = "Callable[[Network, Path, About], None]"


class Format(NamedTuple):
    """A format: what it is called, where its writer is, and the packages of the extra [train] that it needs."""

    title: str
    module: str
    function: str
    needs: tuple[str, ...] = ()


# By name, because some writers are in the training code, which nothing in the server's package may import.
FORMATS = {
    "keras": Format("Keras file (.keras)", "kit.train.to_keras", "write_keras", ("tensorflow", "h5py")),
    "h5": Format("Keras file (.h5)", "kit.train.to_keras", "write_h5", ("tensorflow", "h5py")),
    "tfjs-graph": Format(
        "TensorFlow.js graph model (a folder)", "kit.models.exporting.tfjs_graph", "write_tfjs_graph"
    ),
    "tfjs-layers": Format(
        "TensorFlow.js layers model (a folder)", "kit.models.exporting.tfjs_layers", "write_tfjs_layers"
    ),
    "onnx": Format("ONNX file", "kit.models.exporting.onnx", "write_onnx", ("onnx",)),
}

out_option = click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    help="Where to write: a new file or folder. Nothing that is there is written over.",
)


def check(format: str, out: Path) -> None:
    """Raise CallerError, before any work is done, where a format cannot be written here or the place is taken."""
    from kit.models.exporting.placing import check_free

    missing = [package for package in FORMATS[format].needs if find_spec(package) is None]
    if missing:
        install = INSTALL_TENSORFLOW if "tensorflow" in missing else INSTALL_TRAIN
        raise CallerError(f"--to {format} needs {' and '.join(missing)}, which is not installed: {install}")
    try:
        check_free(out)
    except BundleError as error:
        raise CallerError(f"--out: {error}") from error


def write(network: Network, about: About, format: str, out: Path) -> None:
    """Write a network and say what was written. Raises CallerError; nothing is left at ``out`` then."""
    from kit.models.exporting.placing import placed

    chosen = FORMATS[format]
    writer: Writer = getattr(import_quietly(chosen.module), chosen.function)
    try:
        with placed(out) as made:
            writer(network, made, about)
    except BundleError as error:
        raise CallerError(f"{about.name}: {error}") from error
    click.echo(f"{out}: {about.name} {about.version}".rstrip() + f" as {chosen.title}, {_size(out)}")


def _size(out: Path) -> str:
    files = [out] if out.is_file() else sorted(path for path in out.rglob("*") if path.is_file())
    size = sum(path.stat().st_size for path in files)
    rounded = f"{size / 1e6:.1f} MB" if size > 1e6 else f"{size / 1e3:.0f} kB"
    return rounded if out.is_file() else f"{rounded} in {len(files)} files"
