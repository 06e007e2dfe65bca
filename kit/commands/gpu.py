"""``kit gpu``: renderer strings to devices, for people who want to check the rules."""

import csv
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import click

from kit.commands.group import example
from kit.commands.output import json_option, print_json
from kit.errors import CallerError


@click.command(
    epilog=example(
        'kit gpu "ANGLE (NVIDIA, NVIDIA GeForce RTX 3060 (0x00002504) Direct3D11)"',
        "kit gpu - < strings.txt",
        "kit gpu --score labelled.csv",
    )
)
@click.argument("string", required=False)
@click.option(
    "--score",
    "labelled",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Instead: a CSV file with the columns renderer, vendor, model, class, api and blurred. "
    "Prints how many strings come out as it says, and those that do not.",
)
@json_option
def gpu(string: str | None, labelled: Path | None, as_json: bool) -> None:
    """Say which GPU a renderer STRING means.

    Prints one JSON object a line. With "-" it reads one string a line from standard input.
    """
    if (string is None) == (labelled is None):
        raise CallerError('give one renderer string, or "-" for standard input, or --score with a file')
    if labelled is not None:
        _print_score(labelled, as_json=as_json)
        return
    from kit.domain.gpu import parse_renderer

    for renderer in _lines() if string == "-" else [_readable(string or "")]:
        click.echo(json.dumps(parse_renderer(renderer).as_dict(), ensure_ascii=False))


def _readable(argument: str) -> str:
    """A word of the command line whose bytes were no text could not be printed again."""
    return argument.encode("utf-8", "replace").decode("utf-8")


def _lines() -> Iterable[str]:
    """Every line, empty ones too, so that the output's lines stand beside the input's. Bytes that are no UTF-8 are marked."""
    return (line.decode("utf-8", "replace").rstrip("\r\n") for line in sys.stdin.buffer)


def _print_score(labelled: Path, *, as_json: bool) -> None:
    from kit.domain.gpu.score import score

    found = score(_labels(labelled))
    if not found.rows:
        raise CallerError(f"{labelled}: there is no string in it")
    shares = found.right | {"all five": found.all_five}
    if as_json:
        misses = [
            {"renderer": miss.renderer, "expected": miss.expected, "got": miss.got} for miss in found.misses
        ]
        print_json({"strings": found.rows, "right": shares, "misses": misses})
        return
    for miss in found.misses:
        wrong = "; ".join(f"{name} {miss.got[name]!r}, not {miss.expected[name]!r}" for name in miss.expected)
        click.echo(f"{miss.renderer}\n    {wrong}")
    for name, right in shares.items():
        click.echo(f"{name:<9} {right} of {found.rows}  {100 * right / found.rows:.1f} %")


def _labels(path: Path) -> list[dict[str, Any]]:
    from kit.domain.gpu.score import NEEDED

    try:
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.DictReader(file)
            lacking = [name for name in NEEDED if name not in (reader.fieldnames or ())]
            rows = [] if lacking else list(reader)
    except (UnicodeDecodeError, csv.Error) as error:
        raise CallerError(f"{path}: it is no CSV file in UTF-8 ({error})") from error
    if lacking:
        raise CallerError(f"{path}: it lacks the columns {', '.join(lacking)}")
    if any(row[name] is None for row in rows for name in NEEDED):
        raise CallerError(f"{path}: a line has fewer columns than the first one")
    return rows
