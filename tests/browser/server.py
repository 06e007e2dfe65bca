"""A small web server for the browser tests: the harness page and the bundles, with the headers of the real service."""

from __future__ import annotations

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import TracebackType

ISOLATION = {
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Handler(SimpleHTTPRequestHandler):
    """Serves /harness/ and /models/ from two folders; anything else is 404."""

    def __init__(self, *args: object, roots: dict[str, Path], **kwargs: object) -> None:
        self.roots = roots
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]

    def translate_path(self, path: str) -> str:
        """The file for a URL path; one outside the roots becomes a name that does not exist."""
        first, _, rest = path.split("?", maxsplit=1)[0].lstrip("/").partition("/")
        root = self.roots.get(first)
        found = (root / (rest or "index.html")).resolve() if root else None
        inside = root is not None and found is not None and found.is_relative_to(root)
        return str(found) if inside else "/nonexistent"

    def end_headers(self) -> None:
        """Adds the headers that isolate the page."""
        for name, value in ISOLATION.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


class Site:
    """The server in a thread, for a `with` block. ``url`` ends without a slash."""

    def __init__(self, roots: dict[str, Path], host: str = "127.0.0.1") -> None:
        resolved = {name: root.resolve() for name, root in roots.items()}
        self.server = ThreadingHTTPServer((host, 0), partial(Handler, roots=resolved))
        self.server.daemon_threads = True
        self.url = f"http://{host}:{self.server.server_address[1]}"

    def __enter__(self) -> Site:
        Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.server.shutdown()
        self.server.server_close()
