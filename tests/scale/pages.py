"""How long every page of the dashboard takes on stores of 10^3 to 10^6 runs, in its default view and under each filter.

    python -m tests.scale.pages --runs 1000,10000 --folder /tmp/stores                    SQLite
    python -m tests.scale.pages --runs 1000,10000 --folder /tmp/stores --postgres         a server of its own, from PyPI
    python -m tests.scale.pages --runs 1000000 --url postgresql+psycopg://...             a database that you have

Stores are made where they are missing and kept. Not a test: times belong to a machine. Each address is asked four times
through Flask's test client; the first answer, which fills caches, is told apart from the median of the other three.
"""

import argparse
import re
import statistics
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter, process_time
from urllib.parse import urlencode

from flask.testing import FlaskClient
from sqlalchemy import func, select

from kit.app import create_app
from kit.db import migrate
from kit.db.admins import ensure_first_admin
from kit.db.session import Database
from kit.db.tables import Admin, Cell, Link, MachineCondition, Run, Visit
from kit.domain.passwords import fingerprint
from kit.settings import Settings
from kit.views.state import now
from tests.postgres import start_postgres
from tests.scale.store import count, make_store

TIMES = 3
DEFAULT_MS, FILTER_MS = 300, 1500
SKIPPED = ("static", "export", "confirm_delete", "sign_out", "choose_beside", "picture", "frame", "weights")


class Pages:
    """A signed-in administrator on a store, and the addresses to ask for."""

    def __init__(self, settings: Settings) -> None:
        self.app = create_app(settings)
        self.database: Database = self.app.extensions["kit"].database
        self.client: FlaskClient = self.app.test_client()

    def sign_in(self) -> "Pages":
        """As an administrator of the store, who is made where there is none."""
        with self.database.write() as session:
            ensure_first_admin(session, now=now())
            admin = session.scalars(select(Admin).limit(1)).one()
            admin.password_hash = admin.password_hash or "none that anyone could enter"
        with self.client.session_transaction() as cookie:
            cookie["admin"], cookie["since"] = admin.id, now().isoformat()
            cookie["password"] = fingerprint(admin.password_hash)
        return self

    def addresses(self) -> list[str]:
        """Every page and JSON file of the dashboard that is asked for by GET, its identifiers filled in."""
        with self.database.read() as session:
            run = session.scalars(select(Run.id).limit(2)).all()
            known = {
                "visit_id": session.scalar(select(Visit.id).limit(1)),
                "machine_id": session.scalar(select(MachineCondition.machine_id).limit(1)),
                "run_id": run[0],
                **dict(zip(("first", "a", "one", "first_id"), run[:1] * 4, strict=True)),
                **dict(zip(("second", "b", "other", "other_id"), run[1:] * 4, strict=True)),
            }
        found = []
        for rule in self.app.url_map.iter_rules():
            wanted = rule.endpoint.startswith("admin.") and "GET" in (rule.methods or ())
            if not wanted or any(word in rule.endpoint for word in SKIPPED):
                continue
            if rule.arguments <= known.keys():
                with self.app.test_request_context():
                    found.append(
                        self.app.url_for(rule.endpoint, **{name: known[name] for name in rule.arguments})
                    )  # type: ignore[arg-type]
            elif rule.arguments == {"name"} and "stud" in rule.endpoint:
                found.append("/admin/studies/summer")
        return sorted(set(found))

    def filters(self) -> list[dict[str, str]]:
        """One value of each filter: the most frequent one, which is the most work, of flags and links one."""
        with self.database.read() as session:
            common = {
                name: session.execute(self._most(getattr(Cell, column))).scalar()
                for name, column in FILTERS.items()
            }
            link = session.scalar(select(Link.token).join(Visit, Visit.link_id == Link.id).limit(1))
            days = session.execute(select(func.min(Visit.created_at), func.max(Visit.created_at))).one()
        middle = days[0] + (days[1] - days[0]) / 2
        asked = [{name: str(value)} for name, value in common.items() if value]
        asked += [
            {"study": "summer"},
            {"link": link},
            {"since": f"{middle:%Y-%m-%d}"},
            {"until": f"{middle:%Y-%m-%d}"},
        ]
        return [
            *asked,
            {"stage": "main"},
            {"flag": "not_isolated"},
            {"flag": "-hidden"},
            {"invalid": "1"},
            {"simulated": "1"},
        ]

    def _most(self, column: object) -> object:
        return (
            select(column)
            .where(Cell.simulated.is_(False))
            .group_by(column)
            .order_by(func.sum(Cell.row_count).desc())
            .limit(1)
        )

    def ask(self, address: str, times: int = TIMES) -> tuple[float, float, float, int]:
        """First and median time, median time of this process's own work, in milliseconds, and the answer's status."""
        walls, works, status = [], [], 0
        for _ in range(1 + times):
            start, begun = perf_counter(), process_time()
            status = self.client.get(address, buffered=True).status_code
            walls.append(1000 * (perf_counter() - start))
            works.append(1000 * (process_time() - begun))
        return walls[0], statistics.median(walls[1:]), statistics.median(works[1:]), status


FILTERS = {
    "model": "bundle_name", "mode": "mode", "vendor": "gpu_vendor", "class": "gpu_class", "gpu": "gpu_model",
    "family": "gpu_family", "browser": "browser_name", "os": "os",
}  # fmt: skip


def measure(url: str, runs: int, only: str, times: int) -> None:
    """Make the store where it is missing and print the table of its pages."""
    database = Database(url)
    migrate.upgrade(database.engine)
    if not count(database):
        make_store(database, runs, tell=lambda line: print(line, file=sys.stderr))
    found = count(database)
    kind = "SQLite" if database.is_sqlite else "PostgreSQL"
    database.dispose()
    home = Path(tempfile.mkdtemp(prefix="kit-scale-"))
    pages = Pages(Settings(home=home, database_url=url)).sign_in()
    print(
        f"\n{kind}, {found:,} measured runs: milliseconds, medians of {times}; in brackets this process's own work"
    )
    print(f"{'page':46} {'first':>7} {'default':>15} {'worst filter':>15}")
    for address in pages.addresses():
        if re.search(only, address):
            print(row(pages, address, times), flush=True)


def row(pages: Pages, address: str, times: int) -> str:
    """One line of the table."""
    first, wall, work, status = pages.ask(address, times)
    worst, worst_work, by, failed = 0.0, 0.0, "", []
    # What is one thing's own page has no filters.
    plain = re.search(r"[0-9a-f]{8}-|/models|/lab|/access|/studies", address)
    for asked in [] if plain else pages.filters():
        query = urlencode(asked)
        _, own, own_work, answer = pages.ask(f"{address}?{query}", times)
        failed += [f"{answer} for {query}"] if answer >= 400 else []
        if own > worst:
            worst, worst_work, by = own, own_work, query
    note = "" if status < 400 else f" answered {status}"
    note += " SLOW" if wall > DEFAULT_MS or worst > FILTER_MS else ""
    default, slowest = f"{wall:.0f} ({work:.0f})", f"{worst:.0f} ({worst_work:.0f})"
    return f"{address[:46]:46} {first:7.0f} {default:>15} {slowest:>15} {by[:24]}{note} {' '.join(failed)}"


@contextmanager
def urls(arguments: argparse.Namespace, sizes: list[int]) -> Iterator[dict[int, str]]:
    """The address of a database for each size."""
    if arguments.url:
        yield dict.fromkeys(sizes, arguments.url)
        return
    folder = Path(arguments.folder or tempfile.mkdtemp(prefix="kit-scale-"))
    folder.mkdir(parents=True, exist_ok=True)
    if not arguments.postgres:
        yield {size: f"sqlite:///{folder / f'{size}.sqlite'}" for size in sizes}
        return
    server = start_postgres()
    try:
        for size in sizes:
            server.sql(f'CREATE DATABASE "scale_{size}"')
        yield {
            size: server.handle.get_uri(f"scale_{size}").replace("postgresql://", "postgresql+psycopg://", 1)
            for size in sizes
        }
    finally:
        server.stop()


def main() -> None:
    """Read the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", default="1000,10000", help="sizes, with commas between them")
    parser.add_argument("--folder", help="where SQLite's files are made and kept")
    parser.add_argument("--postgres", action="store_true", help="on a PostgreSQL of its own, gone afterwards")
    parser.add_argument("--url", help="a database to use, made if it is empty")
    parser.add_argument("--only", default="", help="only pages whose address matches this")
    parser.add_argument(
        "--times", type=int, default=TIMES, help="how often each is asked, after a first time"
    )
    arguments = parser.parse_args()
    sizes = [int(size) for size in arguments.runs.split(",")]
    with urls(arguments, sizes) as found:
        for size, url in found.items():
            measure(url, size, arguments.only, arguments.times)


if __name__ == "__main__":
    main()
