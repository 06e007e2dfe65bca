"""The family of a GPU from its name and from its chip, which is the surer of the two."""

from kit.domain.gpu import chips
from kit.domain.gpu.device import UNKNOWN, Class
from kit.domain.gpu.families import family_of
from kit.domain.gpu.rule import first

VAGUE = frozenset(
    ("AMD Radeon R", "AMD Radeon HD 7000 and 8000", "AMD FirePro", "Intel UHD Graphics", "Intel HD Graphics")
)
"""Families that are lines of products, made of chips of several architectures."""


def family_by(model: str, maker: str, class_: Class, chip: str, *, blurred: bool) -> tuple[str, bool]:
    """The family, and whether name and chip agree on it.

    A bucket of a browser stands for GPUs of many families, so that only the maker is left of it.
    """
    if blurred and class_ != "software":
        return maker, True
    named = family_of(model, maker, class_)
    if not chip or class_ in ("software", "virtual"):
        return named, True
    told = family_of_chip(chip, maker)
    if told in (UNKNOWN, maker):
        return named, True
    return told, told == named or is_vague(named, maker)


def family_of_chip(chip: str, maker: str) -> str:
    """The family of a chip's code name; the maker's name where no rule knows it."""
    return first(chips.FAMILIES, chip, "") or family_of(chip, maker, UNKNOWN)


def is_vague(family: str, maker: str) -> bool:
    """Whether a family says no more than the maker or a line of products."""
    return family == maker or family in VAGUE
