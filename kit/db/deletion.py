"""Deleting a visit: by the tester who holds its secret, or by an admin. A tombstone stays. No function commits."""

import secrets
from datetime import datetime
from typing import Literal

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from kit.db import counters
from kit.db.admins import note
from kit.db.conditions import refresh_conditions
from kit.db.tables import (
    Device,
    Flag,
    Machine,
    Run,
    RunSummary,
    SampleBlock,
    Token,
    Tombstone,
    Visit,
)
from kit.db.visits import open_visit
from kit.domain.hashing import sha256_text
from kit.errors import CallerError


def delete_visit(
    session: Session,
    visit_id: str,
    *,
    by: Literal["tester", "admin"],
    now: datetime,
    secret: str = "",
    actor: str = "",
) -> None:
    """Delete a visit with everything in it, and its machine where that was its last visit. Again: nothing happens.

    A tester proves it with ``secret``; an admin names themselves as ``actor``, which the audit keeps.
    Raises CallerError: 404 unknown, 403 wrong secret.
    """
    stone = session.get(Tombstone, visit_id)
    if stone is not None:
        if by == "tester" and not secrets.compare_digest(stone.secret_sha256, sha256_text(secret)):
            raise CallerError(
                "the secret is not this visit's; send the one it was created with",
                code="wrong_secret",
                status=403,
            )
        return
    visit = open_visit(session, visit_id, secret) if by == "tester" else _locked(session, visit_id)
    session.add(
        Tombstone(
            visit_id=visit.id,
            study_id=visit.study_id,
            secret_sha256=visit.secret_sha256,
            deleted_by=by,
            deleted_at=now,
        )
    )
    _delete_rows(session, visit)
    if by == "admin":
        note(session, actor, "delete visit", visit_id, now=now)


def _locked(session: Session, visit_id: str) -> Visit:
    visit = session.scalar(select(Visit).where(Visit.id == visit_id).with_for_update())
    if visit is None:
        raise CallerError("there is no such visit", code="unknown_visit", status=404)
    return visit


def _delete_rows(session: Session, visit: Visit) -> None:
    machine_id = visit.machine_id
    counters.add_visit(session, visit, -1)
    runs = select(Run.id).where(Run.visit_id == visit.id)
    for table in (SampleBlock, RunSummary, Flag):
        session.execute(delete(table).where(table.run_id.in_(runs)))
    for owned in (Run, Device, Token):
        session.execute(delete(owned).where(owned.visit_id == visit.id))
    session.execute(delete(Visit).where(Visit.id == visit.id))
    refresh_conditions(session, machine_id)
    if session.scalar(select(Visit.id).where(Visit.machine_id == machine_id).limit(1)) is None:
        session.execute(delete(Machine).where(Machine.id == machine_id))
