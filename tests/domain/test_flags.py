from typing import Any

import pytest

from kit.domain.flags import RULES, Flag, flags_for, is_invalid
from tests.domain.reports import device_block, environment, run_report, window

SWIFTSHADER = "ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device (Subzero) (0x0000C0DE)), SwiftShader driver)"


def event(kind: str) -> dict[str, Any]:
    return {"events": [{"at_ms": 5.0, "type": kind}]}


def unlike(**changes: Any) -> dict[str, Any]:
    return {"environment": environment(**changes)}


CASES: dict[str, dict[str, Any]] = {
    "hidden": event("hidden"),
    "unfocused": event("blurred"),
    "context_lost": event("context_lost"),
    "fell_back": event("fell_back"),
    "disjoint": event("disjoint"),
    "window_mismatch": {"capability": window([20.0] * 100) | {"elapsed_ms": 10.0}},
    "drift": {"capability": window([20.0] * 40 + [30.0] * 40)},
    "batched": {"capability": window([20.0] * 10, k=4)},
    "coarse_tick": unlike(tick_ms=1.0),
    "not_isolated": unlike(isolated=False),
    "renderer_differs": unlike(renderer="Mali-G77"),
    "readback_masked": {"golden": {"status": "readback_masked", "max_abs_error": None, "psnr_db": None}},
    "unchecked": {"golden": None},
    "half_refused": {
        "variant": {
            "threads": None,
            "precision": "float32",
            "tuning": "mrt8,split0,int8,half=wrong,weights=int8",
            "library": "fieldkit-engine 1",
        }
    },
    "software": unlike(renderer=SWIFTSHADER),
    "vsync_cap": {"displayed": window([16.6] * 60)},
}


def codes(flags: list[Flag]) -> set[str]:
    return {flag.code for flag in flags}


def test_a_clean_run_has_no_flags():
    assert flags_for(run_report(), device_block()) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_each_rule_finds_its_case(rule):
    device = device_block(SWIFTSHADER) if rule.code == "software" else device_block()
    flags = flags_for(run_report(**CASES[rule.code]), device)
    assert codes(flags) == {rule.code}
    assert is_invalid(flags) == (rule.level == "invalid")
    assert flags[0].effect == rule.effect


def test_hidden_and_unfocused_are_also_read_from_the_environment():
    flags = flags_for(run_report(environment=environment(visible=False, focused=False)), None)
    assert codes(flags) == {"hidden", "unfocused"}


ADAPTER = {"vendor": "nvidia", "architecture": "ampere", "device": "", "description": ""}


@pytest.mark.parametrize(
    ("own", "adapter", "found"),
    [
        ("nvidia ampere", ADAPTER, set()),
        ("nvidia GeForce RTX 3060", ADAPTER | {"description": "GeForce RTX 3060"}, set()),
        ("intel gen-12lp", ADAPTER, {"renderer_differs"}),
        ("nvidia ampere", None, set()),
    ],
)
def test_runs_on_webgpu_are_compared_with_the_probed_adapter(own, adapter, found):
    run = run_report(mode="direct-webgpu", environment=environment(closing="work_done", renderer=own))
    assert codes(flags_for(run, device_block("Mali-G78", webgpu=adapter))) == found


def test_without_a_device_block_rules_still_answer():
    assert codes(flags_for(run_report(environment=environment(renderer=SWIFTSHADER)), None)) == {"software"}


def test_a_run_that_never_started_has_no_flags():
    nothing = {"capability": None, "displayed": None, "warmup": None, "environment": None, "golden": None}
    assert flags_for(run_report(outcome="unavailable", reason="no WebGPU here", **nothing), None) == []
