"""Alembic's entry: runs inside a connection that kit.db.migrate gives it, so that locks and settings are in one place."""

from typing import Any, Literal

from alembic import context

import kit.db.access  # fills the metadata
import kit.db.tables  # noqa: F401  (fills the metadata)
from kit.db.base import Base, UtcTime

connection = context.config.attributes.get("connection")
if connection is None:
    raise SystemExit("run migrations with `kit db upgrade`, which holds the lock")


def render(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    """Revisions must not change when our own column types do."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcTime) else False


context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=context.config.attributes.get("batch", connection.dialect.name == "sqlite"),
    render_item=render,
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
