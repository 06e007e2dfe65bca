"""The rivals' runtimes: ONNX Runtime Web and LiteRT.js, which a server has only where ``kit rivals`` installed them.

They lie in the Python environment (``share/fieldkit/rivals``), as other packages do, so that every store of this environment
finds them. ``index.json`` there says which are installed: name of the package to its folder, which has the version in it.
"""

import json
import sys
from collections.abc import Iterable
from pathlib import Path

from kit.domain.protocol import MODES

PLACE = Path("share") / "fieldkit" / "rivals"
INDEX = "index.json"
ORT, LITERT, LITERT_LOADER = "onnxruntime-web", "@litertjs/core", "@litertjs/wasm-utils"


def place() -> Path:
    """The folder of this environment's runtimes, whether or not it is there."""
    return Path(sys.prefix) / PLACE


def lacking(modes: Iterable[str]) -> dict[str, list[str]]:
    """Those of the plain ``modes`` whose runtime is not installed here, by runtime."""
    there = installed()
    found: dict[str, list[str]] = {}
    for mode in modes:
        needs = MODES[mode].needs
        if needs and needs not in there:
            found.setdefault(needs, []).append(mode)
    return found


def installed() -> dict[str, str]:
    """Folder below ``place`` by name of the package; empty where nothing is installed."""
    try:
        found: dict[str, str] = json.loads((place() / INDEX).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found
