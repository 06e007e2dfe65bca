"""API tokens: what a program shows to read figures and exports. Only hashes are stored. No function commits."""

import secrets
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from kit.db.access import ApiToken
from kit.db.admins import NAME, note
from kit.domain.hashing import sha256_text
from kit.errors import CallerError

PREFIX = "kit_"
"""So that a token that is published by mistake is recognised as one."""
TOKEN_BYTES = 32


def new_api_token(session: Session, name: str, *, actor: str, now: datetime) -> str:
    """Make a token under a name that no other has, and give it: it is not kept. Raises CallerError for a bad name."""
    if not NAME.match(name):
        raise CallerError("name: use letters, digits and . _ @ + -, at most 80 of them", field="name")
    if _find(session, name) is not None:
        raise CallerError(
            f"name: there is a token {name} already; revoke it, or choose another name", field="name"
        )
    token = PREFIX + secrets.token_urlsafe(TOKEN_BYTES)
    session.add(ApiToken(name=name, sha256=sha256_text(token), created_by=actor[:120], created_at=now))
    session.flush()
    note(session, actor, "API token made", name, now=now)
    return token


def use_api_token(session: Session, token: str) -> ApiToken | None:
    """Whose token this is; ``None`` where it is wrong or revoked."""
    return session.scalar(select(ApiToken).where(ApiToken.sha256 == sha256_text(token)))


def note_used(session: Session, token_id: str, *, now: datetime) -> None:
    """Remember when a token was used last; one that was revoked in the meantime is let be."""
    token = session.get(ApiToken, token_id)
    if token is not None:
        token.used_at = now


def list_api_tokens(session: Session) -> list[ApiToken]:
    """All tokens that are valid, newest first."""
    return list(session.scalars(select(ApiToken).order_by(ApiToken.created_at.desc(), ApiToken.name)))


def revoke_api_token(session: Session, name: str, *, actor: str, now: datetime) -> None:
    """Make a token invalid for good. Raises CallerError where there is none of this name."""
    token = _find(session, name)
    if token is None:
        raise CallerError(f"there is no API token {name}; kit admin token list shows all", status=404)
    session.delete(token)
    note(session, actor, "API token revoked", name, now=now)


def _find(session: Session, name: str) -> ApiToken | None:
    return session.scalar(select(ApiToken).where(ApiToken.name == name))
