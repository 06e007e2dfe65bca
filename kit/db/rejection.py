"""Rejecting a visit: kept and counted, but in no figure. By an administrator, with a reason. No function commits."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from kit.db import counters
from kit.db.admins import note
from kit.db.conditions import refresh_conditions
from kit.db.tables import Visit
from kit.errors import CallerError

LONGEST_REASON = 500


def reject_visit(session: Session, visit_id: str, *, reason: str, actor: str, now: datetime) -> None:
    """Keep a visit out of all figures from now on; again: the reason is replaced.

    Raises CallerError: 404 for an unknown visit, 400 without a reason.
    """
    words = " ".join(reason.split())[:LONGEST_REASON]
    if not words:
        raise CallerError("reason: say why this visit must not count; a few words will do", field="reason")
    visit = _locked(session, visit_id)
    _write(session, visit, rejected_at=visit.rejected_at or now, reason=words)
    note(session, actor, "reject visit", visit_id, now=now, details={"reason": words})


def accept_visit(session: Session, visit_id: str, *, actor: str, now: datetime) -> None:
    """Take a rejection back. Raises CallerError 404 for an unknown visit."""
    visit = _locked(session, visit_id)
    if visit.rejected_at is None:
        return
    _write(session, visit, rejected_at=None, reason=None)
    note(session, actor, "accept visit", visit_id, now=now)


def _write(session: Session, visit: Visit, *, rejected_at: datetime | None, reason: str | None) -> None:
    with counters.counting(session, visit):
        visit.rejected_at, visit.rejected_reason = rejected_at, reason
    refresh_conditions(session, visit.machine_id)


def _locked(session: Session, visit_id: str) -> Visit:
    visit = session.scalar(select(Visit).where(Visit.id == visit_id).with_for_update())
    if visit is None:
        raise CallerError("there is no such visit", code="unknown_visit", status=404)
    return visit
