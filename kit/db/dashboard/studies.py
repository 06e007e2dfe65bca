"""The page of all studies: their links, and how often each was opened and used."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kit.db.studies import current_revision, read_plan
from kit.db.tables import Link, LinkDay, Study, StudyRevision, Visit
from kit.domain.study import StudyPlan


@dataclass(frozen=True, slots=True)
class LinkLine:
    """A link, how often its page was opened, and the visits that came of it."""

    link: Link
    openings: int
    visits: int


@dataclass(frozen=True, slots=True)
class StudyPage:
    """A study with the plan in force and its links."""

    study: Study
    revision: StudyRevision
    plan: StudyPlan
    links: Sequence[LinkLine]


def study_page(session: Session, name: str) -> StudyPage | None:
    """One study by its short name; ``None`` where there is none."""
    study = session.scalar(select(Study).where(Study.name == name))
    if study is None:
        return None
    revision = current_revision(session, study.id)
    return StudyPage(study, revision, read_plan(revision), link_lines(session, study.id))


def link_lines(session: Session, study_id: str) -> list[LinkLine]:
    """A study's links, newest first."""
    opened = (
        select(func.coalesce(func.sum(LinkDay.opens), 0)).where(LinkDay.link_id == Link.id).scalar_subquery()
    )
    visits = select(func.count()).where(Visit.link_id == Link.id).scalar_subquery()
    query = select(Link, opened, visits).where(Link.study_id == study_id)
    return [
        LinkLine(link, int(opens), int(used))
        for link, opens, used in session.execute(query.order_by(Link.created_at.desc(), Link.token))
    ]


def study_names(session: Session) -> list[tuple[str, str]]:
    """Short name and title of every study, for choosing one."""
    query = select(Study.name, Study.title).order_by(Study.created_at.desc(), Study.name)
    return [(name, title) for name, title in session.execute(query)]
