"""What the table consists of: parts that are each taken by themselves and kept in a file of their own."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from kit.bench.browsers import Gl, Kind

Task = Literal["pair", "script", "first", "look", "code"]

WEBGL = (("tfjs-webgl", "direct-webgl"), ("tfjs-pixels", "direct-webgl"))
WASM = (
    ("tfjs-wasm[threads=1]", "direct-wasm[threads=1]"),
    ("ort-wasm[threads=1]", "direct-wasm[threads=1]"),
    ("ort-wasm", "direct-wasm"),
)
WEBGPU = (
    ("tfjs-webgpu", "direct-webgpu"),
    ("ort-webgpu", "direct-webgpu"),
    ("litert-webgpu", "direct-webgpu"),
)
LARGE = (("ort-wasm[threads=1]", "direct-wasm[threads=1]"), ("ort-wasm", "direct-wasm"))
UNTUNED = "direct-webgl[tuning=mrt8]"
"""The default choices, forced: nothing is tried out before the first picture."""

LARGE_MODELS = ("flowers-full",)
"""Bound by arithmetic: a software GPU needs seconds a frame for them, so only what runs on the processor is compared."""
MODELS = ("flowers-small", "flowers-tiny", *LARGE_MODELS)


@dataclass(frozen=True, slots=True)
class Part:
    """One part. ``modes``: with their wishes, theirs first. ``about_s``: how long it takes on two cores without a GPU."""

    task: Task
    model: str
    kind: Kind
    gl: Gl
    modes: tuple[str, ...]
    about_s: float

    @property
    def name(self) -> str:
        """Of its file, without the ending: the same for the same part."""
        # Two modes alone make a part another one; of a look it does not matter which modes there were.
        modes = "-vs-".join(self.modes) if self.task in ("pair", "script") else ""
        words = (self.kind, self.gl, self.model, self.task, modes) if self.task != "code" else ("code",)
        return re.sub(r"[^a-z0-9.]+", "-", ".".join(word for word in words if word)).strip("-")

    @property
    def label(self) -> str:
        """What progress calls it."""
        return f"{self.task} {self.model} {' / '.join(self.modes)} ({self.kind}, {self.gl})".replace(
            "  ", " "
        )


def plan_parts(models: Sequence[str], kind: Kind, gls: Sequence[Gl]) -> list[Part]:
    """All parts, those that show whether a goal is reached first. What needs no WebGL is taken on one of ``gls`` only."""
    webgpu_gl = "swiftshader" if "swiftshader" in gls else gls[0]
    wasm_gl = "llvmpipe" if "llvmpipe" in gls else gls[0]
    large = [model for model in models if model in LARGE_MODELS]
    usual = [model for model in models if model not in LARGE_MODELS]
    parts = [Part("code", "", kind, gls[0], (), 5)] if kind == "chromium" else []
    for model in usual:
        parts += [_pair(model, kind, gl, WEBGL[0]) for gl in gls]
        parts += [_pair(model, kind, wasm_gl, modes) for modes in WASM]
        parts += _script_and_first(model, kind, gls)
    parts += [_pair(model, kind, wasm_gl, modes) for model in large for modes in LARGE]
    for model in models:
        parts += _looks(model, kind, gls, wasm_gl, webgpu_gl)
    webgpu = WEBGPU if kind == "chromium" else ()  # the only one with WebGPU in software
    parts += [_pair(model, kind, webgpu_gl, modes) for modes in webgpu[:1] for model in usual]
    parts += [_pair(model, kind, gl, WEBGL[1]) for model in usual for gl in gls]
    return parts + [_pair(model, kind, webgpu_gl, modes) for model in usual for modes in webgpu[1:]]


PAIR_S = {
    ("tfjs-webgl", "swiftshader"): 80,
    ("tfjs-pixels", "swiftshader"): 80,
    ("tfjs-webgpu", "swiftshader"): 150,
    ("ort-webgpu", "swiftshader"): 140,
    ("litert-webgpu", "swiftshader"): 80,
}
"""Of flowers-small, on two cores with nothing else to do; others take ``LONGER`` as long."""
LONGER = {"flowers-tiny": 0.7, "flowers-full": 1.8}


def _pair(model: str, kind: Kind, gl: Gl, modes: tuple[str, str]) -> Part:
    about = PAIR_S.get((modes[0], gl), 50)
    return Part("pair", model, kind, gl, modes, about * LONGER.get(model, 1))


def _script_and_first(model: str, kind: Kind, gls: Sequence[Gl]) -> Iterator[Part]:
    for gl in gls:
        yield Part("script", model, kind, gl, ("tfjs-webgl", "direct-webgl"), 32)
        yield Part("first", model, kind, gl, ("tfjs-webgl", UNTUNED), 65)


def _looks(model: str, kind: Kind, gls: Sequence[Gl], wasm_gl: Gl, webgpu_gl: Gl) -> Iterator[Part]:
    """Differences and layers; with rivals, so that it shows whether they paint the same picture."""
    if model in LARGE_MODELS:
        yield Part("look", model, kind, wasm_gl, ("direct-webgl", "direct-wasm[threads=1]", "ort-wasm"), 90)
        return
    for gl in gls:
        modes = ["direct-webgl", "tfjs-webgl", "tfjs-pixels"]
        if gl == wasm_gl:
            modes += ["direct-wasm[threads=1]", "direct-wasm", "tfjs-wasm", "ort-wasm"]
        if gl == webgpu_gl and kind == "chromium":
            modes += ["direct-webgpu", "tfjs-webgpu", "ort-webgpu", "litert-webgpu"]
        yield Part("look", model, kind, gl, tuple(modes), 80 if gl == webgpu_gl else 40)
