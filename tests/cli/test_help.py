"""Every command explains itself with an example, and ``kit --help`` says the same as each command's own help."""

from collections.abc import Iterator

import click
import pytest
from click.testing import CliRunner

from kit.cli import COMMANDS, main
from kit.commands.group import load


def _commands() -> Iterator[tuple[list[str], click.Command]]:
    for name, entry in COMMANDS.items():
        command = load(entry)
        yield [name], command
        if isinstance(command, click.Group):
            yield from (([name, sub], child) for sub, child in command.commands.items())


ALL = list(_commands())


@pytest.mark.parametrize(("path", "command"), ALL, ids=[" ".join(path) for path, _ in ALL])
def test_every_command_has_help_with_an_example(path: list[str], command: click.Command) -> None:
    result = CliRunner().invoke(main, [*path, "--help"])
    assert result.exit_code == 0
    assert "Example:" in result.output
    assert " ".join(["kit", *path]) in result.output.split("Example:")[1]


@pytest.mark.parametrize("name", COMMANDS)
def test_the_overview_says_what_the_command_says(name: str) -> None:
    own = load(COMMANDS[name]).get_short_help_str(limit=200)
    assert own.rstrip(".").casefold() == COMMANDS[name].summary.rstrip(".").casefold()


@pytest.mark.parametrize(("path", "command"), ALL, ids=[" ".join(path) for path, _ in ALL])
def test_every_option_says_what_it_is_for(path: list[str], command: click.Command) -> None:
    silent = [
        option.name for option in command.params if isinstance(option, click.Option) and not option.help
    ]
    assert silent == []


def test_help_does_not_import_the_server() -> None:
    import subprocess
    import sys

    code = "import sys, kit.cli; kit.cli.main.get_help(__import__('click').Context(kit.cli.main)); print(*sys.modules)"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout.split()
    assert not {"flask", "sqlalchemy", "numpy", "pydantic", "tensorflow"} & set(loaded)
