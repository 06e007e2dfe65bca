"""The child: locks itself in, and only then touches what nobody vouches for.

``python -I -m kit.models.sandbox.child MODULE BOUNDS READABLE`` in the room as working directory. It reads ``ask.json``,
calls ``MODULE.answer(ask, room)`` and writes what that returns to ``answer.json``. What cannot be used is told as a
sentence; a fault of ours by its name alone, with the details in the room's ``errors.txt``.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib
import json
import os
import signal
import site
import sys
import sysconfig
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

from kit.models.errors import BundleError
from kit.models.sandbox import landlock, seccomp
from kit.models.sandbox.bounds import MB, Bounds

ASK, ANSWER = "ask.json", "answer.json"
DIE_WITH_PARENT = 1  # of prctl(2)
SYSTEM = ("/usr", "/lib", "/lib64", "/nix", "/sys/devices/system", "/etc/ld.so.cache", "/etc/localtime")
PROCESS = ("/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/sys/vm", "/proc/version")
DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random")


def main(module: str, bounds: Bounds, readable: list[Path]) -> None:
    """Lock in, work, answer."""
    room = Path.cwd()
    try:
        lock_in(bounds, room, readable)
    except OSError as error:
        answer = {
            "trouble": f"this system cannot cut a process off ({error}), so no stranger's file is read here"
        }
        (room / ANSWER).write_text(json.dumps(answer), encoding="utf-8")
        return
    (room / ANSWER).write_text(json.dumps(_worked(module, room)), encoding="utf-8")


def lock_in(bounds: Bounds, room: Path, readable: list[Path]) -> None:
    """Bound this process for good. Raises OSError where it cannot be cut off from the network."""
    _limit_resources(bounds)
    if not seccomp.supported():
        return
    ctypes.CDLL(None).prctl(DIE_WITH_PARENT, signal.SIGKILL)
    ctypes.CDLL(None).prctl(seccomp.NO_NEW_PRIVILEGES, 1, 0, 0, 0)
    landlock.close_in([*_own_libraries(), *readable], [room, *map(Path, DEVICES)])
    seccomp.close_in()


def _limit_resources(bounds: Bounds) -> None:
    import resource

    most = {
        "RLIMIT_AS": bounds.memory_mb * MB,
        "RLIMIT_CPU": bounds.cpu_s + 1,
        "RLIMIT_FSIZE": bounds.file_mb * MB,
        "RLIMIT_CORE": 0,
        "RLIMIT_NOFILE": 512,
    }
    for name, value in most.items():
        kind = getattr(resource, name)
        hard = resource.getrlimit(kind)[1]
        limit = value if hard == resource.RLIM_INFINITY else min(value, hard)
        with contextlib.suppress(ValueError, OSError):  # macOS has some of these in name only
            # The kernel ends a process without a word at the hard limit; at the soft one it says why.
            resource.setrlimit(kind, (max(0, limit - 1) if name == "RLIMIT_CPU" else limit, limit))


def _own_libraries() -> list[Path]:
    """Where Python, its packages and this one lie; more than these nobody needs to read."""
    own = [
        sys.prefix,
        sys.base_prefix,
        sys.exec_prefix,
        *site.getsitepackages(),
        *sysconfig.get_paths().values(),
    ]
    package = Path(__file__).resolve().parents[2]
    return [package, *{Path(path).resolve() for path in own}, *map(Path, SYSTEM + PROCESS)]


def _worked(module: str, room: Path) -> dict[str, Any]:
    try:
        ask = json.loads((room / ASK).read_text(encoding="utf-8"))
        answer = cast(Callable[[Any, Path], Any], importlib.import_module(module).answer)
        return {"answer": answer(ask, room)}
    except BundleError as error:
        return {"trouble": str(error)}
    except MemoryError:
        return {"over": "memory"}
    except Exception as error:  # noqa: BLE001 - whatever it is, the parent must hear of it
        (room / "errors.txt").write_text(traceback.format_exc(), encoding="utf-8")
        return {"fault": f"{type(error).__name__}: {error}"[:300]}


if __name__ == "__main__":
    os.umask(0o077)
    main(sys.argv[1], Bounds.from_json(sys.argv[2]), [Path(path) for path in json.loads(sys.argv[3])])
