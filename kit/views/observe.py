"""One log line and one count for each request: method, route, status and milliseconds. Never an address, a user agent,
a token or an id: the route's pattern is enough to see what is slow."""

import logging
from time import perf_counter

from flask import Flask, Response, g, request

from kit.views.metrics import REQUESTS, SECONDS

log = logging.getLogger("kit.requests")
QUIET = frozenset({"/healthz", "/readyz", "/metrics"})


def attach(app: Flask) -> None:
    """Watch all requests."""

    @app.before_request
    def start() -> None:
        g.started = perf_counter()

    @app.after_request
    def finish(response: Response) -> Response:
        route = request.url_rule.rule if request.url_rule else "(none)"
        seconds = perf_counter() - g.get("started", perf_counter())
        REQUESTS.labels(request.method, route, str(response.status_code)).inc()
        SECONDS.labels(route).observe(seconds)
        level = logging.DEBUG if route in QUIET else logging.INFO
        log.log(level, "%s %s %d %.1f ms", request.method, route, response.status_code, seconds * 1000)
        return response
