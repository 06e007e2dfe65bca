"""Administrators, their one-time links, their sign-ins, and the list of who changed what. No function commits."""

import re
import secrets
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CursorResult, func, select, update
from sqlalchemy.orm import Session

from kit.db.tables import Admin, Audit, Token
from kit.domain.hashing import sha256_text
from kit.errors import CallerError

FIRST_NAME = "admin"
NAME = re.compile(r"^[A-Za-z0-9][A-Za-z0-9._@+-]{0,79}$")
LINK_BYTES = 24
LINK_VALID = timedelta(hours=24)

FAILURE = "sign-in refused"
WINDOW = timedelta(minutes=15)
TRIES = 8
"""Wrong passwords for one name within the window; then only a one-time link or waiting helps."""
TRIES_OF_ALL = 100


def add_admin(session: Session, name: str, *, now: datetime) -> Admin:
    """Add an administrator without a password: a one-time link sets it. Raises CallerError for a bad or taken name."""
    if not NAME.match(name):
        raise CallerError("name: use letters, digits and . _ @ + -, at most 80 of them", field="name")
    if find_admin(session, name) is not None:
        raise CallerError(f"name: there is an administrator {name} already", field="name")
    admin = Admin(name=name, created_at=now)
    session.add(admin)
    session.flush()
    return admin


def find_admin(session: Session, name: str) -> Admin | None:
    """An administrator by name."""
    return session.scalar(select(Admin).where(Admin.name == name))


def get_admin(session: Session, admin_id: str) -> Admin | None:
    """An administrator by id."""
    return session.get(Admin, admin_id)


def new_admin_link(session: Session, admin: Admin, *, now: datetime) -> str:
    """The token of a fresh one-time link, ``/admin/first/<token>``. Only its hash is stored."""
    token = secrets.token_urlsafe(LINK_BYTES)
    values = {"purpose": "admin", "sha256": sha256_text(token), "admin_id": admin.id}
    session.add(Token(**values, created_at=now, expires_at=now + LINK_VALID))
    session.flush()
    return token


def ensure_first_admin(session: Session, *, now: datetime) -> str | None:
    """At a start: while nobody has a password, a token for the first administrator; ``None`` afterwards."""
    if session.scalar(select(Admin.id).where(Admin.password_hash.is_not(None)).limit(1)) is not None:
        return None
    admin = find_admin(session, FIRST_NAME) or add_admin(session, FIRST_NAME, now=now)
    return new_admin_link(session, admin, now=now)


def admin_of_link(session: Session, token: str, *, now: datetime) -> Admin | None:
    """Whom a one-time link is for; ``None`` where it is unknown, used or too old."""
    fresh = select(Admin).join(Token, Token.admin_id == Admin.id).where(Token.purpose == "admin")
    fresh = fresh.where(Token.sha256 == sha256_text(token), Token.used_at.is_(None), Token.expires_at > now)
    return session.scalar(fresh)


def use_admin_link(session: Session, token: str, password_hash: str, *, now: datetime) -> Admin | None:
    """Set the password and use up this link and all others of the same administrator; ``None`` as above.

    Of two requests with the same link one wins: the update finds the row unused only once.
    """
    admin = admin_of_link(session, token, now=now)
    if admin is None:
        return None
    used = (
        update(Token).where(Token.sha256 == sha256_text(token), Token.used_at.is_(None)).values(used_at=now)
    )
    result = session.execute(used)
    assert isinstance(result, CursorResult)
    if result.rowcount != 1:
        return None
    others = update(Token).where(
        Token.admin_id == admin.id, Token.purpose == "admin", Token.used_at.is_(None)
    )
    session.execute(others.values(used_at=now))
    admin.password_hash, admin.signed_in_at = password_hash, now
    note(session, admin.name, "password set", admin.name, now=now)
    return admin


def may_try(session: Session, name: str, *, now: datetime) -> bool:
    """Whether another password may be tried for this name. Counted in the database, so that all workers agree."""
    recent = select(func.count()).select_from(Audit).where(Audit.action == FAILURE, Audit.at > now - WINDOW)
    own = session.scalar(recent.where(Audit.target == name[:200])) or 0
    return own < TRIES and (session.scalar(recent) or 0) < TRIES_OF_ALL


def note_refused(session: Session, name: str, *, now: datetime) -> None:
    """Count a wrong password."""
    note(session, "-", FAILURE, name, now=now)


def note_signed_in(session: Session, admin_id: str, *, now: datetime) -> None:
    """Note a sign-in."""
    admin = session.get_one(Admin, admin_id)
    admin.signed_in_at = now
    note(session, admin.name, "signed in", admin.name, now=now)


def note(
    session: Session,
    actor: str,
    action: str,
    target: str,
    *,
    now: datetime,
    details: dict[str, Any] | None = None,
) -> None:
    """Add a line to the list of who changed what."""
    session.add(Audit(at=now, actor=actor[:120], action=action, target=target[:200], details=details))
