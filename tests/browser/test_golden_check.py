"""The golden check passes what is right and fails what is planted wrong, in every mode, as shown on the canvas."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import ask

pytestmark = pytest.mark.browser

MODES = ("tfjs-pixels", "tfjs-webgl", "direct-webgl", "direct-wasm")

# Each plant sits where the picture goes to its canvas: in the display shader, or in front of the 2D canvas. `planted` counts
# what was really changed, so that a plant that no longer meets its place is no test that passes.
PLANT = """([from, to, rows, colours]) => {
  window.planted = 0;
  const shader = WebGL2RenderingContext.prototype.shaderSource;
  WebGL2RenderingContext.prototype.shaderSource = function (made, text) {
    const changed = text.replace(from, to);
    if (changed !== text) window.planted += 1;
    return shader.call(this, made, changed);
  };
  const put = CanvasRenderingContext2D.prototype.putImageData;
  CanvasRenderingContext2D.prototype.putImageData = function (image, x, y) {
    const { width, height, data } = image, changed = new ImageData(width, height);
    for (let i = 0; i < height; i++)
      for (let j = 0; j < width; j++)
        for (let c = 0; c < 4; c++) {
          const row = rows ? height - 1 - i : i, channel = colours && c < 3 ? 2 - c : c;
          changed.data[4 * (i * width + j) + c] = data[4 * (row * width + j) + channel];
        }
    window.planted += 1;
    return put.call(this, changed, x, y);
  };
}"""
PLANTS = {
    "flip": ["pictureSize().y - 1 - at.y", "at.y", True, False],
    "swap": ["pictureSize().y - 1 - at.y)).rgb", "pictureSize().y - 1 - at.y)).bgr", False, True],
}


def checks(page: Page, bundle: str) -> dict[str, dict[str, float | str]]:
    """The golden check's answer for each mode."""
    script = f"const bundle = {bundle}; const out = {{}};"
    script += "for (const mode of argument) out[mode] = await help.golden(mode, bundle); return out;"
    return dict(ask(page, script, list(MODES)))


def test_right_pictures_pass(page: Page) -> None:
    for golden in checks(page, "await help.blocks()").values():
        assert golden["status"] == "pass"
        assert golden["max_abs_error"] < 0.006  # half an 8-bit level is 0.004


def test_the_shipped_network_is_as_right_as_it_ever_was(llvmpipe_page: Page) -> None:
    bundle = "await kit.bundles.downloadBundle(await help.modelAt('flowers-small'))"
    for golden in checks(llvmpipe_page, bundle).values():
        assert golden["status"] == "pass"
        assert golden["max_abs_error"] < 0.006


def test_a_wrong_slope_fails(llvmpipe_page: Page) -> None:
    for golden in checks(llvmpipe_page, "help.withSlope(await help.blocks(), 0.2)").values():
        assert golden["status"] == "fail"


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("plant", PLANTS)
def test_planted_errors_fail(llvmpipe_page: Page, plant: str, mode: str) -> None:
    llvmpipe_page.evaluate(PLANT, PLANTS[plant])
    golden = ask(llvmpipe_page, "return await help.golden(argument, await help.blocks());", mode)
    assert llvmpipe_page.evaluate("window.planted") > 0
    assert golden["status"] == "fail"
    assert golden["max_abs_error"] > 0.02
