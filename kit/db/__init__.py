"""The only package that imports SQLAlchemy: tables, sessions, migrations and plain functions that never commit."""
