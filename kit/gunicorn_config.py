"""Settings of gunicorn, shared by ``kit serve`` and the container: ``gunicorn -c python:kit.gunicorn_config kit.wsgi:app``.

Threads, because two slow model downloads would block two sync workers until they are killed. No access log, and no
address in the error log: a tester's IP address is written nowhere.
"""

import logging
import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

from gunicorn.glogging import Logger

from kit.settings import load_settings

METRICS_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
MEMORY_FOLDER = "/dev/shm"  # noqa: S108 - gunicorn makes its files there in a safe way


def workers_that_fit(database: str) -> int:
    """Processes for this machine: one per core, at least two, at most eight (SQLite has one writer: at most four)."""
    return max(2, min(os.cpu_count() or 1, 4 if database.startswith("sqlite") else 8))


class QuietLogger(Logger):
    """Gunicorn's logger without what it tells about a broken request: the address, and headers word by word."""

    def setup(self, cfg: Any) -> None:
        """Add the filter to what gunicorn sets up."""
        super().setup(cfg)
        self.error_log.addFilter(without_peer)


def without_peer(record: logging.LogRecord) -> bool:
    """Let every record pass, but replace the one that names a browser's address."""
    if "from ip=" in str(record.msg):
        record.msg, record.args = "A request that is not valid HTTP was refused.", ()
    return True


_settings = load_settings()

bind = (
    f"[{_settings.host}]:{_settings.port}" if ":" in _settings.host else f"{_settings.host}:{_settings.port}"
)
workers = _settings.workers or workers_that_fit(_settings.database)
threads = _settings.threads
worker_class = "kit.gunicorn_worker.Worker"
worker_tmp_dir = (
    MEMORY_FOLDER if os.access(MEMORY_FOLDER, os.W_OK) else None
)  # a stalled disk must not kill workers
preload_app = False  # connections to a database must not be shared by processes
timeout = 60
graceful_timeout = 30
keepalive = 15
accesslog = None
errorlog = "-"
loglevel = _settings.log_level
logger_class = QuietLogger
forwarded_allow_ips = "*" if _settings.trusted_proxies else "127.0.0.1,::1"
control_socket_disable = True
proc_name = "fieldkit"


def on_starting(_server: Any) -> None:
    """Make the folder in which processes add up their metrics. prometheus_client looks for it when first imported."""
    os.environ[METRICS_FOLDER] = tempfile.mkdtemp(prefix="fieldkit-metrics-")


def post_worker_init(worker: Any) -> None:
    """Say that a worker has loaded the service: until then it only waits."""
    worker.log.info("Worker ready with pid: %d", worker.pid)


def child_exit(_server: Any, worker: Any) -> None:
    """Forget the gauges of a worker that has ended; its counts stay."""
    from prometheus_client import multiprocess

    multiprocess.mark_process_dead(worker.pid)


def on_exit(_server: Any) -> None:
    """Leave no temporary files."""
    folder = os.environ.get(METRICS_FOLDER, "")
    if Path(folder).name.startswith("fieldkit-metrics-"):
        shutil.rmtree(folder, ignore_errors=True)
