"""The compiled kernels of the engine are what the compiler makes of their sources, to the byte."""

import importlib.util
import tomllib
from pathlib import Path
from types import ModuleType

import pytest

from tests.conftest import missing
from tests.house.shell import ROOT


@pytest.fixture(scope="module")
def kernels() -> ModuleType:
    spec = importlib.util.spec_from_file_location("kernels", ROOT / "deploy" / "kernels.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_they_are_up_to_date(kernels: ModuleType) -> None:
    """Or else: python deploy/kernels.py"""
    assert kernels.is_current(ROOT)


def test_every_source_counts(kernels: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "kernels").mkdir()
    source = tmp_path / "kernels" / "a.c"
    source.write_text("int a;")
    before = kernels.sources_hash(tmp_path)
    source.write_text("int b;")
    assert kernels.sources_hash(tmp_path) != before


@pytest.mark.slow
def test_compiling_gives_the_same_bytes(kernels: ModuleType, tmp_path: Path) -> None:
    if importlib.util.find_spec("ziglang") is None:
        missing(f"no compiler for the kernels: pip install {kernels.COMPILER}")
    kernels.compile_kernels(tmp_path, ROOT / kernels.WASM)
    kept = {path.name: path.read_bytes() for path in (ROOT / kernels.WASM / "built").iterdir()}
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == kept


def test_a_source_that_does_not_compile_is_named(kernels: ModuleType, tmp_path: Path) -> None:
    if importlib.util.find_spec("ziglang") is None:
        missing(f"no compiler for the kernels: pip install {kernels.COMPILER}")
    (tmp_path / "kernels").mkdir()
    (tmp_path / "kernels" / "broken.c").write_text("int a = ;")
    with pytest.raises(kernels.KernelError, match=r"broken\.c:1"):
        kernels.compile_kernels(tmp_path / "into", tmp_path)


def test_structs_become_typescript_field_by_field(kernels: ModuleType) -> None:
    header = "enum kind { CONV, MAP };\nstruct a {\n  const float *x;\n  struct b y;\n  float z;\n};\n"
    made = kernels.layout(header)
    assert "export const KIND = {\n  conv: 0,\n  map: 1,\n}" in made
    assert '  a: {\n    x: "int",\n    y: "b",\n    z: "float",\n  },' in made


def test_the_project_pins_the_compiler_that_the_bytes_come_from(kernels: ModuleType) -> None:
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text())["dependency-groups"]
    assert kernels.COMPILER in groups["dev"]
    assert kernels.COMPILER in groups["build"]
