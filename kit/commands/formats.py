"""The formats that networks can be written in, and who writes each."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import click

from kit.commands.output import print_json
from kit.commands.quiet import import_quietly
from kit.errors import INSTALL_TENSORFLOW, INSTALL_TRAIN, CallerError
from kit.models.errors import BundleError

if TYPE_CHECKING:
    from kit.models.exporting.notes import Notes
    from kit.models.network import Network

Writer: TypeAlias = "Callable[[Network, Path, Notes], None]"


class Format(NamedTuple):
    """A format: what it is called, where its writer is, and the packages of the extra [train] that it needs."""

    title: str
    module: str
    function: str
    needs: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()

    @property
    def is_folder(self) -> bool:
        """Whether several files are written."""
        return not self.endings


# By name, because some writers are in the training code, which nothing in the server's package may import.
FORMATS = {
    "keras": Format(
        "Keras file (.keras)", "kit.train.to_keras", "write_keras", ("tensorflow", "h5py"), (".keras",)
    ),
    "h5": Format(
        "Keras file (.h5)", "kit.train.to_keras", "write_h5", ("tensorflow", "h5py"), (".h5", ".hdf5")
    ),
    "tfjs-graph": Format(
        "TensorFlow.js graph model (a folder)", "kit.models.exporting.tfjs_graph", "write_tfjs_graph"
    ),
    "tfjs-layers": Format(
        "TensorFlow.js layers model (a folder)", "kit.models.exporting.tfjs_layers", "write_tfjs_layers"
    ),
    "onnx": Format("ONNX file", "kit.models.exporting.onnx", "write_onnx", ("onnx",), (".onnx",)),
}
OF_FILES = {ending for each in FORMATS.values() for ending in each.endings} | {".json", ".bin", ".zip"}

out_option = click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    help="Where to write: a new file or folder. Nothing that is there is written over.",
)


class Written(NamedTuple):
    """What was written; with --json its fields are printed. ``version`` is empty where none is known."""

    name: str
    version: str
    format: str
    path: str
    files: int
    bytes: int


def check(format: str, out: Path) -> None:
    """Raise CallerError, before any work is done, where a format cannot be written here or at that place."""
    from kit.models.exporting.placing import check_free

    _check_ending(FORMATS[format], out)
    missing = [package for package in FORMATS[format].needs if find_spec(package) is None]
    if missing:
        install = INSTALL_TENSORFLOW if "tensorflow" in missing else INSTALL_TRAIN
        raise CallerError(f"--to {format} needs {' and '.join(missing)}, which is not installed: {install}")
    try:
        check_free(out)
    except BundleError as error:
        raise CallerError(f"--out: {error}") from error


def _check_ending(format: Format, out: Path) -> None:
    """Other software tells formats apart by their endings."""
    ending = out.suffix.lower()
    if format.is_folder and ending in OF_FILES:
        raise CallerError(f"--out: this format is a folder, which has no ending {ending}; leave that out")
    if format.endings and ending not in format.endings:
        raise CallerError(
            f"--out: this format is a file that ends in {format.endings[0]}; give {out} that ending"
        )


def write(network: Network, notes: Notes, format: str, out: Path) -> Written:
    """Write a network. Raises CallerError; nothing is left at ``out`` then."""
    from kit.models.exporting.placing import placed

    chosen = FORMATS[format]
    writer: Writer = getattr(import_quietly(chosen.module), chosen.function)
    try:
        with placed(out) as made:
            writer(network, made, notes)
    except BundleError as error:
        raise CallerError(f"{notes.name}: {error}") from error
    return written(notes.name, notes.version, format, out)


def written(name: str, version: str, format: str, out: Path) -> Written:
    """Count what lies at ``out``."""
    files = [out] if out.is_file() else [path for path in out.rglob("*") if path.is_file()]
    return Written(name, version, format, str(out), len(files), sum(path.stat().st_size for path in files))


def tell(made: Written, *, as_json: bool, after: str = "") -> None:
    """Say what was written, for people (and ``after`` it) or for scripts."""
    if as_json:
        print_json(made._asdict())
        return
    title = FORMATS[made.format].title if made.format in FORMATS else made.format
    size = f"{made.bytes / 1e6:.1f} MB" if made.bytes > 1e6 else f"{made.bytes / 1e3:.0f} kB"
    files = "" if Path(made.path).is_file() else f" in {made.files} files"
    name = f"{made.name} {made.version}".rstrip()
    click.echo(f"{made.path}: {name} as {title}, {size}{files}{after}")
