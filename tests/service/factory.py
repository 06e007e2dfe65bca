"""Payloads as a browser would send them, and a study to send them to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from kit.db import studies
from kit.db.session import Database
from kit.domain.study import StudyDefinition

SECRET = "s" * 43
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


@dataclass(frozen=True)
class FakeBundle:
    name: str = "test-blocks"
    version: str = "1.0.0"
    sha256: str = "a" * 64
    title: str = "Blocks"
    description: str = "For tests."
    bytes: int = 1_000
    internal: bool = True


def new_link(database: Database, *, uses: str = "multiple", **definition: Any) -> str:
    """Store a study over the fake bundle and give a token of it."""
    wanted = StudyDefinition.model_validate({"title": "Flowers", "models": ["test-blocks"]} | definition)
    with database.write() as session:
        study = studies.create_study(session, wanted, [FakeBundle()], now=NOW, order_seed=1)
        return studies.create_link(session, study, now=NOW, uses=uses).token


def visit_body(token: str, **changes: Any) -> dict[str, Any]:
    """A ``VisitCreate``."""
    return {
        "schema": 1,
        "id": str(uuid4()),
        "link": token,
        "machine": str(uuid4()),
        "secret": SECRET,
        "consent": {"text_sha256": "b" * 64, "language": "en", "at": "2026-03-01T12:00:00Z"},
        "kit_version": "0.1.0",
        "protocol_version": 1,
    } | changes


def samples(count: int = 20, ms: float = 20.0) -> dict[str, Any]:
    """A window of single frames."""
    return {"k": [1] * count, "ms": [ms] * count, "elapsed_ms": count * ms}


def run_body(mode: str = "tfjs-webgl", **changes: Any) -> dict[str, Any]:
    """A ``RunReport`` of the fake bundle."""
    return {
        "schema": 1,
        "model": {"name": "test-blocks", "version": "1.0.0", "sha256": "a" * 64},
        "mode": mode,
        "kind": "measured",
        "block": 0,
        "started_ms": 1000.25,
        "outcome": "ok",
        "variant": {"threads": None, "precision": "int8", "library": "tfjs 4.22.0"},
        "load": {"bytes": 100, "ms": 5.5, "compile_ms": 10, "first_picture_ms": 12, "cold": True},
        "golden": {"status": "pass", "max_abs_error": 0.001, "psnr_db": 60},
        "environment": environment_body(),
        "capability": samples(),
        "displayed": samples() | {"animation_frames": 24},
    } | changes


def environment_body() -> dict[str, Any]:
    """An ``Environment`` in which nothing bends the figures."""
    return {
        "tick_ms": 0.005,
        "closing": "fence",
        "close_ms": 0.1,
        "in_flight": 2,
        "isolated": True,
        "visible": True,
        "focused": True,
        "canvas_width": 256,
        "canvas_height": 256,
        "vendor": "Google Inc. (NVIDIA)",
        "renderer": RENDERER,
    }


RENDERER = "ANGLE (NVIDIA, NVIDIA GeForce RTX 3060 (0x00002504) Direct3D11 vs_5_0 ps_5_0, D3D11)"


def device_body(renderer: str = RENDERER, **changes: Any) -> dict[str, Any]:
    """A ``DeviceReport`` that was sent."""
    limits = dict.fromkeys(
        (
            "max_texture_size",
            "max_renderbuffer_size",
            "max_draw_buffers",
            "max_color_attachments",
            "max_texture_image_units",
            "max_fragment_uniform_vectors",
            "max_samples",
        ),
        16,
    )
    webgl = {
        "vendor": "WebKit",
        "renderer": "WebKit WebGL",
        "unmasked_vendor": "Google Inc. (NVIDIA)",
        "unmasked_renderer": renderer,
        "version": "WebGL 2.0",
        "limits": limits,
        "extensions": ["EXT_color_buffer_float"],
    }
    block = {
        "webgl": webgl,
        "webgpu": None,
        "browser": {"name": "Chrome", "major": 140, "os": "Windows", "os_version": "10", "mobile": False},
        "client_hints": None,
        "hardware_concurrency": 8,
        "device_memory_gb": 8,
        "screen": {"width": 1920, "height": 1080, "device_pixel_ratio": 1, "color_depth": 24},
        "refresh_hz": 59.9,
        "touch_points": 0,
        "charging": None,
        "isolated": True,
        "tick_ms": 0.005,
    }
    return {"schema": 1, "declined": False, "device": block | changes}


DECLINED = {"schema": 1, "declined": True, "device": None}


@dataclass
class Sitting:
    """One visit, seen from its browser."""

    client: FlaskClient
    visit: str
    machine: str
    created: Mapping[str, Any]
    secret: str = SECRET

    def put(self, path: str, body: object) -> TestResponse:
        return self.client.put(f"/api/v1/visits/{self.visit}/{path}", json=body, headers=bearer(self.secret))

    def run(self, **changes: Any) -> TestResponse:
        return self.put(f"runs/{uuid4()}", run_body(**changes))

    def join_code(self) -> TestResponse:
        return self.client.post(
            f"/api/v1/visits/{self.visit}/join-code", json={}, headers=bearer(self.secret)
        )

    def delete(self) -> TestResponse:
        return self.client.delete(f"/api/v1/visits/{self.visit}", headers=bearer(self.secret))


def bearer(secret: str = SECRET) -> dict[str, str]:
    return {"Authorization": f"Bearer {secret}"}


def begin(client: FlaskClient, token: str, **changes: Any) -> Sitting:
    """Create a visit that is accepted."""
    answer = client.post("/api/v1/visits", json=visit_body(token, **changes))
    assert answer.status_code == 201, answer.text
    return Sitting(client, answer.json["id"], answer.json["machine"], answer.json)
