"""Browsers that add noise to what is read back are told apart from wrong pictures."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import ask

pytestmark = pytest.mark.browser

NOISE = """() => {
  const noisy = (data) => { for (let i = 0; i < data.length; i += 97) data[i] ^= 16; };
  const image = CanvasRenderingContext2D.prototype.getImageData;
  CanvasRenderingContext2D.prototype.getImageData = function (...args) {
    const found = image.apply(this, args); noisy(found.data); return found;
  };
  const pixels = WebGL2RenderingContext.prototype.readPixels;
  WebGL2RenderingContext.prototype.readPixels = function (...args) {
    pixels.apply(this, args);
    if (args[6] instanceof Uint8Array) noisy(args[6]);
  };
}"""


@pytest.mark.parametrize("mode", ["tfjs-pixels", "tfjs-webgl", "direct-webgl"])
def test_noise_is_masking_and_the_run_counts(llvmpipe_page: Page, mode: str) -> None:
    llvmpipe_page.evaluate(NOISE)
    (run,) = ask(llvmpipe_page, "return (await help.measure([argument])).runs;", mode)
    assert run["golden"] == {"status": "readback_masked", "max_abs_error": None, "psnr_db": None}
    assert run["outcome"] == "ok"
