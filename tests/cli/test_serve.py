"""``kit serve`` as a process: what it prints, that it answers, and that it ends."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kit.bench.launch import end
from kit.commands.network import free_port, lan_address
from kit.errors import CallerError

START_S = 40


def kit_environment(home: Path, **more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KIT_")}
    return kept | {"KIT_HOME": str(home), "PYTHONUNBUFFERED": "1"} | more


@contextmanager
def served(home: Path, *options: str, **variables: str) -> Iterator[tuple["subprocess.Popen[bytes]", str]]:
    """A running ``kit serve`` on a free port, with what it printed before it listened."""
    log = home.with_suffix(".log")
    command = [
        sys.executable,
        "-m",
        "kit.cli",
        "serve",
        "--port",
        str(free_port()),
        "--workers",
        "1",
        *options,
    ]
    with log.open("wb") as sink:
        environment = kit_environment(home, **variables)
        process = subprocess.Popen(command, stdout=sink, stderr=sink, env=environment, start_new_session=True)
    try:
        deadline = time.monotonic() + START_S
        while b"Booting worker" not in log.read_bytes():
            assert process.poll() is None, log.read_text(encoding="utf-8")
            assert time.monotonic() < deadline, log.read_text(encoding="utf-8")
            time.sleep(0.1)
        yield process, log.read_text(encoding="utf-8")
    finally:
        end(process)


def test_the_first_start_prints_both_links_and_the_ways_out(tmp_path: Path) -> None:
    with served(tmp_path / "home") as (process, output):
        assert re.search(r"Testers open +http://127\.0\.0\.1:\d+/s/\S+", output)
        assert re.search(r"You sign in once +http://127\.0\.0\.1:\d+/admin/first/\S+", output)
        assert "work on this machine only" in output
        assert "kit serve --lan" in output
        url = re.search(r"at (http://\S+)", output)
        assert url
        with urllib.request.urlopen(f"{url[1]}/healthz", timeout=20) as answer:
            assert answer.status == 200
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0


def test_the_next_start_has_the_same_tester_link(tmp_path: Path) -> None:
    tokens = []
    for _ in range(2):
        with served(tmp_path / "home") as (_process, output):
            found = re.search(r"/s/(\S+)", output)
            assert found
            tokens.append(found[1])
    assert tokens[0] == tokens[1]


def test_lan_prints_an_address_that_others_reach_and_a_qr_code(tmp_path: Path) -> None:
    try:
        address = lan_address()
    except CallerError as error:
        pytest.skip(str(error))
    with served(tmp_path / "home", "--lan") as (_process, output):
        assert re.search(rf"Testers open +http://{re.escape(address)}:\d+/s/", output)
        assert output.count("█") > 100
        assert "no webcam and no WebGPU" in output


def test_an_occupied_port_says_so_and_how_to_choose_another(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "kit.cli", "serve", "--port", str(port)]
        answer = subprocess.run(
            command, env=kit_environment(tmp_path / "home"), capture_output=True, text=True, timeout=60
        )
    assert answer.returncode == 2
    assert answer.stdout == ""
    assert re.fullmatch(
        rf"kit: port {port} is in use already; choose another: \S*kit serve --port \d+ \(or .*\)\n",
        answer.stderr,
    )


def test_an_address_of_another_machine(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "kit.cli", "serve", "--host", "192.0.2.77"]
    answer = subprocess.run(
        command, env=kit_environment(tmp_path / "home"), capture_output=True, text=True, timeout=60
    )
    assert answer.returncode == 2
    assert "cannot listen on 192.0.2.77" in answer.stderr
    assert len(answer.stderr.splitlines()) == 1
