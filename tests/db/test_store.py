"""Rows, cells and counters stay what the raw rows say, whatever happens and in whatever order. Both databases."""

import random
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

from kit.db.deletion import delete_visit
from kit.db.derive import derive_visit
from kit.db.rebuild import check, rebuild
from kit.db.rejection import accept_visit, reject_visit
from kit.db.session import Database
from kit.db.tables import Audit, Cell, Counter, MachineCondition, Visit
from kit.domain.flag_bits import BITS
from kit.domain.flags import RULES
from kit.errors import CallerError
from tests.service.factory import DECLINED, NOW, Sitting, begin, device_body, new_link, samples

FIREFOX = {"name": "Firefox", "major": 143, "os": "Linux", "os_version": None, "mobile": False}
FAILED = {"outcome": "failed", "reason": "no context", "capability": None, "displayed": None, "golden": None}


@pytest.fixture
def database(app: Flask) -> Database:
    return app.extensions["kit"].database


def problems(database: Database) -> list[str]:
    with database.read() as session:
        return check(session)


class Player:
    """Does something to the store, chosen by chance, as browsers and administrators would."""

    def __init__(self, client: FlaskClient, database: Database, seed: int) -> None:
        self.client, self.database, self.chance = client, database, random.Random(seed)
        self.tokens = [new_link(database, title=f"Study {number}") for number in range(2)]
        self.visits: list[Sitting] = []

    def play(self) -> None:
        acts = [self.come, self.measure, self.measure, self.measure, self.fail, self.end, self.free_play]
        acts += [self.reject, self.accept, self.delete, self.derive]
        if not self.visits:
            self.come()
        self.chance.choice(acts)()

    def any(self) -> Sitting:
        return self.chance.choice(self.visits)

    def come(self) -> None:
        token, more = self.chance.choice(self.tokens), {}
        if self.visits and self.chance.random() < 0.5:
            more = {"join_code": self.any().join_code().json["code"]}
        visit = begin(self.client, token, **more)
        body = self.chance.choice([device_body(), device_body(browser=FIREFOX), DECLINED, None])
        if body:
            assert visit.put("device", body).status_code == 200
        self.visits.append(visit)

    def measure(self) -> None:
        events = [{"at_ms": 1, "type": "hidden"}] if self.chance.random() < 0.3 else []
        window = samples(10, self.chance.uniform(2, 60))
        mode = self.chance.choice(["tfjs-webgl", "tfjs-pixels"])
        block, cold = self.chance.randrange(4), self.chance.random() < 0.5
        load = {"bytes": 100, "ms": 5.5, "compile_ms": 10, "first_picture_ms": 12, "cold": cold}
        answer = self.any().run(mode=mode, events=events, capability=window, block=block, load=load)
        assert answer.status_code == 201, answer.text

    def fail(self) -> None:
        assert self.any().run(**FAILED).status_code == 201

    def end(self) -> None:
        state = self.chance.choice(["finished", "stopped", "no_webgl"])
        self.any().put("end", {"schema": 1, "state": state, "refresh_hz_after": None})

    def free_play(self) -> None:
        assert self.any().run(kind="play", golden=None, load=None).status_code == 201

    def reject(self) -> None:
        with self.database.write() as session:
            reject_visit(session, self.any().visit, reason="a test", actor="ada", now=NOW)

    def accept(self) -> None:
        with self.database.write() as session:
            accept_visit(session, self.any().visit, actor="ada", now=NOW)

    def delete(self) -> None:
        visit = self.any()
        self.visits.remove(visit)
        with self.database.write() as session:
            delete_visit(session, visit.visit, by="admin", actor="ada", now=NOW)

    def derive(self) -> None:
        with self.database.write() as session:
            derive_visit(session, session.get_one(Visit, self.any().visit))


@pytest.mark.parametrize("seed", range(3))
def test_whatever_happens_everything_stays_true(client: FlaskClient, database: Database, seed: int) -> None:
    with database.write() as session:
        rebuild(session)
    player = Player(client, database, seed)
    for step in range(60):
        player.play()
        if step % 12 == 0:
            assert problems(database) == [], f"after step {step}"
    assert problems(database) == []
    assert stored(database)


def stored(database: Database) -> list[object]:
    """Everything derived but ids of cells, which a rebuild gives anew."""
    with database.read() as session:
        rows: list[object] = []
        for table, key in ((MachineCondition, "key"), (Cell, "key"), (Counter, "name")):
            columns = [column for column in table.__table__.columns if column.name not in ("id", "cell_id")]
            rows += [tuple(row) for row in session.execute(select(*columns).order_by(key, *columns[:1]))]
        return [row for row in rows if row[-1] != 0]  # type: ignore[index]


def test_a_rebuild_gives_the_same(client: FlaskClient, database: Database) -> None:
    with database.write() as session:
        rebuild(session)
    player = Player(client, database, 7)
    for _ in range(40):
        player.play()
    before = stored(database)
    with database.write() as session:
        rebuild(session)
    assert stored(database) == before
    assert problems(database) == []


PLANTED = {
    "a figure": update(MachineCondition).values(capability_ms=1.0),
    "a cell's count": update(Cell).values(runs=99),
    "a cell's histogram": update(Cell).values(capability_ms=b"\x01\x00\x01\x00\x00\x00"),
    "the cell of a row": update(MachineCondition).values(cell_id=0),
    "a counter": update(Counter).values(n=Counter.n + 1),
    "blocks of a visit": update(Visit).values(done=9),
}


@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_error_is_found_and_a_rebuild_mends_it(
    client: FlaskClient, database: Database, planted: str
) -> None:
    with database.write() as session:
        rebuild(session)
    begin(client, new_link(database)).run()
    assert problems(database) == []
    with database.write() as session:
        session.execute(PLANTED[planted])
    assert problems(database) != []
    with database.write() as session:
        rebuild(session)
    assert problems(database) == []


def test_a_rejected_visit_is_counted_and_in_no_figure(client: FlaskClient, database: Database) -> None:
    visit = begin(client, new_link(database))
    visit.run()
    with database.write() as session:
        reject_visit(session, visit.visit, reason="  a  robot ", actor="ada", now=NOW)
        assert session.scalars(select(MachineCondition)).all() == []
        assert session.get_one(Visit, visit.visit).rejected_reason == "a robot"
        assert session.scalar(select(Counter.n).where(Counter.name == "rejected")) == 1
        accept_visit(session, visit.visit, actor="ada", now=NOW)
        assert len(session.scalars(select(MachineCondition)).all()) == 1
        assert [line.action for line in session.scalars(select(Audit))] == ["reject visit", "accept visit"]


def test_a_rejection_needs_a_reason_and_a_visit(client: FlaskClient, database: Database) -> None:
    visit = begin(client, new_link(database))
    with database.write() as session:
        with pytest.raises(CallerError, match="say why"):
            reject_visit(session, visit.visit, reason=" ", actor="ada", now=NOW)
        with pytest.raises(CallerError, match="no such visit"):
            reject_visit(session, str(uuid4()), reason="x", actor="ada", now=NOW)


def test_only_the_first_cold_load_on_a_back_end_counts(client: FlaskClient, database: Database) -> None:
    visit = begin(client, new_link(database))
    visit.run(mode="tfjs-webgl", started_ms=2000)
    visit.run(mode="tfjs-pixels", started_ms=1000)
    with database.read() as session:
        loads = dict(session.execute(select(MachineCondition.mode, MachineCondition.load_ms)).all())
    assert loads == {"tfjs-webgl": None, "tfjs-pixels": 5.5}


def test_every_flag_has_a_bit_of_its_own() -> None:
    assert {rule.code for rule in RULES} <= BITS.keys()
    assert len(set(BITS.values())) == len(BITS) < 63
