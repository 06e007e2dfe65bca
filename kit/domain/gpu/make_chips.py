"""Make ``chips.tsv`` again: ``make chips``, or ``python -m kit.domain.gpu.make_chips [PCI.IDS]``.

Reads the list of PCI ids (https://pci-ids.ucw.cz, on Debian the package ``pci.ids``; GPL-2+ or 3-clause BSD, taken
here under the latter) and keeps, of the three makers whose ids browsers show, the display controllers: chip's code
name and ids, without what products are called. ``NEWER`` holds what a Debian release does not know yet.
"""

import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path("/usr/share/misc/pci.ids")
TABLE = Path(__file__).with_name("chips.tsv")
MAKERS = {"1002": "AMD", "10de": "NVIDIA", "8086": "Intel"}

NOT_GRAPHICS = re.compile(
    r"\b(?:Audio|Bridge|Controller Hub|SMBus|USB|LPC|Host|IDE|SATA|AHCI|PCI-?E?\b.*Port|Memory|Modem|Ethernet|RAID"
    r"|IOMMU|QuickPath|NVSwitch|Secondary|DMA|UART|I2C|GPIO|Southbridge|Northbridge|HyperTransport|Address)\b",
    re.IGNORECASE,
)
NVIDIA_CHIP = re.compile(
    r"^((?:NV|G|GT|GF|GK|GM|GP|GV|TU|GA|AD|GB|GH|MCP|C)\d\w*?)(?:GLM?|BM|[MSB])? ?(?:/ [^\[]*)?(?:\[|$)"
)
AMD_CHIP = re.compile(
    r"^([^\[]+?) ?\[(?:.*(?:Radeon|FirePro|FireGL|Mobility|Instinct|Vega|FireMV|All-In-Wonder|Custom GPU).*)\]",
    re.IGNORECASE,
)
AMD_BARE = re.compile(
    r"^((?:Renoir|Cezanne|Lucienne|Barcelo|Raphael|Phoenix\w*|Rembrandt|VanGogh|Mendocino)[^\[]*)$"
)
INTEL_PLATFORM = re.compile(
    r"^((?:\w+ ?Lake|Haswell|Broadwell|Ivy ?Bridge|Crystal Well|DG[12])(?:-\w+)?(?: GT\d[.\de]*)?)\b"
)
"""What Intel calls by processor instead ("3rd Gen Core processor") is in ``chips.PLATFORMS``, by the id's beginning."""

NEWER = {
    "AMD": {
        "Hawk Point": "1900 1901", "Krackan": "1114 1902", "Strix": "150e", "Strix Halo": "1586",
        "Granite Ridge": "13c0", "Navi 32": "747e", "Navi 48": "7550", "Navi 44": "7590",
    },
    "Intel": {
        "Haswell-ULT": "0a1e", "Crystal Well": "0d22", "Skylake": "1917", "DG2": "5697 5696",
        "Alder Lake-N": "46d3 46d4", "Raptor Lake-P": "a7aa a7ab", "Raptor Lake-U": "a7ac a7ad",
        "Meteor Lake": "7d40 7d45 7d55 7d60 7dd5", "Arrow Lake": "7d41 7d51 7d67 7dd1", "Lunar Lake": "6420 64a0 64b0",
        "Battlemage": "e20b e20c", "Panther Lake": "b080 b090",
    },
    "NVIDIA": {
        "GA107": "2584 25b0 25b2", "AD102": "2685 2689 26b2", "AD103": "2702 2705 2709", "AD104": "2783 2788 27b2 27b6",
        "AD106": "2805 2808 2822", "AD107": "2882 28a3 28b0 28b9 28ba 28e3",
        "GB202": "2b85 2b87 2b8c", "GB203": "2c02 2c05 2c18 2c19 2c34 2c39 2c58 2c59", "GB205": "2f04 2f18 2f58",
        "GB206": "2d04 2d05 2d18 2d19 2d58 2d59", "GB207": "2d83 2d98 2dd8",
    },
}  # fmt: skip

NOTICE = """\
# Chips' code names by PCI device id: maker, chip, ids. Made by kit/domain/gpu/make_chips.py, do not edit.
#
# Taken from the PCI ID Repository, https://pci-ids.ucw.cz, version {version}, trimmed to display controllers:
# Copyright (c) 1997-2023 Martin Mares, copyright (c) 2015-2023 Albert Pool. Used under the 3-clause BSD licence:
#
# Redistribution and use in source and binary forms, with or without modification, are permitted provided that the
# following conditions are met: 1. Redistributions of source code must retain the above copyright notice, this list of
# conditions and the following disclaimer. 2. Redistributions in binary form must reproduce the above copyright notice,
# this list of conditions and the following disclaimer in the documentation and/or other materials provided with the
# distribution. 3. Neither the name of the copyright holder nor the names of its contributors may be used to endorse or
# promote products derived from this software without specific prior written permission.
#
# THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND ANY EXPRESS OR IMPLIED WARRANTIES,
# INCLUDING, BUT NOT LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND FITNESS FOR A PARTICULAR PURPOSE ARE
# DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR CONTRIBUTORS BE LIABLE FOR ANY DIRECT, INDIRECT, INCIDENTAL,
# SPECIAL, EXEMPLARY, OR CONSEQUENTIAL DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR
# SERVICES; LOSS OF USE, DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER CAUSED AND ON ANY THEORY OF LIABILITY,
# WHETHER IN CONTRACT, STRICT LIABILITY, OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT OF THE USE OF
# THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
"""


def devices(text: str) -> Iterator[tuple[str, str, str]]:
    """Maker, device id and name of every device of the makers that matter."""
    maker = None
    for line in text.splitlines():
        if re.match(r"[0-9a-f]{4}  ", line):
            maker = MAKERS.get(line[:4])
        elif line.startswith("C "):
            return
        elif maker and re.match(r"\t[0-9a-f]{4}  ", line):
            yield maker, line[1:5], line[7:].strip()


def chip_of(maker: str, name: str) -> str | None:
    """The code name in a device's name; ``None`` for what is no display controller, or has none."""
    if NOT_GRAPHICS.search(re.sub(r"\[.*", "", name)):
        return None
    if maker == "NVIDIA":
        found = NVIDIA_CHIP.match(name)
    elif maker == "AMD":
        found = AMD_CHIP.match(name) or AMD_BARE.match(name)
    else:
        found = INTEL_PLATFORM.match(name) if "raphics" in name or "[Arc " in name or "Iris" in name else None
    return found[1].strip() if found else None


def table(text: str) -> str:
    """The whole file."""
    ids: dict[tuple[str, str], set[str]] = defaultdict(set)
    known = set()
    for maker, device, name in devices(text):
        chip = chip_of(maker, name)
        if chip:
            ids[maker, chip].add(device)
            known.add((maker, device))
    for maker, chips in NEWER.items():
        for chip, numbers in chips.items():
            ids[maker, chip] |= {number for number in numbers.split() if (maker, number) not in known}
    version = re.search(r"Version: (\S+)", text)
    rows = [
        f"{maker}\t{chip}\t{' '.join(sorted(found))}\n"
        for (maker, chip), found in sorted(ids.items())
        if found
    ]
    return NOTICE.format(version=version[1] if version else "unknown") + "".join(rows)


if __name__ == "__main__":
    source = Path(sys.argv[1]) if len(sys.argv) > 1 else SOURCE
    if not source.is_file():
        sys.exit(f"{source} is missing; on Debian and Ubuntu: apt install pci.ids")
    TABLE.write_text(table(source.read_text(encoding="utf-8")), encoding="utf-8")
