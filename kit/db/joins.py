"""Join codes: eight characters from the thank-you page that give a second browser on the same computer its machine id."""

import secrets
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from kit.db.tables import Token, Visit
from kit.domain.hashing import sha256_text
from kit.errors import CallerError

CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 8
VALID = timedelta(hours=24)


def join_code(session: Session, visit: Visit, *, now: datetime) -> tuple[str, datetime]:
    """The visit's code and when it ends: the same one again while it is valid, so that asking twice is harmless."""
    current = select(Token).where(Token.visit_id == visit.id, Token.purpose == "join", Token.expires_at > now)
    token = session.scalars(current.limit(1)).first()
    if token is None or token.code is None:
        code = "".join(secrets.choice(CROCKFORD) for _ in range(LENGTH))
        token = Token(
            purpose="join",
            sha256=sha256_text(code),
            code=code,
            visit_id=visit.id,
            created_at=now,
            expires_at=now + VALID,
        )
        session.add(token)
        session.flush()
    assert token.code is not None
    return token.code, token.expires_at


def machine_of_code(session: Session, code: str, now: datetime) -> str:
    """The machine that a code stands for; it may be used by several browsers. Raises CallerError: unknown or too old."""
    found = select(Visit.machine_id, Token.expires_at).join(Token, Token.visit_id == Visit.id)
    row = session.execute(found.where(Token.sha256 == sha256_text(code), Token.purpose == "join")).first()
    if row is None or row.expires_at <= now:
        raise CallerError(
            "join_code: this code is unknown or older than a day; take a new one from the first browser's last page",
            code="unknown_join_code",
            field="join_code",
        )
    return str(row.machine_id)
