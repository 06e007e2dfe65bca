"""One canonical name per GPU, brand first."""

import re

from kit.domain.gpu.rule import Change, Rule, change, first, squeeze

FIXED: tuple[Rule[str], ...] = (
    Rule(
        r"\bAndroid Emulator\b",
        "Android Emulator OpenGL ES Translator",
        "Android Emulator OpenGL ES Translator",
    ),
    Rule(r"\bSwiftShader\b", "SwiftShader", "Google SwiftShader"),
    Rule(r"\bvirgl\b", "virgl", "virgl"),
    Rule(r"\bllvmpipe\b", "llvmpipe", "llvmpipe"),
    Rule(r"\bBasic Render Driver\b", "Microsoft Basic Render Driver", "Microsoft Basic Render Driver"),
    Rule(r"\bSoftware Adapter\b", "Software Adapter", "Software Adapter"),
    Rule(r"\bSVGA ?3D\b", "VMware SVGA 3D", "SVGA3D; build: RELEASE;  LLVM"),
    Rule(r"\bParallels Display Adapter\b", "Parallels Display Adapter", "Parallels Display Adapter"),
    Rule(r"\bVirtualBox\b", "VirtualBox Graphics Adapter", "VirtualBox"),
    Rule(r"\bCitrix Display\b", "Citrix Display Driver", "Citrix Display Driver"),
)
"""Names that stay the same whatever stands around them; asked once brackets are gone, which may hold a host's name."""

MARKS: tuple[Change, ...] = (
    Change(
        r"Â®|â„¢|Â™|\(R\)|\(TM\)|[®™\x00-\x1f\x7f-\x9f\ufffd]", " ", "Intel(R) Iris(TM) Xe", "Intel Iris Xe"
    ),
    Change(r"\bRadeonT\b|\bRadeon TM\b", "Radeon ", "AMD RadeonT 780M", "AMD Radeon 780M"),
    Change(r"\(0x[0-9A-F]*\)|#0x[0-9A-F]+#?", " ", "AMD 760G (0x00009616) x", "AMD 760G x"),
)
"""What adds nothing to a name, mis-decoded marks among them."""

TAILS: tuple[Change, ...] = (
    Change(r" ?\bDirect3D\d.*", "", "ZX C-960 Direct3D11 vs_5_0 ps_5_0", "ZX C-960"),
    Change(r" ?\bOpenGL Engine\b.*", "", "AMD Radeon Pro 560 OpenGL Engine (LP", "AMD Radeon Pro 560"),
    Change(r" ?\bOpenGL (?:ES )?\d.*", "", "Apple M1 OpenGL 4.1 core", "Apple M1"),
    Change(r" ?\bon Vulkan\b.*", "", "Samsung Xclipse 920 on Vulkan 1.1", "Samsung Xclipse 920"),
    Change(r" ?/ ?(?:PCIe?|AGP|integrated|SSE2)\b.*", "", "TITAN Xp/PCIe/SSE2", "TITAN Xp"),
    Change(r" ?\bx86(?:_64)?/.*", "", "Intel 945GM x86/MMX/SSE2", "Intel 945GM"),
    Change(r" ?\bmanual-gen\S*", "", "Intel HD Graphics 4400 manual-gen9_2015-1", "Intel HD Graphics 4400"),
)
"""What a driver writes behind a name."""

WORDS: tuple[Change, ...] = (
    Change(r" ?\bGraphics Adapter\b", "", "AMD FirePro W4100 Graphics Adapter", "AMD FirePro W4100"),
    Change(
        r"^Gráficos (AMD .+)$", r"\1 Graphics", "Gráficos AMD Radeon HD 6320", "AMD Radeon HD 6320 Graphics"
    ),
    Change(r"^FD ?(\d{3})\b", r"Adreno \1", "FD618", "Adreno 618"),
    Change(r"\bV3D (\d+\.\d+)(?:\.\d+)+", r"V3D \1", "V3D 7.1.10.2", "V3D 7.1"),
    Change(r"\bVideoCore IV HW\b", "VideoCore IV", "VideoCore IV HW", "VideoCore IV"),
    Change(
        r"^(?:Mesa DRI|Mesa|RADV|Turnip) (?!X11|OffScreen)(?=\S)", "", "Mesa DRI Intel 945GM", "Intel 945GM"
    ),
    Change(r"^AMD RADV (?=\S)", "AMD ", "AMD RADV RENOIR", "AMD RENOIR"),
    Change(r"^(?:AMD )?ATI (?=\S)", "AMD ", "ATI FirePro M7740", "AMD FirePro M7740"),
    Change(
        r"^(NVIDIA|AMD|Intel|Qualcomm|Apple|ARM)(?: \1\b)+",
        r"\1",
        "NVIDIA NVIDIA RTX A2000",
        "NVIDIA RTX A2000",
    ),
)
"""Words that become another word, or nothing."""

PRODUCT_BRACKET = re.compile(r"^(?:Pascal|Maxwell|Kepler|Fermi|OEM|\d+-bit)$", re.IGNORECASE)
"""Brackets that are part of a product's name: TITAN X (Pascal), GeForce GTX 760 (192-bit)."""

ENDINGS = (" Graphics", " GPU")

PREFIXED = frozenset(
    (
        "NVIDIA",
        "AMD",
        "Qualcomm",
        "ARM",
        "Imagination",
        "Samsung",
        "Huawei",
        "Broadcom",
        "Zhaoxin",
        "Vivante",
        "Apple",
    )
)


def bare_name(device: str) -> str:
    """The device text without marks, ids, tails and the brackets that hold no product; brand and words stay."""
    text = change(TAILS, change(MARKS, device))
    return change(WORDS, squeeze(drop_brackets(text)))


def canonical(bare: str, vendor: str) -> str:
    """The name to group by."""
    return first(FIXED, bare, "") or with_brand(without_ending(bare), vendor)


def without_ending(name: str) -> str:
    """Drop a last "Graphics" or "GPU" where a number is left to tell the product by; "Laptop GPU" tells products."""
    for ending in ENDINGS:
        rest = name[: -len(ending)]
        if name.lower().endswith(ending.lower()) and any(char.isdigit() for char in rest):
            return name if rest.lower().endswith(" laptop") else rest
    return name


def with_brand(name: str, vendor: str) -> str:
    """Put the maker first where the name lacks it; Intel's names keep their order ("Mobile Intel ..")."""
    if vendor == "Intel":
        return name if re.search(r"\bIntel\b", name, re.IGNORECASE) else f"Intel {name}"
    if vendor in PREFIXED and not re.match(rf"{vendor}\b", name, re.IGNORECASE):
        return f"{vendor} {name}"
    return name


def drop_brackets(text: str) -> str:
    """Drop every outermost bracket, closed or not, except those that are part of the product's name."""
    kept, depth, begin = [], 0, 0
    for at, char in enumerate(text):
        if char == "(":
            begin, depth = (at if depth == 0 else begin), depth + 1
        elif char == ")" and depth > 0:
            depth -= 1
            if depth == 0 and PRODUCT_BRACKET.match(text[begin + 1 : at].strip()):
                kept.append(text[begin : at + 1])
        elif depth == 0:
            kept.append(char)
    return "".join(kept)
