"""Take a renderer string out of its wrappings: ANGLE(..), D3D12 (..), Vulkan 1.3 (..), Gallium 0.4 on .., and so on."""

import re
from dataclasses import dataclass

from kit.domain.gpu.rule import Change

MAX_DEPTH = 8
ANGLE = re.compile(r"^ANGLE ?\(")
COMPANY_TAIL = re.compile(r"^(?:Inc|Ltd|LLC|Co|Corp)\b\.?", re.IGNORECASE)
BACKEND = re.compile(r"^(?:OpenGL|D3D\d|Direct3D|Vulkan|Metal|Unspecified Version|Version )", re.IGNORECASE)
LAST_FIELD = re.compile(r", (?=(?:OpenGL|D3D\d|Unspecified Version|Version )[^,]*$)", re.IGNORECASE)

PREFIXES: tuple[Change, ...] = (
    Change(r"^(?:ANGLE )?Metal Renderer: ?", "", "ANGLE Metal Renderer: Apple M2", "Apple M2"),
    Change(r"^Gallium [\d.]+ on ", "", "Gallium 0.4 on AMD CAICOS", "AMD CAICOS"),
    Change(r"^Vulkan [\d.]+ ?(?=\()", "", "Vulkan 1.3.2 (Mali-G78 (0x9200))", "(Mali-G78 (0x9200))"),
    Change(r"^zink(?: Vulkan [\d.]+)? ?(?=\()", "", "zink Vulkan 1.4(Apple M1)", "(Apple M1)"),
    Change(r"^D3D12 ?(?=\()", "", "D3D12 (Intel(R) UHD Graphics)", "(Intel(R) UHD Graphics)"),
    Change(
        r"^@oem[^;]*;(?:zxcv)?", "", "@oem2.inf,%id%;Intel(R) HD Graphics 620", "Intel(R) HD Graphics 620"
    ),
    Change(r"^NVIDIA Corporation (?=\S)", "", "NVIDIA Corporation GeForce GT 120", "GeForce GT 120"),
    Change(
        r"^(?:ATI Technologies|Advanced Micro Devices),? Inc\.? (?=\S)",
        "",
        "ATI Technologies Inc. AMD Radeon R9 M370X",
        "AMD Radeon R9 M370X",
    ),
    Change(
        r"^Intel (?:Inc\.?|Corporation|Open Source Technology Center) (?=\S)",
        "",
        "Intel Inc. Intel Iris Pro",
        "Intel Iris Pro",
    ),
    Change(r"^Apple(?: Inc\.?)? (?=Apple\b|AMD\b|Intel\b)", "", "Apple Inc. Apple M1", "Apple M1"),
    Change(r"^(?:Mesa/)?X\.Org (?=\S)", "", "X.Org AMD Radeon RX 580", "AMD Radeon RX 580"),
    Change(r"^nouveau (?=NV)", "", "nouveau NV124", "NV124"),
    Change(r"^freedreno (?=FD|Adreno)", "", "freedreno FD618", "FD618"),
    Change(r"^VMware, Inc\.? (?=\S)", "", "VMware, Inc. llvmpipe", "llvmpipe"),
    Change(r"^Google Inc\.? (?=\S)", "", "Google Inc. SwiftShader", "SwiftShader"),
    Change(r"^Microsoft Corporation (?=D3D12)", "", "Microsoft Corporation D3D12 (x)", "D3D12 (x)"),
)
"""What stands before the device's name: layers that run on one another, driver packages, companies."""


@dataclass(frozen=True, slots=True)
class Unwrapped:
    """``device`` names the GPU; ``vendor_field`` and ``backend_field`` are ANGLE's first and last, "" without."""

    device: str
    vendor_field: str
    backend_field: str


def unwrap(text: str) -> Unwrapped:
    """Peel all wrappings off; the outermost ANGLE gives the fields."""
    device, vendor, backend = text.strip(), "", ""
    for _ in range(MAX_DEPTH):
        inner = _angle(device)
        if inner is not None:
            vendor, backend = vendor or inner.vendor_field, backend or inner.backend_field
            device = inner.device
            continue
        peeled = _peel(device)
        if peeled == device:
            break
        device = peeled
    return Unwrapped(device, vendor, backend)


def _angle(text: str) -> Unwrapped | None:
    if not ANGLE.match(text):
        return None
    fields = split_fields(inside(text, text.index("(")))
    if len(fields) == 1:
        return Unwrapped(fields[0], "", "")
    if len(fields) == 2:
        if BACKEND.match(fields[1]):
            return Unwrapped(fields[0], "", fields[1])
        return Unwrapped(fields[1], fields[0], "")
    return Unwrapped(", ".join(fields[1:-1]), fields[0], fields[-1])


def _peel(text: str) -> str:
    if _in_one_bracket(text):  # "(Samsung Xclipse 940) on Vulkan 1.3.279"
        return inside(text, 0).strip()
    for prefix in PREFIXES:
        if prefix.regex.match(text):
            return prefix.apply(text)
    return text


def _in_one_bracket(text: str) -> bool:
    if not text.startswith("("):
        return False
    rest = text[len(inside(text, 0)) + 2 :]
    return not rest.strip() or rest.startswith(" on Vulkan")


def inside(text: str, start: int) -> str:
    """What the bracket that opens at ``start`` holds; everything after it where it is never closed."""
    depth = 0
    for at in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        if depth == 0:
            return text[start + 1 : at]
    return text[start + 1 :].removesuffix(")")


def split_fields(text: str) -> list[str]:
    """Split at the commas that stand outside brackets; company names keep theirs ("VMware, Inc.")."""
    fields = _split_outside_brackets(text)
    last = LAST_FIELD.search(text)
    # A device text may lack a bracket ("OpenGL Engine (1x6x8 (fused) LP"): then trust the back end's name.
    if last and text.count("(") != text.count(")"):
        fields = [*_split_outside_brackets(text[: last.start()]), text[last.end() :].strip()]
    joined: list[str] = []
    for field in fields:
        if joined and COMPANY_TAIL.match(field):
            joined[-1] = f"{joined[-1]}, {field}"
        else:
            joined.append(field)
    return joined


def _split_outside_brackets(text: str) -> list[str]:
    fields, depth, begin = [], 0, 0
    for at, char in enumerate(text):
        depth = max(0, depth + {"(": 1, ")": -1}.get(char, 0))
        if char == "," and depth == 0:
            fields.append(text[begin:at].strip())
            begin = at + 1
    fields.append(text[begin:].strip())
    return fields
