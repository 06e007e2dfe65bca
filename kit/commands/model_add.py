"""``kit models add``: a model that was made elsewhere, checked, tried and published."""

import tempfile
from pathlib import Path
from typing import Any

import click

from kit.commands.group import example
from kit.commands.output import cell, json_option, print_json
from kit.commands.store import ACTOR, bundles, make_home, now, open_database
from kit.db.admins import note
from kit.errors import CallerError
from kit.models.catalog import bundle_info
from kit.models.errors import BundleError
from kit.models.incoming import (
    About,
    Choices,
    Facts,
    about,
    bounds_of,
    examine,
    parse_credit,
    parse_range,
    parse_size,
    publish_trial,
    suggested_name,
    suggested_version,
    withdrawn_on_error,
)
from kit.settings import Settings, load_settings

OWN_WORDS = ("name", "version", "title", "description", "credit")
OWN_NUMBERS = ("size", "input_range", "output_range", "precision")


@click.command(
    epilog=example(
        "kit models add painter.keras --input-range=-1,1",
        'kit models add web-model/ --name painter --title "Painter" --input-range=0,1 --size 256x256',
        "kit models add saved-model.zip --input-range=0,255 --json",
    )
)
@click.argument("path", type=click.Path(exists=True, path_type=Path))
@click.option("--name", help="Small letters, digits and -; made from the file's name where it is left out.")
@click.option("--version", help="Three numbers, such as 1.0.0; the next free one where it is left out.")
@click.option("--title", help="What people read.")
@click.option("--description", help="A sentence or two.")
@click.option(
    "--size", metavar="HxW", help="Height and width of the input, for networks that take any; else 256x256."
)
@click.option(
    "--input-range", metavar="LOW,HIGH", help="Values that the network expects, where it does not say so."
)
@click.option("--output-range", metavar="LOW,HIGH", help="Values that it gives, where it does not say so.")
@click.option(
    "--precision",
    type=click.Choice(["int8", "float16", "float32"]),
    help="How weights are stored and sent; float16 where it is left out.",
)
@click.option(
    "--credit", multiple=True, metavar="WHAT|LICENCE|URL", help="A source to name; may be repeated."
)
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
        click.echo(f"kit: {text}", err=True)
    click.echo("\n".join(_lines(answer)))


def _added(path: Path, options: dict[str, Any], settings: Settings) -> dict[str, Any]:
    choices = _choices(options)
    make_home(settings)
    rooms = settings.home / "uploads"  # beside the models: /tmp may be small
    rooms.mkdir(mode=0o700, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=rooms, prefix="kit-add-") as folder:
        room = Path(folder)
        bounds = bounds_of(settings.convert_mb, settings.convert_seconds)
        facts = examine(path, choices, room, bounds)
        _refuse_needless(facts, options)
        _refuse_undecided(facts, choices)
        known = bundles(settings)
        label = None if facts.is_bundle else _label(path, options, known)
        root = settings.model_roots[0]
        target = publish_trial(room, facts, choices, label, root, known)
        with withdrawn_on_error(target), open_database(settings) as database, database.write() as session:
            published = f"{target.parent.name} {target.name}"
            note(session, ACTOR, "model added", published, now=now(), details={"kind": facts.kind})
    return _answer(target, facts)


def _choices(options: dict[str, Any]) -> Choices:
    def read(name: str, parse: Any) -> Any:
        return parse(options[name], f"--{name.replace('_', '-')}") if options[name] else None

    return Choices(
        size=read("size", parse_size),
        input_range=read("input_range", parse_range),
        output_range=read("output_range", parse_range),
        precision=options["precision"] or "float16",
    )


def _label(path: Path, options: dict[str, Any], known: Any) -> About:
    name = options["name"] or suggested_name(path.absolute())
    return about(
        name=name,
        version=options["version"] or suggested_version(name, known),
        title=options["title"] or name,
        description=options["description"] or "",
        credits=tuple(map(parse_credit, options["credit"])),
    )


def _refuse_needless(facts: Facts, options: dict[str, Any]) -> None:
    given = [name for name in (*OWN_WORDS, *OWN_NUMBERS) if options[name]]
    if facts.is_bundle and given:
        option = given[0].replace("_", "-")
        raise BundleError(
            f"a bundle keeps what its manifest says, so that it stays the same everywhere; leave out --{option}"
        )


def _refuse_undecided(facts: Facts, choices: Choices) -> None:
    for which in facts.undecided(choices):
        low, high = facts.used_input_range if which == "input" else facts.used_output_range
        seen = f" (on the test picture it gave {cell(facts.observed[0])} to {cell(facts.observed[1])})"
        raise BundleError(
            f"the network does not say which values its {which} has{seen if which == 'output' else ''}; "
            f"add --{which}-range={low:g},{high:g} if that is it, or the range that it was trained with"
        )


def _answer(target: Path, facts: Facts) -> dict[str, Any]:
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
        "notes": facts.notes,
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
