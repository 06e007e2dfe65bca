"""``kit convert``: a model file of any kind that the kit reads, in another format."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from kit.commands.formats import FORMATS, check, out_option, write
from kit.commands.group import example
from kit.errors import CallerError
from kit.models.errors import BundleError

if TYPE_CHECKING:
    from kit.models.exporting.about import About
    from kit.models.incoming import Choices, Facts
    from kit.models.network import Network
    from kit.models.sandbox import Bounds

BUNDLE = "bundle"


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
@click.option(
    "--size", metavar="HxW", help="Height and width of the input, where the model leaves them open."
)
@click.option("--name", help="What the model is called; made from the file's name where it is left out.")
@click.option("--version", default="1.0.0", show_default=True, help="For a bundle: its version.")
@click.option(
    "--input-range", metavar="LOW,HIGH", help="For a bundle: lowest and highest value that goes in."
)
@click.option(
    "--output-range", metavar="LOW,HIGH", help="For a bundle: lowest and highest value that comes out."
)
def convert(
    path: Path,
    format: str,
    out: Path,
    size: str | None,
    name: str | None,
    version: str,
    input_range: str | None,
    output_range: str | None,
) -> None:
    """Write the model at PATH in another format.

    PATH is a Keras file, a SavedModel, a TensorFlow.js model or a bundle; a folder, a file or a zip. A bundle is
    written as NAME/VERSION into the folder --out.
    """
    from kit.models.incoming import suggested_name

    try:
        choices = _choices(size, input_range, output_range)
        if format == BUNDLE:
            _publish(path, choices, name or suggested_name(path.absolute()), version, out)
            return
        check(format, out)
        network, about = _read(path, choices.size, name)
    except BundleError as error:
        raise CallerError(f"{path}: {error}") from error
    write(network, about, format, out)


def _choices(size: str | None, input_range: str | None, output_range: str | None) -> "Choices":
    from kit.models.incoming import Choices, parse_range, parse_size

    return Choices(
        size=parse_size(size, "--size") if size else None,
        input_range=parse_range(input_range, "--input-range") if input_range else None,
        output_range=parse_range(output_range, "--output-range") if output_range else None,
    )


def _bounds() -> "Bounds":
    from kit.models.incoming import bounds_of
    from kit.settings import load_settings

    settings = load_settings()
    return bounds_of(settings.convert_mb, settings.convert_seconds)


def _read(path: Path, size: tuple[int, int] | None, name: str | None) -> "tuple[Network, About]":
    from kit.models.exporting.about import about_bundle, about_network
    from kit.models.fusing import fused
    from kit.models.incoming import read_network, suggested_name
    from kit.models.loaded import load_network
    from kit.models.manifest import MANIFEST
    from kit.models.verify import verify_bundle

    if (path / MANIFEST).is_file():
        manifest = verify_bundle(path)
        return load_network(path), about_bundle(path, manifest)
    network, _kind = read_network(path, size, _bounds())
    return fused(network), about_network(network, name or suggested_name(path.absolute()))


def _publish(path: Path, choices: "Choices", name: str, version: str, root: Path) -> None:
    import tempfile

    from kit.models.incoming import examine, publish_trial
    from kit.models.incoming.publishing import about

    label = about(name=name, version=version, title=name, description="")
    with tempfile.TemporaryDirectory(prefix="kit-convert-") as room:
        facts = examine(path, choices, Path(room), _bounds())
        _check_decided(facts, choices)
        made = publish_trial(Path(room), facts, choices, label, root)
    click.echo(f"{made}: {made.parent.name} {made.name} as bundle")


def _check_decided(facts: "Facts", choices: "Choices") -> None:
    open_questions = facts.undecided(choices)
    if not open_questions:
        return
    asked = " and ".join(f"--{end}-range=LOW,HIGH" for end in open_questions)
    low, high = facts.observed
    raise CallerError(
        f"the model does not say which values its pictures have; add {asked}, often -1,1 or 0,1 or 0,255 "
        f"(for a test picture between {facts.used_input_range[0]:g} and {facts.used_input_range[1]:g} it gave values "
        f"from {low:.3g} to {high:.3g})"
    )
