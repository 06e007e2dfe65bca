"""``kit export``: everything measured, for one's own analysis."""

import sys
from collections.abc import Mapping
from pathlib import Path

import click

from kit.commands.group import example
from kit.commands.store import now, open_database
from kit.db.dashboard.filters import Filters
from kit.db.export import FORMATS, TABLES, export_rows, folder_files, write_file
from kit.db.studies import get_study
from kit.errors import CallerError

ALL = "all"


@click.command(
    epilog=example(
        "kit export runs > runs.csv",
        "kit export devices --format jsonl",
        "kit export samples --format parquet --out samples.parquet",
        "kit export all --out exported --format parquet",
    )
)
@click.argument("what", type=click.Choice([*TABLES, ALL]))
@click.option(
    "--format",
    "format_",
    type=click.Choice(list(FORMATS)),
    default="csv",
    show_default=True,
    help="How to write.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="A file, standard output without it; for all: a new folder.",
)
@click.option("--study", help="Only this study; everything without it.")
def export(what: str, format_: str, out: Path | None, study: str | None) -> None:
    """Write a table of what was measured, or all of them with codebook, manifest and a worked notebook.

    Simulated visits, rejected visits and invalid runs are in it, marked as such.
    """
    if out is None and (what == ALL or format_ == "parquet"):
        kind = "all are many files; name a folder" if what == ALL else "parquet is not text; name a file"
        raise CallerError(f"{kind}: --out {'FOLDER' if what == ALL else 'FILE'}")
    with open_database() as database, database.read() as session:
        one = get_study(session, study) if study else None
        filters = Filters(one.id, one.simulated) if one else None
        if what == ALL and out:
            _check_empty(out)
            query = _query(one.name, one.simulated) if one else {}
            for path in folder_files(session, out, format_, filters=filters, query=query, now=now()):
                click.echo(str(path), err=True)
        elif out:
            count = write_file(out, format_, *export_rows(session, what, filters))
            click.echo(f"{out}: {count:,} {what}", err=True)
        else:
            for chunk in FORMATS[format_](*export_rows(session, what, filters)):
                sys.stdout.write(chunk.decode().replace("\r\n", "\n"))


def _query(study: str, simulated: bool) -> Mapping[str, str]:
    """The filters as the dashboard's address has them."""
    return {"study": study} | ({"simulated": "1"} if simulated else {})


def _check_empty(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CallerError(f"--out {folder}: name a folder that is new or empty")
