"""How the database is opened: the promises about durability, order and foreign keys, held on both databases."""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from sqlite3 import connect

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from kit.db.session import Database
from kit.db.tables import Link, Machine, Study
from kit.settings import Settings
from tests.service.factory import NOW, new_link


def test_sqlite_is_opened_as_promised(sqlite_settings: Settings) -> None:
    database = Database(sqlite_settings.database)
    with database.read() as session:
        found = {
            name: session.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    database.dispose()
    assert found == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 10_000}


def test_a_first_start_waits_for_another_one(tmp_path: Path) -> None:
    """Both want to switch an empty file to WAL, and SQLite itself lets the second one fail at once."""
    file = tmp_path / "fieldkit.sqlite"
    database = Database(f"sqlite:///{file}")
    with closing(connect(file, isolation_level=None)) as other, ThreadPoolExecutor(1) as pool:
        other.execute("BEGIN IMMEDIATE")
        opened = pool.submit(database.ping)
        with pytest.raises(TimeoutError):
            opened.result(0.5)
        other.execute("ROLLBACK")
        opened.result(30)
    database.dispose()


def test_foreign_keys_hold(database: Database) -> None:
    link = Link(study_id="none", token="abcdefgh", kind="general", uses="multiple", created_at=NOW)
    with pytest.raises(IntegrityError), database.write() as session:
        session.add(link)


def test_check_constraints_hold(database: Database) -> None:
    study = Study(name="x", title="x", state="ajar", stage="main", order_seed=1, created_at=NOW)
    with pytest.raises(IntegrityError), database.write() as session:
        session.add(study)


def test_nothing_of_a_failed_transaction_stays(database: Database) -> None:
    def fail(session: Session) -> None:
        session.add(Machine(id="m1", created_at=NOW))
        session.flush()
        raise RuntimeError

    with pytest.raises(RuntimeError):
        database.run(fail)
    with database.read() as session:
        assert session.scalars(select(Machine)).all() == []


def test_times_come_back_aware_and_in_utc(database: Database) -> None:
    east = datetime(2026, 3, 1, 14, 30, 0, 123456, tzinfo=timezone(timedelta(hours=2)))
    with database.write() as session:
        session.add(Machine(id="m1", created_at=east))
    with database.read() as session:
        stored = session.get_one(Machine, "m1").created_at
    assert (stored, stored.tzinfo) == (east, UTC)


def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="time zone"), database.write() as session:
        session.add(Machine(id="m1", created_at=datetime(2026, 3, 1)))  # noqa: DTZ001 - the mistake under test


def test_writers_in_many_threads_lose_no_count(database: Database) -> None:
    new_link(database)

    def count(_number: int) -> None:
        with database.write() as session:
            session.scalars(select(Study).with_for_update()).one().visit_count += 1

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(count, range(40)))
    with database.read() as session:
        assert session.scalars(select(Study)).one().visit_count == 40


def test_work_that_meets_its_twin_is_done_again(database: Database) -> None:
    calls: list[int] = []

    def work(session: Session) -> int:
        calls.append(1)
        if len(calls) == 1:
            session.add(Machine(id="m1", created_at=NOW))
            session.flush()
            session.execute(Machine.__table__.insert(), {"id": "m1", "created_at": NOW})
        return len(calls)

    assert database.run(work) == 2


def test_what_fails_every_time_is_told(database: Database) -> None:
    def work(session: Session) -> None:
        session.execute(Machine.__table__.insert(), [{"id": "m1", "created_at": NOW}] * 2)

    with pytest.raises(IntegrityError):
        database.run(work)
