"""Made-up machines that send real payloads through the API, the same ones every time.

``seed(client, database)`` makes a study of two models and some forty visits: GPUs by name, blurred ones, software
renderers, testers who kept their device, failures of every kind, one hostile renderer string.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from flask.testing import FlaskClient

from kit.db import studies
from kit.db.session import Database
from kit.domain.study import StudyDefinition
from tests.service.factory import DECLINED, NOW, FakeBundle, Sitting, begin, device_body, environment_body

SPACE = UUID("6f1d2c9e-1a51-4c6e-9a43-0c2f9a6f7b10")
MODELS = {"flowers-small": "a" * 64, "flowers-tiny": "c" * 64}
HOSTILE = "<script>alert(1)</script> ANGLE (😀" + "x" * 900

CHROME = {"name": "Chrome", "major": 140, "os": "Windows", "os_version": "10", "mobile": False}
EDGE = CHROME | {"name": "Edge"}
FIREFOX = CHROME | {"name": "Firefox", "major": 143}
MAC = CHROME | {"os": "macOS", "os_version": "10.15"}
SAFARI = MAC | {"name": "Safari", "major": 18}
PHONE = CHROME | {"os": "Android", "os_version": "15", "mobile": True}
LINUX = CHROME | {"os": "Linux", "os_version": None}


@dataclass(frozen=True)
class Kind:
    """``count`` machines of one kind. ``ms``: a frame of flowers-small in tfjs-webgl; other conditions follow from it."""

    count: int
    renderer: str
    ms: float
    browser: dict[str, Any] = field(default_factory=lambda: CHROME)
    refresh_hz: float = 60.0


def d3d(vendor: str, name: str) -> str:
    return f"ANGLE ({vendor}, {name} Direct3D11 vs_5_0 ps_5_0, D3D11)"


KINDS = (
    Kind(8, d3d("NVIDIA", "NVIDIA GeForce RTX 3060 (0x00002504)"), 6.0, refresh_hz=144.0),
    Kind(9, d3d("Intel", "Intel(R) UHD Graphics 620 (0x00005917)"), 48.0),
    Kind(3, d3d("Intel", "Intel(R) UHD Graphics 620 (0x00005917)"), 50.0, EDGE),
    Kind(6, "ANGLE (Apple, ANGLE Metal Renderer: Apple M1, Unspecified Version)", 12.0, MAC),
    Kind(3, "Adreno (TM) 740", 31.0, PHONE, 120.0),
    Kind(6, "ANGLE (NVIDIA, NVIDIA GeForce GTX 980 Direct3D11 vs_5_0 ps_5_0), or similar", 15.0, FIREFOX),
    Kind(2, "Apple GPU", 14.0, SAFARI),
    Kind(1, "ANGLE (Mesa, llvmpipe (LLVM 15.0.7 256 bits), OpenGL ES 3.2)", 210.0, LINUX),
    Kind(
        1,
        "ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero) (0x0000C0DE)), SwiftShader driver)",
        480.0,
        LINUX,
    ),
)
SLOWER = {"tfjs-webgl": 1.0, "tfjs-pixels": 1.9}
LIGHTER = {"flowers-small": 1.0, "flowers-tiny": 0.45}


class Seeder:
    """Sends visits one after the other, with ids and figures that depend on nothing but their number."""

    def __init__(self, client: FlaskClient, token: str) -> None:
        self.client, self.token, self.number = client, token, 0
        self.random = random.Random(2)

    def new_id(self) -> str:
        self.number += 1
        return str(uuid5(SPACE, str(self.number)))

    def visit(self, device: dict[str, Any], machine: str | None = None) -> Sitting:
        tester = begin(self.client, self.token, id=self.new_id(), machine=machine or self.new_id())
        assert tester.put("device", device).status_code == 200
        return tester

    def measure(self, tester: Sitting, kind: Kind, blocks: int | None = None, **changes: Any) -> None:
        speed = self.random.lognormvariate(0.0, 0.12)
        for entry in tester.created["sequence"][:blocks]:
            ms = kind.ms * speed * SLOWER[entry["mode"]] * LIGHTER[entry["model"]["name"]]
            self.run(tester, entry, kind, ms, **changes)

    def run(self, tester: Sitting, entry: dict[str, Any], kind: Kind, ms: float, **changes: Any) -> str:
        run_id = self.new_id()
        body = run_body(entry, kind, ms, self.random) | changes
        answer = tester.put(f"runs/{run_id}", body)
        assert answer.status_code == 201, answer.text
        return run_id

    def end(self, tester: Sitting, state: str = "finished") -> None:
        body = {"schema": 1, "state": state, "refresh_hz_after": 60.0}
        assert tester.put("end", body).status_code == 200


def run_body(entry: dict[str, Any], kind: Kind, ms: float, noise: random.Random) -> dict[str, Any]:
    """A measured run of about three seconds a window, with jitter and a rare long frame."""
    frames = max(8, min(400, int(3000 / ms)))
    shown = min(1000 / ms, kind.refresh_hz) * 0.96
    return {
        "schema": 1,
        "model": entry["model"],
        "mode": entry["mode"],
        "kind": "measured",
        "block": entry["block"],
        "started_ms": 2_000.0 + 9_000.0 * entry["block"],
        "outcome": "ok",
        "variant": {"threads": None, "precision": "float32", "library": "tfjs 4.22.0"},
        "load": {"bytes": 2_700_000, "ms": 840.0, "compile_ms": 1_900.0, "first_picture_ms": 2_400.0, "cold": entry["block"] == 0},
        "golden": {"status": "pass", "max_abs_error": 0.0021, "psnr_db": 61.4},
        "environment": environment_body() | {"renderer": kind.renderer},
        "warmup": window(list(jitter(noise, ms * 1.3, max(30, frames // 3)))),
        "capability": window(list(jitter(noise, ms, frames))),
        "displayed": window(list(jitter(noise, 1000 / shown, max(8, int(3 * shown))))) | {"animation_frames": int(3 * kind.refresh_hz)},
    }  # fmt: skip


def jitter(noise: random.Random, ms: float, count: int) -> Iterator[float]:
    for _ in range(count):
        yield round(ms * noise.lognormvariate(0.0, 0.05) * (3.0 if noise.random() < 0.006 else 1.0), 3)


def window(ms: list[float]) -> dict[str, Any]:
    return {"k": [1] * len(ms), "ms": ms, "elapsed_ms": round(sum(ms), 3)}


def new_study(database: Database, title: str = "Flowers", **definition: Any) -> str:
    """A study of both models with one link; gives the link's token."""
    bundles = [
        FakeBundle(name, "1.0.0", sha, name.title(), "For tests.", 2_700_000, False)
        for name, sha in MODELS.items()
    ]
    wanted = StudyDefinition.model_validate({"title": title, "models": list(MODELS)} | definition)
    with database.write() as session:
        study = studies.create_study(session, wanted, bundles, now=NOW, order_seed=1)
        return studies.create_link(session, study, now=NOW, label="mailing list").token


def device_of(kind: Kind) -> dict[str, Any]:
    return device_body(kind.renderer, browser=kind.browser, refresh_hz=kind.refresh_hz)


def seed(client: FlaskClient, database: Database) -> str:
    """All visits of the study; gives its link's token."""
    token = new_study(database)
    seeder = Seeder(client, token)
    for kind in KINDS:
        for _ in range(kind.count):
            tester = seeder.visit(device_of(kind))
            seeder.measure(tester, kind)
            seeder.end(tester)
    _odd_ones(seeder)
    return token


def _odd_ones(seeder: Seeder) -> None:
    slow = KINDS[1]
    failing = {"outcome": "failed", "capability": None, "displayed": None, "golden": None}
    for reason in (
        "WebGL: CONTEXT_LOST_WEBGL during compile",
        "WebGL: CONTEXT_LOST_WEBGL during compile",
        "out of memory",
    ):
        seeder.measure(seeder.visit(device_of(slow)), slow, 2, **failing, reason=reason)
    wrong = {"golden": {"status": "fail", "max_abs_error": 1.4, "psnr_db": 9.0}, "outcome": "wrong_output"}
    seeder.measure(
        seeder.visit(device_of(KINDS[4])), KINDS[4], 1, **wrong, reason="largest error 1.4 of [-1, 1]"
    )
    hidden = seeder.visit(device_of(KINDS[0]))
    seeder.measure(
        hidden, KINDS[0], events=[{"at_ms": 900.0, "type": "hidden"}, {"at_ms": 1400.0, "type": "shown"}]
    )
    seeder.end(hidden)
    stopped = seeder.visit(device_of(KINDS[3]))
    seeder.measure(stopped, KINDS[3], 3)
    seeder.end(stopped, "stopped")
    quiet = seeder.visit(DECLINED)
    seeder.measure(quiet, KINDS[3])
    seeder.end(quiet)
    hostile = Kind(1, HOSTILE, 25.0)
    seeder.measure(seeder.visit(device_of(hostile)), hostile)
    seeder.end(seeder.visit(device_body(HOSTILE, webgl=None, webgl_reason="blocked")), "no_webgl")
