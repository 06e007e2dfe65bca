"""``kit models``: the bundles that are there, and whether they are what they say."""

from pathlib import Path

import click

from kit.commands.group import example
from kit.commands.model_add import add
from kit.commands.model_export import export
from kit.commands.output import json_option, print_json, print_table
from kit.errors import CallerError
from kit.models.catalog import BundleInfo, broken_bundles, find_bundle, list_bundles
from kit.models.errors import BundleError
from kit.models.verify import verify_bundle
from kit.settings import load_settings


@click.group(epilog=example("kit models list"))
def models() -> None:
    """List, verify, add and export models."""


models.add_command(add)
models.add_command(export)


@models.command("list", epilog=example("kit models list", "kit models list --json"))
@click.option("--all", "everything", is_flag=True, help="Also those that only tests and other tools use.")
@json_option
def list_(everything: bool, as_json: bool) -> None:
    """List the bundles that studies can use."""
    roots = load_settings().model_roots
    bundles = list_bundles(roots, internal=everything)
    for folder, reason in broken_bundles(roots):
        click.echo(f"kit: {folder} is left out: {reason}", err=True)
    if as_json:
        print_json([_as_dict(bundle) for bundle in bundles])
        return
    columns = ("model", "version", "parameters", "live", "download", "dB to float", "title")
    print_table(columns, [_cells(bundle) for bundle in bundles])


@models.command(
    epilog=example("kit models verify", "kit models verify flowers-small", "kit models verify ./my-bundle")
)
@click.argument("model", required=False)
@click.option("--version", help="Which version; the newest where it is left out.")
def verify(model: str | None, version: str | None) -> None:
    """Check one MODEL (a name or a folder), or all of them, against their manifests: every file, every tensor."""
    for label, folder in _wanted(model, version):
        try:
            manifest = verify_bundle(folder)
        except BundleError as error:
            raise CallerError(f"{label}: {error}") from error
        click.echo(
            f"ok  {manifest.name} {manifest.version}: {len(manifest.files)} files, as the manifest says"
        )


def _wanted(model: str | None, version: str | None) -> list[tuple[str, Path]]:
    roots = load_settings().model_roots
    if model is None:
        for folder, reason in broken_bundles(roots):
            raise CallerError(f"{folder}: {reason}")
        return [(bundle.name, bundle.path) for bundle in list_bundles(roots)]
    if Path(model).is_dir():
        return [(model, Path(model))]
    try:
        return [(model, find_bundle(roots, model, version).path)]
    except BundleError as error:
        raise CallerError(str(error)) from error


def _as_dict(bundle: BundleInfo) -> dict[str, object]:
    return {
        "name": bundle.name,
        "version": bundle.version,
        "title": bundle.title,
        "parameters": bundle.parameters,
        "live_parameters": bundle.live_parameters,
        "bytes": bundle.bytes,
        "psnr_db": bundle.psnr_db,
        "precision": bundle.precision,
        "internal": bundle.internal,
        "sha256": bundle.sha256,
    }


def _cells(bundle: BundleInfo) -> tuple[object, ...]:
    size = f"{bundle.bytes / 1e6:.1f} MB"
    return (
        bundle.name,
        bundle.version,
        bundle.parameters,
        bundle.live_parameters,
        size,
        bundle.psnr_db,
        bundle.title,
    )
