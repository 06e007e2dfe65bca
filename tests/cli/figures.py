"""Results as ``kit bench table`` keeps them, for tests of the table."""

from typing import Any

from kit.bench.figures.keep import Kept
from kit.bench.figures.parts import UNTUNED, Part
from kit.bench.ratio import Ratio
from kit.bench.rows import condition_row
from tests.cli.reports import bench_run

PAIR = Part("pair", "flowers-small", "chromium", "swiftshader", ("tfjs-webgl", "direct-webgl"), 90)
RENDERER = "ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device), SwiftShader driver)"


def kept(part: Part, result: Any = None, trouble: str | None = None) -> Kept:
    """A part as it is kept."""
    return {
        "part": part.name,
        "task": part.task,
        "model": part.model,
        "browser": part.kind,
        "gl": part.gl,
        "modes": list(part.modes),
        "taken_at": "2026-01-02T03:04:05+00:00",
        "took_s": 12.3,
        "kit_version": "0.1.0",
        "build": "abc",
        "browser_version": "Chromium 156",
        "machine": {"system": "Linux", "processor": "x86_64", "processor_name": "A processor", "cores": 2},
        "trouble": trouble,
        "result": result,
    }


def pair_result(theirs: str, ours: str, ratio: float, low: float, high: float) -> dict[str, Any]:
    """Of a pair: ``ratio`` theirs / ours."""
    figures = Ratio("flowers-small", theirs, ours, 6, 1 / ratio, 1 / high, 1 / low, (1 / ratio,) * 6)
    rows = [condition_row("flowers-small", mode, [bench_run(mode, 0, 10)], 60.0) for mode in (theirs, ours)]
    return {"conditions": [row | {"renderer": RENDERER} for row in rows], "ratios": [figures.as_dict()]}


def kept_of_every_task() -> list[Kept]:
    """One part of each task, a comparison that is lost, and one that could not be taken."""
    lost = Part("pair", "flowers-small", "chromium", "swiftshader", ("ort-webgpu", "direct-webgpu"), 1)
    script = Part("script", "flowers-small", "chromium", "swiftshader", ("tfjs-webgl", "direct-webgl"), 1)
    first = Part("first", "flowers-small", "chromium", "swiftshader", ("tfjs-webgl", UNTUNED), 1)
    look = Part("look", "flowers-small", "chromium", "swiftshader", ("direct-webgl", "direct-webgpu"), 1)
    code = Part("code", "", "chromium", "swiftshader", (), 1)
    missing = Part("first", "flowers-tiny", "chromium", "llvmpipe", ("tfjs-webgl", UNTUNED), 1)
    return [
        kept(PAIR, pair_result("tfjs-webgl", "direct-webgl", 10, 9, 11)),
        kept(lost, pair_result("ort-webgpu", "direct-webgpu", 0.9, 0.8, 0.95)),
        kept(script, {"rows": [_script("tfjs-webgl", 6, 932, 67), _script("direct-webgl", 0.2, 196, 21)]}),
        kept(first, {"rows": [row for round_ in range(6) for row in _first(round_)]}),
        kept(look, {"rows": _looks(), "plan": [_step()]}),
        kept(code, {"webgl": {"files": 8, "bytes": 90_000, "gzip": 36_613}}),
        kept(missing, trouble="the page gave nothing within 400 s"),
    ]


def _script(mode: str, ms: float, calls: int, draws: int) -> dict[str, Any]:
    return {"mode": mode, "ms": [ms] * 5 + [1.5 * ms], "calls": calls, "draws": draws, "renderer": RENDERER}


def _first(round_: int) -> list[dict[str, Any]]:
    return [
        {"mode": mode, "ms": ms, "round": round_} for mode, ms in (("tfjs-webgl", 400.0), (UNTUNED, 100.0))
    ]


def _looks() -> list[dict[str, Any]]:
    found = {by: {"levels": 1, "equal": 0.9995} for by in ("golden", "keras_float32")}
    layers = [{"name": "down1", "ms": 1.5}]
    good = {"mode": "direct-webgl", "reason": None, "differences": found, "layers": layers}
    threads = {
        "mode": "tfjs-wasm",
        "reason": None,
        "differences": found,
        "layers": [{"name": "put", "ms": 0.25}],
    }
    return [good, threads, {"mode": "direct-webgpu", "reason": "no adapter"}]


def _step() -> dict[str, Any]:
    return {"name": "down1", "what": "conv", "to": "128x128x4", "multiplyAdds": 1000}
