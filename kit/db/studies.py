"""Studies, their revisions and their links. All functions take a session and never commit."""

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kit.db.tables import Link, LinkDay, Study, StudyRevision, Visit
from kit.db.upsert import add_one
from kit.domain.hashing import sha256_text
from kit.domain.study import Bundle, StudyDefinition, StudyPlan, plan_study
from kit.errors import CallerError

TOKEN = re.compile(r"[A-Za-z0-9_-]{6,64}")
LINK_LENGTH = 12
LINK_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
"""Nothing that mail programs leave out of a link, a shell takes for an option, or a person mistakes; 70 bits in all."""
SEED_BITS = 48


@dataclass(frozen=True, slots=True)
class OpenedLink:
    """A link as a page needs it: its study, and the plan in force."""

    link: Link
    study: Study
    revision: StudyRevision
    plan: StudyPlan


def create_study(
    session: Session,
    definition: StudyDefinition,
    bundles: Iterable[Bundle],
    *,
    now: datetime,
    name: str | None = None,
    open_now: bool = True,
    order_seed: int | None = None,
) -> Study:
    """Store a study with its first revision. ``name`` is its short name for commands; without one the title gives it.

    Raises CallerError where a model is not there or the name is taken.
    """
    plan = _planned(definition, bundles)
    if name is not None and find_study(session, name) is not None:
        raise CallerError(f"name: there is a study called {name} already; choose another name", field="name")
    study = Study(
        name=name or _free_name(session, definition.title),
        title=definition.title,
        state="open" if open_now else "draft",
        stage=definition.stage,
        simulated=definition.simulated,
        autorun=definition.autorun,
        order_seed=secrets.randbits(SEED_BITS) if order_seed is None else order_seed,
        created_at=now,
        opened_at=now if open_now else None,
    )
    session.add(study)
    session.flush()
    _add_revision(session, study, plan, number=1, now=now)
    return study


def revise_study(
    session: Session, study: Study, definition: StudyDefinition, bundles: Iterable[Bundle], *, now: datetime
) -> StudyRevision:
    """Add the study's next revision; visits that began under an older one keep it."""
    number = (
        session.scalar(select(func.max(StudyRevision.number)).where(StudyRevision.study_id == study.id)) or 0
    )
    study.title, study.stage, study.simulated = definition.title, definition.stage, definition.simulated
    return _add_revision(session, study, _planned(definition, bundles), number=number + 1, now=now)


def find_study(session: Session, name_or_id: str) -> Study | None:
    """A study by its short name or its id."""
    return session.scalar(select(Study).where((Study.name == name_or_id) | (Study.id == name_or_id)))


def get_study(session: Session, name_or_id: str) -> Study:
    """Like ``find_study``. Raises CallerError where there is none."""
    study = find_study(session, name_or_id)
    if study is None:
        raise CallerError(
            f"there is no study {name_or_id}; `kit study list` shows those that are there", status=404
        )
    return study


def list_studies(session: Session) -> list[Study]:
    """All studies, oldest first."""
    return list(session.scalars(select(Study).order_by(Study.created_at, Study.name)))


def open_study(session: Session, study: Study, *, now: datetime) -> None:
    """Let new visits in."""
    study.state, study.opened_at, study.closed_at = "open", study.opened_at or now, None


def close_study(session: Session, study: Study, *, now: datetime) -> None:
    """Let no new visits in; visits under way may still send what they measured."""
    study.state, study.closed_at = "closed", now


def current_revision(session: Session, study_id: str) -> StudyRevision:
    """The revision in force: the one with the highest number."""
    newest = (
        select(StudyRevision).where(StudyRevision.study_id == study_id).order_by(StudyRevision.number.desc())
    )
    return session.scalars(newest.limit(1)).one()


def read_plan(revision: StudyRevision) -> StudyPlan:
    """The plan that a revision stores."""
    return parse_plan(revision.definition)


@lru_cache(maxsize=64)
def parse_plan(definition: str) -> StudyPlan:
    """A revision's text as a plan; kept, because every run of a visit asks for the same one."""
    return StudyPlan.model_validate_json(definition)


def create_link(
    session: Session,
    study: Study,
    *,
    now: datetime,
    kind: str = "general",
    uses: str = "multiple",
    label: str = "",
) -> Link:
    """Make a link with a random token. ``kind``: general | personal; ``uses``: single | multiple."""
    if kind not in ("general", "personal") or uses not in ("single", "multiple"):
        raise CallerError("a link is general or personal, and for single or multiple use")
    token = "".join(secrets.choice(LINK_ALPHABET) for _ in range(LINK_LENGTH))
    link = Link(
        study_id=study.id,
        token=token,
        kind=kind,
        uses=uses,
        label=label.replace("\0", "")[:200],
        created_at=now,
    )
    session.add(link)
    session.flush()
    return link


def list_links(session: Session, study: Study) -> list[Link]:
    """A study's links, oldest first."""
    return list(
        session.scalars(select(Link).where(Link.study_id == study.id).order_by(Link.created_at, Link.token))
    )


def switch_link(session: Session, token: str, *, on: bool) -> Link:
    """Turn a link on or off. Raises CallerError for a token that does not exist."""
    link = session.scalar(select(Link).where(Link.token == token))
    if link is None:
        raise CallerError(f"there is no link {token}; `kit link list` shows those that are there", status=404)
    link.on = on
    return link


def open_link(session: Session, token: str) -> OpenedLink | None:
    """A link with its study and plan; ``None`` for a token that does not exist. On or off, open or closed alike."""
    if not TOKEN.fullmatch(token):
        return None
    row = session.execute(select(Link, Study).join(Study).where(Link.token == token)).first()
    if row is None:
        return None
    link, study = row
    revision = current_revision(session, study.id)
    return OpenedLink(link, study, revision, read_plan(revision))


def count_opening(session: Session, link_id: str, now: datetime) -> None:
    """Add one to the link's count of the day: all that is stored before consent."""
    add_one(session, LinkDay.__table__, {"link_id": link_id, "day": now.date()}, "opens")


def openings(session: Session, link_id: str) -> int:
    """How often a link was opened, over all days."""
    return session.scalar(select(func.sum(LinkDay.opens)).where(LinkDay.link_id == link_id)) or 0


def ensure_first_study(session: Session, bundles: Iterable[Bundle], *, now: datetime) -> Link | None:
    """On a database without studies: the study "Flowers" with one general link. ``None`` where there is a study already,
    or no bundle at all. Takes flowers-small, else the first public bundle, else an internal one.
    """
    available = list(bundles)
    if not available or session.scalar(select(Study.id).limit(1)) is not None:
        return None
    best = min(available, key=lambda bundle: (bundle.internal, bundle.name != "flowers-small", bundle.name))
    definition = StudyDefinition(title="Flowers", models=[best.name])
    study = create_study(session, definition, available, now=now, name="flowers")
    return create_link(session, study, now=now, label="first link")


def first_link(session: Session) -> Link | None:
    """The oldest general link that is on in an open study: the one that a start prints."""
    found = (
        select(Link)
        .join(Study)
        .where(Link.on, Link.kind == "general", Study.state == "open", ~Study.simulated)
    )
    return session.scalars(found.order_by(Link.created_at).limit(1)).first()


def count_visits(session: Session, study: Study) -> int:
    """Visits that are stored for a study."""
    return session.scalar(select(func.count()).select_from(Visit).where(Visit.study_id == study.id)) or 0


def _planned(definition: StudyDefinition, bundles: Iterable[Bundle]) -> StudyPlan:
    try:
        return plan_study(definition, bundles)
    except ValueError as error:
        raise CallerError(f"models: {error}", field="models") from error


def _add_revision(
    session: Session, study: Study, plan: StudyPlan, *, number: int, now: datetime
) -> StudyRevision:
    text = plan.model_dump_json(by_alias=True)
    revision = StudyRevision(
        study_id=study.id, number=number, definition=text, sha256=sha256_text(text), created_at=now
    )
    session.add(revision)
    session.flush()
    return revision


def _free_name(session: Session, title: str) -> str:
    base = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60] or "study"
    taken = set(session.scalars(select(Study.name).where(Study.name.startswith(base, autoescape=True))))
    names = (base if number == 1 else f"{base}-{number}" for number in range(1, len(taken) + 2))
    return next(name for name in names if name not in taken)
