"""``kit db``: the database as a whole."""

from pathlib import Path

import click

from kit.commands.group import example
from kit.db import backup as copies
from kit.db.derive import derive_visit, stale_visits
from kit.db.migrate import differences, head
from kit.db.migrate import upgrade as bring_up
from kit.db.rebuild import check as compare
from kit.db.rebuild import count_machines
from kit.db.rebuild import rebuild as derive_again
from kit.db.session import Database
from kit.db.tables import Visit
from kit.errors import CallerError
from kit.settings import load_settings


@click.group(epilog=example("kit db upgrade", "kit db backup fieldkit-2026-01-31.sqlite"))
def db() -> None:
    """Upgrade, check, rebuild, back up or restore the database."""


@db.command(epilog=example("kit db upgrade"))
def upgrade() -> None:
    """Bring the database up to date; safe to run on several machines at once."""
    database = Database(load_settings().database)
    try:
        changed = bring_up(database.engine)
    finally:
        database.dispose()
    click.echo(f"the database is {'now' if changed else 'already'} at revision {head()}")


@db.command(epilog=example("kit db check", "kit db check --quick"))
@click.option(
    "--quick", is_flag=True, help="Do not compare the figures with the raw runs, which reads all of them."
)
def check(quick: bool) -> None:
    """Check that the database is up to date, as this version expects it, not damaged, and its figures those of its runs."""
    settings = load_settings()
    problems = copies.trouble(settings.database)
    database = Database(settings.database)
    try:
        outdated = differences(database.engine)
        problems += outdated or ([] if quick else _untrue(database))
    finally:
        database.dispose()
    if problems:
        raise CallerError(f"{len(problems)} found: {'; '.join(problems)}")
    told = "" if quick else ", every figure is that of its runs"
    click.echo(f"ok: revision {head()}, nothing damaged, nothing missing{told}")


def _untrue(database: Database) -> list[str]:
    with database.read() as session:
        found = compare(session)
    return [*found, "run `kit db rebuild` to make the figures again"] if found else []


@db.command(epilog=example("kit db rebuild"))
def rebuild() -> None:
    """Make all that is derived from runs again: summaries, flags and names by older rules, then every figure.

    Runs and samples stay as they are. Safe while the server runs: readers see the old figures until all is done, and
    testers' reports wait for it.
    """
    database = Database(load_settings().database)
    try:
        older = _derive_stale(database)
        with database.write() as session:
            derive_again(session)
            machines = count_machines(session)
    finally:
        database.dispose()
    click.echo(f"made again for {machines:,} machines; {older:,} visits had been read by older rules")


def _derive_stale(database: Database) -> int:
    """Visits that older rules read are read again, each in a transaction of its own; gives how many there were."""
    with database.read() as session:
        stale = stale_visits(session)
    for visit_id in stale:
        with database.write() as session:
            visit = session.get(Visit, visit_id, with_for_update=True)
            if visit is not None:
                derive_visit(session, visit)
    return len(stale)


@db.command(epilog=example("kit db backup fieldkit-2026-01-31.sqlite"))
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
def backup(file: Path) -> None:
    """Copy the whole database to FILE, while the server runs too. Secrets and published models stay in KIT_HOME."""
    copies.backup(load_settings().database, file)
    click.echo(f"{file}: {file.stat().st_size / 1e6:.1f} MB")


@db.command(
    epilog=example("kit db restore fieldkit-2026-01-31.sqlite", "kit db restore old.sqlite --replace")
)
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--replace", is_flag=True, help="Also where the database holds visits: they are lost.")
def restore(file: Path, replace: bool) -> None:
    """Put the backup FILE in the place of the whole database, then bring it up to date. Stop the server before."""
    settings = load_settings()
    if not replace and copies.holds_visits(settings.database):
        raise CallerError("the database holds visits; back it up first, then use --replace")
    copies.restore(settings.database, file)
    database = Database(settings.database)
    try:
        bring_up(database.engine)
    finally:
        database.dispose()
    click.echo(f"restored from {file}; revision {head()}")
