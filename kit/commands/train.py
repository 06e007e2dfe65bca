"""``kit train``: needs the [train] extra."""

import os
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from kit.commands.group import example
from kit.commands.output import json_option, print_json
from kit.commands.program import program
from kit.commands.quiet import import_quietly
from kit.errors import INSTALL_TENSORFLOW, CallerError
from kit.models.errors import BundleError
from kit.settings import load_settings

EVERY = "all"
STOPPED = 130


@click.command(
    epilog=example(
        "kit train flowers-small --data photographs/ --out training/",
        "kit train flowers-small --data photographs/ --out training/ --minutes 30 --publish 1.1.0",
        "kit train all --data datasets/ --out trainings/ --publish 1.1.0",
    )
)
@click.argument("preset")
@click.option(
    "--data",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A dataset (see kit dataset prepare), or a folder that holds one for each name (flowers, clouds).",
)
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to write; a run that was stopped goes on there.",
)
@click.option(
    "--steps", type=click.IntRange(min=1), help="Stop after so many steps; without a limit the preset's own."
)
@click.option("--minutes", type=click.FloatRange(min=0, min_open=True), help="Stop after so many minutes.")
@click.option(
    "--publish", "version", help="Measure and publish what was trained under this version, such as 1.0.0."
)
@click.option(
    "--root",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to publish; without it where this server's own models are.",
)
@click.option(
    "--pictures",
    type=click.Path(file_okay=False, path_type=Path),
    help="When publishing: also write a contact sheet without photographs, and the curves.",
)
@json_option
@click.pass_context
def train(
    context: click.Context,
    preset: str,
    data: Path,
    out: Path,
    steps: int | None,
    minutes: float | None,
    version: str | None,
    root: Path | None,
    pictures: Path | None,
    as_json: bool,
) -> None:
    """Train a network on a folder of photographs.

    PRESET says which network and with which settings: flowers-full, flowers-small, flowers-tiny, clouds-small,
    clouds-tiny; or all, one after the other, each in its own folder below --out.
    """
    if version is None and (root or pictures):
        raise click.UsageError("--root and --pictures go with --publish.")
    _check_installed()
    # By name, because nothing in the server's package may import the training code.
    main = import_module("kit.train.main")
    publishing = main.Release(version, root or load_settings().home / "models", pictures) if version else None
    say = partial(click.echo, err=as_json)
    plan = main.Plan(steps, minutes, publishing, say, import_quietly)
    try:
        if preset == EVERY:
            done = main.train_all(data, out, plan)
        else:
            done = {preset: main.train(preset, data, out, plan)}
    except (ValueError, BundleError) as error:
        raise CallerError(str(error)) from error
    folders = {name: out / name if preset == EVERY else out for name in done}
    if as_json:
        print_json([_as_dict(name, each, folders[name]) for name, each in done.items()])
    else:
        _tell(done, folders)
    if any(not each.finished for each in done.values()):
        click.echo(f"kit: stopped; call {program()} train again with the same --out to go on", err=True)
        context.exit(STOPPED)


def _check_installed() -> None:
    backend = os.environ.get("KERAS_BACKEND", "tensorflow")
    if find_spec("keras") is None or find_spec(backend) is None:
        raise CallerError(
            f"training needs Keras and {backend}, which are not installed; {INSTALL_TENSORFLOW}"
        )


def _as_dict(name: str, done: Any, folder: Path) -> dict[str, Any]:
    bundle = None if done.bundle is None else str(done.bundle)
    return {
        "preset": name,
        "steps": done.steps,
        "finished": done.finished,
        "folder": str(folder),
        "bundle": bundle,
    }


def _tell(done: dict[str, Any], folders: dict[str, Path]) -> None:
    for name, each in done.items():
        line = f"{name}: {each.steps:,} steps done; {folders[name]} holds the checkpoint, the curves and the preview sheets"
        click.echo(line + (f"; published as {each.bundle}" if each.bundle else ""))
