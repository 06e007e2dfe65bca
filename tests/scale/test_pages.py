"""A generated store is true to its raw rows, every page answers on it, and none asks the database row by row."""

from collections.abc import Iterator

import pytest
from sqlalchemy import event, func, select

from kit.db.dashboard import gathered
from kit.db.dashboard.figures import FIGURES, GroupRow, group_rows
from kit.db.dashboard.filters import Filters
from kit.db.dashboard.places import PLACES, Place
from kit.db.rebuild import check
from kit.db.tables import MachineCondition
from kit.settings import Settings
from tests.scale.pages import Pages
from tests.scale.store import make_store

MOST_STATEMENTS = 60


@pytest.fixture
def pages(settings: Settings) -> Iterator[Pages]:
    pages = Pages(settings)
    make_store(pages.database, 1_000)
    yield pages.sign_in()
    pages.database.dispose()


def test_pages_answer_with_few_statements_and_the_store_is_true(pages: Pages) -> None:
    said: list[str] = []
    event.listen(pages.database.engine, "before_cursor_execute", lambda *call: said.append(call[2]))
    for address in pages.addresses():
        said.clear()
        answer = pages.client.get(address, buffered=True)
        assert answer.status_code == 200, f"{address}: {answer.status_code}"
        assert len(said) < MOST_STATEMENTS, address
    with pages.database.read() as session:
        assert check(session) == []


def rows(pages: Pages, by: Place) -> list[GroupRow]:
    with pages.database.read() as session:
        return group_rows(session, Filters(), by, FIGURES)


def test_cells_say_the_same_as_machines(pages: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    """Counts and shares to the last machine, quantiles within the error that is stated."""
    for by in PLACES:
        exact = {(row.section, row.place, row.hardware, row.condition): row for row in rows(pages, by)}
        monkeypatch.setattr(gathered, "EXACT_ROWS", 0)
        cached = rows(pages, by)
        monkeypatch.undo()
        assert len(cached) == len(exact)
        for row in cached:
            other = exact[row.section, row.place, row.hardware, row.condition]
            assert (row.counts, row.outcomes, row.invalid_runs) == (
                other.counts,
                other.outcomes,
                other.invalid_runs,
            )
            for figure in FIGURES:
                own, should = row.tallies[figure], other.tallies[figure]
                assert own.n == should.n
                if own.n:
                    assert own.quantile(0.5) == pytest.approx(should.quantile(0.5), rel=0.0101)


def test_a_machine_counts_once_over_all(pages: Pages) -> None:
    found = {row.condition: row.started for row in rows(pages, "all")}
    columns = (MachineCondition.bundle_sha256, MachineCondition.mode)
    query = select(*columns, func.count(MachineCondition.machine_id.distinct())).group_by(*columns)
    with pages.database.read() as session:
        counted = session.execute(query.where(MachineCondition.simulated.is_(False))).all()
    assert sorted(found.values()) == sorted(number for _, _, number in counted)


def test_every_filter_is_answered(pages: Pages) -> None:
    for asked in pages.filters():
        for page in ("/admin/", "/admin/data/hardware.json", "/admin/visits"):
            assert pages.client.get(page, query_string=asked).status_code == 200, (page, asked)
