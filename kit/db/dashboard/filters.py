"""What a page is narrowed down to. All pages, exports and the API share these, so that a number means the same everywhere.

A machine belongs to the day (in UTC) of its first run in a condition, so that periods side by side share no machine.
``flag`` keeps the machines that have a run with that flag in the condition; ``without_flag`` turns it round.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from kit.db.tables import Cell, Device, Flag, Link, MachineCondition, Run, Study, Visit
from kit.domain.flag_bits import BITS
from kit.domain.flags import RULES
from kit.errors import CallerError

PARAMETERS = (
    *("study", "stage", "since", "until", "link", "model", "mode", "vendor", "class", "gpu", "family"),
    *("browser", "os", "flag", "invalid", "simulated"),
)
"""The address parameters, the same on every page."""
NOT_TOLD = "not told"
"""As a vendor, class, GPU, family, browser or OS: machines that did not tell it."""
LONGEST = 300
DEVICE: dict[str, tuple[InstrumentedAttribute[str], InstrumentedAttribute[str | None]]] = {
    "vendor": (Cell.gpu_vendor, Device.gpu_vendor),
    "class_": (Cell.gpu_class, Device.gpu_class),
    "gpu": (Cell.gpu_model, Device.gpu_model),
    "family": (Cell.gpu_family, Device.gpu_family),
    "browser": (Cell.browser_name, Device.browser_name),
    "os": (Cell.os, Device.os),
}


CATEGORIES = {
    "study_id": "study_id",
    "stage": "stage",
    "bundle_name": "model",
    "bundle_version": "version",
    "mode": "mode",
    "gpu_vendor": "vendor",
    "gpu_class": "class_",
    "gpu_model": "gpu",
    "gpu_family": "family",
    "browser_name": "browser",
    "os": "os",
}
"""Columns of rows and cells, and what narrows them."""


@dataclass(frozen=True, slots=True)
class Filters:
    """``None`` narrows nothing. ``simulated``: synthetic testers instead of people; never both in one figure.

    ``since`` and ``until`` are days in UTC, both within. ``invalid``: figures with invalid runs too. Of a device the
    empty text means: not told. ``wishes`` belongs to ``mode``. ``public``: for people without an account, who never see a
    single machine's own value below the floor; it narrows nothing.
    """

    study_id: str | None = None
    simulated: bool = False
    stage: str | None = None
    since: date | None = None
    until: date | None = None
    link_id: str | None = None
    model: str | None = None
    version: str | None = None
    mode: str | None = None
    wishes: str = ""
    vendor: str | None = None
    class_: str | None = None
    gpu: str | None = None
    family: str | None = None
    browser: str | None = None
    os: str | None = None
    flag: str | None = None
    without_flag: bool = False
    invalid: bool = False
    public: bool = False


def read_filters(session: Session, asked: Mapping[str, str]) -> Filters:
    """Filters from address parameters; others than ``PARAMETERS`` are not looked at.

    A study of synthetic testers shows them: nobody who names it wants an empty page. Raises CallerError that names the
    field: 404 for what does not exist, 400 for what cannot be read.
    """
    text = {name: asked.get(name, "").strip() for name in PARAMETERS}
    for name, value in text.items():
        if len(value) > LONGEST:
            raise CallerError(f"{name}: this is too long; choose one from the list", field=name)
    study, link = _study(session, text["study"]), _link(session, text["link"])
    model, _, version = text["model"].partition("@")
    mode, _, wishes = text["mode"].partition("[")
    flag = _flag(text["flag"])
    filters = Filters(
        study_id=study.id if study else None,
        simulated=_switch("simulated", text["simulated"]) or (study is not None and study.simulated),
        stage=_stage(text["stage"]),
        since=_day("since", text["since"]),
        until=_day("until", text["until"]),
        link_id=link.id if link else None,
        model=model or None,
        version=version or None,
        mode=mode or None,
        wishes=wishes.removesuffix("]"),
        vendor=_device_text(text["vendor"]),
        class_=_device_text(text["class"]),
        gpu=_device_text(text["gpu"]),
        family=_device_text(text["family"]),
        browser=_device_text(text["browser"]),
        os=_device_text(text["os"]),
        flag=flag.removeprefix("-") or None,
        without_flag=flag.startswith("-"),
        invalid=_switch("invalid", text["invalid"]),
    )
    if filters.since and filters.until and filters.since > filters.until:
        raise CallerError("until: this day is before the first one; give a later day", field="until")
    _check_known(session, filters, text)
    return filters


def filters_for(session: Session, study_name: str | None, *, simulated: bool = False) -> Filters | None:
    """Filters for a study's short name; ``None`` where there is no such study."""
    try:
        return read_filters(session, {"study": study_name or "", "simulated": "1" if simulated else ""})
    except CallerError:
        return None


def asked_back(asked: Mapping[str, str]) -> dict[str, str]:
    """The parameters that narrow something, in their order: what an address needs to say the same again."""
    given = {name: asked.get(name, "").strip() for name in PARAMETERS}
    return {
        name: value
        for name, value in given.items()
        if value and not (name in ("invalid", "simulated") and value == "0")
    }


def is_plain(filters: Filters) -> bool:
    """Whether nothing is asked but the study, people or synthetic testers, and invalid runs."""
    return filters == Filters(
        filters.study_id, filters.simulated, invalid=filters.invalid, public=filters.public
    )


def of_visits(filters: Filters) -> list[ColumnElement[bool]]:
    """What a query over ``visit`` is narrowed down to: by itself, by its device, by whether it has such a run."""
    found: list[ColumnElement[bool]] = [Visit.simulated.is_(filters.simulated)]
    own = {Visit.study_id: filters.study_id, Visit.stage: filters.stage, Visit.link_id: filters.link_id}
    found += [column == value for column, value in own.items() if value is not None]
    found += _within(Visit.created_at, filters)
    device = _of_device(filters)
    if device:
        found.append(Visit.id.in_(select(Device.visit_id).where(*device)))
    runs = of_runs(filters)
    if runs:
        found.append(Visit.id.in_(select(Run.visit_id).where(Run.kind == "measured", *runs)))
    return found


def of_runs(filters: Filters) -> list[ColumnElement[bool]]:
    """What a query over ``run`` is narrowed down to beside its visit: by condition and flag."""
    own = {Run.bundle_name: filters.model, Run.bundle_version: filters.version, Run.mode: filters.mode}
    found: list[ColumnElement[bool]] = [column == value for column, value in own.items() if value is not None]
    if filters.mode is not None:
        found.append(Run.wishes == filters.wishes)
    if filters.flag:
        flagged = Run.id.in_(select(Flag.run_id).where(Flag.code == filters.flag))
        found.append(~flagged if filters.without_flag else flagged)
    return found


def of_conditions(filters: Filters) -> list[ColumnElement[bool]]:
    """What a query over ``machine_condition`` is narrowed down to."""
    return [*_of_categories(MachineCondition, filters), *of_rows(filters)]


def of_cells(filters: Filters) -> list[ColumnElement[bool]]:
    """What a query over ``cell`` is narrowed down to: all but link, days and flags, which cells do not tell apart."""
    return _of_categories(Cell, filters)


def rows_of_cells(filters: Filters) -> list[ColumnElement[bool]]:
    """The same for ``machine_condition`` by way of its cells, which are few: its index begins with them."""
    return [MachineCondition.cell_id.in_(select(Cell.id).where(*of_cells(filters)))]


def of_rows(filters: Filters) -> list[ColumnElement[bool]]:
    """What only rows can tell: link, days, flags."""
    row = MachineCondition
    found = [row.link_id == filters.link_id] if filters.link_id is not None else []
    found += _within(row.first_run_at, filters)
    if filters.flag:
        bit = row.flags.bitwise_and(BITS[filters.flag])
        found.append(bit == 0 if filters.without_flag else bit != 0)
    return found


def _of_categories(table: type[Cell] | type[MachineCondition], filters: Filters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [table.simulated.is_(filters.simulated)]
    own = {name: getattr(filters, attribute) for name, attribute in CATEGORIES.items()}
    own["wishes"] = filters.wishes if filters.mode is not None else None
    return found + [getattr(table, name) == value for name, value in own.items() if value is not None]


def _of_device(filters: Filters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    for name, (_, column) in DEVICE.items():
        value = getattr(filters, name)
        if value is not None:
            found.append(column == value if value else column.is_(None))
    return found


def _within(column: InstrumentedAttribute[datetime], filters: Filters) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if filters.since:
        found.append(column >= datetime.combine(filters.since, time.min, UTC))
    if filters.until:
        found.append(column < datetime.combine(filters.until, time.min, UTC) + timedelta(days=1))
    return found


def _study(session: Session, name: str) -> Study | None:
    study = session.scalar(select(Study).where(Study.name == name)) if name else None
    if name and study is None:
        raise CallerError(
            f"study: there is no study {name[:80]}; choose one from the list", status=404, field="study"
        )
    return study


def _link(session: Session, token: str) -> Link | None:
    link = session.scalar(select(Link).where(Link.token == token)) if token else None
    if token and link is None:
        raise CallerError("link: there is no such link; choose one from the list", status=404, field="link")
    return link


def _stage(text: str) -> str | None:
    if text not in ("", "pilot", "main"):
        raise CallerError("stage: choose pilot or main", field="stage")
    return text or None


def _switch(name: str, text: str) -> bool:
    if text not in ("", "0", "1"):
        raise CallerError(f"{name}: give 1, or leave it out", field=name)
    return text == "1"


def _day(name: str, text: str) -> date | None:
    if not text:
        return None
    try:
        day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC).date()
    except ValueError as error:
        raise CallerError(f"{name}: write a day as 2026-03-31", field=name) from error
    if not date(1970, 1, 1) <= day < date.max:  # the day after it is needed too
        raise CallerError(f"{name}: write a day from 1970-01-01 to 9999-12-30", field=name)
    return day


def _flag(text: str) -> str:
    codes = [rule.code for rule in RULES]
    if text and text.removeprefix("-") not in codes:
        raise CallerError(f"flag: there is no such flag; choose from {', '.join(codes)}", field="flag")
    return text


def _device_text(text: str) -> str | None:
    return "" if text == NOT_TOLD else text or None


def _check_known(session: Session, filters: Filters, text: Mapping[str, str]) -> None:
    """Nobody is told "0 machines" for a word that was spelt otherwise: it has to be somewhere in the store."""
    own = {
        "model": (filters.model, and_(Cell.bundle_name == filters.model, _version(filters))),
        "mode": (
            filters.mode,
            and_(Cell.mode == filters.mode, Cell.wishes == filters.wishes),
        ),
    }
    for name, (value, where) in own.items():
        if value and not session.scalar(select(exists().where(where))):
            raise CallerError(
                f"{name}: nothing was measured with {text[name]}; choose one from the list",
                status=404,
                field=name,
            )
    for attribute, (column, sent) in DEVICE.items():
        value, name = getattr(filters, attribute), attribute.removesuffix("_")
        if value and not any(_holds(session, own, value) for own in (column, sent)):
            raise CallerError(
                f"{name}: no machine has {value[:80]}; choose one from the list", status=404, field=name
            )


def _version(filters: Filters) -> ColumnElement[bool]:
    if filters.version is None:
        return Cell.bundle_name == filters.model
    return Cell.bundle_version == filters.version


def _holds(session: Session, column: InstrumentedAttribute[Any], value: str) -> bool:
    return session.execute(select(column).where(column == value).limit(1)).first() is not None
