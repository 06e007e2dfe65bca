"""A relay in front of a real server: counts the bytes that it sends on, and can cut an answer short."""

from __future__ import annotations

import http.client
import socket
from collections import Counter
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from types import TracebackType

PIECE = 64_000
WAIT_S = 25.0  # shorter than the engine waits for the next byte
KEPT_BACK = {"connection", "transfer-encoding", "keep-alive"}


class Relay:
    """For a `with` block. ``sent``: bytes of answers by path; ``ranges``: what was asked for by path, "" for all.

    ``cuts``: after how many bytes to cut the next answers for a path, one entry an answer; the line is held until
    ``arrived`` is set, since a browser drops what its page has not read by then.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self.sent: Counter[str] = Counter()
        self.ranges: dict[str, list[str]] = {}
        self.cuts: dict[str, list[int]] = {}
        self.arrived = Event()
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, relay=self))
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self) -> Relay:
        Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.server.shutdown()
        self.server.server_close()


class Handler(BaseHTTPRequestHandler):
    """One request: asked of the real server as it is, answered in pieces."""

    def __init__(self, *args: object, relay: Relay, **kwargs: object) -> None:
        self.relay = relay
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        self.relay.ranges.setdefault(self.path, []).append(self.headers.get("Range") or "")
        upstream = http.client.HTTPConnection("127.0.0.1", self.relay.port, timeout=30)
        upstream.request("GET", self.path, headers=dict(self.headers.items()))
        answer = upstream.getresponse()
        self.send_response_only(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in KEPT_BACK:
                self.send_header(name, value)
        self.end_headers()
        cuts = self.relay.cuts.get(self.path)
        self._pass_on(answer, cuts.pop(0) if cuts else None)
        upstream.close()

    def _pass_on(self, answer: http.client.HTTPResponse, most: int | None) -> None:
        passed = 0
        while piece := answer.read(PIECE if most is None else min(PIECE, most - passed)):
            self.wfile.write(piece)
            self.relay.sent[self.path] += len(piece)
            passed += len(piece)
        if most is not None:
            self.relay.arrived.wait(WAIT_S)
            self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""
