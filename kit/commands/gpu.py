"""``kit gpu``: renderer strings to devices, for people who want to check the rules."""

import json
import sys
from collections.abc import Iterable

import click

from kit.commands.group import example


@click.command(
    epilog=example(
        'kit gpu "ANGLE (NVIDIA, NVIDIA GeForce RTX 3060 (0x00002504) Direct3D11)"', "kit gpu - < strings.txt"
    )
)
@click.argument("string")
def gpu(string: str) -> None:
    """Say which GPU a renderer STRING means.

    Prints one JSON object a line. With "-" it reads one string a line from standard input.
    """
    from kit.domain.gpu import parse_renderer

    for renderer in _lines() if string == "-" else [string]:
        click.echo(json.dumps(parse_renderer(renderer).as_dict(), ensure_ascii=False))


def _lines() -> Iterable[str]:
    """Every line, empty ones too, so that the output's lines stand beside the input's."""
    return (line.rstrip("\r\n") for line in sys.stdin)
