"""Wait for one page load: launch the browser, follow the runs in the store, say how far it is."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kit.bench.browsers import Browser, Gl, command_line
from kit.bench.launch import last_words, running
from kit.bench.rows import BenchRun
from kit.db.bench import Progress, read_progress, read_refresh, read_reports
from kit.db.session import Database
from kit.errors import CallerError

POLL_S = 0.5
START_S = 120.0
STALL_S = 240.0
"""No new run for so long: a block with warm-up and both windows takes 80 s at most, a slow first load comes before it."""

Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class PageResult:
    """What one page load left in the store. ``trouble``: why it ended early, where it did."""

    runs: list[BenchRun]
    refresh_hz: float | None
    trouble: str | None


def run_page(
    database: Database, study_id: str, url: str, browser: Browser, gl: Gl, folder: Path, say: Say
) -> PageResult:
    """Open ``url`` in a fresh browser and wait until its visit has ended.

    Raises CallerError where the page never created a visit; a page that ends early keeps what it measured.
    """
    profile = Path(tempfile.mkdtemp(prefix="profile-", dir=folder))
    log = profile.with_suffix(".log")
    with running(command_line(browser, gl, profile, url), log, browser_environment(folder)) as process:
        last, trouble = _follow(database, study_id, process, say)
    if last is None:
        raise CallerError(f"{trouble}; {browser.path} said: {last_words(log)}")
    with database.read() as session:
        runs = [BenchRun(*run) for run in read_reports(session, last.visit)]
        return PageResult(runs, read_refresh(session, last.visit), trouble)


def browser_environment(folder: Path) -> dict[str, str]:
    """Browsers that are killed leave temporary files: they go into the bench's own folder, which is removed."""
    # Elsewhere the temporary folder's name may be so long already that a browser's socket in it would not work.
    return dict(os.environ) | ({"TMPDIR": str(folder)} if sys.platform.startswith("linux") else {})


def _follow(
    database: Database, study_id: str, process: "subprocess.Popen[bytes]", say: Say
) -> tuple[Progress | None, str | None]:
    last: Progress | None = None
    moved = time.monotonic()
    while True:
        with database.read() as session:
            seen = read_progress(session, study_id)
        if seen is not None and seen != last:
            if last is None or seen.runs > last.runs:
                say(f"  {seen.runs:>3} of {seen.planned} blocks")
            last, moved = seen, time.monotonic()
        trouble = _trouble(last, process, time.monotonic() - moved)
        if trouble or (last is not None and last.state != "started"):
            return last, trouble
        time.sleep(POLL_S)


def _trouble(last: Progress | None, process: "subprocess.Popen[bytes]", still_s: float) -> str | None:
    if last is not None and last.state == "no_webgl":
        return last.reason or "this browser has no WebGL2 here"
    if last is not None and last.state == "stopped":
        return last.reason or "the page stopped"
    if last is not None and last.state == "finished":
        return None
    if process.poll() is not None:
        return f"the browser ended by itself (exit code {process.returncode})"
    if last is None and still_s > START_S:
        return f"the page did not start within {START_S:.0f} s"
    return f"no new run for {STALL_S:.0f} s" if still_s > STALL_S else None
