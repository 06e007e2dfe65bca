"""WebGPU's adapter information and client hints add to what a string says, and never contradict it."""

from dataclasses import replace

import pytest

from kit.domain.gpu import Gpu, parse_renderer, refine
from kit.domain.wire.device import DeviceBlock
from tests.service.factory import device_body

RADEON = "ANGLE (AMD, AMD Radeon(TM) Graphics Direct3D11 vs_5_0 ps_5_0, D3D11)"
BUCKET = "NVIDIA GeForce GTX 980, or similar"


def block(hints: dict[str, str] | None = None, **adapter: str) -> DeviceBlock:
    empty = {"vendor": "", "architecture": "", "device": "", "description": ""}
    body = device_body()["device"] | {"webgpu": empty | adapter if adapter else None, "client_hints": hints}
    return DeviceBlock.model_validate(body)


def refined(renderer: str, hints: dict[str, str] | None = None, **adapter: str) -> Gpu:
    return refine(parse_renderer(renderer), block(hints, **adapter))


def test_an_architecture_gives_a_name_shared_by_many_its_family() -> None:
    found = refined(RADEON, vendor="amd", architecture="rdna-2")
    assert found == replace(parse_renderer(RADEON), family="AMD RDNA 2", confidence="high")


def test_a_device_id_gives_the_chip() -> None:
    found = refined(RADEON, vendor="amd", device="0x1638")
    assert (found.chip, found.family, found.confidence) == ("Cezanne", "AMD GCN 5 (Vega)", "high")


def test_a_bucket_stays_blurred_and_gets_a_family() -> None:
    found = refined(BUCKET, vendor="nvidia", architecture="ampere")
    assert found == replace(parse_renderer(BUCKET), family="NVIDIA Ampere", confidence="medium")
    assert found.blurred


@pytest.mark.parametrize(
    ("renderer", "adapter"),
    [
        (RADEON, {"vendor": "nvidia", "architecture": "ampere"}),
        ("NVIDIA GeForce RTX 3060/PCIe/SSE2", {"vendor": "nvidia", "architecture": "turing"}),
        ("llvmpipe (LLVM 15.0.7, 256 bits)", {"vendor": "intel", "architecture": "gen-9"}),
        (RADEON, {"vendor": "amd", "architecture": "common-3"}),
    ],
    ids=["another maker's adapter", "a family that the string tells", "software", "an unknown architecture"],
)
def test_what_the_string_says_stays(renderer: str, adapter: dict[str, str]) -> None:
    assert refined(renderer, **adapter) == parse_renderer(renderer)


def test_client_hints_tell_a_mac_with_apples_processor() -> None:
    found = refined("Apple GPU", {"platform": "macOS", "architecture": "arm"})
    assert found == replace(parse_renderer("Apple GPU"), family="Apple M-series", confidence="medium")
    assert refined("Apple GPU", {"platform": "macOS", "architecture": "x86"}) == parse_renderer("Apple GPU")


def test_nothing_more_known_changes_nothing() -> None:
    assert refined(RADEON) == parse_renderer(RADEON)
