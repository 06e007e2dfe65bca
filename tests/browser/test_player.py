"""Free play: pictures only where there is something new, and play runs that the server takes."""

import pytest
from playwright.sync_api import Page

from kit.domain.wire.run import RunReport
from tests.browser.conftest import ask

pytestmark = pytest.mark.browser

PLAY = """
  const bundle = await help.blocks();
  const frame = kit.goldenCheck.goldenFrame(bundle);
  const runs = [], rates = [];
  let asked = 0;
  const player = kit.player.createPlayer({
    bundle, mode: argument, host: help.host(), visitStart: 0, label: 'Painted picture',
    source: () => (asked++ < 12 ? frame : null),
    on: ({ fps }) => rates.push(fps), onRun: (id, report) => runs.push([id, report]),
  });
  await player.start();
  while (asked < 40) await new Promise((resolve) => setTimeout(resolve, 50));
  player.dispose();
  return { runs, rates, name: help.host().firstChild.getAttribute('aria-label') };"""


@pytest.mark.parametrize("mode", ["tfjs-pixels", "tfjs-webgl"])
def test_play_posts_what_was_displayed(llvmpipe_page: Page, mode: str) -> None:
    played = ask(llvmpipe_page, PLAY, mode)
    reports = [RunReport.model_validate(run) for _, run in played["runs"]]  # several where ten seconds pass
    assert {(report.kind, report.outcome) for report in reports} == {("play", "ok")}
    assert {len(identifier) for identifier, _ in played["runs"]} == {36}
    shown = [report.displayed for report in reports if report.displayed]
    assert 1 <= sum(len(window.k) for window in shown) <= 11  # twelve pictures, at most eleven gaps
    assert [sum(window.ms) for window in shown] == pytest.approx([window.elapsed_ms for window in shown])
    assert played["name"] == "Painted picture"
