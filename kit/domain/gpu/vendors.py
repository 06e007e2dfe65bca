"""The maker: the brand in the device text, else the field that ANGLE gives."""

from kit.domain.gpu.rule import Rule, first

UNKNOWN = "unknown"

AMD_CODE_NAMES = (
    r"SUMO2?|PALM|WRESTLER|ARUBA|TRINITY|KAVERI|KABINI|MULLINS|CARRIZO|STONEY|RAVEN2?|PICASSO|RENOIR|LUCIENNE|CEZANNE"
    r"|REMBRANDT|YELLOW_CARP|PHOENIX\d?|VANGOGH|MENDOCINO|RAPHAEL|STRIX\w*|TAHITI|PITCAIRN|(?:CAPE[ _]?)?VERDE|OLAND"
    r"|HAINAN|BONAIRE|HAWAII|TONGA|FIJI|ICELAND|TOPAZ|POLARIS\d+|VEGA[12]\d|VEGAM|NAVI\d+|CAYMAN|BARTS|TURKS|CAICOS"
    r"|CYPRESS|JUNIPER|REDWOOD|CEDAR|HEMLOCK|RV\d{3}|RS\d{3}|R[3-7]\d\d|GFX\d{3,4}|ARCTURUS|ALDEBARAN"
    r"|SIENNA_CICHLID|NAVY_FLOUNDER|DIMGREY_CAVEFISH|BEIGE_GOBY"
)
"""Code names that Mesa's drivers show instead of, or beside, a product name."""

VENDORS: tuple[Rule[str], ...] = (
    Rule(r"\bAndroid Emulator\b", "Google", "Android Emulator OpenGL ES Translator (Apple M1)"),
    Rule(r"\bSwiftShader\b", "Google", "SwiftShader Device (Subzero)"),
    Rule(r"\bllvmpipe\b|\bsoftpipe\b|\bvirgl\b", "Mesa", "virgl (Apple M3 Pro (Compat))"),
    Rule(r"\bBasic Render Driver\b|\bBasic Display\b", "Microsoft", "Microsoft Basic Render Driver"),
    Rule(r"\bSoftware Adapter\b|\bSraKmd(?:_\w+)?\b|\bSubsystem OpenGL ES\b", "Microsoft", "SraKmd_arden"),
    Rule(r"\bSVGA ?3D\b|\bVMware\b", "VMware", "SVGA3D; build: RELEASE;  LLVM;"),
    Rule(r"\bParallels\b", "Parallels", "Parallels Display Adapter (WDDM)"),
    Rule(r"\bVirtualBox\b", "Oracle", "VirtualBox Graphics Adapter (WDDM)"),
    Rule(r"\bCitrix\b", "Citrix", "Citrix Display Driver"),
    Rule(r"\bNVIDIA\b|\bGeForce\b|\bQuadro\b|\bTegra\b", "NVIDIA", "GeForce GTX 980"),
    Rule(r"\bNVS \d|\bTITAN\b|\bTesla\b|\bGRID\b|\bNVK\b", "NVIDIA", "NVS 4200M"),
    Rule(r"^\s*NV[0-9A-F]{2,3}\s*$", "NVIDIA", "NVA8"),
    Rule(r"\bXclipse\b", "Samsung", "Samsung Xclipse 940"),
    Rule(r"\bAMD\b|\bATI\b|\bRadeonT?\b|\bFire(?:Pro|GL|MV)\b|\bRyzen\b", "AMD", "ATI FirePro M7740"),
    Rule(r"\bRADV\b|\bradeonsi\b", "AMD", "Custom (RADV VANGOGH)"),
    Rule(rf"^\s*(?:{AMD_CODE_NAMES})\b", "AMD", "REMBRANDT (rembrandt, LLVM 14.0.6)"),
    Rule(
        r"\bIntel\b|\bIris (?:Xe|Pro|Plus)\b|\bU?HD Graphics\b",
        "Intel",
        "Mobile Intel 4 Series Express Chipset",
    ),
    Rule(r"\bApple\b", "Apple", "Apple M2"),
    Rule(r"\bAdreno\b|\bFD\d{3}\b|\bQualcomm\b", "Qualcomm", "FD618"),
    Rule(r"\bMali\b|\bImmortalis\b", "ARM", "Mali-G57 MC2"),
    Rule(r"\bPowerVR\b|\bImagination\b|\bIMG [A-Z]XE?\w?", "Imagination", "PowerVR Rogue GE8320"),
    Rule(r"\bMaleoon\b", "Huawei", "Maleoon 910"),
    Rule(r"\bV3D\b|\bVideoCore\b|\bVC4\b", "Broadcom", "V3D 4.2"),
    Rule(r"\bVivante\b|\bGC\d{3,4}", "Vivante", "Vivante GC7000XSVX"),
    Rule(r"\bZX C-|\bZhaoxin\b|\bZX Chrome", "Zhaoxin", "ZX C-960"),
    Rule(r"\bMicrosoft\b", "Microsoft", "Microsoft Remote Display Adapter"),
)

FIELDS: tuple[Rule[str], ...] = (
    Rule(r"\bNVIDIA\b|\bnouveau\b|^0x0*10DE$", "NVIDIA", "nouveau"),
    Rule(r"\bAMD\b|\bATI\b|\bX\.Org\b|^0x0*1002$", "AMD", "ATI Technologies Inc."),
    Rule(r"\bIntel\b|^0x0*8086$", "Intel", "Intel Open Source Technology Center"),
    Rule(r"\bApple\b", "Apple", "Apple"),
    Rule(r"\bQualcomm\b|\bfreedreno\b", "Qualcomm", "freedreno"),
    Rule(r"\bARM\b|\bPanfrost\b|\bPanthor\b", "ARM", "Panfrost"),
    Rule(r"\bImagination\b", "Imagination", "Imagination Technologies"),
    Rule(r"\bSamsung\b", "Samsung", "Samsung Electronics Co. Ltd."),
    Rule(r"\bHuawei\b", "Huawei", "HUAWEI"),
    Rule(r"\bBroadcom\b", "Broadcom", "Broadcom"),
    Rule(r"\bVivante\b|\betnaviv\b", "Vivante", "etnaviv"),
    Rule(r"^0x0*1D17$", "Zhaoxin", "0x00001D17"),
    Rule(r"\bVMware\b", "VMware", "VMware"),
    Rule(r"\bGoogle\b", "Google", "Google"),
    Rule(r"\bMicrosoft\b", "Microsoft", "Microsoft Corporation"),
)
"""The unmasked vendor, or ANGLE's first field: asked only where the device text names nobody."""

GPU_MAKERS = frozenset({"NVIDIA", "AMD", "Intel", "Apple", "Qualcomm", "ARM", "Imagination", "Samsung"})


def vendor_of(device: str, *fields: str) -> str:
    """The maker that the device text names, else the first of ``fields`` that names one."""
    named = first(VENDORS, device, UNKNOWN)
    return named if named != UNKNOWN else vendor_of_fields(*fields)


def vendor_of_fields(*fields: str) -> str:
    """The first maker that one of the fields names, else ``unknown``."""
    known = (first(FIELDS, field.strip(), UNKNOWN) for field in fields)
    return next((vendor for vendor in known if vendor != UNKNOWN), UNKNOWN)
