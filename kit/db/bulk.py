"""Many rows at once: COPY on PostgreSQL, one prepared statement on SQLite."""

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import JSON, Table, insert
from sqlalchemy.orm import Session


def insert_many(session: Session, table: Table, rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows that all have the same columns."""
    if not rows:
        return
    if session.get_bind().dialect.name != "postgresql":
        session.execute(insert(table), rows)
        return
    names = list(rows[0])
    columns = [table.c[name] for name in names]
    as_json = {name for name, column in zip(names, columns, strict=True) if isinstance(column.type, JSON)}
    quoted = ", ".join(f'"{column.name}"' for column in columns)
    driver: Any = session.connection().connection.cursor()
    with driver, driver.copy(f'COPY "{table.name}" ({quoted}) FROM STDIN') as copy:
        for row in rows:
            copy.write_row(
                [
                    json.dumps(row[name]) if name in as_json and row[name] is not None else row[name]
                    for name in names
                ]
            )
