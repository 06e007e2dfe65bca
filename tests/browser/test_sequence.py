"""A short sequence in both modes: every report is one that the server takes, and its numbers hang together."""

from typing import Any

import pytest
from playwright.sync_api import Page

from kit.domain.wire.run import RunReport
from tests.browser.conftest import ask

pytestmark = pytest.mark.browser


def check_samples(samples: dict[str, Any]) -> None:
    assert sum(samples["k"]) >= 3
    assert min(samples["ms"]) > 0
    assert sum(samples["ms"]) == pytest.approx(samples["elapsed_ms"], rel=1e-6)


def test_a_sequence_measures_both_modes(page: Page) -> None:
    measured = ask(page, "return await help.measure(['tfjs-pixels', 'tfjs-webgl', 'tfjs-pixels']);")
    reports = [RunReport.model_validate(run) for run in measured["runs"]]
    assert [(r.outcome, r.block, r.golden and r.golden.status) for r in reports] == [
        ("ok", block, "pass") for block in range(3)
    ]
    for run in measured["runs"]:
        check_samples(run["capability"])
        check_samples(run["displayed"])
    assert [r.load.cold if r.load else None for r in reports] == [True, False, None]
    assert [r.environment and r.environment.closing for r in reports] == ["return", "fence", "return"]
    assert measured["events"][-1] == {"type": "done"}
    assert 20 < measured["result"]["refreshAfterHz"] < 1000


def test_too_slow_says_by_how_much(llvmpipe_page: Page) -> None:
    (run,) = ask(
        llvmpipe_page,
        "return (await help.measure(['tfjs-webgl'], {min_frames: 100, block_max_s: 1})).runs;",
    )
    assert run["outcome"] == "too_slow"
    assert run["reason"].endswith("(capability).")
    assert run["capability"]["elapsed_ms"] == pytest.approx(1000, abs=1)
    assert run["displayed"] is None


def test_stopping_posts_what_there_is(llvmpipe_page: Page) -> None:
    # The window's second word comes with its first frame.
    script = """
      let words = 0;
      const stop = (event, abort) => { if (event.phase === 'capability' && ++words === 2) abort.abort(); };
      return await help.measure(['tfjs-webgl', 'tfjs-pixels'], {capability_s: 20}, stop);"""
    measured = ask(llvmpipe_page, script)
    (run,) = measured["runs"]
    assert run["outcome"] == "stopped"
    assert sum(run["capability"]["k"]) >= 1
    assert measured["result"]["stopped"]


def test_a_mode_that_is_not_there_is_a_report(llvmpipe_page: Page) -> None:
    (run,) = ask(llvmpipe_page, "return (await help.measure(['no-such-mode'])).runs;")
    assert run["outcome"] == "unavailable"
    assert "no-such-mode" in RunReport.model_validate(run).reason
