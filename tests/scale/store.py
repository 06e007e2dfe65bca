"""A store of any size, the same one every time: made-up machines with real renderer strings, for looking at and timing.

Raw rows are written in bulk; everything derived is then made by ``kit.db.rebuild``, as for any store. Every visit of
the study "robots" is marked simulated; the others stand in for people, so that what people's figures cost can be timed:
never show these figures as anyone's.
"""

import random
from bisect import bisect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, func, select
from sqlalchemy.orm import Session

from kit.db import studies
from kit.db.bulk import insert_many
from kit.db.naming import gpu_columns
from kit.db.rebuild import rebuild
from kit.db.session import Database
from kit.db.tables import Base, Device, Flag, LinkDay, Machine, Run, RunSummary, SampleBlock, Visit
from kit.domain import flags
from kit.domain.stats import run as run_stats
from kit.domain.study import StudyDefinition, visit_sequence
from tests.scale.gpus import Gpu, gpus
from tests.service.factory import NOW, FakeBundle, device_body, environment_body

RUNS_PER_MACHINE = 10 / 3
CHUNK = 4_000
MODELS = {"flowers-small": "a" * 64, "flowers-tiny": "c" * 64}
STUDIES = (
    ("Spring", {"models": ["flowers-small"], "modes": ["tfjs-pixels", "tfjs-webgl"]}),
    ("Summer", {"models": ["flowers-small"], "modes": ["tfjs-webgl", "direct-webgl"]}),
    ("Phones", {"models": ["flowers-tiny"], "modes": ["tfjs-webgl", "direct-webgl"], "stage": "pilot"}),
    ("Robots", {"models": ["flowers-small"], "modes": ["tfjs-pixels", "tfjs-webgl"], "simulated": True}),
)
SHARES = (0.35, 0.45, 0.16, 0.04)
SLOWER = {"tfjs-pixels": 1.9, "tfjs-webgl": 1.0, "direct-webgl": 0.62}
LIGHTER = {"flowers-small": 1.0, "flowers-tiny": 0.45}
REASONS = (
    ("failed", "WebGL: CONTEXT_LOST_WEBGL during compile"),
    ("failed", "out of memory"),
    ("failed", "the shader did not compile: 'half' : undeclared identifier"),
    ("wrong_output", "largest error 1.4 of [-1, 1]"),
    ("wrong_output", "largest error 0.3 of [-1, 1]"),
    ("unavailable", "EXT_color_buffer_float is missing"),
    ("too_slow", None),
    ("stopped", None),
    ("lost", None),
)
# How many of its four blocks a visit measures.
BLOCKS, BLOCK_SHARES = (4, 3, 2, 1, 0), (0.60, 0.10, 0.15, 0.10, 0.05)
RULES = {rule.code: rule for rule in flags.RULES}


@dataclass(frozen=True)
class Place:
    """A study with what its visits need."""

    id: str
    revision: str
    links: list[str]
    stage: str
    simulated: bool
    sequences: list[list[dict[str, Any]]]


def make_store(
    database: Database, runs: int, seed: int = 5, tell: Callable[[str], None] = lambda _: None
) -> None:
    """Fill an empty, migrated database with about so many measured runs."""
    with database.write() as session:
        places = [_place(session, title, more) for title, more in STUDIES]
    maker = Maker(places, seed)
    machines = round(runs / RUNS_PER_MACHINE)
    for start in range(0, machines, CHUNK):
        rows = maker.chunk(min(CHUNK, machines - start))
        with database.write() as session:
            for table in (Machine, Visit, Device, Run, RunSummary, Flag, SampleBlock):
                insert_many(session, cast(Table, table.__table__), rows[table])
        tell(f"{start + CHUNK:,} of {machines:,} machines written")
    with database.write() as session:
        rebuild(session)
    if (
        not database.is_sqlite
    ):  # as its own housekeeping would within a minute; SQLite's planner has to do without
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")
    tell(f"{count(database):,} measured runs")


def count(database: Database) -> int:
    """How many measured runs there are."""
    with database.read() as session:
        return session.scalar(select(func.count()).where(Run.kind == "measured")) or 0


class Maker:
    """Makes machines with everything that is theirs, from chance alone."""

    def __init__(self, places: list[Place], seed: int) -> None:
        self.places, self.chance = places, random.Random(seed)
        self.gpus = gpus()
        self.upto = list(accumulate(gpu.share for gpu in self.gpus))
        self.columns = {gpu.renderer: gpu_columns(gpu.renderer, gpu.vendor, None) for gpu in self.gpus}
        self.number = 0
        self.rows: dict[type[Base], list[dict[str, Any]]] = {}

    def chunk(self, machines: int) -> dict[type[Base], list[dict[str, Any]]]:
        self.rows = {table: [] for table in (Machine, Visit, Device, Run, RunSummary, Flag, SampleBlock)}
        for _ in range(machines):
            self.machine()
        return self.rows

    def new_id(self) -> str:
        return str(UUID(int=self.chance.getrandbits(128), version=4))

    def machine(self) -> None:
        chance = self.chance.random
        own = self.gpus[bisect(self.upto, chance() * self.upto[-1])]
        machine = self.new_id()
        speed = self.chance.lognormvariate(0.0, 0.18)
        place = self.chance.choices(self.places, SHARES)[0]
        came = NOW + timedelta(minutes=chance() * 60 * 24 * 120)
        self.rows[Machine].append({"id": machine, "created_at": came})
        self.visit(machine, place, own, self.chance.choice(own.browsers), speed, came)
        again = chance()
        if again < 0.04 and own.os == "Windows":
            stand_in = next(gpu for gpu in self.gpus if gpu.browsers == ("Firefox",))
            self.visit(
                machine, place, stand_in, "Firefox", speed * own.ms / stand_in.ms, came + timedelta(hours=1)
            )
        elif again < 0.10:
            other = self.chance.choice(self.places) if chance() < 0.3 and not place.simulated else place
            self.visit(machine, other, own, own.browsers[0], speed, came + timedelta(days=chance() * 20))

    def visit(self, machine: str, place: Place, own: Gpu, browser: str, speed: float, came: datetime) -> None:
        visit, chance, link = self.new_id(), self.chance.random, self.chance.choice(place.links)
        self.number += 1
        sequence = place.sequences[self.number % len(place.sequences)]
        measured = self.chance.choices(BLOCKS, BLOCK_SHARES)[0]
        whole = measured == len(sequence)
        rejected = chance() < 0.005
        self.rows[Visit].append(
            {
                "id": visit, "study_id": place.id, "revision_id": place.revision, "link_id": link, "machine_id": machine,
                "number": self.number, "stage": place.stage, "simulated": place.simulated,
                "state": "finished" if whole else self.chance.choice(("started", "stopped", "no_webgl" if not measured else "started")),
                "consent_sha256": "b" * 64, "consent_language": "en", "consent_at": came, "order_seed": 1, "sequence": sequence,
                "secret_sha256": "d" * 64, "body_sha256": "e" * 64, "kit_version": "0.1.0", "protocol_version": 1,
                "refresh_hz_after": 60.0 if whole else None, "end_reason": None, "created_at": came,
                "ended_at": came + timedelta(minutes=3) if whole else None, "planned": len(sequence), "done": measured,
                "rejected_at": came + timedelta(days=1) if rejected else None, "rejected_reason": "a test by the team" if rejected else None,
            }
        )  # fmt: skip
        declined = chance() < 0.03
        self.device(visit, own, browser, came, declined=declined)
        for block, entry in enumerate(sequence[:measured]):
            self.run(visit, own, entry, block, speed, came)
        if whole and chance() < 0.1:
            self.run(visit, own, sequence[0], 0, speed, came, kind="play")

    def device(self, visit: str, own: Gpu, browser: str, came: datetime, *, declined: bool) -> None:
        told = {
            "name": browser,
            "major": 143,
            "os": own.os,
            "os_version": None,
            "mobile": own.os == "Android",
        }
        raw = device_body(own.renderer, browser=told)["device"]
        columns = {
            "raw": raw, "renderer": own.renderer, "vendor": own.vendor, "browser_name": browser, "browser_major": 143, "os": own.os,
            "os_version": None, "mobile": told["mobile"], "webgl": True, "webgpu": False, "isolated": True, "refresh_hz": 59.9,
            "tick_us": 5,
        } | self.columns[own.renderer]  # fmt: skip
        if declined:
            columns = dict.fromkeys(columns)
        self.rows[Device].append(
            {"visit_id": visit, "declined": declined, "body_sha256": "f" * 64, "received_at": came} | columns
        )

    def run(
        self,
        visit: str,
        own: Gpu,
        entry: dict[str, Any],
        block: int,
        speed: float,
        came: datetime,
        kind: str = "measured",
    ) -> None:
        run, chance = self.new_id(), self.chance.random
        mode, model = entry["mode"], entry["model"]
        outcome, reason = (
            self.chance.choice(REASONS) if chance() < 0.07 and kind == "measured" else ("ok", None)
        )
        ms = own.ms * speed * SLOWER[mode] * LIGHTER[model["name"]] * self.chance.lognormvariate(0.0, 0.04)
        ok, load = outcome == "ok", 300_000 + int(chance() * 2_000_000)
        self.rows[Run].append(
            {
                "id": run, "visit_id": visit, "bundle_name": model["name"], "bundle_version": model["version"],
                "bundle_sha256": model["sha256"], "mode": mode, "wishes": "", "threads": None, "precision": "float32", "tuning": None,
                "library": "tfjs 4.22.0", "kind": kind, "block": block, "drift_control": False, "started_us": 2_000_000 + 9_000_000 * block,
                "cold": block == 0, "outcome": outcome, "reason": reason, "load_bytes": 2_700_000, "load_us": load, "compile_us": load * 2,
                "first_picture_us": load * 3 if ok else None, "golden_status": "pass" if ok else None,
                "golden_max_abs_error": 0.002 if ok else None, "golden_psnr_db": 61.0 if ok else None, "renderer": own.renderer,
                "vendor": own.vendor, "environment": environment_body() | {"renderer": own.renderer}, "events": [],
                "body_sha256": "0" * 64, "received_at": came + timedelta(seconds=20 * block + 20), "local": False,
            }
        )  # fmt: skip
        shown = min(1000 / ms, 59.9) * (0.99 - 0.04 * chance())
        figures = (ms, ms * 1.25, 990 / ms, shown) if ok else (None,) * 4
        names = ("capability_ms_median", "capability_ms_p95", "capability_fps", "displayed_fps")
        self.rows[RunSummary].append(
            {"run_id": run, "rule_version": run_stats.RULE_VERSION, **dict(zip(names, figures, strict=True)), "frames": 100,
             "displayed_frames": 100, "warmup_frames": 30, "bound_ms": 6_000.0 if outcome == "too_slow" else None}
        )  # fmt: skip
        for code in self.codes(own, shown, ok=ok):
            rule = RULES[code]
            self.rows[Flag].append(
                {
                    "run_id": run,
                    "code": code,
                    "level": rule.level,
                    "effect": rule.effect,
                    "rule_version": flags.RULE_VERSION,
                }
            )
        if chance() < 0.001:
            self.rows[SampleBlock] += [
                {"run_id": run, "phase": phase, "samples": 4, "elapsed_us": int(4000 * ms), "animation_frames": None,
                 "k": b"\x01\0\0\0" * 4, "us": int(1000 * ms).to_bytes(8, "little") * 4}
                for phase in ("warmup", "capability", "displayed")
            ]  # fmt: skip

    def codes(self, own: Gpu, shown: float, *, ok: bool) -> Iterator[str]:
        chance = self.chance.random
        if chance() < 0.03:
            yield "hidden"
        if chance() < 0.15:
            yield "not_isolated"
        if ok and chance() < 0.05:
            yield "drift"
        if ok and shown > 58.1:
            yield "vsync_cap"
        if self.columns[own.renderer]["gpu_class"] == "software":
            yield "software"


def _place(session: Session, title: str, more: dict[str, Any]) -> Place:
    bundles = [
        FakeBundle(name, "1.0.0", sha, name, "For timing.", 2_700_000, False) for name, sha in MODELS.items()
    ]
    wanted = StudyDefinition.model_validate({"title": title} | more)
    study = studies.create_study(session, wanted, bundles, now=NOW, order_seed=1)
    links = [studies.create_link(session, study, now=NOW, label=f"list {number}") for number in range(4)]
    session.flush()
    session.add_all(
        LinkDay(link_id=link.id, day=NOW.date() + timedelta(days=day), opens=40)
        for link in links
        for day in range(120)
    )
    revision = studies.current_revision(session, study.id)
    plan = studies.read_plan(revision)
    orders = [visit_sequence(plan, study.order_seed, number) for number in range(8)]
    sequences = [[entry.model_dump(mode="json") for entry in order][:4] for order in orders]
    return Place(
        study.id, revision.id, [link.id for link in links], wanted.stage, wanted.simulated, sequences
    )
