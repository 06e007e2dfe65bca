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

    ``family``: to group by, an architecture where name or chip tells it, else the maker. ``chip``: the code name that
    the device id in the string stands for, or that the driver writes in brackets, "" where neither tells it. ``blurred``: the browser names a bucket of GPUs or
    nothing at all; such devices are groups of their own.

    ``confidence`` says how far to trust ``model`` and ``family``:

    * ``high``: the string names one product, or a software or virtual device that is what it says; or its name is
      shared by many, but the device id beside it tells the chip.
    * ``medium``: the maker is certain, but the name is shared by GPUs of very different speed ("Intel UHD Graphics"
      without a number), is a code name or not a known product, or name and device id tell of different chips; or the
      string is blurred and WebGPU tells the architecture.
    * ``low``: blurred, or not even the maker is known.
    """

    renderer: str
    vendor: str
    model: str
    family: str
    class_: Class
    api: Api
    blurred: bool
    confidence: Confidence
    chip: str = ""

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
            "chip": self.chip,
        }
