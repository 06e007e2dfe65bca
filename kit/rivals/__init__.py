"""The rivals' runtimes: ONNX Runtime Web and LiteRT.js, which a server has only where ``kit rivals`` installed them.

They lie in the Python environment (``share/fieldkit/rivals``), as other packages do, so that every store of this environment
finds them. ``index.json`` there says which are installed: name of the package to its folder, which has the version in it.
"""

import json
import sys
from pathlib import Path

PLACE = Path("share") / "fieldkit" / "rivals"
INDEX = "index.json"
ORT, LITERT, LITERT_LOADER = "onnxruntime-web", "@litertjs/core", "@litertjs/wasm-utils"


def place() -> Path:
    """The folder of this environment's runtimes, whether or not it is there."""
    return Path(sys.prefix) / PLACE


def installed() -> dict[str, str]:
    """Folder below ``place`` by name of the package; empty where nothing is installed."""
    try:
        found: dict[str, str] = json.loads((place() / INDEX).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found
