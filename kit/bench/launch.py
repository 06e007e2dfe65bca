"""Start a program with all its children in one process group, and end all of them, whatever happens."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

GRACE_S = 3.0
LAST_WORDS = 400


@contextmanager
def running(
    command: Sequence[str], log: Path, environment: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """Run ``command`` for the length of the block; its output goes to ``log``. Its whole group is gone afterwards."""
    with log.open("wb") as sink:
        process = subprocess.Popen(
            [*_tied_to_us(), *command],
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            env=None if environment is None else dict(environment),
            start_new_session=True,
        )
    try:
        yield process
    finally:
        end(process)


def _tied_to_us() -> list[str]:
    """A prefix by which Linux ends the program when this process is killed and cannot do it any more."""
    setpriv = shutil.which("setpriv") if sys.platform.startswith("linux") else None
    return [setpriv, "--pdeathsig", "TERM", "--"] if setpriv else []


def end(process: subprocess.Popen[bytes]) -> None:
    """Ask the group to end, then make it. A browser's helpers outlive it, so the group is killed in any case."""
    if sys.platform == "win32":
        process.kill()
        process.wait()
        return
    _signal_group(process.pid, signal.SIGTERM)
    deadline = time.monotonic() + GRACE_S
    while time.monotonic() < deadline and (process.poll() is None or _signal_group(process.pid, 0)):
        time.sleep(0.05)
    _signal_group(process.pid, signal.SIGKILL)
    process.wait()


def _signal_group(group: int, number: int) -> bool:
    """Send a signal (0 sends none) to every process of the group; false when there is none left."""
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return False
    return True


def last_words(log: Path) -> str:
    """The end of what a program printed, as one line, for an error message."""
    text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
    line = " ".join(text.split())
    return line[-LAST_WORDS:] or "nothing"
