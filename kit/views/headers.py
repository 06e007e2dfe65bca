"""Headers of every answer: isolation (exact timers need it), a content policy, and silence towards other sites."""

from flask import Flask, Response, request

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "connect-src 'self'",
        "worker-src 'self' blob:",
        "font-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HASHED = "/static/dist/assets/"
FOREVER = "public, max-age=31536000, immutable"
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}


def attach(app: Flask) -> None:
    """Put the headers on every answer.

    Built files with a hash in their name are kept for good, other static files are asked for again by their ETag, and
    pages and answers of the API are not cached unless a view says so.
    """

    @app.after_request
    def add(response: Response) -> Response:
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if request.path.startswith(HASHED) and response.status_code in (200, 206, 304):
            response.headers["Cache-Control"] = FOREVER
        response.headers.setdefault("Cache-Control", "no-store")
        return response
