"""The check of ``kit doctor`` that tries the child process in which models of others are read."""

import tempfile
from pathlib import Path

from kit.models.errors import BundleError
from kit.models.incoming import KINDS
from kit.models.sandbox import Bounds, run_apart

REFUSED = "PermissionError"
BOUNDS = Bounds(memory_mb=2000, cpu_s=20, wall_s=60, file_mb=1, room_mb=10)


def found_apart() -> tuple[bool, str, str]:
    """Whether all is as it should be, what was found, and what to do."""
    with tempfile.TemporaryDirectory(prefix="kit-apart-") as folder:
        outside = Path(folder) / "outside"
        outside.write_text("not for the child", encoding="utf-8")
        try:
            network = _tried(Path(folder), {"what": "unix socket"})
            files = _tried(Path(folder), {"what": "read", "path": str(outside)})
        except BundleError as error:
            return False, f"no child process can be started: {error}", "kit models add will not work here"
    if network != REFUSED:
        return False, "a process cannot be cut off from the network here", "use Linux to add Keras files"
    if files != REFUSED:
        return False, "this kernel hides no files from the child process", "Linux 5.13 or newer does"
    missing = [kind.title for kind in KINDS.values() if not kind.available]
    without = f"; not without the extra [train]: {', '.join(missing)}" if missing else ""
    return True, f"read without network and without other files{without}", ""


def _tried(folder: Path, ask: dict[str, str]) -> str:
    room = Path(tempfile.mkdtemp(dir=folder))
    return str(run_apart("kit.models.sandbox.attempts", ask, room, BOUNDS))
