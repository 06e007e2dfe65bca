"""A page of our own for what a study does not measure: one task a page load, in a fresh browser."""

import json
import logging
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, Queue
from typing import Any

from flask import Blueprint, Flask, Response, request
from flask_wtf import CSRFProtect
from werkzeug.serving import make_server

from kit.app import create_app
from kit.assets import Assets
from kit.bench.browsers import Browser, Gl, command_line
from kit.bench.launch import last_words, running
from kit.bench.server import own_environment, share_store
from kit.bench.watch import browser_environment
from kit.db.migrate import upgrade
from kit.db.session import Database
from kit.domain.modes import parse_mode
from kit.domain.wire.page import PageModel
from kit.domain.wire.visit import BundleRef
from kit.errors import CallerError
from kit.models.catalog import BundleInfo, list_bundles
from kit.settings import Settings, load_settings

ENTRY = "src/bench/main.ts"
PATH = "/bench"
LONGEST_S = 400.0
"""A look at a large model in WebAssembly of one thread, all modes one after the other, and a form made for each rival."""


@dataclass(slots=True)
class TaskPage:
    """A server with the page, and what the page sends."""

    settings: Settings
    url: str = ""
    task: Mapping[str, Any] = field(default_factory=dict)
    answers: "Queue[dict[str, Any]]" = field(default_factory=Queue)

    def ask(self, task: Mapping[str, Any], browser: Browser, gl: Gl, folder: Path) -> Any:
        """Open the page in a fresh browser; what its task gives. Raises CallerError with the page's own reason."""
        self.task = task
        profile = Path(tempfile.mkdtemp(prefix="profile-", dir=folder))
        log = profile.with_suffix(".log")
        command = command_line(browser, gl, profile, f"{self.url}{PATH}")
        with running(command, log, browser_environment(folder)) as process:
            deadline = time.monotonic() + LONGEST_S
            while time.monotonic() < deadline:
                try:
                    answer = self.answers.get(timeout=0.5)
                except Empty:
                    if process.poll() is not None:
                        raise CallerError(
                            f"the browser ended by itself; it said: {last_words(log)}"
                        ) from None
                    continue
                if "trouble" in answer:
                    raise CallerError(str(answer["trouble"]))
                return answer["result"]
        raise CallerError(f"the page gave nothing within {LONGEST_S:.0f} s")


def task_for(kind: str, bundle: BundleInfo, modes: tuple[str, ...], rounds: int) -> dict[str, Any]:
    """What the page reads: see web/src/bench/task.ts."""
    model = PageModel(
        ref=BundleRef(name=bundle.name, version=bundle.version, sha256=bundle.sha256),
        title=bundle.title,
        description=bundle.description,
        bytes=bundle.bytes,
        url=f"/models/{bundle.name}/{bundle.version}/manifest.json",
    )
    asked = [(text, parse_mode(text)) for text in modes]
    return {
        "task": kind,
        "model": model.model_dump(mode="json", by_alias=True),
        "modes": [
            {"name": text, "mode": one.mode, "variant": one.asked and one.asked.model_dump(mode="json")}
            for text, one in asked
        ],
        "rounds": rounds,
    }


def newest(settings: Settings, model: str) -> BundleInfo:
    """The newest version of a model. Raises CallerError."""
    found = [bundle for bundle in list_bundles(settings.model_roots) if bundle.name == model]
    if not found:
        raise CallerError(f"there is no model {model}; `kit models list` shows what there is")
    return found[-1]


@contextmanager
def task_page(folder: Path) -> Iterator[TaskPage]:
    """The service with the page beside it, in a thread of this process. Raises CallerError where the page is not built."""
    if not Assets().has(ENTRY):
        raise CallerError("the page of this command is not built; run `make setup`")
    home = folder / "page"
    home.mkdir()
    share_store(home)
    settings = load_settings(own_environment(home))
    database = Database(settings.database)
    upgrade(database.engine)
    database.dispose()
    page = TaskPage(settings)
    app = _app(settings, page)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    page.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield page
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _app(settings: Settings, page: TaskPage) -> Flask:
    app = create_app(settings)
    blueprint = Blueprint("bench", __name__)

    @blueprint.get(PATH)
    def show() -> str:
        task = json.dumps(page.task).replace("&", "\\u0026").replace("<", "\\u003c")
        script = Assets().script(ENTRY)
        config = f'<script type="application/json" id="bench-task">{task}</script>'
        return f"<!doctype html><html lang=en><head><title>kit bench</title>{script}</head><body>{config}</body></html>"

    @blueprint.post(PATH)
    def take() -> Response:
        page.answers.put(request.get_json())
        return Response(status=204)

    app.register_blueprint(blueprint)
    csrf: CSRFProtect = app.extensions["csrf"]
    csrf.exempt(blueprint)
    return app
