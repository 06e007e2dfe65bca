"""For machines that look after this one: is it alive, is it ready, how much has it done."""

from flask import Blueprint, Response
from prometheus_client import CONTENT_TYPE_LATEST

from kit.db import migrate
from kit.views.metrics import exposition
from kit.views.state import database, state

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
def healthz() -> Response:
    """The process answers. Touches nothing else, so that a busy database does not get it killed."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
def readyz() -> Response:
    """The database answers, is at the right revision, and the browser part is built; else 503 with the reason."""
    try:
        revision = migrate.current(database().engine)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with a database means: not ready
        return _not_ready(f"the database does not answer ({type(error).__name__})")
    if revision != migrate.head():
        return _not_ready(
            f"the database is at revision {revision}, not {migrate.head()}; run `kit db upgrade`"
        )
    if not state().assets.built:
        return _not_ready("the browser part is not built; run `make setup`")
    return Response("ready\n", mimetype="text/plain")


@blueprint.get("/metrics")
def metrics() -> Response:
    """Prometheus text."""
    return Response(exposition(database()), content_type=CONTENT_TYPE_LATEST)


def _not_ready(reason: str) -> Response:
    return Response(f"not ready: {reason}\n", status=503, mimetype="text/plain")
