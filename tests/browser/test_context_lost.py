"""A lost graphics context ends one run with a reason; the next block makes a fresh one."""

import pytest
from playwright.sync_api import Page

from kit.domain.wire.run import RunReport
from tests.browser.conftest import ask

pytestmark = pytest.mark.browser

# The context behind both modes is the one of the canvas that tfjs-webgl shows; it is lost while it computes.
REMEMBER = """() => {
  const open = HTMLCanvasElement.prototype.getContext;
  HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
    const context = open.call(this, kind, ...rest);
    if (kind === 'webgl2' && this.width === 256) window.lastContext = context;
    return context;
  };
}"""
LOSE = """
  let words = 0;
  const lose = (event) => {
    if (event.phase === 'capability' && ++words === 2)
      window.lastContext.getExtension('WEBGL_lose_context').loseContext();
  };
  return (await help.measure([argument, argument], {capability_s: 5, block_max_s: 60}, lose)).runs;"""


@pytest.mark.parametrize("mode", ["tfjs-pixels", "tfjs-webgl", "direct-webgl"])
def test_context_lost_mid_run(llvmpipe_page: Page, mode: str) -> None:
    llvmpipe_page.evaluate(REMEMBER)
    runs = ask(llvmpipe_page, LOSE, mode)
    lost, after = (RunReport.model_validate(run) for run in runs)
    assert lost.outcome == "failed"
    assert lost.reason
    assert "lost" in lost.reason
    assert "context_lost" in [event.type for event in lost.events]
    assert after.outcome == "ok"
    assert after.golden
    assert after.golden.status == "pass"
    script = (
        "kit.pool.disposeRunners(); return [kit.pool.aliveRunners(), window.lastContext.isContextLost()];"
    )
    assert ask(llvmpipe_page, script) == [0, True]
