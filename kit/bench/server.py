"""The bench's own server: a scratch folder with a SQLite database, the real gunicorn on a free port."""

import os
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kit.bench.launch import last_words, running
from kit.commands.network import free_port
from kit.commands.serve import gunicorn_command
from kit.db.migrate import upgrade
from kit.db.session import Database
from kit.errors import CallerError
from kit.settings import Settings, load_settings

START_S = 30.0


@contextmanager
def scratch_server(folder: Path) -> Iterator[tuple[Settings, Database]]:
    """A running server with an empty database in ``folder`` and the models that are installed here."""
    home = folder / "home"
    home.mkdir()
    share_store(home)
    environment = own_environment(home)
    settings = load_settings(environment)
    database = Database(settings.database)
    try:
        upgrade(database.engine)
        log = folder / "server.log"
        with running(gunicorn_command(), log, environment) as process:
            _await_answer(settings, process, log)
            yield settings, database
    finally:
        database.dispose()


def share_store(home: Path) -> None:
    """The models that were added here, and what was made of them for rivals: that takes minutes for a large one."""
    own = load_settings().home
    (own / "forms").mkdir(parents=True, exist_ok=True)
    for name in ("models", "forms"):
        if (own / name).is_dir():
            (home / name).symlink_to(own / name, target_is_directory=True)


def own_environment(home: Path) -> dict[str, str]:
    """This environment without its own settings: a bench never touches the real store."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("KIT_")}
    own = {
        "KIT_HOME": str(home),
        "KIT_PORT": str(free_port()),
        "KIT_WORKERS": "1",
        "KIT_LOG_LEVEL": "warning",
    }
    return kept | own


def _await_answer(settings: Settings, process: "subprocess.Popen[bytes]", log: Path) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{settings.base_url}/healthz", timeout=5):  # noqa: S310 - our own server
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.1)
    raise CallerError(f"the bench's server did not start; it said: {last_words(log)}")
