"""Frames leave nothing behind: not on the GPU, not in TensorFlow.js, not in the JavaScript heap."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import ask
from tests.browser.heap import object_bytes

pytestmark = pytest.mark.browser

MODES = ["tfjs-pixels", "tfjs-webgl"]
START = """
  window.bundle = await help.blocks();
  window.alive = [];
  for (const mode of argument) window.alive.push(await help.runnerOf(mode, window.bundle));"""
DRAW = """
  await help.drawMany(window.alive, window.bundle, argument);
  return window.alive.map((runner) => runner.memory());"""
COUNT_TEXTURES = """() => {
  window.textures = 0;
  const { createTexture, deleteTexture } = WebGL2RenderingContext.prototype;
  WebGL2RenderingContext.prototype.createTexture = function () { window.textures += 1; return createTexture.call(this); };
  WebGL2RenderingContext.prototype.deleteTexture = function (t) { window.textures -= 1; deleteTexture.call(this, t); };
}"""


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_memory_is_the_same_after_1000_frames_as_after_10(llvmpipe_page: Page) -> None:
    page = llvmpipe_page
    page.evaluate(COUNT_TEXTURES)
    ask(page, START, MODES)
    early = (ask(page, DRAW, 10), page.evaluate("textures"), object_bytes(page))
    late = (ask(page, DRAW, 990), page.evaluate("textures"), object_bytes(page))
    assert late[:2] == early[:2]
    assert late[2] - early[2] < 64_000  # 64 bytes a frame: less than one small object each


def test_dispose_leaves_nothing(page: Page) -> None:
    page.evaluate(COUNT_TEXTURES)
    ask(page, START, MODES)
    ask(page, DRAW, 4)
    script = """
      kit.pool.disposeRunners();
      return [window.alive.map((runner) => runner.alive()), window.alive[0].memory().tensors, window.textures];"""
    assert ask(page, script) == [[False, False], 0, 0]
