"""INSERT or change what is there, in one statement, on both databases."""

from typing import Any

from sqlalchemy import FromClause, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session


def add_one(session: Session, table: FromClause, key: dict[str, Any], column: str) -> None:
    """Add one to ``column`` in the row of ``key``, making the row with 1 where there is none."""
    statement = _insert(session, table).values(**key, **{column: 1})
    counted = {column: table.c[column] + 1}
    session.execute(statement.on_conflict_do_update(index_elements=list(key), set_=counted))


def insert_missing(session: Session, table: FromClause, values: dict[str, Any]) -> None:
    """Insert a row unless one with its primary key is there; safe against a second writer in the same moment."""
    session.execute(_insert(session, table).values(**values).on_conflict_do_nothing())


def _insert(session: Session, table: FromClause) -> "postgresql.Insert | sqlite.Insert":
    assert isinstance(table, Table)
    dialect = session.get_bind().dialect.name
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)
