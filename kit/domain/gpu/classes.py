"""Discrete, integrated, mobile, software or virtual."""

from kit.domain.gpu.codenames import AMD_INTEGRATED
from kit.domain.gpu.device import UNKNOWN, Api, Class
from kit.domain.gpu.rule import Rule, first

ANYONE: tuple[Rule[Class], ...] = (
    Rule(
        r"\bAndroid Emulator\b|\bSubsystem\b.*\bOpenGL ES\b",
        "virtual",
        "Android Emulator OpenGL ES Translator",
    ),
    Rule(r"\bvirgl\b|\bVirtio\b|\bApple Paravirtual\b", "virtual", "virgl"),
    Rule(r"\bHyper-V\b|\bRemote Display\b|\bRemoteFX\b", "virtual", "Microsoft Hyper-V Video"),
    Rule(r"\bSwiftShader\b|\bllvmpipe\b|\bsoftpipe\b", "software", "SwiftShader"),
    Rule(r"\bBasic Render Driver\b|\bSoftware Adapter\b", "software", "Microsoft Basic Render Driver"),
    Rule(r"\bSoftware R(?:enderer|asterizer)\b", "software", "Apple Software Renderer"),
    Rule(r"^GDI Generic$|^Mesa (?:X11|OffScreen)\b", "software", "Mesa OffScreen"),
)

NVIDIA: tuple[Rule[Class], ...] = (
    Rule(r"\bGRID\b", "virtual", "NVIDIA GRID M10-0B"),
    Rule(r"\w-(?:\d-)?\d+[ABCQ]\b", "virtual", "NVIDIA A16-4Q"),
    Rule(r"\bTegra\b|\bnvgpu\b", "mobile", "NVIDIA Tegra 4"),
    Rule(r"\bnForce\b|\bION\b", "integrated", "NVIDIA GeForce 7025 / NVIDIA nForce 630a"),
    Rule(
        r"\bGeForce (?:6100|6150\w*|7025|7050|7150M?)\b|\bGeForce 7100(?= ?/|$)",
        "integrated",
        "NVIDIA GeForce 6150SE",
    ),
    Rule(
        r"\bGeForce (?:8100|8200M?|8300|9100M?|9200)(?: G)?(?= ?/|$)", "integrated", "NVIDIA GeForce 8200M G"
    ),
    Rule(r"\bGeForce (?:9400(?= ?/|$)|9400M\b|320M\b)", "integrated", "NVIDIA GeForce 320M"),
    Rule(r"^NVIDIA (?:NVA[ACF]|NV4[CE]|NV6[378])\b", "integrated", "NVIDIA NVAC"),
    Rule(r"", "discrete", "NVIDIA GeForce RTX 3060"),
)

AMD: tuple[Rule[Class], ...] = (
    Rule(r"\bVega M\b|\bPro Vega\b", "discrete", "AMD Radeon RX Vega M GH Graphics"),
    Rule(r"\bRadeon (?:Pro )?Graphics\b", "integrated", "AMD Radeon Graphics"),
    Rule(r"\bVega (?:[3-9]|1[01])\b|\bRX Vega(?:[3-9]|1[01])\b", "integrated", "AMD Radeon RX Vega 11"),
    Rule(r"\bR[2-7] Graphics\b", "integrated", "AMD Radeon R5 Graphics"),
    Rule(r"\b(?:6[1-9]\d|[78]\d\d)M\b", "integrated", "AMD Radeon 780M"),
    Rule(r"\b80[456]0S\b", "integrated", "AMD Radeon 8060S"),
    Rule(r"\b(?:HD ?)?\d{4}[GD]\b|\bHD ?\d{4} Graphics\b", "integrated", "AMD Radeon HD 6480G"),
    Rule(r"\b760G\b", "integrated", "AMD 760G"),
    Rule(r"\bCustom [AG]PU (?:0405|0932)\b", "integrated", "AMD Custom GPU 0405"),
    Rule(r"\bRyzen\b", "integrated", "AMD Ryzen 7 5700U with Radeon"),
    Rule(rf"\b(?:{AMD_INTEGRATED})\b", "integrated", "AMD RENOIR"),
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

MIXED_BUCKETS: tuple[Rule[bool], ...] = (
    Rule(r"\bRadeon (?:HD 3200|HD 5850|R9 200 Series)\b", True, "AMD Radeon HD 5850"),
    Rule(r"\bArc A750\b", True, "Intel Arc A750"),
)
"""Buckets of Firefox that hold integrated and discrete GPUs alike."""


def class_of(name: str, vendor: str, api: Api, *, bucket: bool) -> Class:
    """``name``: branded, with its last words ("Radeon R5 Graphics") and, behind it, the brackets of the device text."""
    if bucket and any(rule.matches(name) for rule in MIXED_BUCKETS):
        return UNKNOWN
    found: Class = first((*ANYONE, *BY_VENDOR.get(vendor, ())), name, UNKNOWN)
    if (
        found == "mobile" and api in DESKTOP_APIS
    ):  # a phone's GPU behind Direct3D or Metal is in a PC or a Mac
        return "integrated"
    return found
