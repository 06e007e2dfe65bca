"""Chips by device id, and the script that makes their table."""

import pytest

from kit.domain.gpu import chips, make_chips, parse_renderer
from kit.domain.gpu.grouping import family_of_chip

PCI_IDS = """\
#	Version: 2023.04.11
1002  Advanced Micro Devices, Inc. [AMD/ATI]
	1308  Kaveri HDMI/DP Audio Controller
	1638  Cezanne [Radeon Vega Series / Radeon Vega Mobile Series]
		103c 8895  a laptop
10de  NVIDIA Corporation
	0a65  GT218 [GeForce 210]
	10f0  GP104 High Definition Audio Controller
	2504  GA106 [GeForce RTX 3060 Lite Hash Rate]
	24b8  GA104GLM [RTX A3000 Mobile]
15ad  VMware
	0405  SVGA II Adapter
8086  Intel Corporation
	0166  3rd Gen Core processor Graphics Controller
	9a14  11th Gen Core Processor Host Bridge/DRAM Registers
	9a49  TigerLake-LP GT2 [Iris Xe Graphics]
C 03  Display controller
	00  VGA compatible controller
"""


def test_the_script_keeps_display_controllers_and_their_code_names() -> None:
    rows = [line for line in make_chips.table(PCI_IDS).splitlines() if not line.startswith("#")]
    newer = {chip for made in make_chips.NEWER.values() for chip in made}
    assert {line for line in rows if line.split("\t")[1] not in newer} == {
        *("AMD\tCezanne\t1638", "NVIDIA\tGT218\t0a65", "NVIDIA\tGA106\t2504"),
        *("NVIDIA\tGA104\t24b8", "Intel\tTigerLake-LP GT2\t9a49"),
    }


def test_the_table_is_small_and_carries_its_licence() -> None:
    text = chips.TABLE.read_text(encoding="utf-8")
    assert len(text) < 40_000
    assert "Redistribution and use in source and binary forms" in text


IDS = [
    ("AMD", "1638", "Cezanne"), ("AMD", "0x00001506", "Mendocino"), ("AMD", "73ff", "Navi 23"),
    ("NVIDIA", "2504", "GA106"), ("NVIDIA", "0A65", "GT218"), ("NVIDIA", "2B85", "GB202"),
    ("Intel", "9a49", "TigerLake-LP GT2"), ("Intel", "5917", "Kaby Lake"), ("Intel", "0166", "Ivy Bridge"),
    ("Intel", "166", "Ivy Bridge"), ("Intel", "64A0", "Lunar Lake"), ("Intel", "2504", ""), ("ARM", "1638", ""),
    ("AMD", "ffff", ""), ("Intel", "", ""), ("NVIDIA", "no id", ""),
]  # fmt: skip


@pytest.mark.parametrize(("vendor", "device_id", "chip"), IDS)
def test_chips_by_id(vendor: str, device_id: str, chip: str) -> None:
    assert chips.chip_by_id(device_id, vendor) == chip


def test_nearly_every_chip_has_a_family() -> None:
    listed = {(vendor, chip) for (vendor, _), chip in chips._table().items()}
    without = {pair for pair in listed if family_of_chip(pair[1], pair[0]) == pair[0]}
    assert len(without) < 0.1 * len(listed), sorted(without)


NAMED = [
    ("AMD Radeon Graphics (radeonsi, renoir, LLVM 15.0.7, DRM 3.49, 6.2.0)", "RENOIR", "AMD GCN 5 (Vega)"),
    ("AMD Ryzen Z1 Extreme (RADV PHOENIX)", "PHOENIX", "AMD RDNA 3"),
    ("Mesa Intel(R) UHD Graphics (TGL GT1)", "Tiger Lake", "Intel Gen 12"),
    ("Mesa Intel(R) UHD Graphics (CML GT2)", "Comet Lake", "Intel Gen 9"),
    ("zink Vulkan 1.4(NVIDIA GeForce GTX 1650 (NVK TU117) (MESA_NVK))", "TU117", "NVIDIA Turing"),
    ("AMD Radeon RX 6600 (LLVM 15.0.7, DRM 3.49)", "", "AMD RDNA 2"),
]


@pytest.mark.parametrize(("renderer", "chip", "family"), NAMED)
def test_a_driver_may_name_the_chip_in_brackets(renderer: str, chip: str, family: str) -> None:
    found = parse_renderer(renderer)
    assert (found.chip, found.family, found.confidence) == (chip, family, "high")


def test_a_chip_is_told_only_where_the_string_holds_its_id() -> None:
    string = "ANGLE (AMD, AMD Radeon(TM) Graphics (0x00001638) Direct3D11 vs_5_0 ps_5_0, D3D11)"
    assert parse_renderer(string).chip == "Cezanne"
    assert parse_renderer("AMD Radeon(TM) Graphics").chip == ""
    assert parse_renderer(string).model == parse_renderer("AMD Radeon(TM) Graphics").model
