"""What the engine has to reach, and whether a figure does."""

from dataclasses import dataclass

SMALL, TINY, FULL = "flowers-small", "flowers-tiny", "flowers-full"


@dataclass(frozen=True, slots=True)
class Goal:
    """``least`` must be reached, ``aim`` is hoped for. ``low``: small figures are good ones."""

    least: float
    aim: float
    low: bool = False

    def verdict(self, value: float) -> str:
        """How ``value`` stands to it."""
        sign = -1 if self.low else 1
        if sign * value >= sign * self.aim:
            return "aim reached"
        return "reached" if sign * value >= sign * self.least else "**not reached**"


PAIRS = {
    ("tfjs-webgl", "swiftshader", SMALL): Goal(8, 15),
    ("tfjs-webgl", "swiftshader", TINY): Goal(9, 15),
    ("tfjs-webgl", "llvmpipe", SMALL): Goal(3.5, 8),
    ("tfjs-webgl", "llvmpipe", TINY): Goal(4.5, 8),
    ("tfjs-wasm[threads=1]", "llvmpipe", SMALL): Goal(8, 12),
    ("tfjs-wasm[threads=1]", "llvmpipe", TINY): Goal(9, 12),
    ("ort-wasm[threads=1]", "llvmpipe", SMALL): Goal(2.7, 4),
    ("ort-wasm[threads=1]", "llvmpipe", TINY): Goal(3.4, 4),
    ("tfjs-webgpu", "swiftshader", SMALL): Goal(10, 20),
    ("tfjs-webgpu", "swiftshader", TINY): Goal(12, 20),
    ("ort-wasm[threads=1]", "llvmpipe", FULL): Goal(1.3, 2),
    ("ort-wasm", "llvmpipe", FULL): Goal(1.3, 2),
}
"""By rival, GL and model: times that a frame of theirs takes as long as one of ours. In Chromium."""

SCRIPT = Goal(0.5, 0.2, low=True)
"""Milliseconds of JavaScript a frame."""
FIRST = Goal(2, 5)
"""Times that the first picture is sooner."""
CODE = Goal(60_000, 30_000, low=True)
"""Bytes of the engine's code, gzip."""
LEVELS = Goal(1, 0, low=True)
"""Largest difference from Keras in 8-bit levels; the aim is that it is none on 99.9 % of values."""
EQUAL = Goal(0, 0.999)
"""Share of the values that are exactly Keras'."""
