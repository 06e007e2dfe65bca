"""The checks of ``kit doctor``: each says what it found and, where that is not right, what to do."""

import os
import platform
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Literal, NamedTuple

from kit import __version__
from kit.assets import Assets
from kit.bench.browsers import INSTALL, KINDS, Kind, find_browser
from kit.commands.check_apart import found_apart
from kit.commands.network import check_port
from kit.db.migrate import current, differences, head
from kit.db.session import Database
from kit.errors import CallerError
from kit.models.catalog import broken_bundles, list_bundles
from kit.models.errors import BundleError
from kit.models.verify import verify_bundle
from kit.settings import Settings, load_settings

Level = Literal["ok", "warn", "fail"]
NEEDED_PYTHON = (3, 11)
ENOUGH_DISK_GB = 1.0
VERSION_WAIT_S = 20
OTHERS = stat.S_IRWXG | stat.S_IRWXO


class Check(NamedTuple):
    """One line of the report."""

    level: Level
    name: str
    found: str
    advice: str = ""


def all_checks() -> Iterator[Check]:
    """Every check, those that need settings only where the settings can be read."""
    yield check_python()
    try:
        settings = load_settings()
    except CallerError as error:
        yield Check("fail", "settings", error.message, "put it right, then run kit doctor again")
        return
    yield Check("ok", "settings", f"KIT_HOME is {settings.home}")
    for check in CHECKS:
        yield from check(settings)
    for kind in KINDS:
        yield check_browser(kind)


def check_python() -> Check:
    """Python's version."""
    found = f"Python {platform.python_version()}, Fieldkit {__version__}"
    if sys.version_info < NEEDED_PYTHON:
        return Check("fail", "python", found, "install Python 3.11 or newer")
    return Check("ok", "python", found)


def check_home(settings: Settings) -> Iterator[Check]:
    """The folder for everything that is kept: there, writable, with room."""
    place = _existing(settings.home)
    if not os.access(place, os.W_OK):
        yield Check(
            "fail", "home", f"{settings.home} cannot be written", "give it to this user, or set KIT_HOME"
        )
        return
    free = shutil.disk_usage(place).free / 1e9
    if free < ENOUGH_DISK_GB:
        yield Check(
            "warn", "disk", f"{free:.1f} GB free in {place}", "make room: the database grows with every run"
        )
        return
    yield Check("ok", "disk", f"{free:.0f} GB free")


def check_secrets(settings: Settings) -> Iterator[Check]:
    """What only its owner may read: the key that signs sessions, and everything about testers' devices."""
    if sys.platform == "win32" or not settings.home.exists():
        return
    folder_mode = stat.S_IMODE(settings.home.stat().st_mode)
    secret = settings.home / "secret_key"
    if secret.exists() and stat.S_IMODE(secret.stat().st_mode) & OTHERS:
        yield Check(
            "fail", "permissions", f"others may read {secret}", f"chmod 600 {secret}; then sign in again"
        )
    elif folder_mode & OTHERS:
        yield Check(
            "warn", "permissions", f"others may look into {settings.home}", f"chmod 700 {settings.home}"
        )
    else:
        yield Check("ok", "permissions", f"{settings.home} is closed to others")


def check_database(settings: Settings) -> Iterator[Check]:
    """Whether the database answers and is up to date."""
    where = "PostgreSQL" if settings.database.startswith("postgresql") else settings.database
    if where.startswith("sqlite") and not Path(where.removeprefix("sqlite:///")).exists():
        yield Check("warn", "database", f"{where} is not there yet", "kit serve makes it at its first start")
        return
    database = Database(settings.database)
    try:
        database.ping()
        yield _migrated(database, where)
    except Exception as error:  # noqa: BLE001 - drivers raise errors of their own kinds; all mean the same here
        reason = str(error).splitlines()[0]
        yield Check(
            "fail",
            "database",
            f"{where} does not answer: {reason}",
            "check KIT_DATABASE_URL, and that it runs",
        )
    finally:
        database.dispose()


def check_front_end(_settings: Settings) -> Iterator[Check]:
    """The built pages."""
    if Assets().built:
        yield Check("ok", "pages", "built")
    else:
        yield Check("fail", "pages", "the browser part is not built", "make setup")


def check_bundles(settings: Settings) -> Iterator[Check]:
    """Every bundle against its manifest."""
    for folder, reason in broken_bundles(settings.model_roots):
        yield Check("fail", "model", f"{folder}: {reason}", "remove the folder, or fetch it again")
    bundles = list_bundles(settings.model_roots)
    if not any(not bundle.internal for bundle in bundles):
        yield Check(
            "warn", "model", "no bundle that a study could use", "install fieldkit again: it brings some"
        )
    for bundle in bundles:
        try:
            verify_bundle(bundle.path)
        except BundleError as error:
            yield Check(
                "fail", "model", f"{bundle.name} {bundle.version}: {error}", "remove it, or fetch it again"
            )
        else:
            yield Check("ok", "model", f"{bundle.name} {bundle.version}, every file as its manifest says")


def check_apart(_settings: Settings) -> Iterator[Check]:
    """Whether models of others can be read apart from everything else."""
    good, found, advice = found_apart()
    yield Check("ok" if good else "warn", "added models", found, advice)


def check_listening(settings: Settings) -> Iterator[Check]:
    """Whether a server could start here."""
    try:
        check_port(settings.host, settings.port)
    except CallerError as error:
        yield Check("warn", "port", error.message, "nothing to do if that is your own server")
    else:
        yield Check("ok", "port", f"{settings.port} on {settings.host} is free")


def check_browser(kind: Kind) -> Check:
    """An installed browser; only ``kit bench`` and the tests need one."""
    browser = find_browser(kind)
    if browser is None:
        return Check("warn", kind, "not found (only kit bench and the tests need it)", INSTALL[kind])
    try:
        answer = subprocess.run(
            [browser.path, "--version"], check=False, capture_output=True, text=True, timeout=VERSION_WAIT_S
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return Check("warn", kind, f"{browser.path} does not start: {error}", INSTALL[kind])
    return Check("ok", kind, f"{answer.stdout.strip() or 'found'} ({browser.path})")


CHECKS: tuple[Callable[[Settings], Iterator[Check]], ...] = (
    check_home,
    check_secrets,
    check_database,
    check_front_end,
    check_bundles,
    check_apart,
    check_listening,
)
"""To add a check, add a line."""


def _migrated(database: Database, where: str) -> Check:
    found = current(database.engine)
    if found != head():
        return Check(
            "warn",
            "database",
            f"{where} is at {found or 'nothing'}, this version needs {head()}",
            "kit db upgrade",
        )
    unlike = differences(database.engine)
    if unlike:
        return Check(
            "fail", "database", f"{where} differs from what this version expects: {unlike[0]}", "kit db check"
        )
    return Check("ok", "database", f"{where}, revision {found}")


def _existing(folder: Path) -> Path:
    return next(place for place in (folder, *folder.parents) if place.exists())
