"""Renderer strings of a few hundred GPUs as browsers write them, with a frame time that suits each."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Gpu:
    """``ms``: a frame of the smaller model. ``share``: how often it is met, relatively."""

    renderer: str
    vendor: str
    ms: float
    share: float
    os: str
    browsers: tuple[str, ...] = ("Chrome", "Chrome", "Edge")


def d3d(vendor: str, name: str, number: int) -> str:
    return f"ANGLE ({vendor}, {name} (0x{number:08X}) Direct3D11 vs_5_0 ps_5_0, D3D11)"


def gpus() -> list[Gpu]:
    """All of them; the common ones are met a hundred times as often as the rare ones."""
    return [*_nvidia(), *_amd(), *_intel(), *_apple(), *_phones(), *_blurred(), *_software()]


def _nvidia() -> list[Gpu]:
    found = []
    for series, tiers, ms in (
        (10, (30, 50, 60, 70, 80), 18.0),
        (16, (50, 60), 13.0),
        (20, (60, 70, 80), 9.0),
    ):
        found += [
            (f"GTX {series}{tier}" if series < 20 else f"RTX {series}{tier}", ms * 60 / tier)
            for tier in tiers
        ]
    for series, ms in ((30, 6.5), (40, 4.5), (50, 3.8)):
        found += [
            (f"RTX {series}{tier}{more}", ms * 60 / tier)
            for tier in (50, 60, 70, 80, 90)
            for more in ("", " Ti", " Laptop GPU")
        ]
    return [
        Gpu(d3d("NVIDIA", f"NVIDIA GeForce {name}", 0x1F00 + place), "Google Inc. (NVIDIA)", ms, 30 / (1 + place % 9), "Windows")
        for place, (name, ms) in enumerate(found)
    ]  # fmt: skip


def _amd() -> list[Gpu]:
    names = [
        (f"Radeon RX {series}{tier}", 900 / (series * (tier / 100) ** 0.5) * 8)
        for series in (5, 6, 7, 9)
        for tier in (500, 600, 650, 700, 800, 900)
    ]
    names += [
        (f"Radeon(TM) {name}", 32.0)
        for name in ("Graphics", "Vega 8 Graphics", "Vega 10 Graphics", "680M", "780M", "890M")
    ]
    return [
        Gpu(d3d("AMD", f"AMD {name}", 0x7300 + place), "Google Inc. (AMD)", max(5.0, ms / 10), 14 / (1 + place % 7), "Windows")
        for place, (name, ms) in enumerate(names)
    ]  # fmt: skip


def _intel() -> list[Gpu]:
    names = [
        (f"Intel(R) HD Graphics {number}", 70.0)
        for number in (520, 530, 610, 620, 630, 4000, 4400, 4600, 5500)
    ]
    names += [
        (f"Intel(R) UHD Graphics {number}", 48.0) for number in (600, 605, 610, 615, 617, 620, 630, 730, 770)
    ]
    names += [
        ("Intel(R) Iris(R) Xe Graphics", 22.0),
        ("Intel(R) Arc(TM) A750 Graphics", 8.0),
        ("Intel(R) Arc(TM) Graphics", 16.0),
    ]
    return [
        Gpu(d3d("Intel", name, 0x5900 + place), "Google Inc. (Intel)", ms, 60 / (1 + place % 6), "Windows")
        for place, (name, ms) in enumerate(names)
    ]  # fmt: skip


def _apple() -> list[Gpu]:
    names = [f"Apple M{number}{more}" for number in (1, 2, 3, 4) for more in ("", " Pro", " Max", " Ultra")]
    return [
        Gpu(f"ANGLE (Apple, ANGLE Metal Renderer: {name}, Unspecified Version)", "Google Inc. (Apple)", 12.0 - place / 2, 24 / (1 + place % 4), "macOS", ("Chrome",))
        for place, name in enumerate(names)
    ]  # fmt: skip


def _phones() -> list[Gpu]:
    names = [
        (f"Adreno (TM) {number}", "Qualcomm")
        for number in (506, 610, 612, 618, 619, 620, 640, 642, 650, 660, 690, 710, 720, 730, 740, 750, 830)
    ]
    names += [
        (f"Mali-G{number}", "ARM")
        for number in (51, 52, 57, 68, 71, 72, 76, 77, 78, 310, 610, 615, 710, 715, 720)
    ]
    return [
        Gpu(name, vendor, 90.0 - 2 * place, 12 / (1 + place % 5), "Android", ("Chrome", "Samsung Internet"))
        for place, (name, vendor) in enumerate(names)
    ]  # fmt: skip


def _blurred() -> list[Gpu]:
    firefox = [
        Gpu(f"ANGLE ({vendor}, {name} Direct3D11 vs_5_0 ps_5_0), or similar", f"Google Inc. ({vendor})", ms, 40.0, "Windows", ("Firefox",))
        for vendor, name, ms in (("NVIDIA", "NVIDIA GeForce GTX 980", 11.0), ("Intel", "Intel(R) HD Graphics 400", 52.0), ("AMD", "Radeon R9 200 Series", 14.0))
    ]  # fmt: skip
    return [*firefox, Gpu("Apple GPU", "Apple Inc.", 14.0, 70.0, "macOS", ("Safari",))]


def _software() -> list[Gpu]:
    swiftshader = (
        "ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero) (0x0000C0DE)), SwiftShader driver)"
    )
    llvmpipe = "ANGLE (Mesa, llvmpipe (LLVM 15.0.7 256 bits), OpenGL ES 3.2)"
    basic = d3d("Microsoft", "Microsoft Basic Render Driver", 0x8C)
    return [
        Gpu(swiftshader, "Google Inc. (Google)", 480.0, 3.0, "Linux"),
        Gpu(llvmpipe, "Google Inc. (Mesa)", 210.0, 3.0, "Linux"),
        Gpu(basic, "Google Inc. (Microsoft)", 300.0, 2.0, "Windows"),
    ]
