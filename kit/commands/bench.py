"""``kit bench``: the study's own page, headless, on this machine."""

import json
from pathlib import Path
from typing import cast

import click

from kit.bench.browsers import GLS, KINDS, Gl, Kind
from kit.bench.session import Wish
from kit.bench.session import bench as measure
from kit.bench.table import report_lines
from kit.commands.definitions import split
from kit.commands.group import example
from kit.domain.protocol import ready_modes
from kit.errors import CallerError
from kit.models.catalog import list_bundles
from kit.settings import load_settings


@click.command(
    epilog=example(
        "kit bench --models flowers-small --modes tfjs-pixels,tfjs-webgl",
        "kit bench --gl swiftshader --seconds 2 --out bench.json",
        "kit bench --browser firefox --gl llvmpipe",
    )
)
@click.option("--models", help="Model names, with commas; every installed one where it is left out.")
@click.option("--modes", help="Output modes, with commas; all that can run where it is left out.")
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
def bench(
    models: str | None,
    modes: str | None,
    seconds: float | None,
    browser: str,
    gl: str,
    out: Path | None,
    quiet: bool,
) -> None:
    """Measure models and modes in a browser on this machine.

    Two modes are compared in rounds A B, B A, ... (six at least); the ratio has an interval over rounds.
    """
    if out is not None and not out.resolve().parent.is_dir():
        raise CallerError(f"--out: the folder {out.parent} is not there; make it first")
    wish = Wish(_models(models), _modes(modes), cast("Kind", browser), cast("Gl", gl), seconds)
    result = measure(wish, say=(lambda _line: None) if quiet else (lambda line: click.echo(line, err=True)))
    if out is not None:
        out.write_text(json.dumps(result.as_dict(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    click.echo("\n".join(report_lines(result.rows, result.ratios)))
    if not any(row["ok"] for row in result.rows):
        raise CallerError("no condition could be measured; the lines above say why")


def _models(given: str | None) -> tuple[str, ...]:
    installed = list_bundles(load_settings().model_roots)
    if given:
        return tuple(split(given))
    names = tuple(dict.fromkeys(bundle.name for bundle in installed if not bundle.internal))
    if not names:
        raise CallerError("no model is installed; name one: kit bench --models test-blocks")
    return names


def _modes(given: str | None) -> tuple[str, ...]:
    return tuple(split(given)) if given else tuple(ready_modes())
