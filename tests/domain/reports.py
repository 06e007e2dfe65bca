"""Payloads for tests: valid ones, with what a test cares about put in by name."""

from typing import Any

from kit.domain.wire.device import DeviceBlock
from kit.domain.wire.run import RunReport

SHA = "a" * 64
LIMITS = (
    "max_texture_size",
    "max_renderbuffer_size",
    "max_draw_buffers",
    "max_color_attachments",
    "max_texture_image_units",
    "max_fragment_uniform_vectors",
    "max_samples",
)


def window(ms: list[float], k: int = 1, **more: Any) -> dict[str, Any]:
    return {"k": [k] * len(ms), "ms": ms, "elapsed_ms": sum(ms), **more}


def environment(**changes: Any) -> dict[str, Any]:
    base = {
        "tick_ms": 0.1,
        "closing": "return",
        "close_ms": 0.1,
        "in_flight": 1,
        "isolated": True,
        "visible": True,
        "focused": True,
        "canvas_width": 256,
        "canvas_height": 256,
        "vendor": None,
        "renderer": None,
    }
    return base | changes


def run_body(**changes: Any) -> dict[str, Any]:
    base = {
        "schema": 1,
        "model": {"name": "flowers-small", "version": "1", "sha256": SHA},
        "mode": "tfjs-webgl",
        "kind": "measured",
        "block": 0,
        "started_ms": 1000.0,
        "outcome": "ok",
        "variant": {"threads": None, "precision": "float32", "library": "tfjs 4.22.0"},
        "golden": {"status": "pass", "max_abs_error": 0.001, "psnr_db": 60.0},
        "environment": environment(),
        "warmup": window([50.0] * 10),
        "capability": window([20.0] * 100),
        "displayed": window([25.0] * 80, animation_frames=120),
    }
    return base | changes


def run_report(**changes: Any) -> RunReport:
    return RunReport.model_validate(run_body(**changes))


def device_body(renderer: str = "Mali-G78", vendor: str = "ARM", **changes: Any) -> dict[str, Any]:
    base = {
        "webgl": {
            "vendor": "WebKit",
            "renderer": "WebKit WebGL",
            "unmasked_vendor": vendor,
            "unmasked_renderer": renderer,
            "version": "WebGL 2.0",
            "limits": dict.fromkeys(LIMITS, 16),
            "extensions": [],
        },
        "webgpu": None,
        "browser": {"name": "Chrome", "major": 140, "os": "Linux", "os_version": None, "mobile": False},
        "client_hints": None,
        "hardware_concurrency": 8,
        "device_memory_gb": 8,
        "screen": {"width": 1920, "height": 1080, "device_pixel_ratio": 1, "color_depth": 24},
        "refresh_hz": 60.0,
        "touch_points": 0,
        "charging": None,
        "isolated": True,
        "tick_ms": 0.1,
    }
    return base | changes


def device_block(renderer: str = "Mali-G78", **changes: Any) -> DeviceBlock:
    return DeviceBlock.model_validate(device_body(renderer, **changes))
