"""Everything as a file, streamed: to administrators, and with an API token to programs."""

from collections.abc import Iterator

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from kit.db.dashboard.filters import Filters
from kit.db.export import (
    FORMATS,
    INSTALL_PARQUET,
    TABLES,
    check_format,
    has_parquet,
    stream_table,
    stream_zip,
)
from kit.errors import CallerError
from kit.views.admin.audience import blueprint
from kit.views.admin.narrowed import Narrowed, narrowed
from kit.views.admin.outside import figures_api
from kit.views.state import database, now

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "jsonl": "application/x-ndjson",
    "parquet": "application/vnd.apache.parquet",
    "zip": "application/zip",
}


@blueprint.get("/exports")
def exports() -> ResponseReturnValue:
    """What can be downloaded under these filters, and what the files hold."""
    return render_template(
        "admin/exports.html",
        shown=narrowed(),
        tables=TABLES.values(),
        formats=[kind for kind in FORMATS if kind != "parquet" or has_parquet()],
        install="" if has_parquet() else INSTALL_PARQUET,
    )


@blueprint.get("/export/<what>.<kind>")
@figures_api.get("/exports/<what>.<kind>")
def export(what: str, kind: str) -> ResponseReturnValue:
    """A table as CSV, JSON Lines or Parquet, under the page's filters; ``all=1``: without any.

    ``everything.zip`` has all tables as ``format`` says, with codebook, manifest and notebook.
    """
    shown = narrowed()
    filters = None if request.args.get("all") == "1" else shown.filters
    if (what, kind) == ("everything", "zip"):
        return _file("fieldkit", kind, _zipped(shown, filters))
    if what not in TABLES or kind not in FORMATS:
        raise CallerError(
            f"there is an export of {', '.join(TABLES)} as {' or '.join(FORMATS)}, and everything.zip",
            status=404,
        )
    check_format(kind)
    return _file(f"fieldkit-{what}", kind, stream_table(database(), what, kind, filters))


def _zipped(shown: Narrowed, filters: Filters | None) -> Iterator[bytes]:
    kind = request.args.get("format", "csv")
    check_format(kind)
    query = dict(shown.query) if filters else {}
    return stream_zip(database(), kind, filters=filters, query=query, now=now())


def _file(name: str, kind: str, content: Iterator[bytes]) -> Response:
    """An answer that is made while it is sent: only a batch of rows is in memory."""
    response = Response(content, content_type=TYPES[kind])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}-{now():%Y-%m-%d}.{kind}"'
    return response
