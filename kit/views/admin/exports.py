"""Everything as a file, streamed."""

from collections.abc import Iterator

from flask import Response, request
from flask.typing import ResponseReturnValue

from kit.db.dashboard.filters import Filters
from kit.db.export import EXPORTS, LINES, export_rows
from kit.db.session import Database
from kit.errors import CallerError
from kit.views.admin.audience import blueprint
from kit.views.admin.narrowed import narrowed
from kit.views.state import database, now

TYPES = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson"}


@blueprint.get("/export/<what>.<kind>")
def export(what: str, kind: str) -> ResponseReturnValue:
    """Runs, visits or devices as CSV or JSON Lines, under the page's filters; ``all=1``: without any."""
    if what not in EXPORTS or kind not in LINES:
        raise CallerError(f"there is an export of {', '.join(EXPORTS)} as {' or '.join(LINES)}", status=404)
    filters = None if request.args.get("all") == "1" else narrowed().filters
    response = Response(_lines(database(), what, kind, filters), content_type=TYPES[kind])
    response.headers["Content-Disposition"] = (
        f'attachment; filename="fieldkit-{what}-{now():%Y-%m-%d}.{kind}"'
    )
    return response


def _lines(store: Database, what: str, kind: str, filters: Filters | None) -> Iterator[str]:
    with store.read() as db:
        columns, rows = export_rows(db, what, filters)
        yield from LINES[kind](columns, rows)
