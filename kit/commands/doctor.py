"""``kit doctor``: what is right with this installation, what is not, and what to do about it."""

import click

from kit.commands.checks import Check, all_checks
from kit.commands.group import example
from kit.commands.output import json_option, print_json

MARKS = {"ok": ("ok  ", "green"), "warn": ("warn", "yellow"), "fail": ("FAIL", "red")}


@click.command(epilog=example("kit doctor", "kit doctor --json"))
@json_option
def doctor(as_json: bool) -> None:
    """Check this installation and say what to do about what is wrong."""
    checks = list(all_checks())
    if as_json:
        print_json([check._asdict() for check in checks])
    else:
        click.echo("\n".join(_line(check) for check in checks))
    failed = sum(check.level == "fail" for check in checks)
    if failed:
        raise click.exceptions.Exit(1)


def _line(check: Check) -> str:
    mark, colour = MARKS[check.level]
    advice = f" -> {check.advice}" if check.advice else ""
    return f"{click.style(mark, fg=colour)}  {check.name}: {check.found}{advice}"
