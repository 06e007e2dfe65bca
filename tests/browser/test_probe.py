"""The device block is one that the server takes, and names the GPU that the runs use."""

import pytest
from playwright.sync_api import Page

from kit.domain.wire.device import DeviceBlock
from tests.browser.conftest import ask

pytestmark = pytest.mark.browser

BROWSER = {"name": "Chromium", "major": 150, "os": "Linux", "os_version": None, "mobile": False}


def test_the_probe_describes_the_gpu_of_the_runs(page: Page) -> None:
    block = DeviceBlock.model_validate(ask(page, "return await kit.probe.probeDevice(argument);", BROWSER))
    renderer = ask(
        page, "return (await help.runnerOf('tfjs-webgl', await help.blocks())).renderer().renderer;"
    )
    assert block.webgl
    assert block.webgl.unmasked_renderer == renderer
    assert block.isolated
    assert block.tick_ms < 0.2
    assert block.refresh_hz
    assert 20 < block.refresh_hz < 1000


def test_nothing_is_touched_before_the_probe(llvmpipe_page: Page) -> None:
    script = """
      let opened = 0;
      const open = HTMLCanvasElement.prototype.getContext;
      HTMLCanvasElement.prototype.getContext = function (...args) { opened += 1; return open.apply(this, args); };
      await help.blocks();
      const before = opened;
      await kit.probe.probeDevice(argument);
      return [before, opened > 0];"""
    assert ask(llvmpipe_page, script, BROWSER) == [0, True]
