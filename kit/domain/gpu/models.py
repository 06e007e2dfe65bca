"""One canonical name per GPU, brand first."""

import re

from kit.domain.gpu.rule import Rule, first

FIXED: tuple[Rule[str], ...] = (
    Rule(
        r"\bAndroid Emulator\b",
        "Android Emulator OpenGL ES Translator",
        "Android Emulator OpenGL ES Translator (M1)",
    ),
    Rule(
        r"\bSubsystem OpenGL ES Translator\b",
        "Subsystem OpenGL ES Translator",
        "Subsystem OpenGL ES Translator",
    ),
    Rule(r"\bSwiftShader\b", "SwiftShader", "Google SwiftShader"),
    Rule(r"\bllvmpipe\b", "llvmpipe", "llvmpipe (LLVM 15.0.7 256 bits)"),
    Rule(r"\bvirgl\b", "virgl", "virgl (Apple M3 Pro (Compat))"),
    Rule(
        r"\bMicrosoft Basic Render Driver\b", "Microsoft Basic Render Driver", "Microsoft Basic Render Driver"
    ),
    Rule(r"\bSoftware Adapter\b", "Software Adapter", "Software Adapter"),
    Rule(r"\bSVGA ?3D\b", "VMware SVGA 3D", "SVGA3D; build: RELEASE;  LLVM;"),
    Rule(r"\bParallels Display Adapter\b", "Parallels Display Adapter", "Parallels Display Adapter (WDDM)"),
    Rule(
        r"\bVirtualBox Graphics Adapter\b",
        "VirtualBox Graphics Adapter",
        "VirtualBox Graphics Adapter (WDDM)",
    ),
    Rule(r"\bCitrix\b", "Citrix Display Driver", "Citrix Indirect Display Driver"),
    Rule(r"\bSraKmd_arden\b", "SraKmd_arden", "SraKmd_arden"),
    Rule(r"\bSraKmd\b", "SraKmd", "SraKmd"),
)

SHORTENED: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), text)
    for pattern, text in (
        (r"^FD(\d{3})$", r"Adreno \1"),
        (r"\bV3D (\d+\.\d+)(?:\.\d+)+", r"V3D \1"),
        (r"\bVideoCore IV HW\b", "VideoCore IV"),
        (r"^(?:ATI|AMD) (?:Technologies|Corporation),? ?(?:Inc\.?)? ", ""),
        (r"^NVIDIA Corporation (?=\S)", ""),
        (r"^(?:AMD )?ATI (?=\S)", "AMD "),
        (r"^(NVIDIA|AMD|Intel|Qualcomm) (?=\1\b)", ""),
        (r"^AMD RADV\b", "AMD"),
        (r"^(?:Mesa DRI|Mesa|RADV|Turnip) (?=\S)", ""),
    )
)

MARKS = re.compile(r"\((?:R|TM|C)\)|[®™©]|Â®|â„¢|Â©", re.IGNORECASE)
RADEON_T = re.compile(r"\bRadeonT\b")
HEX_ID = re.compile(r"\(0x[0-9A-F]*\)|#0x[0-9A-F]+#?", re.IGNORECASE)
TAILS = re.compile(
    r"\s*(?:\bDirect3D\d.*|\bOpenGL Engine\b.*|\bOpenGL \d[\d.]* core\b.*|/(?:PCIe?|AGP|integrated)/.*"
    r"|\bx86/MMX\b.*|/SSE2\b.*)$",
    re.IGNORECASE,
)
PRODUCT_BRACKET = re.compile(r"^(?:Pascal|Maxwell|Kepler|Fermi|OEM)$", re.IGNORECASE)
LAST_WORD = re.compile(r"^(?P<rest>.*\d.*?) (?:Graphics|GPU)$", re.IGNORECASE)
NEVER_DROPPED = re.compile(r"\bLaptop GPU$", re.IGNORECASE)
ADAPTER = re.compile(r"\s*\bGraphics Adapter\b", re.IGNORECASE)

BRANDED = frozenset(
    {
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
    }
)


def bare_name(device: str) -> str:
    """The device text without marks, ids, tails and the brackets that hold no product; brand and words stay."""
    text = RADEON_T.sub("Radeon ", MARKS.sub(" ", device))
    text = drop_brackets(TAILS.sub("", HEX_ID.sub(" ", text)))
    text = squeeze(ADAPTER.sub("", text))
    for pattern, short in SHORTENED:
        text = squeeze(pattern.sub(short, text))
    return text


def canonical(bare: str, vendor: str) -> str:
    """The name to group by."""
    fixed = first(FIXED, bare, "")
    if fixed:
        return fixed
    last = None if NEVER_DROPPED.search(bare) else LAST_WORD.match(bare)
    name = last["rest"] if last else bare
    if vendor == "Intel":
        return name if re.search(r"\bIntel\b", name, re.IGNORECASE) else f"Intel {name}"
    if vendor in BRANDED and not re.match(rf"{vendor}\b", name, re.IGNORECASE):
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


def squeeze(text: str) -> str:
    """Runs of spaces become one; spaces and commas at the ends go."""
    return " ".join(text.split()).strip(" ,;")
