"""A device's columns of what the GPU rules read: from the raw strings, refined by the block that came with them."""

from functools import lru_cache
from typing import Any

from kit.domain import gpu
from kit.domain.wire.device import DeviceBlock

NAMES = (
    *("gpu_vendor", "gpu_model", "gpu_family", "gpu_class", "gpu_api", "gpu_blurred", "gpu_confidence"),
    "gpu_chip",
)
"""The columns that hold what the rules read; ``gpu_rule_version`` says which rules."""

parsed = lru_cache(maxsize=4_096)(gpu.parse_renderer)
"""Many devices share one string."""


def gpu_columns(renderer: str, vendor: str, block: DeviceBlock | None) -> dict[str, Any]:
    """What the GPU rules make of the raw strings and of ``block``, cut to the columns' widths; nothing without WebGL."""
    if not renderer:
        return {}
    found = parsed(renderer, vendor)
    if block is not None:
        found = gpu.refine(found, block)
    return {
        "gpu_vendor": found.vendor[:200],
        "gpu_model": found.model[:300],
        "gpu_family": found.family[:200],
        "gpu_class": found.class_,
        "gpu_api": found.api,
        "gpu_blurred": found.blurred,
        "gpu_confidence": found.confidence,
        "gpu_chip": found.chip[:200],
        "gpu_rule_version": gpu.RULE_VERSION,
    }
