"""The maker: the brand in the device text, else the field that ANGLE gives."""

from kit.domain.gpu.codenames import AMD_ANY, NOUVEAU
from kit.domain.gpu.device import UNKNOWN
from kit.domain.gpu.rule import Rule, first

VENDORS: tuple[Rule[str], ...] = (
    Rule(r"\bAndroid Emulator\b", "Google", "Android Emulator OpenGL ES Translator (Apple M1)"),
    Rule(r"\bSwiftShader\b", "Google", "SwiftShader Device (Subzero)"),
    Rule(r"\bllvmpipe\b|\bsoftpipe\b|\bvirgl\b|^Mesa (?:X11|OffScreen)\b", "Mesa", "llvmpipe (LLVM 15.0.7)"),
    Rule(r"\bBasic Render Driver\b|\bSoftware Adapter\b", "Microsoft", "Microsoft Basic Render Driver"),
    Rule(r"\bSraKmd(?:_\w+)?\b|\bSubsystem\b.*\bOpenGL ES\b", "Microsoft", "SraKmd_arden"),
    Rule(r"\bSVGA ?(?:3D|II)\b|\bVMware\b", "VMware", "SVGA3D; build: RELEASE;  LLVM;"),
    Rule(r"\bParallels\b", "Parallels", "Parallels Display Adapter (WDDM)"),
    Rule(r"\bVirtualBox\b|^Chromium$", "Oracle", "VirtualBox Graphics Adapter (WDDM)"),
    Rule(r"\bCitrix\b", "Citrix", "Citrix Display Driver"),
    Rule(r"\bNVIDIA\b|\bGeForce|\bQuadro\b|\bTegra\b|\bnForce\b", "NVIDIA", "GeForce GTX 980"),
    Rule(r"\bNVS \d|\bTITAN\b|\bTesla\b|\bGRID\b|\bNVK\b|\bnouveau\b", "NVIDIA", "NVS 4200M"),
    Rule(rf"^(?:{NOUVEAU})\b", "NVIDIA", "NVA8"),
    Rule(r"\bXclipse", "Samsung", "Samsung Xclipse 940"),
    Rule(r"\bAMD\b|\bATI\b|\bRadeon|\bFire(?:Pro|GL|MV)\b|\bRyzen\b", "AMD", "ATI FirePro M7740"),
    Rule(r"\bRADV\b|\bradeonsi\b|\bMobility Pro\b", "AMD", "Custom (RADV VANGOGH)"),
    Rule(rf"^(?:{AMD_ANY})\b", "AMD", "REMBRANDT (rembrandt, LLVM 14.0.6)"),
    Rule(r"\bIntel\b|^i9[14]5\b", "Intel", "Mobile Intel 4 Series Express Chipset"),
    Rule(r"\bIris (?:Xe|Pro|Plus|Graphics)\b|\bU?HD Graphics\b", "Intel", "Iris Pro HD 6200"),
    Rule(r"\bApple\b", "Apple", "Apple M2"),
    Rule(r"\bAdreno|^FD ?\d{3}|\bQualcomm\b|\bSnapdragon\b", "Qualcomm", "FD618"),
    Rule(r"\bMali(?:\b|\d)|\bImmortalis\b", "ARM", "Mali-G57 MC2"),
    Rule(r"\bPowerVR\b|\bImagination\b|\bIMG [A-Z]XE?\w?", "Imagination", "PowerVR Rogue GE8320"),
    Rule(r"\bMaleoon", "Huawei", "Maleoon 910"),
    Rule(r"\bV3D\b|\bVideoCore\b|\bVC4\b", "Broadcom", "V3D 4.2"),
    Rule(r"\bVivante\b|^GC\d{3,4}", "Vivante", "Vivante GC7000XSVX"),
    Rule(r"\bZX C-|\bZhaoxin\b|\bZX Chrome", "Zhaoxin", "ZX C-960"),
    Rule(r"\bMicrosoft\b|\bHyper-V\b|^GDI Generic$", "Microsoft", "Microsoft Remote Display Adapter"),
    Rule(r"\bSamsung\b", "Samsung", "Samsung Voyager"),
    Rule(r"\bHuawei\b", "Huawei", "HUAWEI GPU"),
    Rule(r"\bBroadcom\b", "Broadcom", "Broadcom 2763"),
    Rule(r"\bGoogle\b", "Google", "Google GFXStream"),
)

FIELDS: tuple[Rule[str], ...] = (
    Rule(r"\bNVIDIA\b|\bnouveau\b|^0x0*10DE$", "NVIDIA", "nouveau"),
    Rule(r"\bAMD\b|\bATI\b|\bAdvanced Micro Devices\b|^X\.Org\b|^0x0*1002$", "AMD", "ATI Technologies Inc."),
    Rule(r"\bIntel\b|^0x0*8086$", "Intel", "Intel Open Source Technology Center"),
    Rule(r"\bApple\b", "Apple", "Google Inc. (Apple)"),
    Rule(r"\bQualcomm\b|\bfreedreno\b", "Qualcomm", "freedreno"),
    Rule(r"\bARM\b|\bPanfrost\b|\bPanthor\b|\blima\b", "ARM", "Panfrost"),
    Rule(r"\bImagination\b", "Imagination", "Imagination Technologies"),
    Rule(r"\bSamsung\b", "Samsung", "Samsung Electronics Co. Ltd."),
    Rule(r"\bHuawei\b|\bHiSilicon\b", "Huawei", "HUAWEI"),
    Rule(r"\bBroadcom\b", "Broadcom", "Broadcom"),
    Rule(r"\bVivante\b|\betnaviv\b", "Vivante", "etnaviv"),
    Rule(r"\bZhaoxin\b|^0x0*1D17$", "Zhaoxin", "0x00001D17"),
    Rule(r"\bVMware\b", "VMware", "VMware, Inc."),
    Rule(r"\bParallels\b|^0x0*1AB8$|^0x05404C42$", "Parallels", "0x05404C42"),
    Rule(r"\bHumper\b|^0x0*80EE$", "Oracle", "Humper"),
    Rule(r"\bGoogle\b", "Google", "Google"),
    Rule(r"\bMicrosoft\b|^0x0*1414$", "Microsoft", "Microsoft Corporation"),
    Rule(r"^Mesa\b", "Mesa", "Mesa/X.org"),
)
"""The unmasked vendor, or ANGLE's first field: asked only where the device text names nobody."""

GPU_MAKERS = frozenset(
    (
        "NVIDIA",
        "AMD",
        "Intel",
        "Apple",
        "Qualcomm",
        "ARM",
        "Imagination",
        "Samsung",
        "Huawei",
        "Broadcom",
        "Vivante",
    )
) | {"Zhaoxin"}


def vendor_of(bare: str, device: str, *fields: str) -> str:
    """The maker named by the device text: outside its brackets, inside them, or else by the first telling field.

    Outside first, because the brackets of a virtual device hold its host ("virgl (Apple M3 Pro)").
    """
    for text in (bare, device):
        named = first(VENDORS, text, UNKNOWN)
        if named != UNKNOWN:
            return named
    return vendor_of_fields(*fields)


def vendor_of_fields(*fields: str) -> str:
    """The first maker that one of the fields names, else ``unknown``."""
    known = (first(FIELDS, field.strip(), UNKNOWN) for field in fields)
    return next((vendor for vendor in known if vendor != UNKNOWN), UNKNOWN)
