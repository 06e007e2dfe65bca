"""gunicorn's threads, with one thing put right: a connection that ends must not hold up those that begin.

gunicorn 27 waits up to two seconds for the other side before it closes a connection, and does so on the one
thread that accepts connections. A few slow readers, or one that never closes, would stop the whole worker.
"""

from contextlib import suppress
from typing import Any

from gunicorn.workers.gthread import ThreadWorker


class Worker(ThreadWorker):
    """Closes each connection on the thread that answered its request."""

    def handle(self, conn: Any) -> Any:
        """Answer one request; truthy where the connection stays."""
        stays = super().handle(conn)
        if not stays:
            with suppress(OSError):  # gone already
                conn.close(graceful=True)
            conn.close = _already_closed
        return stays


def _already_closed(graceful: bool = False) -> None:
    """What the accepting thread calls afterwards."""
