"""A ``kit`` command line of each test's own: its home is a fresh folder."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from kit.cli import main


@dataclass(frozen=True)
class Kit:
    """Runs commands in this process with ``home`` as KIT_HOME."""

    home: Path

    def __call__(
        self, *arguments: str, code: int = 0, stdin: str | None = None, **environment: str
    ) -> Result:
        """Run one command and check its exit code."""
        variables = {"KIT_HOME": str(self.home)} | environment
        result = CliRunner().invoke(main, arguments, input=stdin, env=variables)
        assert result.exit_code == code, result.output
        return result

    def json(self, *arguments: str) -> Any:
        """What a command with --json prints."""
        return json.loads(self(*arguments, "--json").stdout)


@pytest.fixture
def kit(tmp_path: Path) -> Kit:
    return Kit(tmp_path / "home")


@pytest.fixture
def study(kit: Kit) -> str:
    """The name of a study on the very small bundle."""
    name: str = kit.json("study", "new", "--title", "Clouds", "--models", "test-blocks")["study"]
    return name


OneLine = Callable[[Result], str]


@pytest.fixture
def one_line() -> OneLine:
    """The single line that an error prints; nothing else may stand on standard error, least of all a traceback."""

    def read(result: Result) -> str:
        lines = result.stderr.splitlines()
        assert len(lines) == 1, result.stderr
        assert lines[0].startswith("kit: ")
        return lines[0]

    return read
