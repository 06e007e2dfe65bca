"""What commands share that work on the database: opening it, and the bundles that studies can name."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from kit.db.migrate import upgrade
from kit.db.session import Database
from kit.models.catalog import BundleInfo, list_bundles
from kit.settings import Settings, load_settings

ACTOR = "command line"
"""Who did it, in the audit."""


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def bundles(settings: Settings) -> list[BundleInfo]:
    """Every bundle that is there, the internal ones too."""
    return list_bundles(settings.model_roots)


def make_home(settings: Settings) -> None:
    """Make the folder for everything that is kept, closed to other users."""
    if not settings.home.exists():
        settings.home.mkdir(parents=True)
        settings.home.chmod(0o700)


@contextmanager
def open_database(settings: Settings | None = None) -> Iterator[Database]:
    """The database of the settings, brought up to date first where the settings allow it."""
    settings = settings or load_settings()
    make_home(settings)
    database = Database(settings.database)
    try:
        if settings.migrate:
            upgrade(database.engine)
        yield database
    finally:
        database.dispose()
