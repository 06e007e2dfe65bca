"""How far to trust what a string says; what the words mean is in ``device.Gpu``."""

from kit.domain.gpu.device import UNKNOWN, Class, Confidence
from kit.domain.gpu.grouping import is_vague
from kit.domain.gpu.rule import Rule

ONE_PRODUCT: tuple[Rule[bool], ...] = (
    Rule(r"\d", True, "NVIDIA GeForce RTX 3060"),
    Rule(r"\bTITAN\b", True, "NVIDIA TITAN RTX"),
    Rule(r"\bSraKmd_", True, "SraKmd_arden"),
)
"""What tells one product from the others of its line: nearly always a number."""


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
    named = any(rule.matches(model) for rule in ONE_PRODUCT)
    return "high" if named and not is_vague(family, maker) else "medium"
