"""What goes wrong, told to whoever asked: JSON to programs, a friendly page to people."""

import logging

from flask import Flask, Response, jsonify, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from kit.assets import AssetError
from kit.errors import CallerError

log = logging.getLogger("kit")

SENTENCES = {
    404: "There is nothing at this address.",
    405: "This address does not take that kind of request.",
    413: "The request's body is larger than 2 MB; send less, one run at a time.",
    416: "The file does not have that range.",
    500: "Something broke on our side. Nothing that was confirmed before is lost; please try again.",
    503: "The server is not ready; please try again in a moment.",
}
CODES = {413: "too_large", 500: "broken"}
TITLES = {
    403: "Not allowed",
    404: "Nothing here",
    410: "No longer here",
    500: "Something broke",
    503: "Not ready",
}


def attach(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(CallerError, caller_error)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(AssetError, asset_error)
    app.register_error_handler(Exception, crash)


def caller_error(error: CallerError) -> Response:
    """A mistake that the caller can put right."""
    return _answer(error.status, error.code, error.message, error.field)


def http_error(error: HTTPException) -> Response:
    """What Flask itself refuses; redirects pass through."""
    code = error.code or 500
    if code < 400:
        return make_response(error.get_response())
    message = SENTENCES.get(code) or error.description or error.name
    return _answer(code, CODES.get(code) or error.name.lower().replace(" ", "_"), message, None)


def asset_error(error: AssetError) -> Response:
    """The front end is missing: whoever runs the server can put that right."""
    return _answer(503, "not_built", f"The server is not ready: {error}.", None)


def crash(error: Exception) -> Response:
    """A bug of ours: the log has the traceback, the answer has no details."""
    log.error("%s %s failed", request.method, request.url_rule, exc_info=error)
    return _answer(500, "broken", SENTENCES[500], None)


def _answer(status: int, code: str, message: str, field: str | None) -> Response:
    if _wants_page():
        title = TITLES.get(status, "That did not work")
        return Response(render_template("error.html", title=title, message=message), status=status)
    response = jsonify(error={"code": code, "field": field, "message": message})
    response.status_code = status
    if status == 401:
        response.headers["WWW-Authenticate"] = "Bearer"
    return response


def _wants_page() -> bool:
    path = request.path
    if path.startswith(("/api/", "/models/", "/metrics", "/healthz", "/readyz", "/static/")) or path.endswith(
        ".json"
    ):
        return False
    best = request.accept_mimetypes.best_match(["text/html", "application/json"], default="text/html")
    return best == "text/html"
