"""``kit models add``: a model that was made elsewhere, checked, tried and published."""

import tempfile
from pathlib import Path
from typing import Any

import click

from kit.commands.foreign import (
    Options,
    choices_of,
    label_of,
    model_options,
    refuse_for_bundle,
    refuse_undecided,
    said_options,
)
from kit.commands.group import example
from kit.commands.output import json_option, print_json, printable
from kit.commands.store import ACTOR, bundles, make_home, now, open_database
from kit.db.admins import note
from kit.errors import CallerError
from kit.models.catalog import bundle_info
from kit.models.errors import BundleError
from kit.models.incoming import Facts, bounds_of, examine, publish_trial, withdrawn_on_error
from kit.settings import Settings, load_settings


@click.command(
    epilog=example(
        "kit models add painter.keras --input-range=-1,1",
        'kit models add web-model/ --name painter --title "Painter" --input-range=0,1 --size 256x256',
        "kit models add saved-model.zip --input-range=0,255 --json",
    )
)
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@model_options
@json_option
def add(path: Path, as_json: bool, **options: Any) -> None:
    """Check the model at PATH, try it on a test picture, and publish it for studies.

    PATH is a Keras file (.keras, .h5), a SavedModel, a TensorFlow.js model (its folder or model.json), or a bundle of
    Fieldkit; folders may come as a zip. Nothing in it is run as a program. The value ranges of pictures are asked for
    where the network does not show them.
    """
    settings = load_settings()
    try:
        answer = _added(path, options, settings)
    except BundleError as error:
        raise CallerError(f"{path}: {error}") from error
    if as_json:
        print_json(answer)
        return
    for text in answer["notes"]:
        click.echo(f"kit: {printable(text)}", err=True)
    click.echo("\n".join(_lines(answer)))


def _added(path: Path, options: Options, settings: Settings) -> dict[str, Any]:
    choices = choices_of(options)
    make_home(settings)
    rooms = settings.home / "uploads"  # beside the models: /tmp may be small
    rooms.mkdir(mode=0o700, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=rooms, prefix="kit-add-") as folder:
        room = Path(folder)
        bounds = bounds_of(settings.convert_mb, settings.convert_seconds)
        facts = examine(path, choices, room, bounds)
        if facts.is_bundle:
            refuse_for_bundle(options)
        refuse_undecided(facts, choices, options)
        known = bundles(settings)
        label = None if facts.is_bundle else label_of(path, options, known)
        root = settings.model_roots[0]
        target = publish_trial(room, facts, choices, label, root, known)
        with withdrawn_on_error(target), open_database(settings) as database, database.write() as session:
            published = f"{target.parent.name} {target.name}"
            note(session, ACTOR, "model added", published, now=now(), details={"kind": facts.kind})
    words = said_options(facts, options)
    kept = f"the file says of itself: {words}; to keep that, repeat it and publish the next version"
    return _answer(target, facts, (*facts.notes, kept) if words else facts.notes)


def _answer(target: Path, facts: Facts, notes: tuple[str, ...]) -> dict[str, Any]:
    info = bundle_info(target)
    return {
        "name": info.name,
        "version": info.version,
        "title": info.title,
        "kind": facts.kind,
        "input": {"shape": facts.input_shape, "range": facts.used_input_range},
        "output": {"shape": facts.output_shape, "range": facts.used_output_range},
        "parameters": info.parameters,
        "live_parameters": info.live_parameters,
        "multiply_adds": facts.multiply_adds,
        "bytes": info.bytes,
        "precision": info.precision,
        "psnr_db": info.psnr_db,
        "sha256": info.sha256,
        "path": str(target),
        "notes": notes,
    }


def _lines(answer: dict[str, Any]) -> list[str]:
    def port(name: str) -> str:
        shape = " x ".join(map(str, answer[name]["shape"]))
        low, high = answer[name]["range"]
        return f"{name:<11} {shape}, values {low:g} to {high:g}"

    return [
        f"{answer['name']} {answer['version']} is published; studies can use it now",
        port("input"),
        port("output"),
        f"parameters  {answer['parameters']:,}",
        f"download    {answer['bytes'] / 1e6:.3g} MB ({answer['precision']})",
    ]
