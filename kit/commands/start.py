"""What a start does before the server takes over: migrate, make the first study, make the first admin link."""

from dataclasses import dataclass

from kit.commands.store import bundles, now, open_database
from kit.db.admins import ensure_first_admin
from kit.db.studies import ensure_first_study, first_link
from kit.settings import Settings


@dataclass(frozen=True, slots=True)
class Links:
    """URLs to print. ``tester``: of the first open study; ``admin``: one-time, ``None`` once somebody has a password."""

    tester: str | None
    admin: str | None


def prepare(settings: Settings) -> Links:
    """Bring the database up to date and make sure that there is something to open."""
    with open_database(settings) as database, database.write() as session:
        ensure_first_study(session, bundles(settings), now=now())
        link = first_link(session)
        token = ensure_first_admin(session, now=now())
    return Links(
        tester=f"{settings.base_url}/s/{link.token}" if link else None,
        admin=f"{settings.base_url}/admin/first/{token}" if token else None,
    )
