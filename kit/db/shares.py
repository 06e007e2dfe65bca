"""Share links: who has one sees some pages of one study without an account. No function commits.

A link fixes filters. A visitor may narrow them further, never widen or change them, and learns nothing of what lies
outside: a value that only other studies have is answered like one that nobody has.
"""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session

from kit.db.access import ShareLink
from kit.db.admins import note
from kit.db.dashboard.filters import (
    NOT_TOLD,
    Filters,
    asked_back,
    of_cells,
    of_rows,
    read_filters,
    rows_of_cells,
)
from kit.db.tables import Study
from kit.domain.hashing import sha256_text
from kit.errors import CallerError

TOKEN_BYTES = 24
LONGEST_TITLE = 200
VISITOR_MAY = (
    *(
        "stage",
        "since",
        "until",
        "model",
        "mode",
        "vendor",
        "class",
        "gpu",
        "family",
        "browser",
        "os",
        "flag",
    ),
)
"""What a visitor may narrow by. Not by link, whose tokens open the study; not to invalid runs or other testers."""

NAMES = ("vendor", "class", "gpu", "family", "browser", "os")


@dataclass(frozen=True, slots=True)
class Share:
    """A link that is valid now."""

    id: str
    title: str
    study_id: str
    pages: tuple[str, ...]
    asked: Mapping[str, str]
    expires_at: datetime | None


@dataclass(frozen=True, slots=True)
class ShareLine:
    """A link in the list of all; ``expired`` ones stay there until they are withdrawn."""

    link: ShareLink
    study_name: str
    expired: bool


def new_share(
    session: Session,
    *,
    title: str,
    pages: Sequence[str],
    asked: Mapping[str, str],
    expires_at: datetime | None,
    actor: str,
    now: datetime,
) -> tuple[ShareLink, str]:
    """Make a link to ``pages`` under these address parameters; gives it with its token, which is not kept.

    Raises CallerError that names the field: the parameters must name a study, and be right.
    """
    fixed, title = asked_back(asked), title.strip()
    if not fixed.get("study"):
        raise CallerError("study: choose the study that the link shows", field="study")
    if not title or len(title) > LONGEST_TITLE:
        raise CallerError(
            f"title: write what the link shows, in up to {LONGEST_TITLE} characters", field="title"
        )
    if not pages:
        raise CallerError("pages: choose at least one page that the link opens", field="pages")
    if expires_at is not None and expires_at <= now:
        raise CallerError("expires: choose a day after today, or leave it empty", field="expires")
    filters = read_filters(session, fixed)
    assert filters.study_id is not None
    token = secrets.token_urlsafe(TOKEN_BYTES)
    link = ShareLink(
        study_id=filters.study_id,
        sha256=sha256_text(token),
        title=title,
        pages=" ".join(pages),
        asked=fixed,
        created_by=actor[:120],
        created_at=now,
        expires_at=expires_at,
    )
    session.add(link)
    session.flush()
    note(session, actor, "share link made", fixed["study"], now=now, details={"title": title, "id": link.id})
    return link, token


def open_share(session: Session, token: str, *, now: datetime) -> Share | None:
    """The link of a token; ``None`` where it is unknown, withdrawn or expired."""
    link = session.scalar(select(ShareLink).where(ShareLink.sha256 == sha256_text(token)))
    if link is None or _expired(link, now):
        return None
    pages = tuple(link.pages.split())
    return Share(link.id, link.title, link.study_id, pages, link.asked, link.expires_at)


def share_lines(session: Session, *, now: datetime) -> list[ShareLine]:
    """All links, newest first."""
    query = select(ShareLink, Study.name).join(Study, Study.id == ShareLink.study_id)
    rows = session.execute(query.order_by(ShareLink.created_at.desc(), ShareLink.id))
    return [ShareLine(link, study, _expired(link, now)) for link, study in rows]


def withdraw_share(session: Session, share_id: str, *, actor: str, now: datetime) -> bool:
    """Make a link invalid for good; says whether there was one."""
    link = session.get(ShareLink, share_id)
    if link is None:
        return False
    session.execute(delete(ShareLink).where(ShareLink.id == share_id))
    note(session, actor, "share link withdrawn", link.title, now=now, details={"id": share_id})
    return True


def visitor_filters(
    session: Session, share: Share, asked: Mapping[str, str]
) -> tuple[Filters, Filters, dict[str, str]]:
    """The link's filters; these narrowed by what a visitor asks; and of that what was taken, as address parameters.

    What the link fixes or nobody may choose is not looked at. Raises CallerError that names the field.
    """
    fixed = {name: str(value) for name, value in share.asked.items()}
    base = replace(read_filters(session, fixed), public=True)
    if base.study_id != share.study_id:
        raise CallerError("this link's study is not there any more; ask for a new link", status=410)
    given = asked_back(asked)
    own = {
        name: value
        for name, value in given.items()
        if name in VISITOR_MAY and (name not in fixed or name in ("since", "until"))
    }
    for name, value in own.items():
        _check_within(session, base, name, value)
    narrowed = read_filters(session, fixed | own)
    since = max((day for day in (base.since, narrowed.since) if day), default=None)
    until = min((day for day in (base.until, narrowed.until) if day), default=None)
    return base, replace(narrowed, since=since, until=until, public=True), own


def _check_within(session: Session, base: Filters, name: str, value: str) -> None:
    """Refuse a value that nothing behind the link has, in words that do not tell whether anything else has it."""
    changes = _changes(name, value)
    if changes and not _is_there(session, replace(base, **changes)):
        raise CallerError(
            f"{name}: nothing behind this link has {value[:80]}; choose one from the list",
            status=404,
            field=name,
        )


def _is_there(session: Session, filters: Filters) -> bool:
    """Whether anything was measured under these filters; by way of the cells, which are few."""
    of_own = of_rows(filters)
    where = [*rows_of_cells(filters), *of_own] if of_own else of_cells(filters)
    return bool(session.scalar(select(exists().where(*where))))


def _changes(name: str, value: str) -> dict[str, Any]:
    """What a filter that says what machines are or ran makes of ``Filters``; nothing for one that is no name."""
    if name == "model":
        model, _, version = value.partition("@")
        return {"model": model, "version": version or None}
    if name == "mode":
        mode, _, wishes = value.partition("[")
        return {"mode": mode, "wishes": wishes.removesuffix("]")}
    if name in NAMES:
        return {f"{name}_" if name == "class" else name: "" if value == NOT_TOLD else value}
    return {}


def _expired(link: ShareLink, now: datetime) -> bool:
    return link.expires_at is not None and link.expires_at <= now
