"""The outbox against the real service: in order, over reloads, with the server away, nothing lost and nothing doubled."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from playwright.sync_api import Page, Request, Route
from sqlalchemy import func, select

from kit.db import tables
from tests.browser.conftest import ask
from tests.service.factory import SECRET, new_link, run_body, visit_body

pytestmark = pytest.mark.browser


@dataclass
class Service:
    """The service behind the page's /api; ``away`` cuts the connection."""

    app: Flask
    away: bool = False
    requests: int = 0

    def answer(self, route: Route, request: Request) -> None:
        self.requests += 1
        if self.away:
            route.abort("connectionrefused")
            return
        path = request.url.split("/", 3)[3]
        headers = {
            name: value
            for name, value in request.headers.items()
            if name in ("authorization", "content-type")
        }
        done = self.app.test_client().open(
            f"/{path}", method=request.method, data=request.post_data_buffer, headers=headers
        )
        route.fulfill(status=done.status_code, body=done.data, headers={"Content-Type": "application/json"})

    def count(self, table: Any) -> int:
        with self.app.extensions["kit"].database.read() as session:
            return int(session.scalar(select(func.count()).select_from(table)) or 0)


@pytest.fixture
def service(sqlite_app: Flask, llvmpipe_page: Page) -> Iterator[Service]:
    """The service on SQLite, in the page's reach."""
    service = Service(sqlite_app)
    llvmpipe_page.route("**/api/v1/**", service.answer)
    yield service
    llvmpipe_page.unroute_all(behavior="ignoreErrors")


OPEN = "window.box = await kit.outbox.openOutbox(kit.send);"
DRAINED = "while (box.pending() > 0) { await box.flushNow(); await new Promise((r) => setTimeout(r, 20)); }"


def visit_of(service: Service) -> dict[str, Any]:
    return visit_body(new_link(service.app.extensions["kit"].database))


def put_runs(page: Page, visit: dict[str, Any], count: int) -> None:
    """Hand over ``count`` runs; they lie in the queue afterwards."""
    runs = [(f"visits/{visit['id']}/runs/{uuid4()}", run_body(block=block)) for block in range(count)]
    ask(
        page,
        "for (const [path, body] of argument[0]) await box.put(path, body, argument[1]);",
        [runs, SECRET],
    )


def test_a_reload_with_the_server_away_loses_and_doubles_nothing(
    service: Service, llvmpipe_page: Page
) -> None:
    visit = visit_of(service)
    created = ask(llvmpipe_page, OPEN + "return await box.createVisit(argument);", visit)
    service.away = True
    put_runs(llvmpipe_page, visit, 3)
    assert ask(llvmpipe_page, "await box.flushNow(); return box.pending();") == 3
    llvmpipe_page.reload()
    llvmpipe_page.wait_for_function("window.kit")
    service.away = False
    ask(llvmpipe_page, OPEN + DRAINED)
    assert created["id"] == visit["id"]
    assert (service.count(tables.Visit), service.count(tables.Run)) == (1, 3)


def test_the_visit_goes_before_its_runs(service: Service, llvmpipe_page: Page) -> None:
    service.away = True
    visit = visit_of(service)
    ask(llvmpipe_page, OPEN + "window.created = box.createVisit(argument);", visit)
    put_runs(llvmpipe_page, visit, 2)
    service.away = False
    answer = ask(llvmpipe_page, DRAINED + "return [await window.created, box.refused()];")
    assert answer[0]["id"] == visit["id"]
    assert answer[1] == []
    assert service.count(tables.Run) == 2


def test_what_was_sent_on_leaving_is_not_doubled(service: Service, llvmpipe_page: Page) -> None:
    visit = visit_of(service)
    ask(llvmpipe_page, OPEN + "await box.createVisit(argument);", visit)
    service.away = True
    put_runs(llvmpipe_page, visit, 2)
    service.away = False
    ask(llvmpipe_page, "box.onPageHide(); await new Promise((r) => setTimeout(r, 300));" + DRAINED)
    assert service.count(tables.Run) == 2
    assert ask(llvmpipe_page, "return box.pending();") == 0


def test_what_the_server_refuses_is_kept_and_not_sent_again(service: Service, llvmpipe_page: Page) -> None:
    visit = visit_of(service)
    ask(llvmpipe_page, OPEN + "await box.createVisit(argument);", visit)
    path = f"visits/{visit['id']}/runs/{uuid4()}"
    ask(
        llvmpipe_page,
        "await box.put(argument[0], argument[1], argument[2]);" + DRAINED,
        [path, {"schema": 1}, SECRET],
    )
    before = service.requests
    (refused,) = ask(llvmpipe_page, "await box.flushNow(); return box.refused();")
    assert refused["path"] == path
    assert 400 <= refused["refusal"]["status"] < 500
    assert service.requests == before
