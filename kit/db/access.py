"""Tables of who may look without an account: share links for people, API tokens for programs. Hashes only."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from kit.db.base import Base, Id, Sha, new_id


class ShareLink(Base):
    """A read-only link to pages of one study. ``asked``: the address parameters that are fixed; ``pages``: space-separated.

    A link that is withdrawn is deleted; the audit keeps that there was one.
    """

    __tablename__ = "share_link"

    id: Mapped[Id] = mapped_column(primary_key=True, default=new_id)
    study_id: Mapped[Id] = mapped_column(ForeignKey("study.id"), index=True)
    sha256: Mapped[Sha] = mapped_column(unique=True)
    title: Mapped[str] = mapped_column(String(200))
    pages: Mapped[str] = mapped_column(String(200))
    asked: Mapped[dict[str, Any]]
    created_by: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]


class ApiToken(Base):
    """What a program shows to read figures and exports. One that is revoked is deleted; the audit keeps its name."""

    __tablename__ = "api_token"

    id: Mapped[Id] = mapped_column(primary_key=True, default=new_id)
    name: Mapped[str] = mapped_column(String(80), unique=True)
    sha256: Mapped[Sha] = mapped_column(unique=True)
    created_by: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
