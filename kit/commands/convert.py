"""``kit convert``: a model file of any kind that the kit reads, in another format."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kit.commands.foreign import (
    Options,
    choices_of,
    given,
    label_of,
    model_options,
    refuse_for_bundle,
    refuse_undecided,
    spelt,
)
from kit.commands.formats import FORMATS, Written, check, out_option, tell, write, written
from kit.commands.group import example
from kit.commands.output import json_option
from kit.commands.program import program
from kit.errors import CallerError
from kit.models.errors import BundleError
from kit.models.incoming import bounds_of, examine, publish_trial, read_model
from kit.settings import load_settings

if TYPE_CHECKING:
    from kit.models.exporting.notes import Notes
    from kit.models.network import Network
    from kit.models.sandbox import Bounds

BUNDLE = "bundle"
OF_ALL_FORMATS = ("name", "size")


@click.command(
    epilog=example(
        "kit convert painter.keras --to tfjs-graph --out painter-tfjs",
        "kit convert painter-tfjs/model.json --size 256x256 --to onnx --out painter.onnx",
        "kit convert painter.h5 --to bundle --output-range=-1,1 --out my-models",
    )
)
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--to", "format", required=True, type=click.Choice([*FORMATS, BUNDLE]), help="The format.")
@out_option
@model_options
@json_option
def convert(path: Path, format: str, out: Path, as_json: bool, **options: Any) -> None:
    """Write the model at PATH in another format.

    PATH is a Keras file, a SavedModel, a TensorFlow.js model or a bundle; a folder, a file or a zip. It is read apart
    from everything else, as by `kit models add`. A bundle is written as NAME/VERSION into the folder --out. Options
    but --name and --size are for bundles that are made of other models.
    """
    _check(format, out, options)
    try:
        with _room(out) as room:
            if format == BUNDLE:
                made = _published(path, room, out, options)
            else:
                network, notes = _read(path, room, options)
                made = write(network, notes, format, out)
    except BundleError as error:
        raise CallerError(f"{path}: {error}") from error
    next_step = f"\nNext: {program()} models add {made.path}" if format == BUNDLE else ""
    tell(made, as_json=as_json, after=next_step)


def _check(format: str, out: Path, options: Options) -> None:
    """What can be said before any work is done."""
    if format != BUNDLE:
        for name in given(options):
            if name not in OF_ALL_FORMATS:
                raise CallerError(f"{spelt(name)} goes with --to bundle; leave it out")
        check(format, out)
    elif out.exists() and not out.is_dir():
        raise CallerError(f"--out: {out} is a file; name the folder that holds or will hold bundles")


@contextmanager
def _room(out: Path) -> Iterator[Path]:
    """Where the child works: beside what is written, since /tmp may be small."""
    near = out.absolute().parent
    try:
        near.mkdir(parents=True, exist_ok=True)
        made = tempfile.TemporaryDirectory(dir=near, prefix=".converting-", ignore_cleanup_errors=True)
    except OSError as error:
        raise CallerError(f"--out: {near} cannot be written: {error.strerror or error}") from error
    with made as folder:
        yield Path(folder)


def _bounds() -> Bounds:
    settings = load_settings()
    return bounds_of(settings.convert_mb, settings.convert_seconds)


def _read(path: Path, room: Path, options: Options) -> tuple[Network, Notes]:
    from kit.models.exporting.notes import notes_of_bundle, notes_of_network
    from kit.models.fusing import fused
    from kit.models.verify import verify_bundle

    label = label_of(path, options)
    read = read_model(path, room, choices_of(options).size, _bounds())
    if read.bundle is None:
        return fused(read.network), notes_of_network(read.network, label.name)
    refuse_for_bundle(options)
    return read.network, notes_of_bundle(read.bundle, verify_bundle(read.bundle))


def _published(path: Path, room: Path, root: Path, options: Options) -> Written:
    choices, label = choices_of(options), label_of(path, options)
    facts = examine(path, choices, room, _bounds())
    if facts.is_bundle:
        refuse_for_bundle(options)
    refuse_undecided(facts, choices, options)
    folder = publish_trial(room, facts, choices, None if facts.is_bundle else label, root)
    return written(folder.parent.name, folder.name, BUNDLE, folder)
