"""The wheel, built and installed once for all tests that use it."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.house.shell import ROOT, UV, plain_environment, run_well


@dataclass(frozen=True)
class Packed:
    """The two archives that a release consists of."""

    wheel: Path
    source: Path


@pytest.fixture(scope="session")
def clean_tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what is in the repository (and what is new and not ignored), without anything built."""
    tree = tmp_path_factory.mktemp("tree")
    listed = run_well("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, tree / name)
    return tree


@pytest.fixture(scope="session")
def packed(clean_tree: Path, tmp_path_factory: pytest.TempPathFactory) -> Packed:
    """The source archive, built from a clean tree, and the wheel, built from that archive.

    No program can be found on PATH: Node has to come with the build requirements.
    """
    out = tmp_path_factory.mktemp("packed")
    environment = plain_environment(PATH=str(out / "nothing"))
    build = [UV, "build", "--build-constraints", ROOT / "requirements-build.lock", "--out-dir", out]
    run_well(*build, "--sdist", clean_tree, environment=environment)
    (source,) = out.glob("*.tar.gz")
    run_well(*build, "--wheel", source, environment=environment)
    (wheel,) = out.glob("*.whl")
    return Packed(wheel, source)


@pytest.fixture(scope="session")
def installed(packed: Packed, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The bin folder of an environment that holds the locked server packages and the wheel, nothing else."""
    venv = tmp_path_factory.mktemp("installed") / "venv"
    run_well(UV, "venv", "--quiet", venv)
    install = [UV, "pip", "install", "--quiet", "--no-deps", "--python", venv / "bin" / "python"]
    run_well(*install, "--require-hashes", "-r", ROOT / "requirements.lock")
    run_well(*install, packed.wheel)
    return venv / "bin"
