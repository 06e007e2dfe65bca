"""The full network (54 million weights) on every back end: the right picture, memory that stays sane, nothing left."""

import pytest

from tests.browser.conftest import Launch, ask, open_harness
from tests.browser.server import Site
from tests.chromium import SOFTWARE_GPUS

pytestmark = [pytest.mark.browser, pytest.mark.slow]

MODES = {"direct-webgl": "llvmpipe", "direct-webgpu": "swiftshader", "direct-wasm": "llvmpipe"}
MEGABYTES = {"direct-webgl": 80, "direct-webgpu": 80, "direct-wasm": 200}
"""The weights are 48 MB in eight bits; on WebAssembly many of them are nine sums of two bytes for four weights."""


@pytest.mark.parametrize("mode", MODES)
def test_the_golden_picture_is_shown(launch: Launch, site: Site, mode: str) -> None:
    page = open_harness(launch(*SOFTWARE_GPUS[MODES[mode]]), site.url)
    if mode == "direct-webgpu" and ask(page, "return await kit.webgpu.missing();"):
        page.context.close()
        pytest.skip("no WebGPU in this Chromium")
    script = """
      const bundle = await kit.bundles.downloadBundle(await help.modelAt('flowers-full'));
      const runner = await kit.runners[argument].create({ bundle });
      await runner.compile();
      const golden = await kit.goldenCheck.checkGolden(runner, bundle), { bytes } = runner.session.memory();
      runner.draw(kit.goldenCheck.goldenFrame(bundle)); await runner.close();
      const grown = runner.session.memory().bytes - bytes;
      runner.dispose();
      return [golden, bytes / 2 ** 20, grown, runner.session.memory().objects];"""
    golden, megabytes, grown, left = ask(page, script, mode)
    page.context.close()
    assert golden["status"] == "pass"
    assert golden["max_abs_error"] < 0.006  # half an 8-bit level is 0.004
    assert (48 < megabytes < MEGABYTES[mode], grown, left) == (True, 0, 0)
