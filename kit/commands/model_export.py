"""``kit models export``: a published model in the format of other software."""

from pathlib import Path

import click

from kit.commands.formats import FORMATS, check, out_option, tell, write
from kit.commands.group import example
from kit.commands.output import json_option
from kit.errors import CallerError
from kit.models.errors import BundleError
from kit.settings import load_settings


@click.command(
    epilog=example(
        "kit models export flowers-small --to onnx --out flowers-small.onnx",
        "kit models export flowers-small --version 1.1.0 --to tfjs-graph --out flowers-small-tfjs",
    )
)
@click.argument("model")
@click.option("--version", help="Which version; the newest where it is left out.")
@click.option("--to", "format", required=True, type=click.Choice(list(FORMATS)), help="The format.")
@out_option
@json_option
def export(model: str, version: str | None, format: str, out: Path, as_json: bool) -> None:
    """Write a published MODEL in another format: Keras, TensorFlow.js or ONNX.

    The network takes what the model's preprocessing makes of a picture; what that is, and who is to be credited,
    is written into the file where the format has a place for it.
    """
    from kit.models.catalog import find_bundle
    from kit.models.exporting.notes import notes_of_bundle
    from kit.models.loaded import load_network
    from kit.models.verify import verify_bundle

    check(format, out)
    try:
        folder = find_bundle(load_settings().model_roots, model, version).path
        manifest = verify_bundle(folder)
        network, notes = load_network(folder), notes_of_bundle(folder, manifest)
    except BundleError as error:
        raise CallerError(str(error)) from error
    tell(write(network, notes, format, out), as_json=as_json)
