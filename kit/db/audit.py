"""Who changed what."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from kit.db.tables import Audit


def note(
    session: Session, *, actor: str, action: str, target: str, now: datetime, details: dict[str, Any] | None = None
) -> None:
    """Write one line of the audit, in the transaction of the act itself."""
    session.add(Audit(at=now, actor=actor[:120], action=action[:80], target=target[:200], details=details))
