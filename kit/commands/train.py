"""``kit train``: the only command that needs the [train] extra."""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import click

from kit.commands.group import example
from kit.errors import CallerError

INSTALL = 'pip install "fieldkit[train]" (Linux x86-64, Python 3.11 or 3.12)'


@click.command(epilog=example("kit train flowers-small --data photographs/ --out training/ --minutes 30"))
@click.argument("preset")
@click.option(
    "--data",
    required=True,
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="A folder of photographs.",
)
@click.option(
    "--out",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="Where to write; a run that was stopped goes on there.",
)
@click.option("--steps", type=click.IntRange(min=1), help="Stop after so many steps.")
@click.option("--minutes", type=click.FloatRange(min=0, min_open=True), help="Stop after so many minutes.")
def train(preset: str, data: Path, out: Path, steps: int | None, minutes: float | None) -> None:
    """Train a network on a folder of photographs.

    PRESET says which network and with which settings: flowers-small, flowers-tiny, ...
    """
    if steps is None and minutes is None:
        raise click.UsageError("Say when to stop: --steps or --minutes.")
    if find_spec("tensorflow") is None:
        raise CallerError(f"training needs TensorFlow, which is not installed; {INSTALL}")
    # By name, because nothing in the server's package may import the training code.
    main = import_module("kit.train.main")
    try:
        done = main.train(preset, data, out, steps=steps, minutes=minutes, say=click.echo)
    except ValueError as error:
        raise CallerError(str(error)) from error
    click.echo(f"{done:,} steps done; {out} holds the checkpoint, the curves and the preview sheets")
