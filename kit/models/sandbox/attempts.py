"""What a child must not be able to do, tried for real: the tests use it, and ``kit doctor`` on the machine at hand.

Harmless where the bounds hold; where they do not, it stops soon by itself.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kit.models.sandbox.bounds import MB

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
    "raise limit": _raise_limit,
    "read": _read,
    "write outside": _write_outside,
    "link": _link,
    "memory": _memory,
    "compute": _compute,
    "sleep": _sleep,
    "large file": _large_file,
    "many files": _many_files,
    "crash": _crash,
}
