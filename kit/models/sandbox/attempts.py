"""What a child must not be able to do, tried for real: the tests use it, and ``kit doctor`` on the machine at hand.

Harmless where the bounds hold; where they do not, it stops soon by itself.
"""

from __future__ import annotations

import ctypes
import os
import platform
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kit.models.sandbox import seccomp
from kit.models.sandbox.bounds import MB
from kit.models.sandbox.calls import JUDGED, REFUSED

Ask = dict[str, Any]


def answer(ask: Ask, room: Path) -> str:
    """Try what ``ask["what"]`` names. Returns "done" where it went through, else the error's name."""
    try:
        ATTEMPTS[ask["what"]](ask, room)
    except OSError as error:
        return type(error).__name__
    return "done"


def _connect(ask: Ask, _room: Path) -> None:
    with socket.create_connection(("127.0.0.1", ask["port"]), timeout=3):
        pass


def _unix_socket(_ask: Ask, _room: Path) -> None:
    socket.socketpair()


def _program(_ask: Ask, _room: Path) -> None:
    subprocess.run([sys.executable, "-c", "pass"], check=True)


def _fork(_ask: Ask, _room: Path) -> None:
    if os.fork() == 0:
        os._exit(0)


def _signal(ask: Ask, _room: Path) -> None:
    os.kill(ask["pid"], signal.SIGTERM)


def _async_signal(ask: Ask, _room: Path) -> None:
    """Have the kernel send a signal to another process when something can be read."""
    import fcntl

    reading, writing = os.pipe()
    fcntl.fcntl(reading, fcntl.F_SETOWN, ask["pid"])
    fcntl.fcntl(reading, fcntl.F_SETFL, fcntl.fcntl(reading, fcntl.F_GETFL) | os.O_ASYNC)
    os.write(writing, b"x")


def _slow_down(ask: Ask, _room: Path) -> None:
    os.sched_setscheduler(ask["pid"], os.SCHED_IDLE, os.sched_param(0))


def _one_core(ask: Ask, _room: Path) -> None:
    os.sched_setaffinity(ask["pid"], {0})


def _disk_priority(ask: Ask, _room: Path) -> None:
    _call("ioprio_set", 1, ask["pid"], 3 << 13)


def _outlive(_ask: Ask, _room: Path) -> None:
    """Stay when the parent ends."""
    _call("prctl", 1, 0, 0, 0, 0)


def _call(name: str, *arguments: int) -> None:
    """A system call that Python has no function for, by its number."""
    numbers = (REFUSED | JUDGED)[name]
    number = numbers[seccomp.ARCHITECTURES[platform.machine()][0]]
    libc = ctypes.CDLL(None, use_errno=True)
    if number is not None and libc.syscall(number, *arguments) < 0:
        code = ctypes.get_errno()
        raise OSError(code, os.strerror(code))


def _raise_limit(_ask: Ask, _room: Path) -> None:
    import resource

    try:
        resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    except ValueError as error:  # how Python tells "operation not permitted" here
        raise PermissionError from error


def _read(ask: Ask, _room: Path) -> None:
    Path(ask["path"]).read_bytes()


def _write_outside(ask: Ask, _room: Path) -> None:
    Path(ask["path"]).write_bytes(b"x")


def _empty(ask: Ask, _room: Path) -> None:
    os.truncate(ask["path"], 0)


def _empty_by_opening(ask: Ask, _room: Path) -> None:
    """Linux takes 3 for "neither to read nor to write", and empties the file all the same."""
    os.close(os.open(ask["path"], 3 | os.O_TRUNC))


def _change_rights(ask: Ask, _room: Path) -> None:
    Path(ask["path"]).chmod(0o666)


def _change_owner(ask: Ask, _room: Path) -> None:
    os.chown(ask["path"], os.getuid(), os.getgid())


def _change_times(ask: Ask, _room: Path) -> None:
    os.utime(ask["path"], (0, 0))


def _mark(ask: Ask, _room: Path) -> None:
    os.setxattr(ask["path"], "user.mark", b"x")


def _watch(_ask: Ask, _room: Path) -> None:
    """Ask to be told of changes in folders that may not be read."""
    _call("inotify_init1", 0)


def _link(ask: Ask, room: Path) -> None:
    (room / "link").symlink_to(ask["path"])


def _memory(_ask: Ask, _room: Path) -> None:
    held = []
    for _ in range(100):
        held.append(bytearray(100 * MB))


def _compute(_ask: Ask, _room: Path) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        pass


def _sleep(_ask: Ask, _room: Path) -> None:
    time.sleep(60)


def _large_file(_ask: Ask, room: Path) -> None:
    with (room / "large").open("wb") as file:
        for _ in range(100):
            file.write(bytes(MB))


def _many_files(_ask: Ask, room: Path) -> None:
    for index in range(100):
        (room / f"file-{index}").write_bytes(bytes(MB))
        time.sleep(0.02)


def _crash(_ask: Ask, _room: Path) -> None:
    os.abort()


ATTEMPTS: dict[str, Callable[[Ask, Path], None]] = {
    "connect": _connect,
    "unix socket": _unix_socket,
    "program": _program,
    "fork": _fork,
    "signal": _signal,
    "async signal": _async_signal,
    "slow down": _slow_down,
    "one core": _one_core,
    "disk priority": _disk_priority,
    "outlive": _outlive,
    "raise limit": _raise_limit,
    "read": _read,
    "write outside": _write_outside,
    "empty": _empty,
    "empty by opening": _empty_by_opening,
    "change rights": _change_rights,
    "change owner": _change_owner,
    "change times": _change_times,
    "mark": _mark,
    "watch": _watch,
    "link": _link,
    "memory": _memory,
    "compute": _compute,
    "sleep": _sleep,
    "large file": _large_file,
    "many files": _many_files,
    "crash": _crash,
}
