"""`make help`, and what somebody with the wrong Python reads."""

import re
import shutil
from pathlib import Path

import pytest

from tests.house.shell import ROOT, run, run_well

MAKEFILE = (ROOT / "Makefile").read_text()


def test_help_lists_what_the_readme_relies_on() -> None:
    listed = set(re.findall(r"^  make (\S+)", run_well("make", "help"), re.MULTILINE))
    assert {"help", "run", "test", "setup", "lint", "format", "build", "lock", "clean"} <= listed


def test_make_alone_prints_the_help() -> None:
    assert run_well("make") == run_well("make", "help")


def test_every_phony_target_exists() -> None:
    phony = re.search(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE)
    assert phony
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
    assert set(phony[1].split()) == targets


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        ("exit 1", "needs Python 3.11 or newer"),
        ('case "$*" in *ensurepip*) exit 1;; esac', "apt install python3-venv"),
    ],
    ids=["too old", "without venv"],
)
def test_an_unfit_python_is_one_clear_line(script: str, sentence: str, tmp_path: Path) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    python = tmp_path / "python"
    python.write_text(f"#!/bin/sh\n{script}\n")
    python.chmod(0o755)
    done = run("make", f"PYTHON={python}", ".venv/.made", cwd=tmp_path)
    assert done.returncode != 0
    assert sentence in done.stderr.splitlines()[0]
    assert not (tmp_path / ".venv").exists()


def test_checks_call_the_test_command_and_nothing_else() -> None:
    script = (ROOT / ".ci" / "run").read_text()
    assert re.findall(r"^exec (.+)$", script, re.MULTILINE) == ["make test"]


def test_pytest_has_the_last_word() -> None:
    steps = re.search(r"^test: (.+?) ##", MAKEFILE, re.MULTILINE)
    assert steps
    assert steps[1].split()[-1] == "pytest"
