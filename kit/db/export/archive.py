"""Everything at once: the tables, the codebook, a worked notebook, and a manifest with each file's hash, as a folder or zip.

The manifest comes last, because it holds the hashes of all others; nothing is kept in memory but a batch of rows.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from sqlalchemy.orm import Session

from kit import __version__
from kit.db.dashboard.filters import Filters
from kit.db.export.codebook import NOTES, codebook_csv, codebook_json
from kit.db.export.columns import TABLES
from kit.db.export.notebook import notebook_json
from kit.db.export.reading import export_rows, one_picture
from kit.db.export.writing import FORMATS, Counted, Sink, check_format
from kit.db.session import Database
from kit.domain import flags, gpu
from kit.domain.protocol import PROTOCOL_VERSION
from kit.domain.stats import group
from kit.domain.stats import run as summary

NOTEBOOK = "overview.ipynb"
MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Part:
    """One file on its way: its bytes, and how many rows it has once they are all read (``None``: no table)."""

    name: str
    what: str
    content: Iterable[bytes]
    rows: Counted | None = None


class Ledger:
    """What the manifest says: fed while the files are written."""

    def __init__(self, kind: str, query: Mapping[str, str], now: datetime) -> None:
        self._head = {
            "schema": 1,
            "kit_version": __version__,
            "made_at": now.isoformat(),
            "format": kind,
            "filters": dict(query),
            "rule_versions": {
                "summary": summary.RULE_VERSION,
                "flags": flags.RULE_VERSION,
                "gpu": gpu.RULE_VERSION,
                "group_figures": group.RULE_VERSION,
                "protocol": PROTOCOL_VERSION,
            },
            "notes": list(NOTES),
        }
        self._files: list[dict[str, Any]] = []

    def noting(self, part: Part) -> Iterator[bytes]:
        """The part's bytes, noted as they pass."""
        digest, size = hashlib.sha256(), 0
        for chunk in part.content:
            digest.update(chunk)
            size += len(chunk)
            yield chunk
        rows = part.rows.count if part.rows else None
        self._files.append(
            {"name": part.name, "what": part.what, "rows": rows, "bytes": size, "sha256": digest.hexdigest()}
        )

    def manifest(self) -> bytes:
        """The manifest of what has passed so far."""
        return (
            json.dumps({**self._head, "files": self._files}, ensure_ascii=False, indent=1) + "\n"
        ).encode()


def folder_files(
    session: Session,
    folder: Path,
    kind: str,
    *,
    filters: Filters | None,
    query: Mapping[str, str],
    now: datetime,
) -> list[Path]:
    """Write all files into a new or empty folder. Raises CallerError for a format that cannot be written."""
    check_format(kind)
    folder.mkdir(parents=True, exist_ok=True)
    ledger, made = Ledger(kind, query, now), []
    for part in _parts(session, kind, filters):
        made.append(folder / part.name)
        with made[-1].open("wb") as file:
            file.writelines(ledger.noting(part))
    made.append(folder / MANIFEST)
    made[-1].write_bytes(ledger.manifest())
    return made


def stream_table(store: Database, what: str, kind: str, filters: Filters | None) -> Iterator[bytes]:
    """One table as a file, made while it is read; the transaction ends with the last byte, or where reading stops."""
    with store.read() as session:
        yield from FORMATS[kind](*export_rows(session, what, filters))


def stream_zip(
    store: Database, kind: str, *, filters: Filters | None, query: Mapping[str, str], now: datetime
) -> Iterator[bytes]:
    """The same for a zip of everything."""
    with store.read() as session:
        yield from zip_bytes(session, kind, filters=filters, query=query, now=now)


def zip_bytes(
    session: Session, kind: str, *, filters: Filters | None, query: Mapping[str, str], now: datetime
) -> Iterator[bytes]:
    """The same files as a zip, sent while it is made. The format must have been checked."""
    ledger, sink = Ledger(kind, query, now), Sink()
    stored = ZIP_STORED if kind == "parquet" else ZIP_DEFLATED  # Parquet is packed already
    top = f"fieldkit-{now:%Y-%m-%d}"
    with ZipFile(sink, "w") as archive:
        for part in _parts(session, kind, filters):
            info = ZipInfo(f"{top}/{part.name}", now.timetuple()[:6])
            info.compress_type = stored
            with archive.open(info, "w", force_zip64=True) as file:
                for chunk in ledger.noting(part):
                    file.write(chunk)
                    if ready := sink.take():
                        yield ready
        archive.writestr(ZipInfo(f"{top}/{MANIFEST}", now.timetuple()[:6]), ledger.manifest())
    yield sink.take()


def _parts(session: Session, kind: str, filters: Filters | None) -> Iterator[Part]:
    one_picture(session)
    for name in TABLES:
        table, rows = export_rows(session, name, filters)
        counted = Counted(rows)
        yield Part(f"{name}.{kind}", table.row, FORMATS[kind](table, counted), counted)
    yield Part("codebook.csv", "what every column means", [codebook_csv().encode()])
    yield Part("codebook.json", "the same, for programs", [codebook_json().encode()])
    yield Part(
        NOTEBOOK, "a worked notebook: the overview, made again from these files", [notebook_json().encode()]
    )
