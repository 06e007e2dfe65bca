"""Each bound of the child process, met by a child that really tries."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kit.models.errors import BundleError
from kit.models.sandbox import Bounds, run_apart

SMALL = Bounds(memory_mb=600, cpu_s=30, wall_s=30, file_mb=5, room_mb=8)
linux = pytest.mark.skipif(sys.platform != "linux", reason="system calls are filtered on Linux only")


@pytest.fixture
def room(tmp_path: Path) -> Path:
    folder = tmp_path / "room"
    folder.mkdir()
    return folder


def readers() -> list[Path]:
    """The processes of this machine that read models, as folders below /proc (none where there is no /proc)."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if b"kit.models.sandbox.child" in (process / "cmdline").read_bytes():
                found.append(process)
    return found


def parent_of(process: Path) -> str:
    """Its parent's number; empty where it has just gone."""
    with suppress(OSError):
        return (process / "stat").read_text().rpartition(")")[2].split()[1]
    return ""


@pytest.fixture
def port() -> Iterator[int]:
    """Where somebody listens, so that nothing but the bounds can refuse a connection."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def attempt(room: Path, what: str, bounds: Bounds = SMALL, **more: Any) -> Any:
    return run_apart("kit.models.sandbox.attempts", {"what": what, **more}, room, bounds)


@linux
def test_the_network_is_closed(room: Path, port: int) -> None:
    assert attempt(room, "connect", port=port) == "PermissionError"
    assert attempt(room, "unix socket") == "PermissionError"


@linux
@pytest.mark.parametrize("what", ["program", "fork", "raise limit"])
def test_no_other_process_and_no_higher_limit(room: Path, what: str) -> None:
    assert attempt(room, what) == "PermissionError"


@linux
def test_no_other_process_gets_a_signal(room: Path) -> None:
    assert attempt(room, "signal", pid=os.getpid()) == "PermissionError"


@linux
@pytest.mark.parametrize("what", ["async signal", "slow down", "one core", "disk priority", "outlive"])
def test_no_other_process_is_touched_in_another_way(room: Path, what: str) -> None:
    other = subprocess.Popen(["sleep", "60"])
    try:
        policy, cores = os.sched_getscheduler(other.pid), os.sched_getaffinity(other.pid)
        assert attempt(room, what, pid=other.pid) == "PermissionError"
        assert other.poll() is None
        assert (os.sched_getscheduler(other.pid), os.sched_getaffinity(other.pid)) == (policy, cores)
    finally:
        other.kill()
        other.wait()


@linux
@pytest.mark.parametrize("where", ["room", "elsewhere"])
@pytest.mark.parametrize(
    "what", ["empty", "empty by opening", "change rights", "change owner", "change times", "mark"]
)
def test_what_needs_no_reading_and_no_writing_is_refused_too(
    room: Path, tmp_path: Path, what: str, where: str
) -> None:
    """In its own room too, where Landlock refuses nothing: older kernels' Landlock has no rule for any of these."""
    file = (room if where == "room" else tmp_path) / "file"
    file.write_text("as it was")
    before = file.stat()
    assert attempt(room, what, path=str(file)) == "PermissionError"
    after = file.stat()
    assert (after.st_mode, after.st_mtime_ns, after.st_size) == (before.st_mode, before.st_mtime_ns, 9)


@linux
def test_nobody_is_watched(room: Path) -> None:
    assert attempt(room, "watch") == "PermissionError"


@linux
def test_files_of_others_are_out_of_reach(room: Path, tmp_path: Path) -> None:
    secret, outside = tmp_path / "secret_key", tmp_path / "made"
    secret.write_text("not for a child")
    assert attempt(room, "read", path=str(secret)) == "PermissionError"
    assert attempt(room, "write outside", path=str(outside)) == "PermissionError"
    assert attempt(room, "link", path=str(secret)) == "PermissionError"
    assert attempt(room, "read", path=f"/proc/{os.getpid()}/environ") == "PermissionError"
    assert not outside.exists()


def test_what_it_is_given_can_be_read(room: Path, tmp_path: Path) -> None:
    given = tmp_path / "given"
    given.mkdir()
    (given / "file").write_text("x")
    ask = {"what": "read", "path": str(given / "file")}
    assert run_apart("kit.models.sandbox.attempts", ask, room, SMALL, readable=[given]) == "done"


def test_memory_is_bounded(room: Path) -> None:
    with pytest.raises(BundleError, match=r"needs more than 600 MB of memory.*KIT_CONVERT_MB"):
        attempt(room, "memory")


def test_computing_is_bounded(room: Path) -> None:
    with pytest.raises(BundleError, match="more than 1 s of computing"):
        attempt(room, "compute", replace(SMALL, cpu_s=1))


def test_waiting_is_bounded_and_the_child_is_gone(room: Path) -> None:
    with pytest.raises(BundleError, match="longer than 1 s"):
        attempt(room, "sleep", replace(SMALL, wall_s=1))
    assert str(os.getpid()) not in {parent_of(child) for child in readers()}  # it would sleep for a minute


def test_one_large_file_is_refused(room: Path) -> None:
    assert attempt(room, "large file") == "OSError"
    assert (room / "large").stat().st_size <= SMALL.file_mb * 1_000_000


def test_many_files_are_refused(room: Path) -> None:
    with pytest.raises(BundleError, match="would write more than 2 MB"):
        attempt(room, "many files", replace(SMALL, room_mb=2))


def test_a_crash_is_a_sentence(room: Path) -> None:
    with pytest.raises(BundleError, match="the reader broke down"):
        attempt(room, "crash")
