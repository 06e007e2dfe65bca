"""Run programs the way a person or a service manager would, and wait for servers."""

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
UV = Path(sys.executable).with_name("uv")


def plain_environment(**more: str) -> dict[str, str]:
    """The environment without any setting of Fieldkit's, and `more`."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("KIT_", "PYTHON"))}
    return kept | more


def run(
    *command: str | Path, cwd: Path = ROOT, environment: Mapping[str, str] | None = None, timeout: float = 170
) -> subprocess.CompletedProcess[str]:
    """Run a command; the result holds standard output and errors as text."""
    return subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        env=dict(environment) if environment is not None else plain_environment(),
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def run_well(*command: str | Path, **options: object) -> str:
    """Run a command that has to succeed and return what it printed."""
    done = run(*command, **options)  # type: ignore[arg-type]
    assert done.returncode == 0, f"{command} ended with {done.returncode}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(url: str) -> bool:
    """Say whether a server answers at all at `url`, with whatever status."""
    try:
        urllib.request.urlopen(url, timeout=2).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def wait_until(true: Callable[[], bool], what: str, seconds: float = 60) -> None:
    """Wait until a condition holds; fail with `what` when it does not within `seconds`."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"gave up waiting for {what}"
        time.sleep(0.1)


@contextmanager
def serving(
    command: list[str | Path], ready: Callable[[], bool], log: Path, environment: Mapping[str, str]
) -> Iterator["subprocess.Popen[bytes]"]:
    """Keep a server running, its output in `log`; it is asked to stop at the end, and made to if it does not."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            [str(word) for word in command], env=dict(environment), stdout=output, stderr=subprocess.STDOUT
        )
    try:
        wait_until(lambda: ready() or process.poll() is not None, f"{command[0]} to answer")
        assert process.poll() is None, f"{command} stopped\n{log.read_text(errors='replace')}"
        yield process
    finally:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
