"""``kit bench table`` in a real browser: parts are taken, kept, and not taken again; every mode paints the right picture."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from kit.assets import Assets
from kit.errors import CallerError
from kit.rivals.install import install
from tests.cli.test_serve import kit_environment
from tests.conftest import missing

pytestmark = [pytest.mark.timeout(600), pytest.mark.slow]
WITHOUT_LIBRARIES = "direct-webgl", "direct-wasm", "direct-webgpu", "tfjs-webgl", "tfjs-wasm", "tfjs-webgpu"
RIVALS = "ort-wasm", "ort-webgpu", "litert-webgpu"


@pytest.fixture
def environment(short_folder: Path, chromium: str) -> dict[str, str]:
    """A home of this test's own."""
    if not Assets().has("src/bench/main.ts"):
        missing("the front end is not built: `make setup`")
    try:
        install()  # 110 MB the first time; nothing when they are there
    except CallerError as error:
        missing(error.message)
    scratch = short_folder / "tmp"
    scratch.mkdir()
    return kit_environment(short_folder / "home", TMPDIR=str(scratch), KIT_CHROMIUM=chromium)


def table(environment: dict[str, str], out: Path, *options: str) -> str:
    """Run it on the very small network; what it said on the way."""
    command = [
        sys.executable,
        "-m",
        "kit.cli",
        "bench",
        "table",
        "--models",
        "test-blocks",
        "--out",
        str(out),
    ]
    done = subprocess.run([*command, *options], env=environment, capture_output=True, text=True, timeout=590)
    assert done.returncode == 0, done.stderr
    return done.stderr


def result(out: Path, part: str) -> Any:
    kept = json.loads((out / "raw" / f"chromium.{part}.json").read_text(encoding="utf-8"))
    assert kept["trouble"] is None
    return kept["result"]


def test_what_is_kept_is_not_taken_again(environment: dict[str, str], short_folder: Path) -> None:
    out = short_folder / "out"
    options = ("--gl", "llvmpipe", "--only", ".script")
    assert "1 of 1" in table(environment, out, *options)
    rows = result(out, "llvmpipe.test-blocks.script.tfjs-webgl-vs-direct-webgl")["rows"]
    assert [len(row["ms"]) for row in rows] == [6, 6]
    assert all(row["calls"] > row["draws"] > 0 for row in rows)
    assert "JavaScript a frame" in (out / "README.md").read_text(encoding="utf-8")
    assert table(environment, out, *options) == ""
    assert list((short_folder / "tmp").iterdir()) == []


def test_every_mode_paints_what_keras_paints(environment: dict[str, str], short_folder: Path) -> None:
    table(environment, short_folder / "out", "--gl", "swiftshader", "--only", ".look")
    rows = {row["mode"]: row for row in result(short_folder / "out", "swiftshader.test-blocks.look")["rows"]}
    assert {*WITHOUT_LIBRARIES, *RIVALS} <= set(rows)
    assert {mode: row["reason"] for mode, row in rows.items() if row["reason"]} == {}
    for mode, row in rows.items():
        assert row["differences"]["reference"]["levels"] <= 1, mode
    for mode in ("tfjs-wasm", "ort-wasm", "direct-wasm"):
        assert rows[mode]["variant"]["threads"] == os.cpu_count()
