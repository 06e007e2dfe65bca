"""How far to trust what a string says; what the words mean is in ``device.Gpu``."""

from kit.domain.gpu.device import UNKNOWN, Class, Confidence
from kit.domain.gpu.grouping import is_vague


def confidence_of(
    model: str, maker: str, class_: Class, chip: str, family: str, *, blurred: bool, agree: bool
) -> Confidence:
    """``agree``: whether name and chip tell of one family."""
    if blurred or UNKNOWN in (maker, model):
        return "low"
    if class_ in ("software", "virtual"):
        return "high"
    if chip:
        return "high" if agree else "medium"
    return "high" if any(char.isdigit() for char in model) and not is_vague(family, maker) else "medium"
