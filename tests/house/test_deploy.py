"""What deploy/ promises: four workers on PostgreSQL behind the TLS proxy serve a visit, and nobody is written down."""

import socket
import urllib.error
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.conftest import missing
from tests.house.deployed import Proxy, Server, caddy, proxy, server
from tests.house.shell import free_port
from tests.house.visitor import Visitor
from tests.postgres import Postgres

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def deployed(
    installed: Path, postgres: Postgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Server, Proxy]]:
    if caddy() is None:
        missing("no caddy on this machine: `sh tests/system-packages.sh` brings it or says how")
    folder, https_port = tmp_path_factory.mktemp("deployed"), free_port()
    settings = {
        "KIT_WORKERS": "4",
        "KIT_TRUSTED_PROXIES": "1",
        "KIT_PUBLIC_URL": f"https://localhost:{https_port}",
        "KIT_LOG_FORMAT": "json",
        "KIT_LOG_LEVEL": "debug",
    }
    with (
        postgres.database("deployed") as database,
        server(installed, folder, KIT_DATABASE_URL=database, **settings) as running,
        proxy(folder / "proxy", urlsplit(running.base).netloc, https_port) as front,
    ):
        yield running, front


def test_a_whole_visit_passes_through_the_proxy(deployed: tuple[Server, Proxy]) -> None:
    running, front = deployed
    link = running.new_study()
    assert front.visitor().whole_visit(link) == [201, 200, 201, 201, 200]
    assert len(running.kit("export", "runs", "--format", "jsonl").splitlines()) == 2


def test_the_same_call_again_gets_the_same_answer_from_any_worker(deployed: tuple[Server, Proxy]) -> None:
    running, front = deployed
    visitor = front.visitor()
    visitor.open_page(running.new_study())
    first = visitor.agree()
    assert [visitor.agree() for _ in range(8)] == [(200, first[1])] * 8


def test_links_and_cookies_are_made_for_the_proxy(deployed: tuple[Server, Proxy]) -> None:
    running, front = deployed
    assert f"{front.base}/s/" in running.kit("study", "new", "--title", "Two", "--models", "test-blocks")
    assert front.visitor().fetch("/healthz")[1]["Cross-Origin-Opener-Policy"] == "same-origin"


def test_nobody_is_written_down(deployed: tuple[Server, Proxy]) -> None:
    running, front = deployed
    visitor = front.visitor()
    visitor.whole_visit(running.new_study())
    with pytest.raises(urllib.error.HTTPError):
        visitor.fetch("/s/no-such-link")
    direct = socket.create_connection(("127.0.0.1", urlsplit(running.base).port))
    direct.sendall(
        b"GET /s/nobody HTTP/1.0\r\nX-Forwarded-For: 203.0.113.9\r\nUser-Agent: Firefox/140.0\r\n\r\n"
    )
    assert direct.recv(1000)
    direct.close()
    logs = running.log.read_text() + front.log.read_text()
    assert logs
    assert "Firefox/140" not in logs
    assert "203.0.113.9" not in logs


def test_the_proxy_names_nobody_when_the_server_is_away(tmp_path: Path) -> None:
    with proxy(tmp_path / "proxy", f"127.0.0.1:{free_port()}", free_port()) as front:
        with pytest.raises(urllib.error.HTTPError, match="502"):
            front.visitor().fetch("/s/some-link")
        said = front.log.read_text()
    assert "/s/some-link" in said
    assert "Firefox/140" not in said
    assert "remote_ip" not in said


def visit_at_four_new_workers(installed: Path, folder: Path, **settings: str) -> str:
    """gunicorn alone, without the migration that `kit serve` does before: each worker finds an empty database."""
    command = ["python", "-m", "gunicorn", "--config", "python:kit.gunicorn_config", "kit.wsgi:app"]
    (folder / "home").mkdir()
    with server(installed, folder, command, KIT_WORKERS="4", **settings) as running:
        assert Visitor(running.base).whole_visit(running.new_study()) == [201, 200, 201, 201, 200]
        return running.log.read_text()


def test_four_workers_that_start_at_once_do_not_race_on_sqlite(installed: Path, tmp_path: Path) -> None:
    log = visit_at_four_new_workers(installed, tmp_path)
    assert (log.count("Booting worker"), log.count("Traceback")) == (4, 0)


def test_four_workers_that_start_at_once_do_not_race_on_postgresql(
    installed: Path, postgres: Postgres, tmp_path: Path
) -> None:
    with postgres.database("race") as url:
        log = visit_at_four_new_workers(installed, tmp_path, KIT_DATABASE_URL=url)
    assert (log.count("Booting worker"), log.count("Traceback")) == (4, 0)


def slow_reader(base: str, path: str) -> socket.socket:
    """A connection that asks for a file and then reads next to nothing of it."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.connect(("127.0.0.1", urlsplit(base).port))
    connection.sendall(f"GET {path} HTTP/1.0\r\n\r\n".encode())
    return connection


def visit_beside_slow_downloads(installed: Path, folder: Path, threads: int) -> list[int]:
    """Ask for health and send a report while eight testers on slow lines download; one worker serves all."""
    with ExitStack() as stack:
        running = stack.enter_context(server(installed, folder, KIT_WORKERS="1", KIT_THREADS=str(threads)))
        visitor = Visitor(running.base, timeout=5)
        visitor.open_page(running.new_study("flowers-small"))
        visitor.agree()
        shard = f"{visitor.config['models'][0]['url'].rpartition('/')[0]}/weights-0.bin"
        readers = [stack.enter_context(slow_reader(running.base, shard)) for _ in range(8)]
        assert readers[0].recv(100).startswith(b"HTTP/1.0 200")
        return [visitor.fetch("/healthz")[0], visitor.measure()[0]]


def test_slow_downloads_hold_up_nobody(installed: Path, tmp_path: Path) -> None:
    assert visit_beside_slow_downloads(installed, tmp_path, threads=16) == [200, 201]


def test_slow_downloads_would_be_noticed(installed: Path, tmp_path: Path) -> None:
    """The control: with two threads the same downloads do hold everybody up."""
    with pytest.raises(TimeoutError):
        visit_beside_slow_downloads(installed, tmp_path, threads=2)
