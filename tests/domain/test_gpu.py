"""Renderer strings: each rule's own example, the labelled file where it is there, and anything at all."""

import csv
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.domain.gpu import api, classes, families, models, parse_renderer, vendors
from kit.domain.gpu.rule import Rule, first

TABLES = {
    "vendors": vendors.VENDORS,
    "fields": vendors.FIELDS,
    "fixed names": models.FIXED,
    "families": families.FAMILIES,
    "api whole": api.WHOLE,
    "api backend": api.BACKEND,
    "api rest": api.REST,
    "class, anyone": classes.ANYONE,
    "class, mixed": classes.MIXED_BUCKETS,
} | {f"class, {vendor}": table for vendor, table in classes.BY_VENDOR.items()}
RULES = [
    pytest.param(table, rule, id=f"{name}: {rule.example}")
    for name, table in TABLES.items()
    for rule in table
]


@pytest.mark.parametrize(("table", "rule"), RULES)
def test_each_rule_is_the_one_that_its_example_meets(table: tuple[Rule[str], ...], rule: Rule[str]):
    assert next(one for one in table if one.matches(rule.example)) is rule
    assert first(table, rule.example, "nothing") == rule.gives


def labelled() -> list[dict[str, str]]:
    folder = os.environ.get("KIT_TEST_DATA")
    path = Path(folder, "gpu-strings", "open.csv") if folder else None
    if path is None or not path.is_file():
        pytest.skip("KIT_TEST_DATA names no folder that holds gpu-strings/open.csv")
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def squeezed(text: str) -> str:
    return " ".join(text.lower().split())


def test_labelled_strings():
    rows = labelled()
    wrong = []
    for row in rows:
        gpu = parse_renderer(row["renderer"])
        got = (gpu.vendor, squeezed(gpu.model), gpu.class_, gpu.api, str(int(gpu.blurred)))
        if got != (row["vendor"], squeezed(row["model"]), row["class"], row["api"], row["blurred"]):
            wrong.append((row["renderer"], got))
    assert len(wrong) <= 0.02 * len(rows), wrong


SYNTHETIC = [
    ("ANGLE (Intel, Intel(R) Iris(R) Xe Graphics (0x00009A49) Direct3D11 vs_5_0 ps_5_0, D3D11)",
     ("Intel", "Intel Iris Xe Graphics", "Intel Gen 12", "integrated", "D3D11", False)),
    ("ANGLE (VMware, Inc., llvmpipe (LLVM 10.0.0 256 bits), OpenGL 3.3)",
     ("Mesa", "llvmpipe", "Mesa", "software", "OpenGL", False)),
    ("llvmpipe, or similar", ("Mesa", "llvmpipe", "Mesa", "software", "unknown", True)),
    ("Adreno (TM) 740", ("Qualcomm", "Qualcomm Adreno 740", "Qualcomm Adreno 700", "mobile", "unknown", False)),
    ("NVIDIA GeForce RTX 3050 Laptop GPU/PCIe/SSE2",
     ("NVIDIA", "NVIDIA GeForce RTX 3050 Laptop GPU", "NVIDIA Ampere", "discrete", "unknown", False)),
    ("Imagination Quanta", ("Imagination", "Imagination Quanta", "Imagination", "mobile", "unknown", False)),
]  # fmt: skip


@pytest.mark.parametrize(("renderer", "expected"), SYNTHETIC)
def test_all_fields(renderer: str, expected: tuple[object, ...]):
    gpu = parse_renderer(renderer)
    assert (gpu.vendor, gpu.model, gpu.family, gpu.class_, gpu.api, gpu.blurred) == expected
    assert gpu.renderer == renderer


def test_the_vendor_is_asked_only_where_the_renderer_names_nobody():
    assert parse_renderer("Mali-G78", "Intel").vendor == "ARM"
    assert parse_renderer("Some Device 12", "Intel").vendor == "Intel"


PIECES = st.sampled_from(
    ["ANGLE (", "ANGLE", "(", ")", ", ", "Vulkan 1.3 (", "D3D12 (", "NVIDIA ", "Radeon", ", or similar", " #abcdefgh", "(0x",
     "OpenGL ES 3.2", "Direct3D11", "\x00", "🙂", "<b>"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=1_500), st.lists(PIECES, max_size=40).map("".join)), st.text(max_size=40))
def test_never_raises_and_keeps_the_string(renderer: str, vendor: str):
    gpu = parse_renderer(renderer, vendor)
    assert gpu.renderer == renderer
    assert gpu.model
    assert gpu.vendor
    assert len(gpu.model) <= 1_100


def test_long_strings_take_no_long_time():
    assert parse_renderer("ANGLE (" * 20_000).vendor == "unknown"
    assert parse_renderer("Intel" + " " * 100_000 + "Direct3D").vendor == "Intel"
