"""Families to group by: one architecture, or one line of products where the name does not tell the architecture."""

from kit.domain.gpu.codenames import NOUVEAU
from kit.domain.gpu.device import Class
from kit.domain.gpu.rule import Rule, first

SOFTWARE = "Software renderer"
VIRTUAL = "Virtual GPU"
VIRTUAL_MAKERS = frozenset(
    ("Google", "Mesa", "Microsoft", "VMware", "Parallels", "Oracle", "Citrix", "Apple")
)
"""Makers whose virtual GPUs hide the host's. NVIDIA's profiles name the card that they are a part of."""

NVIDIA: tuple[Rule[str], ...] = (
    Rule(r"\bRTX 50\d\d\b|\bBlackwell\b|\bRTX PRO \d", "NVIDIA Blackwell", "NVIDIA GeForce RTX 5080"),
    Rule(r"\bRTX 40\d\d\b|\bAda\b|\b(?:L4|L20|L40S?)\b", "NVIDIA Ada Lovelace", "NVIDIA GeForce RTX 4070"),
    Rule(r"\bH[12]\d0\b|\bGH200\b", "NVIDIA Hopper", "NVIDIA H100 PCIe"),
    Rule(r"\bRTX 30\d\d\b|\bRTX 2050\b|\bMX570\b", "NVIDIA Ampere", "NVIDIA GeForce RTX 3060"),
    Rule(r"\b(?:RTX )?A\d{1,4}[GMX]?\b", "NVIDIA Ampere", "NVIDIA RTX A2000 12GB"),
    Rule(r"\bRTX 20\d\d\b|\bGTX 16\d\d\b|\bMX[45]50\b", "NVIDIA Turing", "NVIDIA GeForce GTX 1650"),
    Rule(r"\bQuadro (?:RTX|T\d)|\bTITAN RTX\b|\bT\d{1,4}\b", "NVIDIA Turing", "NVIDIA Quadro T1000"),
    Rule(r"\bRTX ?[4-8]000\b", "NVIDIA Turing", "NVIDIA RTX6000-4Q"),
    Rule(r"\bTITAN V\b|\bG?V100\w*\b", "NVIDIA Volta", "NVIDIA TITAN V"),
    Rule(r"\bGTX? 10\d\d\b|\bMX(?:[23]\d0|150)\b", "NVIDIA Pascal", "NVIDIA GeForce GTX 1050 Ti"),
    Rule(
        r"\bQuadro G?P\d|\b(?:Tesla|GRID) P\d|\(Pascal\)|\bTITAN Xp\b", "NVIDIA Pascal", "NVIDIA Quadro P620"
    ),
    Rule(r"\bGTX 9\d\dM?\b|\b9[34]\d(?:M|MX|A)\b|\b920MX\b", "NVIDIA Maxwell", "NVIDIA GeForce GTX 980"),
    Rule(
        r"\bGTX 7[45]\d\b|\b8[34]\dM\b|\bGTX 8[56]0M\b|\bMX1[13]0\b",
        "NVIDIA Maxwell",
        "NVIDIA GeForce GTX 750 Ti",
    ),
    Rule(
        r"\bQuadro (?:M\d|K620|K1200|K2200)|\bTITAN X\b|\b(?:Tesla|GRID) M\d|\bNVS 810\b",
        "NVIDIA Maxwell",
        "NVIDIA Quadro M2000",
    ),
    Rule(
        r"\bGTX 6\d\dM?X?\b|\bGTX 7\d\dM?\b|\bGT 7[1-5]\d[MA]?\b|\bGT 6[4-5]\dM?\b",
        "NVIDIA Kepler",
        "NVIDIA GeForce GTX 775M",
    ),
    Rule(
        r"\bGTX 8[78]0M\b|\b9[12]\dMX?\b|\bQuadro (?:K\d|410)|\bNVS 510\b",
        "NVIDIA Kepler",
        "NVIDIA Quadro K1000M",
    ),
    Rule(r"\bTITAN\b|\b(?:Tesla|GRID) K\d|\bGRID\b", "NVIDIA Kepler", "NVIDIA GeForce GTX TITAN Black"),
    Rule(
        r"\bGT[SX]? ?[45]\d\dM?\b|\bGT 6[1-3]\dM?\b|\bGT 7[02]\dM?\b",
        "NVIDIA Fermi",
        "NVIDIA GeForce GTX 480",
    ),
    Rule(
        r"\bGeForce (?:[4678][0-2]\d|5\d\d)M?\b|\bQuadro \d{3,4}[MD]?\b", "NVIDIA Fermi", "NVIDIA Quadro 2000"
    ),
    Rule(r"\bNVS (?:31[05]|[45][24]00M)\b", "NVIDIA Fermi", "NVIDIA NVS 4200M"),
    Rule(r"\bTegra\b", "NVIDIA Tegra", "NVIDIA Tegra 4"),
    Rule(
        r"\bGeForce (?:[67]\d{3}\w*|Go [67]\d{3})\b|\bNVS 285\b",
        "NVIDIA Curie",
        "NVIDIA GeForce 7025 / NVIDIA nForce 630a",
    ),
    Rule(
        r"\bGeForce [89]\d{3}|\bGT[SX]? ?[123]\d\dM?\b|\bGeForce [23][012]\dM?\b",
        "NVIDIA Tesla (2006)",
        "NVIDIA GeForce 9400M",
    ),
    Rule(
        r"\bGeForce (?:G1\d\d|G210)M?\b|\bG ?10\dM\b|\bQuadro (?:FX|NVS)\b",
        "NVIDIA Tesla (2006)",
        "NVIDIA Quadro FX 1800",
    ),
    Rule(r"\bNVS \d{3,4}M?\b|\bION\b", "NVIDIA Tesla (2006)", "NVIDIA NVS 3100M"),
    Rule(r"\bNV(?:C[0-9A-F]|D[0-9])\b", "NVIDIA Fermi", "NVIDIA NVC1"),
    Rule(r"\bNV(?:[EF][0-9A-F]|10[68])\b", "NVIDIA Kepler", "NVIDIA NVE7"),
    Rule(r"\bNV1[12][0-9A-F]\b", "NVIDIA Maxwell", "NVIDIA NV124"),
    Rule(r"\bNV13[0-9A-F]\b", "NVIDIA Pascal", "NVIDIA NV138"),
    Rule(r"\bNV16[0-9A-F]\b", "NVIDIA Turing", "NVIDIA NV167"),
    Rule(r"\bNV17[0-9A-F]\b", "NVIDIA Ampere", "NVIDIA NV172"),
    Rule(r"\bNV(?:50|[89A][0-9A-F])\b", "NVIDIA Tesla (2006)", "NVIDIA NVA8"),
    Rule(rf"\b(?:{NOUVEAU})\b", "NVIDIA Curie", "NVIDIA NV4E"),
)

AMD: tuple[Rule[str], ...] = (
    Rule(r"\bRX 90\d\d\b|\bNAVI ?4\d\b|\bGFX12\d\d\b", "AMD RDNA 4", "AMD Radeon RX 9070 XT"),
    Rule(
        r"\bRadeon (?:8[2-9]0M|80[456]0S)\b|\bSTRIX|\bKRACKAN|\bGFX115\d\b",
        "AMD RDNA 3.5",
        "AMD Radeon 8060S",
    ),
    Rule(
        r"\bRX 7\d{3}[MS]?\b|\bPRO W7\d{3}\b|\bNAVI ?3\d\b|\bGFX110\d\b",
        "AMD RDNA 3",
        "AMD Radeon RX 7900 XTX",
    ),
    Rule(r"\bRadeon 7[4-8]0M\b|\bPHOENIX|\bHAWK[ _]?POINT", "AMD RDNA 3", "AMD Radeon 780M"),
    Rule(
        r"\bRX 6[3-9]\d{2}[MS]?\b|\bPRO W6\d{3}\b|\bNAVI ?2\d\b|\bGFX103\d\b",
        "AMD RDNA 2",
        "AMD Radeon RX 6600",
    ),
    Rule(r"\bRadeon 6[1-8]0M\b|\bREMBRANDT\b|\bVAN ?GOGH\b|\bYELLOW_CARP\b", "AMD RDNA 2", "AMD Radeon 610M"),
    Rule(
        r"\bMENDOCINO\b|\bRAPHAEL|\bCustom [AG]PU\b|_(?:CICHLID|FLOUNDER|CAVEFISH|GOBY)\b",
        "AMD RDNA 2",
        "AMD Custom GPU 0405",
    ),
    Rule(r"\bGRANITE RIDGE\b|\bDRAGON RANGE\b", "AMD RDNA 2", "Granite Ridge"),
    Rule(
        r"\bRX 5[3-7]00\w*\b|\bPro (?:5[3-7]00\w*|W5\d00\w*)\b|\bNAVI ?1\d\b|\bGFX101\d\b",
        "AMD RDNA 1",
        "AMD Radeon RX 5700 XT",
    ),
    Rule(
        r"\b(?:RX )?Vega\b|\bRX Vega\d|\bRadeon (?:Pro )?VII\b|\bVEGA[12M]\w*\b|\bGFX9\d\d\b",
        "AMD GCN 5 (Vega)",
        "AMD Radeon Vega 8",
    ),
    Rule(
        r"\bRAVEN2?\b|\bPICASSO\b|\bRENOIR\b|\bLUCIENNE\b|\bCEZANNE\b|\bBARCELO\b",
        "AMD GCN 5 (Vega)",
        "AMD RENOIR",
    ),
    Rule(
        r"\bRX ?(?:4[678]0|5[4-9]0|6[1-4]0)\w?\b|\bPOLARIS ?\d+\b|\bPro WX",
        "AMD GCN 4 (Polaris)",
        "AMD Radeon RX 570 Series",
    ),
    Rule(
        r"\bRadeon (?:500|5[4-9]0X?|6[234]0)\b|\bPro [45]\d\dX?\b",
        "AMD GCN 4 (Polaris)",
        "AMD Radeon Pro 560",
    ),
    Rule(r"\bEllesmere\b|\bBaffin\b|\bLexa\b", "AMD GCN 4 (Polaris)", "Ellesmere"),
    Rule(
        r"\bFury\b|\bR9 (?:285|380)\w*\b|\bTONGA\b|\bFIJI\b|\bICELAND\b|\bTOPAZ\b|\bCARRIZO\b|\bWani\b|\bSTONEY\b|\bAmethyst\b",
        "AMD GCN 3",
        "AMD Radeon R9 Fury X Series",
    ),
    Rule(
        r"\bR9 (?:29\d|39\d)\w*\b|\bR7 (?:260|360)\w*\b|\bHAWAII\b|\bVesuvius\b|\bBONAIRE\b|\bSaturn\b|\bTobago\b",
        "AMD GCN 2",
        "AMD Radeon R9 390 Series",
    ),
    Rule(
        r"\bKAVERI\b|\bSpectre\b|\bSpooky\b|\bKABINI\b|\bMULLINS\b|\bTemash\b|\bBEEMA\b",
        "AMD GCN 2",
        "AMD KABINI",
    ),
    Rule(
        r"\bTAHITI\b|\bPITCAIRN\b|\bVERDE\b|\bOLAND\b|\bHAINAN\b|\bCura[cç]ao\b|\bWimbledon\b|\bNeptune\b|\bHeathrow\b|\bChelsea\b|\bVenus\b|\bMars\b|\b(?:Sun|Jet|Exo|Meso|Banks|Litho|Opal)\b|\bTrinidad\b|\bMalta\b|\bTropo\b",
        "AMD GCN 1",
        "Cape Verde",
    ),
    Rule(
        r"\bHD ?(?:79|78|77)\d{2}\b|\bR[79] 2[4-8]0\w*\b|\bRadeon (?:520|530|610)\b",
        "AMD GCN 1",
        "AMD Radeon HD 7900 Series",
    ),
    Rule(
        r"\bHD ?[5-6]\d{3}|\bCAYMAN\b|\bBARTS\b|\bTURKS\b|\bCAICOS\b|\bCYPRESS\b|\bJUNIPER\b|\bREDWOOD\b|\bCEDAR\b",
        "AMD TeraScale 2 and 3",
        "AMD Radeon HD 5850",
    ),
    Rule(
        r"\bHEMLOCK\b|\bSUMO2?\b|\bPALM\b|\bWRESTLER\b|\bARUBA\b|\bTRINITY\b|\b(?:Park|Madison|Broadway|Robson|Seymour|Thames|Whistler|Blackcomb|Granville|Capilano|Antilles|Pinewood|Manhattan|SuperSumo|Winterpark|BeaverCreek|Ontario|Loveland|Richland|Scrapper|Devastator)\b",
        "AMD TeraScale 2 and 3",
        "AMD PALM",
    ),
    Rule(
        r"\bHD ?[2-4]\d{3}|\bR[V6]?[67]\d\d\b|\bRS[78]80\b|\b760G\b|\bM9\d\b|\bM8\d\b",
        "AMD TeraScale 1",
        "AMD RV710",
    ),
    Rule(r"\bX\d{3,4}\b|\bXPRESS\b|\bR[SCV]?[2-5]\d\d\b", "AMD Radeon X and older", "AMD RV370"),
    Rule(r"\bHD ?[78]\d{3}", "AMD Radeon HD 7000 and 8000", "AMD Radeon HD 8330"),
    Rule(r"\bR[2-9]\b", "AMD Radeon R", "AMD Radeon R5"),
    Rule(r"\bFirePro\b", "AMD FirePro", "AMD FirePro W4100"),
)

INTEL: tuple[Rule[str], ...] = (
    Rule(r"\bArc (?:Pro )?B3\d\d\b|\bPanther Lake\b", "Intel Xe3", "Intel Arc B390"),
    Rule(
        r"\bArc (?:Pro )?B\d|\bArc (?:Pro )?1[34]0V\b|\bBattlemage\b|\bLunar Lake\b",
        "Intel Xe2",
        "Intel Arc B580",
    ),
    Rule(r"\bArc (?:Pro )?A\d|\bDG2\b", "Intel Alchemist", "Intel Arc A770"),
    Rule(r"\bArc\b|\bMeteor Lake\b|\bArrow Lake\b", "Intel Xe-LPG", "Intel Arc Graphics"),
    Rule(r"\bIris Xe\b|\bXe Graphics\b|\bUHD Graphics P?7\d\d\b", "Intel Gen 12", "Intel UHD Graphics 770"),
    Rule(r"\b(?:Tiger|Alder|Raptor|Rocket) ?Lake|\bDG1\b", "Intel Gen 12", "Raptor Lake-P"),
    Rule(
        r"\bIris Plus Graphics(?: G[1-7])?$|\b(?:Ice|Jasper|Elkhart) ?Lake|\bLakefield\b",
        "Intel Gen 11",
        "Intel Iris Plus Graphics",
    ),
    Rule(
        r"\bU?HD Graphics P?6\d\d\b|\bHD Graphics P?5[0-3]\d\b|\bIris Plus\b",
        "Intel Gen 9",
        "Intel UHD Graphics 620",
    ),
    Rule(r"\bIris (?:Pro )?Graphics P?(?:5[4-8]|65)\d\b", "Intel Gen 9", "Intel Iris Graphics 540"),
    Rule(
        r"\b(?:Sky|Kaby|Coffee|Comet|Whiskey|Amber|Gemini|Apollo) ?Lake|\bSkylake\b",
        "Intel Gen 9",
        "CometLake-U GT2",
    ),
    Rule(
        r"\b(?:HD|Iris|Iris Pro) Graphics P?(?:5[356]|6[0-3])00\b|\bHD Graphics 40[05]\b",
        "Intel Gen 8",
        "Intel Iris Graphics 6100",
    ),
    Rule(r"\bBroadwell\b|\bCherryview\b|\bCherrytrail\b|\bBraswell\b", "Intel Gen 8", "Broadwell-U"),
    Rule(
        r"\b(?:HD|Iris|Iris Pro) Graphics P?(?:2500|4[0-9]00|5[012]00)|\bIris Pro\b",
        "Intel Gen 7",
        "Intel HD Graphics 4000",
    ),
    Rule(r"\bHaswell|\bIvy ?bridge\b|\bBay ?Trail\b|\bCrystal Well\b", "Intel Gen 7", "Intel Haswell Mobile"),
    Rule(r"\bHD Graphics P?[23]000\b|\bSandy ?bridge\b", "Intel Gen 6", "Intel HD Graphics 3000"),
    Rule(r"\bIronlake\b", "Intel Gen 5", "Intel Ironlake Mobile"),
    Rule(
        r"\bExpress\b|\bGMA\b|\bMedia Accelerator\b|\b4 Series\b|\b[QB]4[35]\b|\b965\w?\b|\b9[1-6]5G|\bG[34]\d\b|\bi9[14]5\b|\bPineview\b",
        "Intel Gen 4 and before",
        "Mobile Intel GM45 Express Chipset",
    ),
    Rule(r"\bUHD Graphics\b", "Intel UHD Graphics", "Intel UHD Graphics"),
    Rule(r"\bHD Graphics\b", "Intel HD Graphics", "Intel HD Graphics"),
)

OTHERS: tuple[Rule[str], ...] = (
    Rule(r"\bApple M\d", "Apple M-series", "Apple M1 Max"),
    Rule(r"\bApple A\d", "Apple A-series", "Apple A18 Pro"),
    Rule(r"\bAdreno X\d", "Qualcomm Adreno X", "Qualcomm Adreno X1-85"),
    Rule(r"\bAdreno 8cx\b", "Qualcomm Adreno 6xx", "Qualcomm Adreno 8cx Gen 3"),
    Rule(r"\bAdreno 8\d\d", "Qualcomm Adreno 8xx", "Qualcomm Adreno 830"),
    Rule(r"\bAdreno 7\d\d", "Qualcomm Adreno 7xx", "Qualcomm Adreno 740"),
    Rule(r"\bAdreno 6\d\d", "Qualcomm Adreno 6xx", "Qualcomm Adreno 642L"),
    Rule(r"\bAdreno 5\d\d", "Qualcomm Adreno 5xx", "Qualcomm Adreno 540"),
    Rule(r"\bAdreno 4\d\d", "Qualcomm Adreno 4xx", "Qualcomm Adreno 430"),
    Rule(r"\bAdreno 3\d\d", "Qualcomm Adreno 3xx", "Qualcomm Adreno 330"),
    Rule(r"\bAdreno 2\d\d", "Qualcomm Adreno 2xx", "Qualcomm Adreno 225"),
    Rule(r"\bSnapdragon X\b", "Qualcomm Adreno X", "Qualcomm Snapdragon X Elite"),
    Rule(
        r"\bMali-?G(?:1|62[05]|72[05]|92\d)\b|\bMali-G1-",
        "ARM Mali 5th generation",
        "ARM Mali-G720-Immortalis MC12",
    ),
    Rule(r"\bMali[- ]G(?:57|68|7[78]\w*|310|5[17]0|6\d\d|7\d\d)\b", "ARM Mali Valhall", "ARM Mali-G57 MC2"),
    Rule(r"\bMali[- ]G\d+", "ARM Mali Bifrost", "ARM Mali-G52 MC2"),
    Rule(r"\bMali[- ]T\d+", "ARM Mali Midgard", "ARM Mali-T830"),
    Rule(r"\bMali-?\d+", "ARM Mali Utgard", "ARM Mali-400 MP"),
    Rule(r"\bPowerVR [A-Z]-Series\b", "Imagination PowerVR A to D", "Imagination PowerVR B-Series BXM-8-256"),
    Rule(r"\bPowerVR Rogue\b", "Imagination PowerVR Rogue", "Imagination PowerVR Rogue GE8320"),
    Rule(r"\bPowerVR SGX\b", "Imagination PowerVR SGX", "Imagination PowerVR SGX 540"),
    Rule(r"\bXclipse\b", "Samsung Xclipse", "Samsung Xclipse 940"),
    Rule(r"\bMaleoon\b", "Huawei Maleoon", "Huawei Maleoon 910"),
    Rule(r"\bV3D [3-9]", "Broadcom VideoCore VI and VII", "Broadcom V3D 7.1"),
    Rule(r"\bVideoCore IV\b|\bVC4\b", "Broadcom VideoCore IV", "Broadcom VideoCore IV"),
    Rule(r"\bSraKmd", "Xbox", "SraKmd_arden"),
)

TABLES: dict[str, tuple[Rule[str], ...]] = {"NVIDIA": NVIDIA, "AMD": AMD, "Intel": INTEL}


def family_of(name: str, vendor: str, class_: Class) -> str:
    """The family of a canonical name, or of a chip's code name; the maker's name where no rule knows better."""
    if class_ == "software":
        return SOFTWARE
    if class_ == "virtual" and vendor in VIRTUAL_MAKERS:
        return VIRTUAL
    return first(TABLES.get(vendor, OTHERS), name, vendor)
