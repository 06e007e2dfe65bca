"""Models for browsers: only files that a manifest lists, immutable, with ranges and strong ETags; and what rivals need."""

from pathlib import PurePosixPath

from flask import Blueprint, Response, send_file, send_from_directory

from kit.errors import CallerError
from kit.models.catalog import BundleFile, resolve_file
from kit.models.errors import BundleError
from kit.models.forms import FORMS, find_form
from kit.models.manifest import MANIFEST
from kit.rivals import INDEX, place
from kit.views.headers import FOREVER
from kit.views.state import state

blueprint = Blueprint("bundles", __name__)

KINDS = {".mjs": "text/javascript", ".js": "text/javascript", ".wasm": "application/wasm"}


@blueprint.get("/models/<name>/<version>/<path:file>")
def bundle_file(name: str, version: str, file: str) -> Response:
    """One file of a bundle, or another form of it that a rival runs; ``Range`` and ``If-None-Match`` are honoured."""
    found = resolve_file(state().settings.model_roots, name, version, file)
    manifest = _manifest(name, version) if found is None and file in FORMS else None
    if manifest is not None:
        return _form(manifest, file)
    if found is None:
        raise CallerError("There is no such file of a model here.", code="unknown_file", status=404)
    kind = "application/json" if file.endswith(".json") else "application/octet-stream"
    response = send_file(found.path, mimetype=kind, conditional=True, etag=found.sha256)
    response.headers["Cache-Control"] = FOREVER
    return response


@blueprint.get("/rivals/<path:file>")
def rival_file(file: str) -> Response:
    """One file of the rivals' runtimes, where they are installed; a folder's name has the version in it."""
    kind = KINDS.get(PurePosixPath(file).suffix, "application/json")
    response = send_from_directory(place(), file, mimetype=kind, conditional=True)
    response.headers["Cache-Control"] = "no-cache" if file == INDEX else FOREVER
    return response


def _manifest(name: str, version: str) -> BundleFile | None:
    return resolve_file(state().settings.model_roots, name, version, MANIFEST)


def _form(manifest: BundleFile, file: str) -> Response:
    """May take minutes the first time. Not immutable: the same bundle may be written in a better way one day."""
    try:
        made = find_form(manifest.path.parent, manifest.sha256, file, state().settings.home / "forms")
    except BundleError as error:
        raise CallerError(str(error), code="no_form", status=404) from error
    response = send_file(made, mimetype="application/octet-stream", conditional=True)
    response.headers["Cache-Control"] = "no-cache"
    return response
