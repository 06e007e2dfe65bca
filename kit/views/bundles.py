"""Models for browsers: only files that a manifest lists, immutable, with ranges and strong ETags."""

from flask import Blueprint, Response, send_file

from kit.errors import CallerError
from kit.models.catalog import resolve_file
from kit.views.headers import FOREVER
from kit.views.state import state

blueprint = Blueprint("bundles", __name__)


@blueprint.get("/models/<name>/<version>/<path:file>")
def bundle_file(name: str, version: str, file: str) -> Response:
    """One file of a bundle; ``Range`` and ``If-None-Match`` are honoured."""
    found = resolve_file(state().settings.model_roots, name, version, file)
    if found is None:
        raise CallerError("There is no such file of a model here.", code="unknown_file", status=404)
    kind = "application/json" if file.endswith(".json") else "application/octet-stream"
    response = send_file(found.path, mimetype=kind, conditional=True, etag=found.sha256)
    response.headers["Cache-Control"] = FOREVER
    return response
