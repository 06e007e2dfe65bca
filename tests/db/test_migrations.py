"""The migrated database is what the tables say, on both databases, up and down. (Several at once: test_live.py.)"""

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, text
from sqlalchemy.schema import CreateIndex, CreateTable

from kit.db import migrate
from kit.db.base import Base
from kit.db.session import BUSY_MS, make_engine
from kit.db.tables import Run
from kit.settings import Settings

ROOT = Path(__file__).parents[2]


@pytest.fixture
def engine(empty_settings: Settings) -> Engine:
    engine = make_engine(empty_settings.database)
    yield engine
    engine.dispose()


def ddl_of_sqlite(engine: Engine) -> set[str]:
    """Every CREATE statement that the database keeps, one spelling."""
    with engine.connect() as connection:
        rows = connection.execute(
            text("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name != 'alembic_version'")
        )
        own = ("alembic_version", "sqlite_sequence")  # tables that no class of ours describes
        return {normal(sql) for (sql,) in rows if not any(name in sql for name in own)}


def ddl_of_tables(engine: Engine) -> set[str]:
    """Every CREATE statement of the tables in this version."""
    made = [CreateTable(table) for table in Base.metadata.tables.values()]
    made += [CreateIndex(index) for table in Base.metadata.tables.values() for index in table.indexes]  # type: ignore[misc]
    return {normal(str(item.compile(engine))) for item in made}


def normal(sql: str) -> str:
    """Constraints in one order, white space and quotes gone."""
    head, _, body = re.sub(r"\s+", " ", sql.replace('"', "").strip()).partition("(")
    return (
        head.strip()
        + "("
        + ",".join(
            sorted(
                part.strip()
                for part in re.split(r", (?=[a-z0-9_]+ [A-Z]|CONSTRAINT)", body.removesuffix(")"))
            )
        )
    )


def test_from_empty_to_the_newest_and_again(engine: Engine) -> None:
    assert migrate.current(engine) is None
    assert [migrate.upgrade(engine), migrate.upgrade(engine)] == [True, False]
    assert migrate.current(engine) == migrate.head()
    assert migrate.differences(engine) == []


def test_down_to_nothing_and_up_again(engine: Engine) -> None:
    migrate.upgrade(engine)
    migrate.downgrade(engine, "base")
    assert migrate.current(engine) is None
    assert migrate.upgrade(engine)
    assert migrate.differences(engine) == []


def test_a_migration_that_takes_long_is_waited_for(sqlite_settings: Settings) -> None:
    """Longer than a usual write may: a slow machine needs many seconds for all tables."""
    engine = make_engine(sqlite_settings.database)
    with migrate._alone(engine) as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one() == migrate.PATIENCE_MS
    with engine.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar_one() == BUSY_MS < migrate.PATIENCE_MS
    engine.dispose()


def test_an_old_database_is_told_what_to_do(engine: Engine) -> None:
    assert migrate.differences(engine) == [
        f"the database is at revision none, this version needs {migrate.head()}: run `kit db upgrade`"
    ]


def test_a_database_of_the_first_revision_is_upgraded_with_what_it_holds(tmp_path: Path) -> None:
    file = tmp_path / "older.sqlite"
    with closing(sqlite3.connect(file)) as older:
        older.executescript((ROOT / "tests" / "house" / "data" / "0001.sql").read_text())
    engine = make_engine(f"sqlite:///{file}")
    assert migrate.current(engine) == "0001_tables"
    assert migrate.upgrade(engine)
    assert migrate.differences(engine) == []
    with engine.connect() as connection:
        assert connection.scalars(select(Run.local)).all() == [False, False]
    engine.dispose()


def test_one_revision_down_and_up_again(engine: Engine) -> None:
    migrate.upgrade(engine)
    migrate.downgrade(engine, "0001_tables")
    assert migrate.current(engine) == "0001_tables"
    assert migrate.upgrade(engine)
    assert migrate.differences(engine) == []


def test_a_column_that_is_missing_is_found(engine: Engine) -> None:
    migrate.upgrade(engine)
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE run DROP COLUMN tuning"))
    assert any("tuning" in line for line in migrate.differences(engine))


def test_migrated_ddl_is_that_of_the_tables(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'x.sqlite'}")
    migrate.upgrade(engine)
    assert ddl_of_sqlite(engine) == ddl_of_tables(engine)
    engine.dispose()


def test_check_constraints_are_in_postgres_too(engine: Engine) -> None:
    migrate.upgrade(engine)
    if engine.dialect.name == "sqlite":
        named = {
            name
            for statement in ddl_of_sqlite(engine)
            for name in re.findall(r"CONSTRAINT (ck_\w+)", statement)
        }
    else:
        with engine.connect() as connection:
            rows = connection.execute(text("SELECT conname FROM pg_constraint WHERE contype = 'c'"))
            named = {name for (name,) in rows if name.startswith("ck_")}
    wanted = {
        str(check.name)
        for table in Base.metadata.tables.values()
        for check in table.constraints
        if str(check.name).startswith("ck_")
    }
    assert named == wanted
    assert len(wanted) > 10


def test_head_file_names_the_last_revision_and_files_are_numbered() -> None:
    names = sorted(file.stem for file in (ROOT / "migrations" / "versions").glob("*.py"))
    assert names[-1] == migrate.head()
    assert [int(name[:4]) for name in names] == list(range(1, len(names) + 1))
    for name in names:
        assert f'revision = "{name}"' in (ROOT / "migrations" / "versions" / f"{name}.py").read_text()
