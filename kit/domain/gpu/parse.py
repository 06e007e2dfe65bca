"""Thin first version."""

from kit.domain.gpu.device import Class, Gpu

RULE_VERSION = 1


def parse_renderer(renderer: str, vendor: str = "") -> Gpu:
    """Parse one renderer string. Never raises."""
    lower = renderer.lower()
    class_: Class = "software" if "swiftshader" in lower or "llvmpipe" in lower else "unknown"
    model = (
        "SwiftShader"
        if "swiftshader" in lower
        else "llvmpipe"
        if "llvmpipe" in lower
        else renderer[:200] or "unknown"
    )
    brand = "Google" if model == "SwiftShader" else "Mesa" if model == "llvmpipe" else "unknown"
    return Gpu(renderer, brand, model, "unknown", class_, "unknown", lower.endswith(", or similar"), "low")
