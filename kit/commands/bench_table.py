"""``kit bench table``: the figures that the engine is judged by, as one table in a folder."""

from pathlib import Path
from typing import cast

import click

from kit.bench.browsers import GLS, KINDS, Gl, Kind, require_browser
from kit.bench.figures.keep import Keep
from kit.bench.figures.parts import MODELS, Part, plan_parts
from kit.bench.figures.readme import write_readme
from kit.bench.figures.take import Taking, take_all
from kit.bench.pairs import missing_runtimes
from kit.commands.definitions import split
from kit.commands.group import example
from kit.commands.output import table_lines
from kit.domain.modes import plain_modes
from kit.errors import CallerError
from kit.models.catalog import list_bundles
from kit.settings import load_settings

SOFTWARE = ("swiftshader", "llvmpipe")


@click.command(
    epilog=example(
        "kit bench table --out web/benchmarks",
        "kit bench table --out web/benchmarks --list",
        "kit bench table --out web/benchmarks --minutes 9",
        "kit bench table --out web/benchmarks --only flowers-tiny.pair --again",
        "kit bench table --out web/benchmarks --browser firefox",
        "kit bench table --out mine --gl native",
    )
)
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("web/benchmarks"),
    show_default=True,
    help="The folder of the table (README.md) and of the raw results (raw/).",
)
@click.option("--models", help=f"Model names, with commas; of {', '.join(MODELS)} those that are installed.")
@click.option(
    "--browser",
    type=click.Choice(KINDS),
    default="chromium",
    show_default=True,
    help="Which installed browser; each adds its own lines.",
)
@click.option(
    "--gl", help="With commas: swiftshader, llvmpipe, native. Both in software where it is left out."
)
@click.option("--seconds", type=click.FloatRange(0.5, 30), help="Length of a pair's timed windows; 1.")
@click.option("--only", help="Only parts with this in their name: see --list.")
@click.option("--again", is_flag=True, help="Also what is kept already, instead of going on.")
@click.option(
    "--minutes", type=click.FloatRange(0), help="Begin no part after this time; 0: only write the table."
)
@click.option("--list", "as_list", is_flag=True, help="Take nothing: list the parts, and which are kept.")
def table(
    out: Path,
    models: str | None,
    browser: str,
    gl: str | None,
    seconds: float | None,
    only: str | None,
    again: bool,
    minutes: float | None,
    as_list: bool,
) -> None:
    """Take every figure that the engine is judged by, and write the table of them.

    What is taken is kept, part by part: broken off, the same command goes on. Take it on a machine with nothing else to do.
    """
    keep = Keep(out)
    kind = cast("Kind", browser)
    require_browser(kind)
    parts = [
        part
        for part in plan_parts(_models(models), kind, _gls(gl, kind))
        if only is None or only in part.name
    ]
    if not parts:
        raise CallerError(f"--only: no part has {only} in its name; --list shows them")
    if as_list:
        click.echo("\n".join(_listed(parts, keep)))
        return
    wanted = parts if again else [part for part in parts if not keep.is_done(part)]
    failed: list[Part] = []
    if minutes != 0:
        _require_runtimes(wanted)
        failed = take_all(
            wanted, Taking(keep, seconds, minutes=minutes), lambda line: click.echo(line, err=True)
        )
    click.echo(f"The table is in {write_readme(keep)}")
    if failed:
        raise CallerError(f"{len(failed)} parts could not be taken; the lines above and the table say why")


def _require_runtimes(parts: list[Part]) -> None:
    asked = set(plain_modes(mode for part in parts for mode in part.modes))
    for runtime, modes in missing_runtimes().items():
        if asked.intersection(modes):
            raise CallerError(
                f"{' and '.join(modes)} cannot be compared: {runtime} is missing; kit rivals installs it"
            )


def _models(given: str | None) -> list[str]:
    there = {bundle.name for bundle in list_bundles(load_settings().model_roots)}
    names = split(given) if given else [name for name in MODELS if name in there]
    missing = [name for name in names if name not in there]
    if missing or not names:
        raise CallerError(
            f"there is no model {', '.join(missing or MODELS)}; `kit models list` shows what there is"
        )
    return names


def _gls(given: str | None, kind: Kind) -> list[Gl]:
    names = split(given) if given else [gl for gl in SOFTWARE if (kind, gl) != ("firefox", "swiftshader")]
    unknown = [name for name in names if name not in GLS]
    if unknown or not names:
        raise CallerError(
            f"--gl: there is no {', '.join(unknown) or 'name in it'}; choose from {', '.join(GLS)}"
        )
    if kind == "firefox" and "swiftshader" in names:
        raise CallerError("Firefox cannot run on SwiftShader; use --gl llvmpipe (software) or --gl native")
    return [cast("Gl", name) for name in names]


def _listed(parts: list[Part], keep: Keep) -> list[str]:
    rows = [[part.name, round(part.about_s), "yes" if keep.is_done(part) else "no"] for part in parts]
    return table_lines(("part", "about s", "kept"), rows)
