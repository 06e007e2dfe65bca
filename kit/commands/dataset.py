"""``kit dataset``: photographs for training, fetched, cut from videos, prepared."""

from dataclasses import asdict, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kit.commands.group import example
from kit.commands.meter import Meter
from kit.commands.output import json_option, print_json
from kit.errors import INSTALL_TRAIN, CallerError
from kit.settings import load_settings

NEEDS_AV = f"reading videos needs PyAV, which is not installed; {INSTALL_TRAIN}"
if TYPE_CHECKING:
    from kit.datasets.stills import Stills

out_option = click.option(
    "--out", required=True, type=click.Path(file_okay=False, path_type=Path), help="The folder to write."
)


@click.group(epilog=example("kit dataset prepare photographs/ --out flowers/"))
def dataset() -> None:
    """Get photographs, cut videos into stills, prepare them for training."""


@dataset.command(epilog=example("kit dataset get flowers102 --out flowers102/"))
@click.argument("name", type=click.Choice(["flowers102"]))
@out_option
@json_option
def get(name: str, out: Path, as_json: bool) -> None:
    """Fetch a public collection: flowers102, 8,189 photographs of flowers, 345 MB.

    A download that was cut off goes on where it stopped. An archive that you have already is used if it lies in the
    folder as 102flowers.tgz.
    """
    from kit.datasets import flowers102

    source = replace(flowers102.PUBLISHED, url=load_settings().flowers102_url)
    count = flowers102.get(source, out, Meter("MB", 1e6))
    if as_json:
        print_json({"out": str(out), "photographs": count, "rights": flowers102.RIGHTS})
        return
    click.echo(f"{out} holds {count:,} photographs. {flowers102.RIGHTS}")
    click.echo(f"Next: kit dataset prepare {out} --out ...")


@dataset.command(
    epilog=example(
        "kit dataset frames timelapse.mp4 --out stills/ --count 300",
        "kit dataset frames day1.mkv day2.mkv --out stills/ --every 10",
    )
)
@click.argument("videos", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@out_option
@click.option(
    "--count", type=click.IntRange(1, 20_000), help="So many stills of each video, equally far apart."
)
@click.option("--every", type=click.FloatRange(min=0, min_open=True), help="A still every so many seconds.")
@json_option
def frames(
    videos: tuple[Path, ...], out: Path, count: int | None, every: float | None, as_json: bool
) -> None:
    """Cut stills out of VIDEOS (files, or folders of them), a left and a right square of each.

    Videos that cannot be read are named and skipped.
    """
    if (count is None) == (every is None):
        raise click.UsageError("Say either --count or --every.")
    if find_spec("av") is None:
        raise CallerError(NEEDS_AV)
    from kit.datasets.stills import cut_all
    from kit.datasets.video import Interval

    result = cut_all(_files(videos), out, Interval(count, every), _announce)
    for path, reason in result.skipped.items():
        click.echo(f"kit: {path} is skipped: it {reason}", err=True)
    for path, reason in result.incomplete.items():
        click.echo(f"kit: {path} {reason}", err=True)
    if not result.squares:
        raise CallerError("none of the videos could be used; the lines above say why")
    if as_json:
        print_json(_as_dict(out, result))
        return
    click.echo(f"{result.stills:,} stills, {result.squares:,} squares in {out}")


def _as_dict(out: Path, result: "Stills") -> dict[str, object]:
    said = {
        name: {str(path): reason for path, reason in getattr(result, name).items()}
        for name in ("skipped", "incomplete")
    }
    return {"out": str(out), "stills": result.stills, "squares": result.squares} | said


def _announce(path: Path) -> Meter:
    click.echo(str(path), err=True)
    return Meter("stills")


def _files(given: tuple[Path, ...]) -> list[Path]:
    from kit.datasets.video import ENDINGS

    found: list[Path] = []
    for path in given:
        if path.is_dir():
            inside = sorted(
                file for file in path.rglob("*") if file.suffix.lower() in ENDINGS and file.is_file()
            )
            if not inside:
                raise CallerError(f"{path} holds no videos ({' '.join(sorted(ENDINGS))})")
            found += inside
        else:
            found.append(path)
    return found


@dataset.command(epilog=example("kit dataset prepare photographs/ --out flowers/"))
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
@out_option
@click.option("--seed", default=102, show_default=True, help="Decides which photographs are for testing.")
@json_option
def prepare(folder: Path, out: Path, seed: int, as_json: bool) -> None:
    """Make a dataset of all pictures below FOLDER: squares of 286 pixels, a fifth of them for testing.

    Pictures that cannot be read are named and skipped; of the same picture twice one is kept. CREDITS.csv in the
    folder goes along.
    """
    from kit.datasets.prepare import prepare as prepare_folder

    done = prepare_folder(folder, out, seed, Meter("pictures"))
    for name, reason in done.skipped.items():
        click.echo(f"kit: {name} is skipped: it {reason}", err=True)
    for name, kept in done.doubles.items():
        click.echo(f"kit: {name} is skipped: it is the same picture as {kept}", err=True)
    if as_json:
        print_json({"out": str(out), "seed": seed} | asdict(done))
        return
    credited = "" if done.credited is None else f", {done.credited:,} of them credited"
    click.echo(
        f"{out}: {len(done.kept):,} photographs, {done.train:,} to learn from and {done.test:,} to test on{credited}; "
        f"skipped {len(done.skipped):,} that cannot be used, {len(done.doubles):,} doubles, {done.others:,} other files"
    )
