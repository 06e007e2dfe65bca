"""The real server for tests: gunicorn with its real settings, on a port of its own."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kit.settings import Settings

START_S = 120
"""How long a start may take on a machine that is busy with other things."""
END_S = 120


@dataclass
class Server:
    """A running server: its master process and its log."""

    process: subprocess.Popen[bytes]
    log_file: Path

    @property
    def base(self) -> str:
        """Its address, which its log names."""
        return str(re.findall(r"Listening at: (http://[0-9.:]+)", self.log)[0])

    @property
    def log(self) -> str:
        return self.log_file.read_text()

    def workers(self) -> list[int]:
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(child) for child in children.split()]


@contextmanager
def serve(settings: Settings, folder: Path, workers: int) -> Iterator[Server]:
    """Start the server for these settings; end it at the end."""
    log = folder / "server.log"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("KIT_")} | {
        "KIT_HOME": str(settings.home),
        "KIT_DATABASE_URL": settings.database,
        "KIT_WORKERS": str(workers),
    }
    # The system chooses the port: one that was free a moment ago may be somebody else's by now.
    settled = ["-c", "python:kit.gunicorn_config", "--bind", "127.0.0.1:0"]
    command = [sys.executable, "-m", "gunicorn", *settled, "kit.wsgi:app"]
    with log.open("wb") as out:
        process = subprocess.Popen(command, env=environment, stdout=out, stderr=subprocess.STDOUT)
    server = Server(process, log)
    try:
        wait_until_ready(server, workers)
        yield server
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(END_S)


def wait_until_ready(server: Server, workers: int) -> None:
    """Until every worker has loaded the service. Raises with the log where that does not happen."""
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and server.process.poll() is None:
        if server.log.count("Worker ready") >= workers:
            return
        time.sleep(0.2)
    raise AssertionError(f"the server did not start:\n{server.log}")
