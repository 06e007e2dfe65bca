"""Everything measured, row by row: for the dashboard's CSV buttons and for ``kit export``.

Rows stream: however many there are, only a batch is in memory. Units are in the columns' names, as in the payloads.
"""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from kit.db.dashboard.filters import Filters, of_visits
from kit.db.tables import Device, Flag, Link, Run, RunSummary, Study, Visit
from kit.errors import CallerError

Record = dict[str, Any]
BATCH = 1_000
FORMULA = ("=", "+", "-", "@", "\t", "\r")

SUMMARY = (
    *("capability_ms_median", "capability_ms_p95", "capability_fps", "displayed_fps", "frames"),
    *("displayed_frames", "warmup_frames", "bound_ms"),
)
VISIT_COLUMNS = (
    *(
        "visit",
        "machine",
        "study",
        "link",
        "number",
        "stage",
        "simulated",
        "state",
        "end_reason",
        "created_at",
    ),
    *("ended_at", "consent_at", "consent_language", "consent_sha256", "refresh_hz_after", "kit_version"),
    "protocol_version",
)
DEVICE_COLUMNS = (
    *("visit", "machine", "study", "simulated", "declined", "renderer", "vendor", "gpu_vendor", "gpu_model"),
    *("gpu_family", "gpu_class", "gpu_api", "gpu_blurred", "gpu_confidence", "gpu_rule_version", "browser"),
    *("browser_major", "os", "os_version", "mobile", "webgl", "webgpu", "isolated", "refresh_hz", "tick_ms"),
    *("screen_width", "screen_height", "device_pixel_ratio", "hardware_concurrency", "device_memory_gb"),
    *("touch_points", "charging", "received_at"),
)
RUN_COLUMNS = (
    *("run", "visit", "machine", "study", "simulated", "gpu_vendor", "gpu_model", "gpu_class", "gpu_blurred"),
    *("browser", "browser_major", "os", "model", "version", "model_sha256", "mode", "wishes"),
    *("threads", "precision"),
    *(
        "library",
        "tuning",
        "kind",
        "local",
        "block",
        "drift_control",
        "started_ms",
        "outcome",
        "reason",
        "invalid",
        "flags",
    ),
    *("capability_ms_median", "capability_ms_p95", "capability_fps", "displayed_fps", "frames"),
    *(
        "displayed_frames",
        "warmup_frames",
        "bound_ms",
        "summary_rule_version",
        "cold",
        "load_bytes",
        "load_ms",
    ),
    *(
        "compile_ms",
        "first_picture_ms",
        "golden_status",
        "golden_max_abs_error",
        "golden_psnr_db",
        "renderer",
    ),
    *("tick_ms", "closing", "close_ms", "in_flight", "received_at"),
)
SCREEN = {"screen_width": "width", "screen_height": "height", "device_pixel_ratio": "device_pixel_ratio"}
RAW = ("hardware_concurrency", "device_memory_gb", "touch_points", "charging")


def export_rows(
    session: Session, what: str, filters: Filters | None = None
) -> tuple[Sequence[str], Iterator[Record]]:
    """The columns of ``what`` (runs, visits, devices) and its rows, oldest first. Without filters: everything.

    Raises CallerError for another word.
    """
    if what not in EXPORTS:
        raise CallerError(f"there is no export of {what}; choose from {', '.join(EXPORTS)}", status=404)
    columns, read = EXPORTS[what]
    return columns, read(session, filters)


def csv_lines(columns: Sequence[str], rows: Iterable[Record]) -> Iterator[str]:
    """CSV as RFC 4180 says, a heading first. A text that a spreadsheet would run as a formula gets an apostrophe."""
    yield _csv_line(columns)
    for row in rows:
        yield _csv_line([_csv_cell(row[column]) for column in columns])


def jsonl_lines(columns: Sequence[str], rows: Iterable[Record]) -> Iterator[str]:
    """One JSON object a line, nothing changed."""
    for row in rows:
        values = {column: _plain(row[column]) for column in columns}
        yield json.dumps(values, ensure_ascii=False, allow_nan=False) + "\n"


LINES: dict[str, Callable[[Sequence[str], Iterable[Record]], Iterator[str]]] = {
    "csv": csv_lines,
    "jsonl": jsonl_lines,
}


def write_parquet(path: Path, columns: Sequence[str], rows: Iterable[Record]) -> int:
    """Write a Parquet file and say how many rows it has. Raises CallerError where pyarrow is not installed."""
    try:
        import pyarrow as pa
        import pyarrow.parquet as pq
    except ImportError as error:
        raise CallerError('parquet needs pyarrow; run: pip install "fieldkit[analysis]"') from error
    # Column types come from all rows at once: a column may hold nothing for thousands of rows.
    records = [{column: row[column] for column in columns} for row in rows]
    pq.write_table(pa.Table.from_pylist(records, pa.schema(_fields(pa, columns, records))), path)
    return len(records)


def _fields(pa: Any, columns: Sequence[str], records: Sequence[Record]) -> list[Any]:
    return [pa.field(column, _arrow_type(pa, [record[column] for record in records])) for column in columns]


def _arrow_type(pa: Any, values: Sequence[Any]) -> Any:
    kinds = {type(value) for value in values if value is not None}
    if kinds == {int, float}:
        return pa.float64()
    types = {bool: pa.bool_(), int: pa.int64(), float: pa.float64(), datetime: pa.timestamp("us", tz="UTC")}
    return types.get(next(iter(kinds)), pa.string()) if len(kinds) == 1 else pa.string()


def _visits(session: Session, filters: Filters | None) -> Iterator[Record]:
    query = select(Visit, Study.name, Link.token).join(Study, Study.id == Visit.study_id)
    query = query.join(Link, Link.id == Visit.link_id).order_by(Visit.created_at, Visit.id)
    for visit, study, link in session.execute(
        query.where(*_where(filters)).execution_options(yield_per=BATCH)
    ):
        own = {name: getattr(visit, name) for name in VISIT_COLUMNS if hasattr(visit, name)}
        yield own | {"visit": visit.id, "machine": visit.machine_id, "study": study, "link": link}
        session.expunge(visit)


def _devices(session: Session, filters: Filters | None) -> Iterator[Record]:
    query = select(Device, Visit.machine_id, Visit.simulated, Study.name).join(
        Visit, Visit.id == Device.visit_id
    )
    query = query.join(Study, Study.id == Visit.study_id).order_by(Device.received_at, Device.visit_id)
    for device, machine, simulated, study in session.execute(
        query.where(*_where(filters)).execution_options(yield_per=BATCH)
    ):
        yield _device(device) | {"machine": machine, "simulated": simulated, "study": study}
        session.expunge(device)


def _device(device: Device) -> Record:
    raw = device.raw or {}
    own = {name: getattr(device, name) for name in DEVICE_COLUMNS if hasattr(device, name)}
    screen = {column: raw.get("screen", {}).get(name) for column, name in SCREEN.items()}
    more = {name: raw.get(name) for name in RAW}
    return (
        own
        | screen
        | more
        | {"visit": device.visit_id, "browser": device.browser_name, "tick_ms": _ms(device.tick_us)}
    )


def _runs(session: Session, filters: Filters | None) -> Iterator[Record]:
    query = (
        select(Run, RunSummary, Visit.machine_id, Visit.simulated, Study.name, Device)
        .join(Visit, Visit.id == Run.visit_id)
        .join(Study, Study.id == Visit.study_id)
        .outerjoin(RunSummary, RunSummary.run_id == Run.id)
        .outerjoin(Device, Device.visit_id == Visit.id)
        .where(*_where(filters))
        .order_by(Run.received_at, Run.id)
        .execution_options(yield_per=BATCH)
    )
    for batch in session.execute(query).partitions():
        flags = _flags(session, [row[0].id for row in batch])
        for run, summary, machine, simulated, study, device in batch:
            yield (
                {"machine": machine, "simulated": simulated, "study": study}
                | _run(run)
                | _summary(summary)
                | _run_device(device)
                | _run_flags(flags.get(run.id, []))
            )
        session.expunge_all()


def _run(run: Run) -> Record:
    environment = run.environment or {}
    own = {name: getattr(run, name) for name in RUN_COLUMNS if hasattr(run, name)}
    times = {
        name: _ms(getattr(run, name.replace("_ms", "_us")))
        for name in ("load_ms", "compile_ms", "first_picture_ms")
    }
    measured = {name: environment.get(name) for name in ("tick_ms", "closing", "close_ms", "in_flight")}
    names = {"run": run.id, "visit": run.visit_id, "model": run.bundle_name, "version": run.bundle_version}
    return (
        own
        | times
        | measured
        | names
        | {"model_sha256": run.bundle_sha256, "started_ms": _ms(run.started_us)}
    )


def _summary(summary: RunSummary | None) -> Record:
    figures = {name: getattr(summary, name, None) for name in SUMMARY}
    return figures | {"summary_rule_version": summary.rule_version if summary else None}


def _run_device(device: Device | None) -> Record:
    names = ("gpu_vendor", "gpu_model", "gpu_class", "gpu_blurred", "browser_major", "os")
    return {name: getattr(device, name, None) for name in names} | {
        "browser": device.browser_name if device else None
    }


def _flags(session: Session, run_ids: Sequence[str]) -> dict[str, list[Flag]]:
    flags: dict[str, list[Flag]] = {}
    for flag in session.scalars(select(Flag).where(Flag.run_id.in_(run_ids)).order_by(Flag.code)):
        flags.setdefault(flag.run_id, []).append(flag)
    return flags


def _run_flags(flags: Sequence[Flag]) -> Record:
    return {
        "flags": " ".join(flag.code for flag in flags),
        "invalid": any(flag.level == "invalid" for flag in flags),
    }


def _where(filters: Filters | None) -> list[Any]:
    return [and_(*of_visits(filters))] if filters else []


def _ms(us: int | None) -> float | None:
    return None if us is None else us / 1000


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _csv_cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and value.startswith(FORMULA):
        return f"'{value}"
    return "" if value is None else _plain(value)


def _csv_line(cells: Sequence[Any]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(cells)
    return line.getvalue()


EXPORTS: dict[str, tuple[Sequence[str], Callable[[Session, Filters | None], Iterator[Record]]]] = {
    "runs": (RUN_COLUMNS, _runs),
    "visits": (VISIT_COLUMNS, _visits),
    "devices": (DEVICE_COLUMNS, _devices),
}
