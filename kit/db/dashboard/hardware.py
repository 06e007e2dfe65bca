"""The table by hardware: GPU x model x mode x variant x browser, figures over machines."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kit.db.dashboard.filters import Filters, of_conditions
from kit.db.tables import MachineCondition, Visit
from kit.domain.modes import asked_text
from kit.domain.stats.group import Group, group
from kit.domain.stats.machine import Part, machine_values


@dataclass(frozen=True, slots=True, order=True)
class Hardware:
    """A GPU as the rules name it. ``model`` is empty where the tester did not send the device, or has no WebGL."""

    vendor: str
    model: str
    family: str
    class_: str
    blurred: bool


@dataclass(frozen=True, slots=True, order=True)
class Condition:
    """What a figure may never pool over: model, mode, what was asked of it, threads (0: none to choose), precision; and
    the browser.
    """

    bundle: str
    version: str
    sha256: str
    mode: str
    threads: int
    precision: str
    browser: str
    wishes: str = ""

    @property
    def asked(self) -> str:
        """The mode as the study named it: ``direct-wasm[threads=1]``."""
        return asked_text(self.mode, self.wishes)


@dataclass(frozen=True, slots=True)
class HardwareRow:
    """One line of the table. ``failed_machines`` had at least one run that failed, was wrong or too slow."""

    hardware: Hardware
    condition: Condition
    figures: Group
    invalid_runs: int
    failed_machines: int


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One condition over all machines; ``condition.browser`` is empty."""

    condition: Condition
    figures: Group


@dataclass(frozen=True, slots=True)
class HardwareCounts:
    """What stands above the table: what is shown, and how much is not."""

    machines: int
    runs: int
    invalid_runs: int
    simulated_machines: int


def hardware_rows(session: Session, filters: Filters) -> list[HardwareRow]:
    """Every group that has at least one measured run; those with most machines first, conditions in a fixed order."""
    query = (
        select(MachineCondition)
        .where(*of_conditions(filters))
        .order_by(MachineCondition.first_run_at, MachineCondition.key)
    )
    groups: dict[tuple[Hardware, Condition], list[MachineCondition]] = {}
    for row in session.scalars(query):
        groups.setdefault((_hardware(row), _condition(row)), []).append(row)
    rows = [_row(hardware, condition, members) for (hardware, condition), members in groups.items()]
    machines = _machines_by_hardware(groups.items())
    return sorted(rows, key=lambda row: (-machines[row.hardware], row.hardware, row.condition))


def answer_rows(session: Session, filters: Filters) -> list[AnswerRow]:
    """The researcher's question: what share of all machines reaches 24, 30, 60 with this model in this mode?

    Every machine counts once in each condition, whatever its GPU and however many of its browsers took part.
    """
    query = select(MachineCondition).where(*of_conditions(filters)).order_by(MachineCondition.key)
    groups: dict[Condition, list[MachineCondition]] = {}
    for row in session.scalars(query):
        groups.setdefault(replace(_condition(row), browser=""), []).append(row)
    return [
        AnswerRow(condition, group(machine_values([part_of(row) for row in members])))
        for condition, members in sorted(groups.items())
    ]


def hardware_counts(session: Session, filters: Filters) -> HardwareCounts:
    """Counts under the same filters; simulated machines are counted whether or not they are shown."""
    sums = select(
        func.count(MachineCondition.machine_id.distinct()),
        func.coalesce(func.sum(MachineCondition.runs), 0),
        func.coalesce(func.sum(MachineCondition.invalid_runs), 0),
    )
    machines, runs, invalid = session.execute(sums.where(*of_conditions(filters))).one()
    simulated = select(func.count(Visit.machine_id.distinct())).where(Visit.simulated)
    if filters.study_id:
        simulated = simulated.where(Visit.study_id == filters.study_id)
    return HardwareCounts(int(machines), int(runs), int(invalid), session.scalar(simulated) or 0)


def part_of(row: MachineCondition) -> Part:
    """A stored row as the statistics take it."""
    return Part(
        machine=row.machine_id,
        capability_ms=row.capability_ms,
        displayed_fps=row.displayed_fps,
        runs=row.runs,
        ok=row.valid_runs,
        refused=row.wrong_output_runs + row.unavailable_runs + row.failed_runs + row.too_slow_runs,
        unknown=row.stopped_runs + row.lost_runs + row.ok_runs - row.valid_runs,
    )


def _row(hardware: Hardware, condition: Condition, members: list[MachineCondition]) -> HardwareRow:
    values = machine_values([part_of(row) for row in members])
    return HardwareRow(
        hardware=hardware,
        condition=condition,
        figures=group(values),
        invalid_runs=sum(row.invalid_runs for row in members),
        failed_machines=sum(value.refused > 0 for value in values),
    )


def _hardware(row: MachineCondition) -> Hardware:
    return Hardware(row.gpu_vendor, row.gpu_model, row.gpu_family, row.gpu_class, row.gpu_blurred)


def _condition(row: MachineCondition) -> Condition:
    return Condition(
        row.bundle_name,
        row.bundle_version,
        row.bundle_sha256,
        row.mode,
        row.threads,
        row.precision,
        row.browser_name,
        row.wishes,
    )


def _machines_by_hardware(
    groups: Iterable[tuple[tuple[Hardware, Condition], list[MachineCondition]]],
) -> dict[Hardware, int]:
    machines: dict[Hardware, set[str]] = {}
    for (hardware, _), members in groups:
        machines.setdefault(hardware, set()).update(row.machine_id for row in members)
    return {hardware: len(ids) for hardware, ids in machines.items()}
