"""A real server for the browsers: ``kit serve`` with its own home, worked with through ``kit`` commands alone."""

import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from kit.bench.launch import end
from kit.cli import main
from kit.commands.network import free_port

START_S = 60
STORED_S = 30
# Short windows keep a whole flow under a minute on two cores and software GPUs; everything else is the protocol's own.
SHORT = {
    "capability_s": 0.5,
    "displayed_s": 0.5,
    "warmup_min_s": 0.5,
    "warmup_min_frames": 2,
    "warmup_max_s": 2,
}


@dataclass
class LiveKit:
    """One installation: ``start`` and ``stop`` its server, ``run`` its commands, read what is stored."""

    home: Path
    host: str = "127.0.0.1"
    port: int = field(default_factory=free_port)
    output: str = ""
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start ``kit serve`` and wait until it answers."""
        log = self.home.with_suffix(".log")
        kept = {name: value for name, value in os.environ.items() if not name.startswith("KIT_")}
        options = ["--host", self.host, "--port", str(self.port), "--workers", "1"]
        with log.open("wb") as sink:
            self.process = subprocess.Popen(
                [sys.executable, "-u", "-m", "kit.cli", "serve", *options],
                env=kept | {"KIT_HOME": str(self.home)},
                stdout=sink,
                stderr=sink,
                start_new_session=True,
            )
        self._await_answer(log)
        self.output = log.read_text(encoding="utf-8")

    def stop(self) -> None:
        """End the server; what is stored stays."""
        if self.process:
            end(self.process)
            self.process = None

    def run(self, *arguments: str) -> str:
        """What one ``kit`` command prints."""
        environment = {"KIT_HOME": str(self.home), "KIT_PORT": str(self.port)}
        result = CliRunner().invoke(main, arguments, env=environment)
        assert result.exit_code == 0, result.output
        return result.stdout

    def new_study(
        self, title: str, models: str, modes: str = "tfjs-pixels,tfjs-webgl", **knobs: float
    ) -> str:
        """Make a study with short windows; the tester's URL."""
        sets = [part for knob, value in (SHORT | knobs).items() for part in ("--set", f"{knob}={value}")]
        made = self.run(
            "study", "new", "--title", title, "--models", models, "--modes", modes, *sets, "--json"
        )
        return str(json.loads(made)["url"])

    def rows(self, what: str, url: str) -> list[dict[str, Any]]:
        """The stored runs, visits or devices that came by a link."""
        token = url.rsplit("/", 1)[-1]
        visits = {row["visit"] for row in self._export("visits") if row["link"] == token}
        return [row for row in self._export(what) if row["visit"] in visits]

    def wait_for_visit(self, url: str, state: str, count: int = 1) -> list[dict[str, Any]]:
        """The visits of a link, once ``count`` of them have reached ``state``."""
        deadline = time.monotonic() + STORED_S
        while True:
            visits = self.rows("visits", url)
            if sum(visit["state"] == state for visit in visits) >= count:
                return visits
            assert time.monotonic() < deadline, f"no visit became {state}: {visits}"
            time.sleep(0.2)

    @property
    def admin_link(self) -> str:
        """The one-time link that the first start printed."""
        found = re.search(r"\S+/admin/first/\S+", self.output)
        assert found, self.output
        return found[0]

    def _export(self, what: str) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.run("export", what, "--format", "jsonl").splitlines()]

    def _await_answer(self, log: Path) -> None:
        deadline = time.monotonic() + START_S
        while True:
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=5):
                    return
            except OSError:
                running = self.process is not None and self.process.poll() is None
                assert running, log.read_text(encoding="utf-8")
                assert time.monotonic() < deadline, log.read_text(encoding="utf-8")
                time.sleep(0.1)
