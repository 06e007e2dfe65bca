"""The real server with several workers on an empty database: nothing that it acknowledged is lost, nothing is doubled."""

import http.client
import json
import os
import signal
import socket
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Event
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from sqlalchemy import select

from kit.db.session import Database
from kit.db.tables import Run, SampleBlock
from kit.settings import Settings
from tests.conftest import DATABASES
from tests.service.factory import bearer, new_link, run_body, visit_body
from tests.service.live import Server, serve

pytestmark = pytest.mark.slow
WORKERS = 2  # four, in a clean environment, are in tests/house


@pytest.fixture(scope="module", params=DATABASES)
def live(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Server, Database]]:
    """A server that has started on an empty database."""
    folder = tmp_path_factory.mktemp("live")
    settings = Settings(home=folder / "home")
    if request.param == "sqlite":
        yield from running(settings, folder)
        return
    with request.getfixturevalue("postgres").database(f"live_{uuid4().hex[:8]}") as url:
        yield from running(replace(settings, database_url=url), folder)


def running(settings: Settings, folder: Path) -> Iterator[tuple[Server, Database]]:
    database = Database(settings.database)
    with serve(settings, folder, WORKERS) as server:
        yield server, database
    database.dispose()


def send(server: Server, method: str, path: str, body: Any) -> int:
    """One request on a connection of its own; 0 where the server broke off."""
    connection = http.client.HTTPConnection(urlsplit(server.base).netloc, timeout=60)
    try:
        connection.request(method, path, json.dumps(body), bearer() | {"Content-Type": "application/json"})
        answer = connection.getresponse()
        answer.read()
        return answer.status
    except (OSError, http.client.HTTPException):
        return 0
    finally:
        connection.close()


def begin_visit(server: Server, token: str) -> str:
    body = visit_body(token)
    assert send(server, "POST", "/api/v1/visits", body) == 201
    return f"/api/v1/visits/{body['id']}"


def stored_runs(database: Database) -> list[str]:
    with database.read() as session:
        return list(session.scalars(select(Run.id)))


def test_workers_that_start_at_once_do_not_race(live: tuple[Server, Database]) -> None:
    log = live[0].log
    assert log.count("Booting worker") == WORKERS
    assert "Traceback" not in log
    assert "ERROR" not in log


def test_the_same_write_from_many_at_once_is_one(live: tuple[Server, Database]) -> None:
    server, database = live
    visit = visit_body(new_link(database))
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: send(server, "POST", "/api/v1/visits", visit), range(8)))
        assert Counter(answers) == {201: 1, 200: 7}
        run, path = run_body(), f"/api/v1/visits/{visit['id']}/runs/{uuid4()}"
        answers = list(pool.map(lambda _: send(server, "PUT", path, run), range(8)))
    assert Counter(answers) == {201: 1, 200: 7}


def test_a_killed_worker_loses_nothing_that_was_acknowledged(live: tuple[Server, Database]) -> None:
    server, database = live
    token = new_link(database)
    visits = [begin_visit(server, token) for _ in range(4)]
    acknowledged: list[str] = []
    half, victims = Event(), server.workers()

    def load(number: int) -> None:
        run = str(uuid4())
        while send(server, "PUT", f"{visits[number % 4]}/runs/{run}", run_body()) not in (200, 201):
            pass  # what an outbox does: the same again until it is acknowledged
        acknowledged.append(run)
        if len(acknowledged) == 20:
            half.set()

    with ThreadPoolExecutor(6) as pool:
        pending = [pool.submit(load, number) for number in range(60)]
        assert half.wait(120)
        for victim in victims:
            os.kill(victim, signal.SIGKILL)
        for job in pending:
            job.result(120)
    stored = stored_runs(database)
    assert set(acknowledged) <= set(stored)
    assert len(stored) == len(set(stored))
    with database.read() as session:
        assert len(session.scalars(select(SampleBlock.run_id)).all()) == 2 * len(stored)


def test_a_body_that_is_too_large_is_told_so_and_not_cut_off(live: tuple[Server, Database]) -> None:
    server, database = live
    visit = begin_visit(server, new_link(database))
    assert send(server, "PUT", f"{visit}/runs/{uuid4()}", {"x": "y" * 3_000_000}) == 413


def test_a_broken_request_leaves_no_address_in_the_log(live: tuple[Server, Database]) -> None:
    server, _database = live
    address = urlsplit(server.base)
    with socket.create_connection((address.hostname, address.port), timeout=30) as line:
        line.sendall(b"GET / HTTP/1.1\r\nUser-Agent: Secret\x01\r\nBad Header\r\n\r\n")
        assert b"400" in line.recv(1000)
    log = server.log
    assert "not valid HTTP" in log
    assert "from ip=" not in log
    assert "Secret" not in log
    assert log.count("127.0.0.1") == log.count("Listening at") == 1


def test_metrics_add_up_over_the_workers(live: tuple[Server, Database]) -> None:
    server, database = live
    token = new_link(database)
    for _ in range(8):
        begin_visit(server, token)
    connection = http.client.HTTPConnection(urlsplit(server.base).netloc, timeout=60)
    connection.request("GET", "/metrics")
    text = connection.getresponse().read().decode()
    connection.close()
    line = next(
        line
        for line in text.splitlines()
        if line.startswith('kit_http_requests_total{method="POST",route="/api/v1/visits",status="201"}')
    )
    assert float(line.split()[-1]) >= 8
