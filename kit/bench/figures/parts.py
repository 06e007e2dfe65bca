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
    ("tfjs-wasm", "direct-wasm"),
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
    """All parts, the ones that matter most first. What needs no WebGL is taken on one of ``gls`` only."""
    webgpu_gl = "swiftshader" if "swiftshader" in gls else gls[0]
    wasm_gl = "llvmpipe" if "llvmpipe" in gls else gls[0]
    large = [model for model in models if model in LARGE_MODELS]
    usual = [model for model in models if model not in LARGE_MODELS]
    parts = [Part("code", "", kind, gls[0], (), 10)] if kind == "chromium" else []
    for model in usual:
        parts += [_pair(model, kind, gl, modes) for gl in gls for modes in WEBGL]
        parts += [_pair(model, kind, wasm_gl, modes) for modes in WASM]
        parts += _script_and_first(model, kind, gls)
    for model in large:
        parts += [_pair(model, kind, wasm_gl, modes) for modes in LARGE]
    if kind == "chromium":  # the only one with WebGPU on software
        parts += [_pair(model, kind, webgpu_gl, modes) for modes in WEBGPU for model in usual]
    for model in models:
        parts += _looks(model, kind, gls, wasm_gl, webgpu_gl)
    return parts


PAIR_S = {
    ("tfjs-webgl", "swiftshader"): 90,
    ("tfjs-pixels", "swiftshader"): 90,
    ("tfjs-webgpu", "swiftshader"): 150,
    ("ort-webgpu", "swiftshader"): 140,
    ("litert-webgpu", "swiftshader"): 110,
}


def _pair(model: str, kind: Kind, gl: Gl, modes: tuple[str, str]) -> Part:
    about = PAIR_S.get((modes[0], gl), 55)
    return Part("pair", model, kind, gl, modes, about * (1.5 if model in LARGE_MODELS else 1))


def _script_and_first(model: str, kind: Kind, gls: Sequence[Gl]) -> Iterator[Part]:
    for gl in gls:
        yield Part("script", model, kind, gl, ("tfjs-webgl", "direct-webgl"), 40)
        yield Part("first", model, kind, gl, ("tfjs-webgl", UNTUNED), 80)


def _looks(model: str, kind: Kind, gls: Sequence[Gl], wasm_gl: Gl, webgpu_gl: Gl) -> Iterator[Part]:
    """Differences and layers; with rivals, so that it shows whether they paint the same picture."""
    for gl in gls:
        modes = ["direct-webgl"] if model in LARGE_MODELS else ["direct-webgl", "tfjs-webgl", "tfjs-pixels"]
        if gl == wasm_gl:
            modes += ["direct-wasm[threads=1]", "direct-wasm", "tfjs-wasm", "ort-wasm"]
        if gl == webgpu_gl and kind == "chromium" and model not in LARGE_MODELS:
            modes += ["direct-webgpu", "tfjs-webgpu", "ort-webgpu", "litert-webgpu"]
        yield Part("look", model, kind, gl, tuple(modes), 45)
