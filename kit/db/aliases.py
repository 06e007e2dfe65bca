"""Administrators' own names of GPUs, beside the rules' names. No function commits.

The rules say "AMD Custom GPU 0405"; whoever runs the study knows it as a Steam Deck. An alias hangs on the rules' name
(``device.gpu_model``), is shown beside it and never replaces it: figures, filters and exports group by the rules' name.
"""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kit.db.admins import note
from kit.db.tables import Device, GpuAlias
from kit.errors import CallerError

LONGEST_MODEL, LONGEST_NAME = 300, 200


def aliases(session: Session) -> dict[str, str]:
    """Rules' name -> the administrators' name, in the order of the rules' names."""
    rows = session.execute(select(GpuAlias.gpu_model, GpuAlias.name).order_by(GpuAlias.gpu_model))
    return {row.gpu_model: row.name for row in rows}


def set_alias(session: Session, model: str, name: str, *, actor: str, now: datetime) -> None:
    """Call the GPU ``model`` also ``name``; again for another name. Raises CallerError for a text that is no name."""
    model, name = _checked("model", model, LONGEST_MODEL), _checked("name", name, LONGEST_NAME)
    alias = session.get(GpuAlias, model) or GpuAlias(gpu_model=model)
    alias.name, alias.actor, alias.created_at = name, actor[:120], now
    session.add(alias)
    note(session, actor, "GPU alias set", model, now=now, details={"name": name})
    session.flush()


def remove_alias(session: Session, model: str, *, actor: str, now: datetime) -> None:
    """Take an alias away. Raises CallerError where there is none."""
    alias = session.get(GpuAlias, model)
    if alias is None:
        raise CallerError(f"model: {model!r} has no alias; `kit devices alias` lists them", field="model")
    session.delete(alias)
    note(session, actor, "GPU alias removed", model, now=now, details={"name": alias.name})
    session.flush()


def devices_called(session: Session, model: str) -> int:
    """How many devices the rules call so."""
    return session.scalar(select(func.count()).where(Device.gpu_model == model)) or 0


def _checked(field: str, text: str, longest: int) -> str:
    squeezed = " ".join(text.split())
    if not squeezed or len(squeezed) > longest or not squeezed.isprintable():
        raise CallerError(f"{field}: give 1 to {longest} printable characters", field=field)
    return squeezed
