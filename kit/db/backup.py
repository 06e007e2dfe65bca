"""A copy of the whole database in one file, and back: SQLite by its own backup call, PostgreSQL by its own tools."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from sqlalchemy import URL, make_url

from kit.errors import CallerError


def backup(url: str, target: Path) -> None:
    """Write the database to ``target``, while it is used too. Raises CallerError; nothing is left behind then."""
    if target.exists():
        raise CallerError(f"{target} exists already; choose another file")
    draft = target.with_name(f".{target.name}.part")
    draft.unlink(missing_ok=True)
    try:
        if _is_sqlite(url):
            _copy(_file(url), draft)
        else:
            _postgres("pg_dump", url, ["--format=custom", f"--file={draft}"])
        draft.rename(target)
    finally:
        draft.unlink(missing_ok=True)


def restore(url: str, source: Path) -> None:
    """Replace the whole database by what ``source`` holds. Raises CallerError; the database is then as it was."""
    if not _is_sqlite(url):
        _postgres(
            "pg_restore", url, ["--clean", "--if-exists", "--single-transaction", "--no-owner", str(source)]
        )
        return
    _check_sqlite(source)
    file = _file(url)
    file.parent.mkdir(parents=True, exist_ok=True)
    _copy(source, file)


def trouble(url: str) -> list[str]:
    """What SQLite's own check finds wrong, one line each; PostgreSQL checks its pages itself."""
    if not _is_sqlite(url) or not _file(url).exists():
        return []
    return _integrity(_file(url))


def holds_visits(url: str) -> bool:
    """Whether a SQLite database has anything in it that a restore would replace."""
    if not _is_sqlite(url):
        return True
    if not _file(url).exists():
        return False
    with closing(sqlite3.connect(_file(url))) as connection:
        try:
            return connection.execute("SELECT 1 FROM visit LIMIT 1").fetchone() is not None
        except sqlite3.OperationalError:  # no such table
            return False


def _copy(source: Path, target: Path) -> None:
    """SQLite's online backup: one consistent picture, also while others write."""
    if not source.exists():
        raise CallerError(f"{source} is not there; there is nothing to copy")
    with closing(sqlite3.connect(source)) as reader, closing(sqlite3.connect(target, timeout=10)) as writer:
        reader.backup(writer)


def _check_sqlite(source: Path) -> None:
    problems = _integrity(source)
    if problems:
        raise CallerError(f"{source} is damaged: {problems[0]}; take an older backup")
    with closing(sqlite3.connect(source)) as connection:
        try:
            connection.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.OperationalError as error:
            raise CallerError(f"{source} is no backup of Fieldkit's database") from error


def _integrity(file: Path) -> list[str]:
    with closing(sqlite3.connect(file)) as connection:
        try:
            found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
            links = [
                f"{row[0]}: a row names a {row[2]} that is not there"
                for row in connection.execute("PRAGMA foreign_key_check")
            ]
        except sqlite3.DatabaseError as error:
            raise CallerError(f"{file} is no SQLite database: {error}") from error
    return [line for line in found if line != "ok"] + links


def _postgres(tool: str, url: str, arguments: Sequence[str]) -> None:
    program = shutil.which(tool)
    if program is None:
        raise CallerError(f"{tool} is not installed; on Debian: apt install postgresql-client")
    parsed = make_url(url)
    # The password goes by the environment: a command line can be read by every user of the machine.
    environment = dict(os.environ) | ({"PGPASSWORD": str(parsed.password)} if parsed.password else {})
    done = subprocess.run(
        [program, f"--dbname={_plain(parsed)}", *arguments],
        check=False,
        env=environment,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise CallerError(
            f"{tool} failed: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else 'no reason given'}"
        )


def _plain(url: URL) -> str:
    return url.set(drivername="postgresql", password=None).render_as_string()


def _is_sqlite(url: str) -> bool:
    return make_url(url).get_backend_name() == "sqlite"


def _file(url: str) -> Path:
    return Path(make_url(url).database or "")
