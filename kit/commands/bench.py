"""``kit bench``: the study's own page, headless, on this machine."""

import json
from pathlib import Path
from typing import cast

import click

from kit.bench.browsers import GLS, KINDS, Gl, Kind
from kit.bench.pairs import ALL, missing_runtimes, pairs_of
from kit.bench.session import Wish
from kit.bench.session import bench as measure
from kit.bench.table import report_lines
from kit.commands.bench_table import table
from kit.commands.definitions import split
from kit.commands.group import example
from kit.errors import CallerError
from kit.models.catalog import list_bundles
from kit.settings import load_settings


@click.group(
    invoke_without_command=True,
    epilog=example(
        "kit bench --models flowers-small --modes tfjs-pixels,tfjs-webgl",
        'kit bench --models flowers-small --modes "tfjs-wasm,direct-wasm,direct-wasm[threads=1]"',
        "kit bench --models flowers-small --modes all --gl llvmpipe",
        "kit bench --models flowers-small,flowers-tiny --pairs engine --gl swiftshader",
        "kit bench --gl swiftshader --seconds 2 --out bench.json",
        "kit bench --browser firefox --gl llvmpipe",
        "kit bench table --out web/benchmarks",
    ),
)
@click.option("--models", help="Model names, with commas; every installed one where it is left out.")
@click.option(
    "--modes",
    help="Output modes, with commas; all: the rivals too. Wishes stand in brackets: direct-wasm[threads=1].",
)
@click.option(
    "--reference", help="The mode that the others are compared with; the first, or tfjs-webgl of all."
)
@click.option(
    "--pairs",
    help="Compare these instead: THEIRS/OURS, with commas; engine: each back end of the engine with its rivals.",
)
@click.option("--seconds", type=click.FloatRange(0.5, 30), help="Length of each of a block's two windows.")
@click.option(
    "--browser",
    type=click.Choice(KINDS),
    default="chromium",
    show_default=True,
    help="Which installed browser.",
)
@click.option(
    "--gl",
    type=click.Choice(GLS),
    default="native",
    show_default=True,
    help="This machine's GPU, or one of two in software.",
)
@click.option(
    "--out",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    help="Also write everything as JSON.",
)
@click.option("--quiet", is_flag=True, help="No progress, only the table.")
@click.pass_context
def bench(
    context: click.Context,
    models: str | None,
    modes: str | None,
    reference: str | None,
    pairs: str | None,
    seconds: float | None,
    browser: str,
    gl: str,
    out: Path | None,
    quiet: bool,
) -> None:
    """Measure models and modes in a browser on this machine.

    Two modes are compared in rounds A B, B A, ... (six at least); the ratio has an interval over rounds. Each pair has a
    page load of its own.
    """
    if context.invoked_subcommand is not None:
        return
    if out is not None and not out.resolve().parent.is_dir():
        raise CallerError(f"--out: the folder {out.parent} is not there; make it first")
    compared = tuple(pairs_of(modes, reference, pairs))
    wish = Wish(_models(models), compared, cast("Kind", browser), cast("Gl", gl), seconds)
    if modes == ALL or pairs:
        _say_what_lacks()
    result = measure(wish, say=(lambda _line: None) if quiet else (lambda line: click.echo(line, err=True)))
    if out is not None:
        out.write_text(json.dumps(result.as_dict(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    click.echo("\n".join(report_lines(result.rows, result.ratios)))
    if not any(row["ok"] for row in result.rows):
        raise CallerError("no condition could be measured; the lines above say why")


bench.add_command(table)


def _models(given: str | None) -> tuple[str, ...]:
    installed = list_bundles(load_settings().model_roots)
    if given:
        return tuple(split(given))
    names = tuple(dict.fromkeys(bundle.name for bundle in installed if not bundle.internal))
    if not names:
        raise CallerError("no model is installed; name one: kit bench --models test-blocks")
    return names


def _say_what_lacks() -> None:
    for runtime, modes in missing_runtimes().items():
        click.echo(
            f"{' and '.join(modes)} left out: {runtime} is not installed; kit rivals installs it", err=True
        )
