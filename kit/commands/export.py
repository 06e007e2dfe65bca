"""``kit export``: everything measured, for one's own analysis."""

import sys
from pathlib import Path

import click

from kit.commands.group import example
from kit.commands.store import open_database
from kit.db.dashboard.filters import Filters
from kit.db.export import EXPORTS, LINES, export_rows, write_parquet
from kit.db.studies import get_study
from kit.errors import CallerError

FORMATS = (*LINES, "parquet")


@click.command(
    epilog=example(
        "kit export runs > runs.csv",
        "kit export devices --format jsonl",
        "kit export runs --format parquet --out runs.parquet",
    )
)
@click.argument("what", type=click.Choice(list(EXPORTS)))
@click.option(
    "--format", "format_", type=click.Choice(FORMATS), default="csv", show_default=True, help="How to write."
)
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="A file; standard output without it."
)
@click.option("--study", help="Only this study; everything without it.")
def export(what: str, format_: str, out: Path | None, study: str | None) -> None:
    """Write runs, visits or devices as CSV, JSON lines or Parquet. Simulated visits are in it, marked as such."""
    if format_ == "parquet" and out is None:
        raise CallerError("parquet is not text; name a file: --out FILE")
    with open_database() as database, database.read() as session:
        one = get_study(session, study) if study else None
        columns, rows = export_rows(session, what, Filters(one.id, one.simulated) if one else None)
        if format_ == "parquet" and out:
            count = write_parquet(out, columns, rows)
            click.echo(f"{out}: {count:,} {what}", err=True)
            return
        lines = LINES[format_](columns, rows)
        if out is None:
            sys.stdout.writelines(line.removesuffix("\r\n").removesuffix("\n") + "\n" for line in lines)
            return
        with out.open("w", encoding="utf-8", newline="") as file:
            file.writelines(lines)
