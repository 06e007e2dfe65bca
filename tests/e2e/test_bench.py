"""``kit bench`` as a process: the study's own page in a real browser, rows with the agreed names, nothing left running."""

import json
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from kit.assets import Assets
from tests.cli.test_bench_rows import AGREED
from tests.cli.test_serve import kit_environment
from tests.conftest import missing

pytestmark = pytest.mark.timeout(400)

COMMAND = [
    sys.executable,
    "-m",
    "kit.cli",
    "bench",
    "--models",
    "test-blocks",
    "--gl",
    "llvmpipe",
    "--seconds",
    "0.5",
]


@pytest.fixture
def bench_environment(short_folder: Path, chromium: str) -> dict[str, str]:
    """A home and a temporary folder of this test's own, so that what is left behind shows."""
    if not Assets().built:
        missing("the front end is not built: `make setup`")
    scratch = short_folder / "tmp"  # short, because Chromium puts a socket into it
    scratch.mkdir()
    return kit_environment(short_folder / "home", TMPDIR=str(scratch), KIT_CHROMIUM=chromium)


def processes_of(scratch: Path) -> list[str]:
    """Command lines of running processes that name a folder (browsers and servers do, by profile or home)."""
    table = subprocess.run(
        ["ps", "-eww", "-o", "stat=,args="], capture_output=True, text=True, check=True
    ).stdout
    return [line for line in table.splitlines() if str(scratch) in line and not line.startswith("Z")]


def test_two_modes_give_two_rows_and_a_ratio(bench_environment: dict[str, str], short_folder: Path) -> None:
    out = short_folder / "bench.json"
    command = [*COMMAND, "--modes", "tfjs-pixels,tfjs-webgl", "--out", str(out)]
    done = subprocess.run(command, env=bench_environment, capture_output=True, text=True, timeout=390)
    assert done.returncode == 0, done.stderr
    written = json.loads(out.read_text(encoding="utf-8"))
    rows = {row["mode"]: row for row in written["conditions"]}
    assert set(rows) == {"tfjs-pixels", "tfjs-webgl"}
    for row in rows.values():
        assert [name for name in AGREED if name not in row] == []
        assert (row["ok"], row["reason"]) == (True, None)
        assert "llvmpipe" in row["renderer"]
        assert row["capability_ms_median"] > 0
        assert row["golden_max_abs_error"] <= 0.02
    assert [ratio["n"] for ratio in written["ratios"]] == [6]
    assert "theirs / ours" in done.stdout
    assert "12 of 12 blocks" in done.stderr
    assert processes_of(short_folder) == []
    assert list((short_folder / "tmp").iterdir()) == []


@pytest.mark.parametrize(
    "number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda number: number.name
)
def test_however_it_ends_nothing_is_left_running(
    bench_environment: dict[str, str], short_folder: Path, number: signal.Signals
) -> None:
    log = short_folder / "bench.log"
    with log.open("wb") as sink:
        process = subprocess.Popen(COMMAND, env=bench_environment, stderr=sink)
    try:
        while " blocks\n" not in log.read_text(encoding="utf-8"):
            assert process.poll() is None
            time.sleep(0.05)
        assert processes_of(short_folder)
        process.send_signal(number)
        assert process.wait(60) == (-9 if number == signal.SIGKILL else 130)
        assert wait_until_gone(short_folder) == []
    finally:
        process.terminate()
        process.wait(60)
    if number != signal.SIGKILL:
        assert log.read_text(encoding="utf-8").splitlines()[-1] == "kit: stopped"


def wait_until_gone(scratch: Path) -> list[str]:
    """What still runs after a short while."""
    deadline = time.monotonic() + 15
    while (left := processes_of(scratch)) and time.monotonic() < deadline:
        time.sleep(0.2)
    return left
