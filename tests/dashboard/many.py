"""A study of some three hundred made-up visits, to look at: real renderer strings, plausible figures, failures, quotas.

``python -m tests.dashboard.many HOME`` stores it under HOME, marked simulated.
"""

import sys
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from kit.app import create_app
from kit.db.migrate import upgrade
from kit.db.session import Database
from kit.settings import Settings
from tests.dashboard.seed import (
    CHROME,
    EDGE,
    FIREFOX,
    LIGHTER,
    LINUX,
    MAC,
    PHONE,
    SAFARI,
    Kind,
    Seeder,
    d3d,
    device_of,
    new_study,
    run_body,
)
from tests.service.factory import DECLINED

MODES = ("tfjs-pixels", "tfjs-webgl", "direct-webgl", "direct-wasm")
SPEED = {"tfjs-pixels": 1.9, "tfjs-webgl": 1.0, "direct-webgl": 0.55, "direct-wasm": 4.0}
QUOTAS = {
    "machines": 300,
    "class": {"discrete": 80, "integrated": 100, "mobile": 60},
    "browser": {"Firefox": 60, "Safari": 40},
    "cells": [{"class": "mobile", "browser": "Safari", "machines": 20}],
}
IPHONE = SAFARI | {"os": "iOS", "os_version": "18.1", "mobile": True}
KINDS = (
    Kind(30, d3d("NVIDIA", "NVIDIA GeForce RTX 3060 (0x00002504)"), 6.0, refresh_hz=144.0),
    Kind(14, d3d("NVIDIA", "NVIDIA GeForce RTX 4070 (0x00002786)"), 3.4, refresh_hz=165.0),
    Kind(12, d3d("NVIDIA", "NVIDIA GeForce GTX 1050 Ti (0x00001C82)"), 22.0),
    Kind(5, d3d("NVIDIA", "NVIDIA GeForce MX150 (0x00001D10)"), 44.0),
    Kind(9, d3d("AMD", "AMD Radeon RX 6600 (0x000073FF)"), 8.0),
    Kind(11, d3d("AMD", "AMD Radeon(TM) Graphics (0x00001638)"), 31.0, EDGE),
    Kind(40, d3d("Intel", "Intel(R) UHD Graphics 620 (0x00005917)"), 48.0),
    Kind(22, d3d("Intel", "Intel(R) Iris(R) Xe Graphics (0x000046A6)"), 24.0),
    Kind(10, d3d("Intel", "Intel(R) UHD Graphics 620 (0x00005917)"), 50.0, EDGE),
    Kind(8, d3d("Intel", "Intel(R) HD Graphics 4000 (0x00000166)"), 140.0),
    Kind(24, "ANGLE (Apple, ANGLE Metal Renderer: Apple M1, Unspecified Version)", 12.0, MAC),
    Kind(7, "ANGLE (Apple, ANGLE Metal Renderer: Apple M3 Pro, Unspecified Version)", 6.5, MAC, 120.0),
    Kind(12, "Adreno (TM) 740", 31.0, PHONE, 120.0),
    Kind(9, "Adreno (TM) 619", 96.0, PHONE),
    Kind(8, "Mali-G78", 52.0, PHONE, 90.0),
    Kind(4, "PowerVR B-Series BXM-8-256", 180.0, PHONE),
    Kind(18, "ANGLE (NVIDIA, NVIDIA GeForce GTX 980 Direct3D11 vs_5_0 ps_5_0), or similar", 15.0, FIREFOX),
    Kind(16, "ANGLE (Intel, Intel(R) HD Graphics Direct3D11 vs_5_0 ps_5_0), or similar", 46.0, FIREFOX),
    Kind(14, "Apple GPU", 14.0, SAFARI),
    Kind(6, "Apple GPU", 20.0, IPHONE),
    Kind(5, "Mesa Intel(R) UHD Graphics 620 (KBL GT2)", 52.0, LINUX),
    Kind(4, "ANGLE (Mesa, llvmpipe (LLVM 15.0.7 256 bits), OpenGL ES 3.2)", 210.0, LINUX),
    Kind(
        6,
        "ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero) (0x0000C0DE)), SwiftShader driver)",
        480.0,
        CHROME,
    ),
)
NOTHING = {"capability": None, "displayed": None, "golden": None}


def seed_many(client: FlaskClient, database: Database, *, part: float = 1.0) -> None:
    """All visits of all kinds, or a part of each; one in nine has something wrong with it."""
    token = new_study(database, "Which GPU paints fastest?", modes=list(MODES), quotas=QUOTAS, simulated=True)
    seeder = Seeder(client, token)
    for kind in KINDS:
        for _ in range(max(1, round(kind.count * part))):
            _visit(seeder, kind)
    for _ in range(max(1, round(9 * part))):
        quiet = seeder.visit(DECLINED)
        _measure(seeder, quiet.created["sequence"], quiet, KINDS[6])
        seeder.end(quiet)


def _visit(seeder: Seeder, kind: Kind) -> None:
    tester = seeder.visit(device_of(kind))
    luck, sequence = seeder.random.random(), tester.created["sequence"]
    if luck < 0.04:
        _measure(seeder, sequence[: len(sequence) // 3], tester, kind)
        seeder.end(tester, "stopped")
        return
    _measure(seeder, sequence, tester, kind, lost_context=luck < 0.09)
    seeder.end(tester)


def _measure(
    seeder: Seeder, sequence: list[dict[str, Any]], tester: Any, kind: Kind, *, lost_context: bool = False
) -> None:
    speed = seeder.random.lognormvariate(0.0, 0.22)
    for entry in sequence:
        ms = kind.ms * speed * SPEED[entry["mode"]] * LIGHTER[entry["model"]["name"]]
        body = run_body(entry, kind, ms, seeder.random)
        body["load"] |= {"ms": round(400 * speed + 300 * seeder.random.random(), 1)}
        body["load"] |= {"first_picture_ms": round(900 + 25 * ms, 1), "compile_ms": round(300 + 12 * ms, 1)}
        for window in ("warmup", "capability", "displayed"):
            body[window] = _shorter(body[window])
        if lost_context and entry["mode"].endswith("webgl"):
            body |= NOTHING | {"outcome": "failed", "reason": "WebGL: CONTEXT_LOST_WEBGL during compile"}
        answer = tester.put(f"runs/{seeder.new_id()}", body)
        assert answer.status_code == 201, answer.text


def _shorter(window: dict[str, Any]) -> dict[str, Any]:
    """The first forty frames: what is looked at are groups, not frames."""
    ms = window["ms"][:40]
    return window | {"k": [1] * len(ms), "ms": ms, "elapsed_ms": round(sum(ms), 3)}


if __name__ == "__main__":
    home = Path(sys.argv[1])
    home.mkdir(parents=True, exist_ok=True)
    app = create_app(Settings(home=home))
    state = app.extensions["kit"]
    upgrade(state.database.engine)
    seed_many(app.test_client(), state.database)
