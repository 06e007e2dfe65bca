"""Renderer strings: each rule's own example, a table of strings of our own, the labelled file, and any text at all."""

import csv
import os
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kit.domain.gpu import RULE_VERSION, parse_renderer
from kit.domain.gpu.rule import Change, Rule
from kit.domain.gpu.score import COLUMNS, NEEDED, Score, score
from kit.domain.gpu.version import TABLES_SHA256, TABLES_VERSION, tables, tables_sha256

OWN = Path(__file__).with_name("gpu_strings.txt")
RULES: dict[str, list[Rule[object]]] = {}
CHANGES: list[Change] = []
for table, one in tables():
    if isinstance(one, Change):
        CHANGES.append(one)
    else:
        RULES.setdefault(table, []).append(one)
EACH = [
    pytest.param(rules, one, id=f"{name}: {one.example}") for name, rules in RULES.items() for one in rules
]


def test_there_are_tables() -> None:
    assert len(RULES) > 15
    assert len(EACH) > 250
    assert len(CHANGES) > 25


@pytest.mark.parametrize(("table", "rule"), EACH)
def test_each_rule_is_the_one_that_its_example_meets(table: list[Rule[object]], rule: Rule[object]) -> None:
    assert next(one for one in table if one.matches(rule.example)) is rule


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.example)
def test_each_change_makes_of_its_example_what_it_says(change: Change) -> None:
    assert change.apply(change.example) == change.becomes


def test_tables_change_only_with_the_version() -> None:
    """Raise RULE_VERSION, then write what this test says into TABLES_VERSION and TABLES_SHA256."""
    assert (RULE_VERSION, tables_sha256()) == (TABLES_VERSION, TABLES_SHA256)


def own_strings() -> list[dict[str, str]]:
    lines = (line.rstrip("\n") for line in OWN.read_text(encoding="utf-8").splitlines())
    fields = (line.rsplit(" | ", 5) for line in lines if line and not line.startswith("# "))
    return [dict(zip(NEEDED, row, strict=True)) for row in fields]


OWN_STRINGS = own_strings()


def test_own_strings_are_many_and_different() -> None:
    assert len({row["renderer"] for row in OWN_STRINGS}) == len(OWN_STRINGS) > 400
    assert {row["class"] for row in OWN_STRINGS} == {
        *("discrete", "integrated", "mobile"),
        *("software", "virtual", "unknown"),
    }


@pytest.mark.parametrize("row", OWN_STRINGS, ids=lambda row: row["renderer"])
def test_own_strings(row: dict[str, str]) -> None:
    assert score([row]).misses == []


def labelled() -> Score:
    folder = os.environ.get("KIT_TEST_DATA")
    path = Path(folder, "gpu-strings", "open.csv") if folder else None
    if path is None or not path.is_file():
        pytest.skip("KIT_TEST_DATA names no folder that holds gpu-strings/open.csv")
    with path.open(newline="", encoding="utf-8") as file:
        return score(csv.DictReader(file))


def test_labelled_strings() -> None:
    found = labelled()
    assert found.rows > 100
    assert found.misses == []


def test_words_are_not_found_inside_words() -> None:
    for word in ("Imagination", "Radiation", "Intelligent", "Applejack", "Malibu", "Gridlock", "Teslameter"):
        assert parse_renderer(f"{word} Thing").vendor in ("unknown", "Imagination"), word


def test_the_vendor_is_asked_only_where_the_renderer_names_nobody() -> None:
    assert parse_renderer("Mali-G78", "Intel").vendor == "ARM"
    assert parse_renderer("Some Device 12", "Intel").vendor == "Intel"


FAMILIES = [
    ("ANGLE (NVIDIA, NVIDIA GeForce GTX 1650 (0x00001F82) Direct3D11 vs_5_0 ps_5_0, D3D11)", "NVIDIA Turing"),
    ("NVIDIA GeForce RTX 3050 Laptop GPU/PCIe/SSE2", "NVIDIA Ampere"),
    ("ANGLE (Intel, Intel(R) UHD Graphics (0x00009A78) Direct3D11 vs_5_0 ps_5_0, D3D11)", "Intel Gen 12"),
    ("ANGLE (Intel, Intel(R) UHD Graphics (0x00009B41) Direct3D11 vs_5_0 ps_5_0, D3D11)", "Intel Gen 9"),
    ("ANGLE (AMD, AMD Radeon(TM) Graphics (0x00001681) Direct3D11 vs_5_0 ps_5_0, D3D11)", "AMD RDNA 2"),
    ("ANGLE (AMD, AMD Radeon(TM) Graphics (0x00001638) Direct3D11 vs_5_0 ps_5_0, D3D11)", "AMD GCN 5 (Vega)"),
    ("Apple M1, or similar", "Apple"),
    ("Apple M2 Max", "Apple M-series"),
    ("Adreno (TM) 740", "Qualcomm Adreno 7xx"),
    ("GeForce GTX 980, or similar", "NVIDIA"),
    ("llvmpipe, or similar", "Software renderer"),
    ("Parallels Display Adapter (WDDM)", "Virtual GPU"),
    ("NVIDIA A16-4Q/PCIe/SSE2", "NVIDIA Ampere"),
]


@pytest.mark.parametrize(("renderer", "family"), FAMILIES)
def test_families(renderer: str, family: str) -> None:
    assert parse_renderer(renderer).family == family


CONFIDENCES = [
    ("NVIDIA GeForce RTX 3060/PCIe/SSE2", "high"),
    ("llvmpipe (LLVM 15.0.7, 256 bits)", "high"),
    ("ANGLE (AMD, AMD Radeon(TM) Graphics (0x00001638) Direct3D11 vs_5_0 ps_5_0, D3D11)", "high"),
    ("ANGLE (AMD, AMD Radeon(TM) Graphics Direct3D11 vs_5_0 ps_5_0, D3D11)", "medium"),
    ("Intel(R) HD Graphics", "medium"),
    ("ANGLE (NVIDIA, NVIDIA GeForce GTX 650 (0x00002504) Direct3D11 vs_5_0 ps_5_0, D3D11)", "medium"),
    ("NVIDIA GeForce GTX 980, or similar", "low"),
    ("Apple GPU", "low"),
    ("Toaster 3000", "low"),
]


@pytest.mark.parametrize(("renderer", "confidence"), CONFIDENCES)
def test_confidence(renderer: str, confidence: str) -> None:
    assert parse_renderer(renderer).confidence == confidence


PIECES = [
    *(
        "ANGLE (",
        "ANGLE",
        "(",
        ")",
        ", ",
        "Vulkan 1.3 (",
        "D3D12 (",
        "zink Vulkan 1.4(",
        "NVIDIA ",
        "Radeon",
        "Intel(R) ",
    ),
    *(
        ", or similar",
        " #abcdefgh",
        "(0x",
        "OpenGL ES 3.2",
        "Direct3D11",
        "\x00",
        "\ud83d",
        "\U0001f642",
        "<b>",
        "Â®",
    ),
    *(
        " " * 50,
        "1" * 50,
        "Graphics",
        "Mesa DRI ",
        "\u202e",
        "\n",
        "@oem",
        ";",
        "/PCIe/SSE2",
        "Laptop GPU",
        "NV1",
    ),
]


def mutated(dice: random.Random) -> str:
    """A string of our own, cut, doubled, shuffled or mixed with pieces that rules look for."""
    text = dice.choice(OWN_STRINGS)["renderer"]
    for _ in range(dice.randrange(1, 8)):
        at, to = sorted(dice.randrange(len(text) + 1) for _ in range(2))
        middle = dice.choice(
            (text[at:to] * 2, "", dice.choice(PIECES), text[at:to][::-1], chr(dice.randrange(0x2FFF)))
        )
        text = text[:at] + middle + text[to:]
    return text


def test_ten_thousand_broken_strings_give_a_device_each() -> None:
    dice = random.Random(20_260_301)
    for _ in range(10_000):
        renderer = mutated(dice)
        found = parse_renderer(renderer, dice.choice(("", "Intel", "Google Inc. (AMD)")))
        assert found.renderer == renderer
        assert found.vendor
        assert 0 < len(found.model) <= 1_100, renderer


@settings(max_examples=300, deadline=None)
@given(
    st.one_of(st.text(max_size=1_500), st.lists(st.sampled_from(PIECES), max_size=40).map("".join)),
    st.text(max_size=40),
)
def test_any_text_gives_a_device(renderer: str, vendor: str) -> None:
    found = parse_renderer(renderer, vendor).as_dict()
    assert set(found) == {"renderer", "family", "confidence", "chip", *COLUMNS}


@pytest.mark.parametrize(
    "piece",
    ["ANGLE (", "(", "1", " ", "Intel ", "NVIDIA ", "D3D12 (", ", ", "#", "Vulkan 1.3 (", "\x00", "é"],
)
def test_a_megabyte_is_read_as_quickly_as_its_beginning(piece: str) -> None:
    renderer = piece * (1_000_000 // len(piece)) + " Graphics"
    assert parse_renderer(renderer) == parse_renderer(renderer)
    assert len(parse_renderer(renderer).model) <= 1_100
