"""Strings in which the browser names a bucket of GPUs, or nothing, instead of the GPU."""

import re
from dataclasses import dataclass

from kit.domain.gpu.rule import Rule, squeeze
from kit.domain.gpu.vendors import VENDORS

BUCKETS = frozenset(
    (
        *("geforce 8800 gtx", "geforce gtx 480", "geforce gtx 980", "nvidia tegra"),
        *(
            "intel 945gm",
            "intel hd graphics",
            "intel hd graphics 400",
            "intel arc a750 graphics",
            "intel arc a750",
        ),
        *("radeon hd 3200 graphics", "radeon hd 5850", "radeon r9 200 series"),
        *("apple m1", "llvmpipe", "microsoft basic render driver"),
        *("adreno 225", "adreno 330", "adreno 430", "adreno 540", "adreno 650"),
        *("mali-400 mp", "mali-t628", "mali-t760", "mali-t880", "mali-g51"),
        *(
            "powervr sgx 540",
            "powervr rogue g6200",
            "samsung xclipse 920",
            "vivante gc1000",
            "videocore iv hw",
        ),
    )
)
"""The names that Firefox answers with, in lower case and without marks."""

SIMILAR = re.compile(r" ?, or similar$", re.IGNORECASE)
NOISE = re.compile(r" #[A-Za-z0-9]{8,12}$")
TOKEN = re.compile(r"^[A-Za-z0-9]{8,10}$")
NOTHING: tuple[Rule[bool], ...] = (
    Rule(r"^Apple GPU$", True, "Apple GPU"),
    Rule(r"^(?:Mozilla|Brave)$", True, "Mozilla"),
    Rule(r"\bGeneric Renderer\b", True, "Generic Renderer/PCIe/SSE2"),
)
TWO_PART = re.compile(r"^ANGLE \([^,]+, (?P<model>[^,]+?) Direct3D\w+ vs_\w+ ps_\w+\)$", re.IGNORECASE)
MARKS = re.compile(r"\s*\((?:R|TM)\)|[®™]", re.IGNORECASE)
BRAND = re.compile(r"^(?:NVIDIA|AMD|ATI|Qualcomm) (?=GeForce|Radeon|Adreno)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Blur:
    """``text`` is the string without what the blurring added; ``bucket``: it names one of a browser's stand-ins."""

    text: str
    blurred: bool
    bucket: bool


def look(text: str) -> Blur:
    """Tell whether the string (its white space squeezed) is blurred, and take off what says so."""
    if SIMILAR.search(text):
        return Blur(SIMILAR.sub("", text), blurred=True, bucket=True)
    if NOISE.search(text):
        return Blur(NOISE.sub("", text), blurred=True, bucket=False)
    if _two_part_bucket(text):
        return Blur(text, blurred=True, bucket=True)
    nothing = any(rule.matches(text) for rule in NOTHING) or is_random(text)
    return Blur(text, blurred=nothing, bucket=False)


def is_random(text: str) -> bool:
    """One token of 8-10 letters and digits that names no maker and no known part."""
    return bool(TOKEN.match(text)) and not any(rule.matches(text) for rule in VENDORS)


def _two_part_bucket(text: str) -> bool:
    # Chrome writes one part (old) or three; two parts are Firefox' bucket without its ", or similar".
    found = TWO_PART.match(text)
    if not found:
        return False
    name = squeeze(MARKS.sub(" ", found["model"]))
    return BRAND.sub("", name).lower() in BUCKETS
