"""Families to group by: one architecture, or one line of products where the name does not tell the architecture."""

from kit.domain.gpu.rule import Rule, first

FAMILIES: tuple[Rule[str], ...] = (
    Rule(r"\bNVIDIA GeForce RTX 50\d\d\b|\bBlackwell\b", "NVIDIA Blackwell", "NVIDIA GeForce RTX 5080"),
    Rule(r"\bNVIDIA GeForce RTX 40\d\d\b|\bAda\b", "NVIDIA Ada Lovelace", "NVIDIA GeForce RTX 4070"),
    Rule(r"\bNVIDIA GeForce RTX 30\d\d\b|\bRTX A\d{3,4}\b", "NVIDIA Ampere", "NVIDIA GeForce RTX 3060"),
    Rule(
        r"\bRTX 20\d\d\b|\bGTX 16\d\d\b|\bQuadro (?:RTX|T)\b|\bQuadro T\d",
        "NVIDIA Turing",
        "NVIDIA GeForce GTX 1650",
    ),
    Rule(r"\bMX[45]\d\d\b", "NVIDIA Turing", "NVIDIA GeForce MX450"),
    Rule(
        r"\bGTX? 10\d\d\b|\bQuadro P\d|\bMX[1-3]\d\d\b|\(Pascal\)",
        "NVIDIA Pascal",
        "NVIDIA GeForce GTX 1050 Ti",
    ),
    Rule(r"\bGTX? 9\d\dM?\b|\b9[1-4]0MX?\b|\bQuadro M\d", "NVIDIA Maxwell", "NVIDIA GeForce GTX 980"),
    Rule(r"\bGTX? [67]\d\dM?\b|\bQuadro K\d", "NVIDIA Kepler", "NVIDIA Quadro K1000M"),
    Rule(r"\bGTX? [45]\d\dM?\b", "NVIDIA Fermi", "NVIDIA GeForce GTX 480"),
    Rule(r"\bNVIDIA Tegra\b", "NVIDIA Tegra", "NVIDIA Tegra 4"),
    Rule(r"\bRX 9\d{3}\b", "AMD RDNA 4", "AMD Radeon RX 9070 XT"),
    Rule(r"\bRX 7\d{3}\b|\bNAVI3\d\b|\bGFX11\d\d\b", "AMD RDNA 3", "AMD Radeon RX 7900 XTX"),
    Rule(r"\bRadeon (?:7[468]0M|8[4689]0M|80[456]0S)\b", "AMD RDNA 3 integrated", "AMD Radeon 780M"),
    Rule(r"\bRX 6\d{3}\b|\bNAVI2\d\b", "AMD RDNA 2", "AMD Radeon RX 6600"),
    Rule(
        r"\bRadeon 6[168]0M\b|\bAMD (?:REMBRANDT|VANGOGH)\b|Custom GPU",
        "AMD RDNA 2 integrated",
        "AMD Radeon 610M",
    ),
    Rule(r"\bRX 5[3-7]00\b|\bNAVI1\d\b", "AMD RDNA", "AMD Radeon RX 5700 XT"),
    Rule(r"\bRX [45]\d\d\b|\bPOLARIS\d+\b|\bRadeon 5\d\d\b", "AMD Polaris", "AMD Radeon RX 570 Series"),
    Rule(r"\bVega (?:[3-9]|1[01])\b", "AMD Vega integrated", "AMD Radeon Vega 8"),
    Rule(r"\bVega\b", "AMD Vega", "AMD Radeon Pro Vega 64X"),
    Rule(r"\bAMD Radeon Graphics\b", "AMD Radeon Graphics", "AMD Radeon Graphics"),
    Rule(r"\bRadeon HD [2-8]\d{3}\w?\b", "AMD Radeon HD", "AMD Radeon HD 5850"),
    Rule(r"\bRadeon R[2-9]\b", "AMD Radeon R", "AMD Radeon R9 200 Series"),
    Rule(r"\bArc (?:Pro )?B\d", "Intel Battlemage", "Intel Arc B580"),
    Rule(r"\bArc (?:Pro )?A\d", "Intel Alchemist", "Intel Arc A770"),
    Rule(r"\bArc\b", "Intel Arc integrated", "Intel Arc Graphics"),
    Rule(r"\bIris Xe\b|\bIntel Xe\b", "Intel Gen 12", "Intel Iris Xe Graphics"),
    Rule(r"\bUHD Graphics 7\d\d\b", "Intel Gen 12", "Intel UHD Graphics 770"),
    Rule(r"\bU?HD Graphics 6\d\d\b|\bHD Graphics 5[0-4]\d\b", "Intel Gen 9", "Intel UHD Graphics 620"),
    Rule(r"\bIris Plus Graphics (?:6[45]\d)\b", "Intel Gen 9", "Intel Iris Plus Graphics 655"),
    Rule(r"\bUHD Graphics\b", "Intel UHD Graphics", "Intel UHD Graphics"),
    Rule(r"\bIris Plus\b", "Intel Iris Plus", "Intel Iris Plus Graphics"),
    Rule(
        r"\b(?:HD|Iris Pro|Iris) Graphics P?[56][1-6]\d\d\b",
        "Intel Gen 8 and before",
        "Intel Iris Graphics 6100",
    ),
    Rule(
        r"\bHD Graphics [2-6]\d{3}\b|\bHaswell\b|\b\w+bridge\b",
        "Intel Gen 8 and before",
        "Intel HD Graphics 3000",
    ),
    Rule(r"\bIntel HD Graphics\b", "Intel HD Graphics", "Intel HD Graphics 400"),
    Rule(r"\bApple M\d", "Apple M-series", "Apple M1 Max"),
    Rule(r"\bApple A\d", "Apple A-series", "Apple A18 Pro"),
    Rule(r"\bAdreno X\d", "Qualcomm Adreno X", "Qualcomm Adreno X1-85"),
    Rule(r"\bAdreno 8\d\d", "Qualcomm Adreno 800", "Qualcomm Adreno 830"),
    Rule(r"\bAdreno 7\d\d", "Qualcomm Adreno 700", "Qualcomm Adreno 740"),
    Rule(r"\bAdreno 6\d\d", "Qualcomm Adreno 600", "Qualcomm Adreno 642L"),
    Rule(r"\bAdreno [2-5]\d\d", "Qualcomm Adreno 500 and before", "Qualcomm Adreno 540"),
    Rule(r"\bMali-G\d+|\bImmortalis", "ARM Mali-G", "ARM Mali-G57 MC2"),
    Rule(r"\bMali-T\d+", "ARM Mali-T", "ARM Mali-T830"),
    Rule(r"\bMali-\d+", "ARM Mali Utgard", "ARM Mali-400 MP"),
    Rule(r"\bPowerVR [A-Z]-Series\b", "Imagination PowerVR series", "Imagination PowerVR B-Series BXM-8-256"),
    Rule(r"\bPowerVR Rogue\b", "Imagination PowerVR Rogue", "Imagination PowerVR Rogue GE8320"),
    Rule(r"\bPowerVR SGX\b", "Imagination PowerVR SGX", "Imagination PowerVR SGX 540"),
    Rule(r"\bXclipse\b", "Samsung Xclipse", "Samsung Xclipse 940"),
)


def family_of(model: str, vendor: str) -> str:
    """The family of a canonical name; the maker's name where no rule knows better."""
    return first(FAMILIES, model, vendor)
