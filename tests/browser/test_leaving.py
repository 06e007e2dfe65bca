"""A tab that is hidden or left while it measures: noted, waited for, and what was measured is not lost."""

import pytest
from playwright.sync_api import Page

from kit.domain.wire.run import RunReport
from tests.browser.conftest import ask

pytestmark = pytest.mark.browser

# Headless Chromium shows every tab, so the tab's own account of itself is what has to change.
HIDE = """
  window.hide = (hidden) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
    document.dispatchEvent(new Event('visibilitychange'));
  };"""


def test_hiding_the_tab_is_noted_in_its_run(llvmpipe_page: Page) -> None:
    script = (
        HIDE
        + """
      let words = 0;
      const onEvent = (event) => {
        if (event.phase === 'capability' && ++words === 2) { hide(true); hide(false); }
      };
      return (await help.measure(['tfjs-webgl'], {}, onEvent)).runs;"""
    )
    (run,) = ask(llvmpipe_page, script)
    report = RunReport.model_validate(run)
    assert [event.type for event in report.events] == ["hidden", "shown"]
    assert report.outcome == "ok"


def test_a_hidden_tab_is_waited_for(llvmpipe_page: Page) -> None:
    script = (
        HIDE
        + """
      hide(true);
      const onEvent = (event) => { if (event.type === 'waiting') setTimeout(() => hide(false), 100); };
      return await help.measure(['tfjs-webgl'], {}, onEvent);"""
    )
    measured = ask(llvmpipe_page, script)
    assert measured["events"][0] == {"type": "waiting", "reason": "hidden"}
    (run,) = measured["runs"]
    assert run["events"] == []
    assert run["environment"]["visible"]


def test_leaving_the_page_posts_the_run_as_lost(llvmpipe_page: Page) -> None:
    script = """
      let words = 0;
      const leave = (event) => {
        if (event.phase === 'capability' && ++words === 2) dispatchEvent(new Event('pagehide'));
      };
      return await help.measure(['tfjs-webgl', 'tfjs-webgl'], {capability_s: 20}, leave);"""
    measured = ask(llvmpipe_page, script)
    (run,) = measured["runs"]
    assert run["outcome"] == "lost"
    assert sum(RunReport.model_validate(run).capability.k) >= 1  # type: ignore[union-attr]
    assert measured["result"]["stopped"]


def test_a_hidden_tab_is_not_a_slow_gpu(llvmpipe_page: Page) -> None:
    script = (
        HIDE
        + """
      const onEvent = (event) => { if (event.phase === 'capability') hide(true); };
      return (await help.measure(['tfjs-webgl'], {min_frames: 100, block_max_s: 1}, onEvent)).runs;"""
    )
    (run,) = ask(llvmpipe_page, script)
    assert (run["outcome"], run["reason"]) == ("stopped", "The tab was hidden.")
