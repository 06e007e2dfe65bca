"""The golden check passes what is right and fails what is planted wrong, in both modes, as shown on the canvas."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import ask

pytestmark = pytest.mark.browser

MODES = ("tfjs-pixels", "tfjs-webgl")

# Each plant sits where the picture goes to its canvas: in the display shader, or in front of the 2D canvas.
PLANTS = {
    "flip": """
        const shader = WebGL2RenderingContext.prototype.shaderSource;
        WebGL2RenderingContext.prototype.shaderSource = function (s, text) {
          return shader.call(this, s, text.replace('size.y - 1 - at.y', 'at.y'));
        };
        const put = CanvasRenderingContext2D.prototype.putImageData;
        CanvasRenderingContext2D.prototype.putImageData = function (image, x, y) {
          const row = image.width * 4, flipped = new ImageData(image.width, image.height);
          for (let i = 0; i < image.height; i++)
            flipped.data.set(image.data.subarray(i * row, (i + 1) * row), (image.height - 1 - i) * row);
          return put.call(this, flipped, x, y);
        };""",
    "swap": """
        const shader = WebGL2RenderingContext.prototype.shaderSource;
        WebGL2RenderingContext.prototype.shaderSource = function (s, text) {
          return shader.call(this, s, text.replace('0).rgb', '0).bgr'));
        };
        const put = CanvasRenderingContext2D.prototype.putImageData;
        CanvasRenderingContext2D.prototype.putImageData = function (image, x, y) {
          const swapped = new ImageData(image.width, image.height);
          image.data.forEach((value, i) => swapped.data[i % 4 === 3 ? i : i - (i % 4) + 2 - (i % 4)] = value);
          return put.call(this, swapped, x, y);
        };""",
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


@pytest.mark.parametrize("plant", PLANTS)
def test_planted_errors_fail(llvmpipe_page: Page, plant: str) -> None:
    llvmpipe_page.evaluate(f"() => {{ {PLANTS[plant]} }}")
    for golden in checks(llvmpipe_page, "await help.blocks()").values():
        assert golden["status"] == "fail"
        assert golden["max_abs_error"] > 0.02
