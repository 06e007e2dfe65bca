"""Bring a database up to date, by one process at a time, and say whether it is.

Revisions are numbered files in ``migrations/versions``; the file ``migrations/head`` names the newest, so that two
branches that both add one collide in git. A wheel carries the folder as ``kit/_migrations``.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection, Engine, text
from sqlalchemy.orm import Session

import kit.db.access
import kit.db.tables  # noqa: F401  (fills the metadata)
from kit.db.base import Base
from kit.db.rebuild import is_stale, rebuild
from kit.db.session import BUSY_MS
from kit.errors import CallerError

PACKAGE = Path(__file__).resolve().parent.parent
PATIENCE_MS = 50_000
"""How long a process waits while another one migrates, on a slow and busy machine: gunicorn ends a worker after 60 s."""
LOCK_NUMBER = 0x6B6974  # any number that only these migrations use


def migrations_folder() -> Path:
    """Where the revisions are: in an installed package, or at the top of a checkout."""
    for folder in (PACKAGE / "_migrations", PACKAGE.parent / "migrations"):
        if (folder / "env.py").is_file():
            return folder
    raise CallerError("the migrations are missing from this installation; install fieldkit again")


def head() -> str:
    """The newest revision."""
    return (migrations_folder() / "head").read_text(encoding="utf-8").strip()


def current(engine: Engine) -> str | None:
    """The database's revision; ``None`` for an empty one."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(engine: Engine, to: str = "head") -> bool:
    """Bring the database to ``to``; True where there was something to do. Safe when many processes start at once."""
    if to == "head" and current(engine) == head():
        return False
    with _alone(engine) as connection:
        if to == "head" and MigrationContext.configure(connection).get_current_revision() == head():
            return False
        command.upgrade(_config(connection), to)
        if to == "head":
            _derive(connection)
    return True


def downgrade(engine: Engine, to: str) -> None:
    """Take the database back to an older revision (``base``: to nothing)."""
    with _alone(engine) as connection:
        command.downgrade(_config(connection), to)


def differences(engine: Engine) -> list[str]:
    """What the database has otherwise than the tables say, one line each; nothing where they agree.

    Alembic does not compare CHECK constraints; tests compare the whole DDL.
    """
    found = current(engine)
    if found != head():
        return [
            f"the database is at revision {found or 'none'}, this version needs {head()}: run `kit db upgrade`"
        ]
    with engine.connect() as connection:
        compared = MigrationContext.configure(connection, opts={"compare_type": True})
        return [str(change) for change in compare_metadata(compared, Base.metadata)]


def _derive(connection: Connection) -> None:
    """A revision that changes what is derived empties it; here it is made again, in the same transaction."""
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        if is_stale(session):
            rebuild(session)
            session.commit()


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


@contextmanager
def _alone(engine: Engine) -> Iterator[Connection]:
    """A connection in a transaction that no other process can hold: all of it is committed at the end, or nothing."""
    if engine.dialect.name == "sqlite":
        # BEGIN IMMEDIATE is SQLite's own file lock. Foreign keys are off: batch migrations copy whole tables.
        with _without_foreign_keys(engine) as connection, connection.begin():
            yield connection
        return
    with engine.connect() as connection, connection.begin():
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": LOCK_NUMBER})
        yield connection


@contextmanager
def _without_foreign_keys(engine: Engine) -> Iterator[Connection]:
    with engine.execution_options(kit_writes=True).connect() as connection:
        raw: Any = connection.connection.dbapi_connection
        raw.execute("PRAGMA foreign_keys=OFF")
        raw.execute(f"PRAGMA busy_timeout={PATIENCE_MS}")
        try:
            yield connection
        finally:
            raw.execute(f"PRAGMA busy_timeout={BUSY_MS}")
            raw.execute("PRAGMA foreign_keys=ON")
