"""Discrete, integrated, mobile, software or virtual."""

from kit.domain.gpu.device import Api, Class
from kit.domain.gpu.rule import Rule, first

AMD_APUS = (
    r"SUMO2?|PALM|WRESTLER|ARUBA|TRINITY|KAVERI|KABINI|MULLINS|CARRIZO|STONEY|RAVEN2?|PICASSO|RENOIR|LUCIENNE|CEZANNE"
    r"|REMBRANDT|YELLOW_CARP|PHOENIX\d?|VANGOGH|MENDOCINO|RAPHAEL|STRIX\w*|GFX1036|GFX1103|RS780|RS880"
)

ANYONE: tuple[Rule[Class], ...] = (
    Rule(r"\bSwiftShader\b|\bllvmpipe\b|\bsoftpipe\b", "software", "SwiftShader"),
    Rule(r"\bBasic Render Driver\b|\bSoftware Adapter\b", "software", "Microsoft Basic Render Driver"),
    Rule(r"\bApple Software Renderer\b", "software", "Apple Software Renderer"),
    Rule(r"\bAndroid Emulator\b|\bSubsystem OpenGL ES\b|\bvirgl\b", "virtual", "virgl"),
    Rule(r"\bApple Paravirtual\b", "virtual", "Apple Paravirtual device"),
)

NVIDIA: tuple[Rule[Class], ...] = (
    Rule(r"\bGRID\b|\b[A-Z]+\d+[A-Z]*-\d+[A-Z]\b", "virtual", "NVIDIA A16-4Q"),
    Rule(r"\bTegra\b", "mobile", "NVIDIA Tegra 4"),
    Rule(r"\bnForce\b|\bION\b|\bNVA[ACF]\b", "integrated", "NVIDIA GeForce 7025 / nForce 630a"),
    Rule(
        r"\bGeForce (?:6100|6150\w*|7025|7050|8100|8200|9100|9400M|320M)\b",
        "integrated",
        "NVIDIA GeForce 9400M",
    ),
    Rule(r"", "discrete", "NVIDIA GeForce RTX 3060"),
)

AMD: tuple[Rule[Class], ...] = (
    Rule(r"\bR[X79]? ?Vega M\b|\bPro Vega\b", "discrete", "AMD Radeon RX Vega M GH Graphics"),
    Rule(r"\bRadeon (?:Pro )?Graphics\b", "integrated", "AMD Radeon Graphics"),
    Rule(r"\bVega (?:[3-9]|1[01])\b", "integrated", "AMD Radeon RX Vega 11"),
    Rule(r"\bR[2-7] Graphics\b", "integrated", "AMD Radeon R5 Graphics"),
    Rule(r"\bRadeon (?:6[1-9]|7\d|8\d)0M\b", "integrated", "AMD Radeon 780M"),
    Rule(r"\b80[456]0S\b", "integrated", "AMD Radeon 8060S"),
    Rule(r"\bHD \d{4}[GD]\b|\bHD \d{4} Graphics\b", "integrated", "AMD Radeon HD 6480G"),
    Rule(r"\b760G\b|\bCustom GPU (?:0405|0932)\b|\bRyzen\b", "integrated", "AMD Custom GPU 0405"),
    Rule(rf"^AMD (?:{AMD_APUS})\b", "integrated", "AMD RENOIR"),
    Rule(rf"^AMD Unknown\b.*\((?:\w+ )?(?:{AMD_APUS})\b", "integrated", "AMD Unknown (RADV RENOIR)"),
    Rule(r"", "discrete", "AMD Radeon RX 6600"),
)

INTEL: tuple[Rule[Class], ...] = (
    Rule(r"\bArc (?:Pro )?[AB]\d", "discrete", "Intel Arc A770"),
    Rule(r"\bIris Xe MAX\b", "discrete", "Intel Iris Xe MAX 100"),
    Rule(r"", "integrated", "Intel Arc Graphics"),
)

APPLE: tuple[Rule[Class], ...] = (
    Rule(r"\bApple A\d", "mobile", "Apple A10X"),
    Rule(r"\bApple M\d", "integrated", "Apple M1 Max"),
)

MOBILE: tuple[Rule[Class], ...] = (Rule(r"", "mobile", "ARM Mali-G57 MC2"),)
VIRTUAL: tuple[Rule[Class], ...] = (Rule(r"", "virtual", "VMware SVGA 3D"),)
INTEGRATED: tuple[Rule[Class], ...] = (Rule(r"", "integrated", "Zhaoxin ZX C-960"),)
MICROSOFT: tuple[Rule[Class], ...] = (Rule(r"\bSraKmd", "integrated", "SraKmd_arden"),)

BY_VENDOR: dict[str, tuple[Rule[Class], ...]] = {
    "NVIDIA": NVIDIA,
    "AMD": AMD,
    "Intel": INTEL,
    "Apple": APPLE,
    "Zhaoxin": INTEGRATED,
    "Microsoft": MICROSOFT,
    **dict.fromkeys(("Qualcomm", "ARM", "Imagination", "Samsung", "Huawei", "Broadcom", "Vivante"), MOBILE),
    **dict.fromkeys(("VMware", "Parallels", "Oracle", "Citrix"), VIRTUAL),
}

DESKTOP_APIS: frozenset[Api] = frozenset({"D3D11", "D3D9", "Metal"})

MIXED_BUCKETS: tuple[Rule[Class], ...] = (
    Rule(r"\bRadeon (?:HD 3200|HD 5850|R9 200 Series)\b", "unknown", "AMD Radeon HD 5850"),
    Rule(r"\bArc A750\b", "unknown", "Intel Arc A750"),
)
"""Buckets of Firefox that hold integrated and discrete GPUs alike."""


def class_of(name: str, vendor: str, api: Api, *, bucket: bool) -> Class:
    """``name`` is the branded device text with its last words still there ("Radeon R5 Graphics")."""
    none: Class = "unknown"
    if bucket and any(rule.matches(name) for rule in MIXED_BUCKETS):
        return none
    found = first((*ANYONE, *BY_VENDOR.get(vendor, ())), name, none)
    if (
        found == "mobile" and api in DESKTOP_APIS
    ):  # a phone's GPU behind Direct3D or Metal is in a PC or a Mac
        return "integrated"
    return found
