"""The parent's side: start the child, watch it, end it where it goes beyond its bounds, and read what it answers."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from kit.models.errors import BundleError
from kit.models.sandbox.bounds import MB, Bounds
from kit.models.sandbox.child import ANSWER, ASK

ANSWER_BYTES = 16 * MB
LOOK_S = 0.1
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TF_NUM_INTRAOP_THREADS", "TF_NUM_INTEROP_THREADS")


def run_apart(
    module: str, ask: dict[str, Any], room: Path, bounds: Bounds, *, readable: Iterable[Path] = ()
) -> Any:
    """Call ``module.answer(ask, room)`` in a child process and return its answer (JSON values).

    The child has no network, cannot start programs, and is ended where it goes beyond ``bounds``. It writes in ``room``
    only, and reads nothing else but ``readable`` and Python itself (both by Landlock, where the kernel has it).
    Raises BundleError with the child's own sentence, or with one that says which bound was met.
    """
    (room / ASK).write_text(json.dumps(ask), encoding="utf-8")
    (room / ANSWER).unlink(missing_ok=True)
    command = [sys.executable, "-I", "-m", "kit.models.sandbox.child", module, bounds.to_json()]
    command.append(json.dumps([str(path.resolve()) for path in readable]))
    with (room / "errors.txt").open("wb") as errors:
        child = subprocess.Popen(
            command,
            cwd=room,
            env=_environment(room),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            start_new_session=True,
        )
        try:
            met = _watch(child, room, bounds)
        finally:
            _end(child)
    return _answer(room, child.returncode, met, bounds)


def _environment(room: Path) -> dict[str, str]:
    """What the child may know: no setting and no secret of ours."""
    passed = {name: os.environ[name] for name in ("PATH", "LANG", "LD_LIBRARY_PATH") if name in os.environ}
    threads = dict.fromkeys(THREADS, "2")
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "-1", "TF_ENABLE_ONEDNN_OPTS": "0"}
    return passed | threads | quiet | {"HOME": str(room), "TMPDIR": str(room), "KERAS_HOME": str(room)}


def _watch(child: subprocess.Popen[bytes], room: Path, bounds: Bounds) -> str | None:
    """Wait for the child; the name of the bound that it met, or None."""
    before, until = _size(room), time.monotonic() + bounds.wall_s
    while True:
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(LOOK_S)
            return None
        if time.monotonic() > until:
            return "wall"
        if _size(room) - before > bounds.room_mb * MB:
            return "room"


def _size(room: Path) -> int:
    total = 0
    for folder, _, names in os.walk(room):
        for name in names:
            with contextlib.suppress(OSError):
                total += (Path(folder) / name).lstat().st_size
    return total


def _end(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        child.kill()
        child.wait()


def _answer(room: Path, code: int, met: str | None, bounds: Bounds) -> Any:
    if met is None and code == -signal.SIGXCPU:
        met = "cpu"
    if met is None and code == 0:
        said = _read(room)
        if "answer" in said:
            return said["answer"]
        if "trouble" in said:
            raise BundleError(str(said["trouble"]))
        met = said.get("over")
        if met is None:
            raise BundleError(f"it cannot be read ({said.get('fault', 'no reason given')})")
    raise BundleError(_sentence(met, bounds))


def _read(room: Path) -> dict[str, Any]:
    try:
        with os.fdopen(os.open(room / ANSWER, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
            said = json.loads(file.read(ANSWER_BYTES))
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}


def _sentence(met: str | None, bounds: Bounds) -> str:
    match met:
        case "wall":
            return f"reading it took longer than {bounds.wall_s} s; a smaller network, or KIT_CONVERT_SECONDS, helps"
        case "cpu":
            return f"reading it took more than {bounds.cpu_s} s of computing; a smaller network, or KIT_CONVERT_SECONDS, helps"
        case "room":
            return f"reading it would write more than {bounds.room_mb} MB; it is too large"
        case "memory":
            return f"reading it needs more than {bounds.memory_mb} MB of memory; a smaller network, or KIT_CONVERT_MB, helps"
    return (
        f"the reader broke down, as it does when {bounds.memory_mb} MB of memory (KIT_CONVERT_MB) are not enough "
        "or a file is damaged"
    )
