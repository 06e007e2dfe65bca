"""What a renderer string says about the GPU."""

from dataclasses import dataclass
from typing import Literal

Class = Literal["discrete", "integrated", "mobile", "software", "virtual", "unknown"]
Api = Literal["D3D11", "D3D9", "Metal", "OpenGL", "OpenGL ES", "Vulkan", "unknown"]
Confidence = Literal["high", "medium", "low"]

UNKNOWN: Literal["unknown"] = "unknown"


@dataclass(frozen=True, slots=True)
class Gpu:
    """A renderer string (kept raw) and what the rules make of it.

    ``blurred``: the browser names a bucket of GPUs or nothing at all; such devices are groups of their own.
    """

    renderer: str
    vendor: str
    model: str
    family: str
    class_: Class
    api: Api
    blurred: bool
    confidence: Confidence

    def as_dict(self) -> dict[str, str | bool]:
        """The JSON shape of ``kit gpu``."""
        return {
            "renderer": self.renderer,
            "vendor": self.vendor,
            "model": self.model,
            "family": self.family,
            "class": self.class_,
            "api": self.api,
            "blurred": self.blurred,
            "confidence": self.confidence,
        }
