"""The chip that a device id stands for: "AMD Radeon Graphics (0x00001638)" is Cezanne. The table is made by a script."""

import re
from functools import cache
from pathlib import Path

from kit.domain.gpu.codenames import AMD_ANY
from kit.domain.gpu.rule import Rule, first

TABLE = Path(__file__).with_name("chips.tsv")
DEVICE_ID = re.compile(r"\(0x0*([0-9A-F]{3,8})\)", re.IGNORECASE)

PLATFORMS: tuple[Rule[str], ...] = (
    Rule(r"^(?:25[6-9]|27[789A])", "Gen 3 chipset", "27ae"),
    Rule(r"^(?:29B|29C|29D|A00|A01)", "Gen 3 chipset", "a011"),
    Rule(r"^(?:29[789A]|2A[014]|2E)", "Gen 4 chipset", "2a42"),
    Rule(r"^004[26A]$", "Ironlake", "0046"),
    Rule(r"^01[012][0-9A-F]$", "Sandy Bridge", "0116"),
    Rule(r"^01[5-7][0-9A-F]$", "Ivy Bridge", "0166"),
    Rule(r"^0F3[0-3]$|^0155$|^0157$", "Bay Trail", "0f31"),
    Rule(r"^(?:04|0A|0C|0D)[0-9A-F]{2}$", "Haswell", "0416"),
    Rule(r"^16[0-3][0-9A-F]$", "Broadwell", "1616"),
    Rule(r"^22B[0-3]$", "Cherryview", "22b0"),
    Rule(r"^19[0-3][0-9A-F]$", "Skylake", "1912"),
    Rule(r"^[015]A8[45]$", "Apollo Lake", "5a85"),
    Rule(r"^59[0-2][0-9A-F]$", "Kaby Lake", "5917"),
    Rule(r"^87C[0A]$", "Amber Lake", "87c0"),
    Rule(r"^318[45]$", "Gemini Lake", "3185"),
    Rule(r"^3E[9A][0-9A-F]$", "Coffee Lake", "3ea0"),
    Rule(r"^9B[2ABCEF][0-9A-F]$|^9B41$", "Comet Lake", "9bc8"),
    Rule(r"^8A[57][0-9A-F]$", "Ice Lake", "8a56"),
    Rule(r"^45[457][0-9A-F]$|^4E[567][0-9A-F]$", "Jasper Lake", "4e61"),
    Rule(r"^984[01]$", "Lakefield", "9840"),
    Rule(r"^9A[4-7CDF][0-9A-F]$", "Tiger Lake", "9a49"),
    Rule(r"^4C[89][0-9A-F]$", "Rocket Lake", "4c8a"),
    Rule(r"^46[0-9A-D][0-9A-F]$", "Alder Lake", "46a1"),
    Rule(r"^A7[0-9A][0-9A-F]$", "Raptor Lake", "a7a0"),
    Rule(r"^490[5-9]$", "DG1", "4905"),
    Rule(r"^56[9ABC][0-9A-F]$", "DG2", "56a0"),
    Rule(r"^7D[4D]5$|^7D40$|^7D55$|^7D60$", "Meteor Lake", "7d55"),
    Rule(r"^7D[46][17]$|^7D51$|^7DD1$", "Arrow Lake", "7d67"),
    Rule(r"^64[2AB]0$", "Lunar Lake", "64a0"),
    Rule(r"^E2[01][0-9A-F]$", "Battlemage", "e20b"),
    Rule(r"^B0[89AB][0-9A-F]$", "Panther Lake", "b080"),
)
"""Intel's platforms by the beginning of a display controller's id, for the ids that the table has no code name for."""

FAMILIES: tuple[Rule[str], ...] = (
    Rule(r"^GB2", "NVIDIA Blackwell", "GB203"),
    Rule(r"^AD1", "NVIDIA Ada Lovelace", "AD107"),
    Rule(r"^GH1", "NVIDIA Hopper", "GH100"),
    Rule(r"^GA1", "NVIDIA Ampere", "GA106"),
    Rule(r"^TU1", "NVIDIA Turing", "TU117"),
    Rule(r"^GV1", "NVIDIA Volta", "GV100"),
    Rule(r"^GP1", "NVIDIA Pascal", "GP107"),
    Rule(r"^GM[12]", "NVIDIA Maxwell", "GM107"),
    Rule(r"^GK[12]", "NVIDIA Kepler", "GK208"),
    Rule(r"^GF1", "NVIDIA Fermi", "GF108"),
    Rule(r"^(?:G[89]\d|GT2|MCP[78]|C7[789])", "NVIDIA Tesla (2006)", "GT218"),
    Rule(r"^(?:G7\d|NV4|C[56]|C73)", "NVIDIA Curie", "C61"),
    Rule(r"^(?:Gen [34] chipset)$", "Intel Gen 4 and before", "Gen 4 chipset"),
)
"""Families by chip, where the chip's name is not in the table of names (``families``) too."""


INTEL_CODES: tuple[Rule[str], ...] = (
    Rule(r"\bCTG\b|\bELK\b|\bGM45\b|\bG4[15]\b", "Gen 4 chipset", "(CTG)"),
    Rule(r"\bILK\b", "Ironlake", "(ILK)"),
    Rule(r"\bSNB\b", "Sandy Bridge", "(SNB GT2)"),
    Rule(r"\bIVB\b", "Ivy Bridge", "(IVB GT2)"),
    Rule(r"\bBYT\b", "Bay Trail", "(BYT)"),
    Rule(r"\bHSW\b|\bHaswell\b", "Haswell", "(HSW GT2)"),
    Rule(r"\bBDW\b|\bBroadwell\b", "Broadwell", "(BDW GT2)"),
    Rule(r"\bCHV\b|\bBSW\b|\bBraswell\b|\bCherryview\b", "Cherryview", "(Braswell)"),
    Rule(r"\bSKL\b|\bSkylake\b", "Skylake", "(SKL GT2)"),
    Rule(r"\bAPL\b|\bBXT\b|\bBroxton\b", "Apollo Lake", "(APL 2)"),
    Rule(r"\bGLK\b|\bGeminilake\b", "Gemini Lake", "(GLK)"),
    Rule(r"\bAML\b|\bAML-KBL\b", "Amber Lake", "(AML-KBL)"),
    Rule(r"\bKBL\b|\bKaby ?Lake\b", "Kaby Lake", "(KBL GT2)"),
    Rule(r"\bCFL\b|\bWHL\b|\bCoffee ?Lake\b", "Coffee Lake", "(WHL GT2)"),
    Rule(r"\bCML\b", "Comet Lake", "(CML GT2)"),
    Rule(r"\bICL\b", "Ice Lake", "(ICL GT1)"),
    Rule(r"\bJSL\b|\bEHL\b", "Jasper Lake", "(JSL)"),
    Rule(r"\bTGL\b", "Tiger Lake", "(TGL GT2)"),
    Rule(r"\bRKL\b", "Rocket Lake", "(RKL GT1)"),
    Rule(r"\bADL(?:-[A-Z])?\b", "Alder Lake", "(ADL-S GT1)"),
    Rule(r"\bRPL(?:-[A-Z])?\b", "Raptor Lake", "(RPL-P)"),
    Rule(r"\bDG1\b", "DG1", "(DG1)"),
    Rule(r"\bDG2\b", "DG2", "(DG2)"),
    Rule(r"\bMTL\b", "Meteor Lake", "(MTL)"),
    Rule(r"\bARL\b", "Arrow Lake", "(ARL)"),
    Rule(r"\bLNL\b", "Lunar Lake", "(LNL)"),
    Rule(r"\bBMG\b", "Battlemage", "(BMG G21)"),
    Rule(r"\bPTL\b", "Panther Lake", "(PTL)"),
)
"""How Mesa abbreviates Intel's platforms, in brackets behind the name."""

AMD_CODE = re.compile(rf"\b(?:{AMD_ANY})\b", re.IGNORECASE)
NVIDIA_CODE = re.compile(r"\bNVK (\w+)")
NO_CODE = re.compile(r"(?!)")


def chip_of(device: str, vendor: str) -> str:
    """The chip's code name by the device id in the string, or else as the driver names it in brackets; "" without."""
    return _by_id_in(device, vendor) or _named_in(device[device.find("(") :] if "(" in device else "", vendor)


def _by_id_in(device: str, vendor: str) -> str:
    found = DEVICE_ID.search(device)
    return chip_by_id(found[1], vendor) if found else ""


def _named_in(brackets: str, vendor: str) -> str:
    if vendor == "Intel":
        return first(INTEL_CODES, brackets, "")
    found = {"AMD": AMD_CODE, "NVIDIA": NVIDIA_CODE}.get(vendor, NO_CODE).search(brackets)
    return found[found.lastindex or 0].upper() if found else ""


def chip_by_id(device_id: str, vendor: str) -> str:
    """``device_id`` in hexadecimal digits, with or without ``0x`` and zeros in front."""
    digits = device_id.lower().removeprefix("0x").lstrip("0").rjust(4, "0")
    listed = _table().get((vendor, digits), "")
    return listed or (first(PLATFORMS, digits, "") if vendor == "Intel" else "")


@cache
def _table() -> dict[tuple[str, str], str]:
    rows = (
        line.rstrip("\n").split("\t")
        for line in TABLE.read_text(encoding="utf-8").splitlines()
        if line[0] != "#"
    )
    return {(maker, number): chip for maker, chip, numbers in rows for number in numbers.split()}
