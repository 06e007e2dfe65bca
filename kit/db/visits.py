"""A visit from its first write to its end. Every write is idempotent; no function commits."""

import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from kit.db import counters
from kit.db.joins import machine_of_code
from kit.db.studies import OpenedLink, open_link, parse_plan
from kit.db.tables import Link, Machine, Study, StudyRevision, Tombstone, Visit
from kit.db.upsert import insert_missing
from kit.domain.hashing import body_sha256, sha256_text
from kit.domain.study import StudyPlan, visit_sequence
from kit.domain.wire.visit import PlanEntry, VisitCreate, VisitCreated, VisitEnd
from kit.errors import CallerError

# How far a visit has come: a repeated or late message never takes it back.
PROGRESS = {"started": 0, "stopped": 1, "no_webgl": 1, "finished": 2}


def create_visit(session: Session, body: VisitCreate, *, now: datetime) -> tuple[VisitCreated, bool]:
    """Store a visit, or find that it is stored already; True where it is new.

    Raises CallerError: the link does not exist, is off or used up; the study is closed; the id belongs to another
    request; the visit was deleted; the join code is unknown or too old.
    """
    known = _known_visit(session, body)
    if known is not None:
        return _answer(known), False
    opened = _welcoming(session, body.link)
    study = session.scalars(select(Study).where(Study.id == opened.study.id).with_for_update()).one()
    known = _known_visit(session, body)  # a twin of this request may have been first while this one waited
    if known is not None:
        return _answer(known), False
    link = session.scalars(select(Link).where(Link.id == opened.link.id).with_for_update()).one()
    _use_link(link, now)
    visit = _new_visit(body, opened, study.visit_count, _machine(session, body, now), now)
    study.visit_count += 1
    session.add(visit)
    session.flush()
    counters.add_visit(session, visit)
    return _answer(visit), True


def open_visit(session: Session, visit_id: str, secret: str) -> Visit:
    """The visit that a secret opens, locked for this transaction.

    Raises CallerError: 404 unknown, 403 wrong secret, 410 deleted (only where the secret is right).
    """
    visit = session.scalar(select(Visit).where(Visit.id == visit_id).with_for_update())
    stone = session.get(Tombstone, visit_id) if visit is None else None
    keeper = visit or stone
    if keeper is None:
        raise CallerError("there is no such visit; create it first", code="unknown_visit", status=404)
    if not secrets.compare_digest(keeper.secret_sha256, sha256_text(secret)):
        raise CallerError(
            "the secret is not this visit's; send the one it was created with",
            code="wrong_secret",
            status=403,
        )
    if visit is None:
        raise deleted()
    return visit


def end_visit(session: Session, visit: Visit, body: VisitEnd, *, now: datetime) -> None:
    """Note how the visit ended. May come again as the visit goes further; never takes it back."""
    if PROGRESS[body.state] >= PROGRESS[visit.state]:
        if body.state != visit.state:
            counters.add(session, {(visit.study_id, visit.state): -1, (visit.study_id, body.state): 1})
        visit.state = body.state
        visit.end_reason = body.reason
        visit.ended_at = now
    if body.refresh_hz_after is not None:
        visit.refresh_hz_after = body.refresh_hz_after


def plan_of(session: Session, visit: Visit) -> StudyPlan:
    """The plan under which a visit began."""
    text = session.scalars(
        select(StudyRevision.definition).where(StudyRevision.id == visit.revision_id)
    ).one()
    return parse_plan(text)


def deleted() -> CallerError:
    """What a write to a deleted visit is told."""
    return CallerError("this visit was deleted; nothing more is stored for it", code="deleted", status=410)


def _known_visit(session: Session, body: VisitCreate) -> Visit | None:
    visit = session.get(Visit, str(body.id))
    if visit is None:
        if session.get(Tombstone, str(body.id)) is not None:
            raise deleted()
        return None
    if visit.body_sha256 != body_sha256(body):
        raise CallerError(
            "id: this visit exists with other contents; make a new id",
            code="conflict",
            status=409,
            field="id",
        )
    return visit


def _welcoming(session: Session, token: str) -> OpenedLink:
    opened = open_link(session, token)
    if opened is None:
        raise CallerError(
            "link: there is no such link; check the address", code="unknown_link", status=404, field="link"
        )
    if not opened.link.on:
        raise CallerError(
            "link: this link is switched off; ask for a new one", code="link_off", status=410, field="link"
        )
    if opened.study.state != "open":
        raise CallerError(
            "link: this study is closed; no new visits are taken",
            code="study_closed",
            status=410,
            field="link",
        )
    return opened


def _use_link(link: Link, now: datetime) -> None:
    if link.uses == "single" and link.used_at is not None:
        raise CallerError(
            "link: this link was used already; ask for a new one", code="link_used", status=410, field="link"
        )
    link.used_at = link.used_at or now


def _machine(session: Session, body: VisitCreate, now: datetime) -> str:
    if body.join_code is not None:
        return machine_of_code(session, body.join_code, now)
    insert_missing(session, Machine.__table__, {"id": str(body.machine), "created_at": now})
    return str(body.machine)


def _new_visit(body: VisitCreate, opened: OpenedLink, number: int, machine_id: str, now: datetime) -> Visit:
    study, plan = opened.study, opened.plan
    sequence = visit_sequence(plan, study.order_seed, number)
    return Visit(
        id=str(body.id),
        study_id=study.id,
        revision_id=opened.revision.id,
        link_id=opened.link.id,
        machine_id=machine_id,
        number=number,
        stage=plan.definition.stage,
        simulated=plan.definition.simulated,
        state="started",
        consent_sha256=body.consent.text_sha256,
        consent_language=body.consent.language,
        consent_at=body.consent.at,
        order_seed=study.order_seed,
        planned=len(sequence),
        done=0,
        sequence=[entry.model_dump(mode="json") for entry in sequence],
        secret_sha256=sha256_text(body.secret),
        body_sha256=body_sha256(body),
        kit_version=body.kit_version,
        protocol_version=body.protocol_version,
        created_at=now,
    )


def _answer(visit: Visit) -> VisitCreated:
    return VisitCreated(
        schema=1,
        id=UUID(visit.id),
        machine=UUID(visit.machine_id),
        order_seed=visit.order_seed,
        sequence=[PlanEntry.model_validate(entry) for entry in visit.sequence],
    )
