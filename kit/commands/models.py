"""``kit models``: the bundles that are there, and whether they are what they say."""

from pathlib import Path
from typing import Any

import click

from kit.commands.group import example
from kit.commands.model_add import add
from kit.commands.model_export import export
from kit.commands.output import json_option, print_json, print_table
from kit.errors import CallerError
from kit.models.catalog import BundleInfo, broken_bundles, find_bundle, list_bundles
from kit.models.errors import BundleError
from kit.models.manifest import MANIFEST, read_manifest
from kit.models.verify import verify_bundle
from kit.settings import load_settings

SECONDS_PER_BYTE = 8 / 10e6
"""At 10 Mbit/s."""
ONE_PICTURE = "*"


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
    if any(_measured_on(bundle) for bundle in bundles):
        click.echo(
            f"{ONE_PICTURE} on one picture alone; compare it with no figure that many photographs gave"
        )


@models.command(
    epilog=example("kit models verify", "kit models verify flowers-small", "kit models verify ./my-bundle")
)
@click.argument("model", required=False)
@click.option("--version", help="Which version; the newest where it is left out.")
@json_option
@click.pass_context
def verify(context: click.Context, model: str | None, version: str | None, as_json: bool) -> None:
    """Check one MODEL (a name or a folder), or all of them, against their manifests: every file, every tensor.

    The first that is wrong ends it; with --json all are checked, and the exit code is 2 where one is wrong.
    """
    rows = []
    for label, folder, broken in _wanted(model, version):
        rows.append(row := _verified(label, folder, broken))
        if as_json:
            continue
        if not row["ok"]:
            raise CallerError(f"{label}: {row['reason']}")
        click.echo(f"ok  {row['name']} {row['version']}: {row['files']} files, as the manifest says")
    if as_json:
        print_json(rows)
        if not all(row["ok"] for row in rows):
            context.exit(2)


def _verified(label: str, folder: Path, broken: str | None) -> dict[str, Any]:
    row = {"model": label, "path": str(folder), "name": None, "version": None, "files": None}
    try:
        manifest = verify_bundle(folder)
    except BundleError as error:
        return row | {"ok": False, "reason": str(error)}
    said = {"name": manifest.name, "version": manifest.version, "files": len(manifest.files)}
    return row | said | {"ok": broken is None, "reason": broken}


def _wanted(model: str | None, version: str | None) -> list[tuple[str, Path, str | None]]:
    """Label, folder, and what is wrong already for those that no list shows."""
    roots = load_settings().model_roots
    if model is None:
        broken = [(str(folder), folder, reason) for folder, reason in broken_bundles(roots)]
        return [*broken, *((bundle.name, bundle.path, None) for bundle in list_bundles(roots))]
    if Path(model).is_dir():
        return [(str(folder), folder, None) for folder in _below(Path(model))]
    try:
        return [(model, find_bundle(roots, model, version).path, None)]
    except BundleError as error:
        raise CallerError(str(error)) from error


def _below(folder: Path) -> list[Path]:
    """A bundle's folder, or those of the bundles in it: NAME/VERSION, as `kit convert --to bundle` writes them."""
    if (folder / MANIFEST).exists():
        return [folder]
    found = sorted(path.parent for depth in ("*", "*/*") for path in folder.glob(f"{depth}/{MANIFEST}"))
    if not found:
        raise CallerError(f"{folder} holds no bundle: no {MANIFEST}, and none in NAME/VERSION below it")
    return found


def _as_dict(bundle: BundleInfo) -> dict[str, object]:
    """``bytes`` is what a tester downloads; ``fp32_bytes`` what all parameters would be as they were trained."""
    fp32 = 4 * bundle.parameters
    manifest = read_manifest(bundle.path)
    return {
        "name": bundle.name,
        "version": bundle.version,
        "title": bundle.title,
        "parameters": bundle.parameters,
        "live_parameters": bundle.live_parameters,
        "stored_values": manifest.parameters.stored_values,
        "bytes": bundle.bytes,
        "fp32_bytes": fp32,
        "seconds_at_10_mbit": round(bundle.bytes * SECONDS_PER_BYTE, 1),
        "fp32_seconds_at_10_mbit": round(fp32 * SECONDS_PER_BYTE, 1),
        "psnr_db": bundle.psnr_db,
        "psnr_measured_on": _measured_on(bundle),
        "precision": bundle.precision,
        "internal": bundle.internal,
        "sha256": bundle.sha256,
    }


def _measured_on(bundle: BundleInfo) -> str | None:
    """What the PSNR was measured on, where it is less than a set of test photographs."""
    said = (read_manifest(bundle.path).quality or {}).get("measured_on")
    return said if isinstance(said, str) else None


def _cells(bundle: BundleInfo) -> tuple[object, ...]:
    size = f"{bundle.bytes / 1e6:.1f} MB"
    mark = ONE_PICTURE if _measured_on(bundle) else ""
    return (
        bundle.name,
        bundle.version,
        bundle.parameters,
        bundle.live_parameters,
        size,
        None if bundle.psnr_db is None else f"{bundle.psnr_db:.1f}{mark}",
        bundle.title,
    )
