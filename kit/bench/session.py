"""A whole bench: one server, a page load for each comparison, rows and ratios at the end."""

import signal
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kit import __version__
from kit.bench.browsers import (
    Browser,
    Gl,
    Kind,
    browser_version,
    check_gl,
    require_browser,
    virtual_screen,
)
from kit.bench.machine import machine_facts
from kit.bench.pages import Page, bench_definition, plan_pages
from kit.bench.ratio import Ratio, paired_ratio
from kit.bench.rows import Row, condition_row
from kit.bench.server import scratch_server
from kit.bench.watch import PageResult, Say, run_page
from kit.db import studies
from kit.db.session import Database
from kit.models.catalog import list_bundles
from kit.settings import Settings

ENDING = (signal.SIGINT, signal.SIGTERM)


@dataclass(frozen=True, slots=True)
class Wish:
    """What to measure and where. ``pairs``: the modes of each page load, the reference first. ``seconds``: length of each
    window, the protocol's own where it is ``None``. ``knobs``: further knobs of the protocol.
    """

    models: tuple[str, ...]
    pairs: tuple[tuple[str, ...], ...]
    kind: Kind
    gl: Gl
    seconds: float | None
    knobs: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Result:
    """What came of it."""

    wish: Wish
    browser: Browser
    started_at: datetime
    rows: list[Row]
    ratios: list[Ratio]

    def as_dict(self) -> dict[str, Any]:
        """The content of ``--out FILE.json``."""
        return {
            "schema": 1,
            "kit_version": __version__,
            "started_at": self.started_at.isoformat(timespec="seconds"),
            "browser": self.wish.kind,
            "browser_version": browser_version(self.browser),
            "gl": self.wish.gl,
            "seconds": self.wish.seconds,
            "machine": machine_facts(),
            "conditions": self.rows,
            "ratios": [ratio.as_dict() for ratio in self.ratios],
        }


def bench(wish: Wish, say: Say) -> Result:
    """Measure. Everything that was started is ended again, also on Ctrl-C. Raises CallerError."""
    browser = require_browser(wish.kind)
    check_gl(wish.kind, wish.gl)
    if wish.kind == "firefox":
        virtual_screen(wish.gl)
    pages = plan_pages(wish.models, wish.pairs)
    definitions = [bench_definition(page, wish.seconds, wish.knobs) for page in pages]
    started = datetime.now(UTC)
    rows: list[Row] = []
    ratios: list[Ratio] = []
    with (
        ended_by_signals(),
        tempfile.TemporaryDirectory(prefix="kit-bench-", ignore_cleanup_errors=True) as scratch,
    ):
        folder = Path(scratch)
        with scratch_server(folder) as (settings, database):
            addresses = [_open_study(settings, database, definition) for definition in definitions]
            for number, (page, (study_id, url)) in enumerate(zip(pages, addresses, strict=True), start=1):
                say(f"{number} of {len(pages)}: {page.label}")
                result = run_page(database, study_id, url, browser, wish.gl, folder, say)
                rows += _rows(page, result, measured=[(row["model"], row["mode"]) for row in rows])
                ratios += _ratios(page, result)
    return Result(wish, browser, started, rows, ratios)


def _open_study(settings: Settings, database: Database, definition: Any) -> tuple[str, str]:
    """Make the study of one page load; its id and the URL to open."""
    now = datetime.now(UTC)
    with database.write() as session:
        study = studies.create_study(session, definition, list_bundles(settings.model_roots), now=now)
        link = studies.create_link(session, study, now=now)
        return study.id, f"{settings.base_url}/s/{link.token}"


def _rows(page: Page, result: PageResult, measured: Sequence[tuple[str, str]]) -> Iterator[Row]:
    """Rows of the page's conditions; the reference keeps the row of its first page load."""
    for mode in page.modes:
        if (page.model, mode) not in measured:
            runs = [run for run in result.runs if run.asked == mode]
            row = condition_row(page.model, mode, runs, result.refresh_hz)
            yield row | {"reason": result.trouble} if result.trouble and not row["ok"] and not runs else row


def _ratios(page: Page, result: PageResult) -> list[Ratio]:
    if len(page.modes) == 1:
        return []
    ratio = paired_ratio(page.model, page.modes[0], page.modes[1], result.runs)
    return [ratio] if ratio else []


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """SIGTERM ends the bench as Ctrl-C does, so that it cleans up after itself; and so does SIGINT where a shell that
    started it in the background told it to take no notice.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, signal.default_int_handler) for number in ENDING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
