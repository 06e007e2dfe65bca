"""What is derived from raw runs and devices, made when they are stored, and again when a rule has changed.

Raw strings and samples stay as they came; every derived row carries the version of the rule that made it.
"""

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from kit.db.conditions import refresh_conditions
from kit.db.naming import gpu_columns
from kit.db.reports import run_report
from kit.db.tables import Device, Flag, MachineCondition, Run, RunSummary, Visit
from kit.domain import flags, gpu
from kit.domain.stats import run as stats
from kit.domain.wire.device import DeviceBlock
from kit.domain.wire.run import RunReport

FIGURES = tuple(
    column.key for column in RunSummary.__table__.columns if column.key not in ("run_id", "rule_version")
)


def store_derived(
    session: Session, run_id: str, report: RunReport, device: DeviceBlock | None
) -> tuple[RunSummary, list[str]]:
    """Store summary and flags of a run that has none; gives the summary and the flags' codes in order."""
    made = stats.summarise(report)
    figures = {name: getattr(made, name) for name in FIGURES}
    summary = RunSummary(run_id=run_id, rule_version=stats.RULE_VERSION, **figures)
    found = flags.flags_for(report, device)
    session.add(summary)
    session.add_all(
        Flag(
            run_id=run_id,
            code=flag.code,
            level=flag.level,
            effect=flag.effect,
            rule_version=flags.RULE_VERSION,
        )
        for flag in found
    )
    session.flush()
    return summary, sorted(flag.code for flag in found)


def derive_visit(session: Session, visit: Visit) -> None:
    """Make everything again that is derived from a visit: its GPU's name, summaries, flags, its machine's rows."""
    device = session.get(Device, visit.id)
    block = device_block(session, visit.id)
    if device is not None and device.renderer is not None:
        for name, value in gpu_columns(device.renderer, device.vendor or "", block).items():
            setattr(device, name, value)
    runs = session.scalars(select(Run).where(Run.visit_id == visit.id)).all()
    for run in runs:
        for derived in (RunSummary, Flag):
            session.execute(delete(derived).where(derived.run_id == run.id))
        store_derived(session, run.id, run_report(session, run), block)
    if runs:
        refresh_conditions(session, visit.machine_id)


def stale_visits(session: Session) -> list[str]:
    """Visits with something that an older rule derived. ``kit db`` makes them again, each in its own transaction."""
    old_run = or_(RunSummary.rule_version < stats.RULE_VERSION, Flag.rule_version < flags.RULE_VERSION)
    by_run = select(Run.visit_id).outerjoin(RunSummary).outerjoin(Flag).where(old_run)
    by_device = select(Device.visit_id).where(Device.gpu_rule_version < gpu.RULE_VERSION)
    by_machine = select(Visit.id).join(MachineCondition, MachineCondition.machine_id == Visit.machine_id)
    old_machine = by_machine.where(MachineCondition.rule_version < stats.RULE_VERSION)
    return sorted(
        set(session.scalars(by_run)) | set(session.scalars(by_device)) | set(session.scalars(old_machine))
    )


def device_block(session: Session, visit_id: str) -> DeviceBlock | None:
    """The device block of a visit, as it came; ``None`` where it was not sent."""
    raw = session.scalar(select(Device.raw).where(Device.visit_id == visit_id))
    return None if raw is None else DeviceBlock.model_validate(raw)
