"""INSERT or change what is there, in one statement, on both databases."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import FromClause, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session


def add_one(session: Session, table: FromClause, key: dict[str, Any], column: str) -> None:
    """Add one to ``column`` in the row of ``key``, making the row with 1 where there is none."""
    add_some(session, table, key, column, 1)


def add_some(session: Session, table: FromClause, key: dict[str, Any], column: str, change: int) -> None:
    """Add ``change`` to ``column`` in the row of ``key``, making the row where there is none."""
    statement = _insert(session, table).values(**key, **{column: change})
    counted = {column: table.c[column] + change}
    session.execute(statement.on_conflict_do_update(index_elements=list(key), set_=counted))


def insert_missing(
    session: Session, table: FromClause, values: dict[str, Any], *, index: Sequence[str] | None = None
) -> None:
    """Insert a row unless one with its primary key (or its unique ``index``) is there; safe against a second writer in
    the same moment.
    """
    statement = _insert(session, table).values(**values)
    session.execute(statement.on_conflict_do_nothing(index_elements=index))


def _insert(session: Session, table: FromClause) -> "postgresql.Insert | sqlite.Insert":
    assert isinstance(table, Table)
    dialect = session.get_bind().dialect.name
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
