"""The engine's autotune on every back end: it runs once, is remembered, is used, and leaves nothing."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from kit.domain.wire.run import RunReport
from tests.browser.conftest import Launch, ask, open_harness
from tests.browser.server import Site
from tests.chromium import SOFTWARE_GPUS

pytestmark = pytest.mark.browser

RENDERERS = {"direct-webgl": "llvmpipe", "direct-webgpu": "swiftshader", "direct-wasm": "llvmpipe"}
OTHER = {
    "direct-webgl": "mrt2,split16,floats",
    "direct-webgpu": "buffer-2x1-each-s4,weights=float32",
    "direct-wasm": "int8w,threads=1",
}


@pytest.fixture(params=RENDERERS)
def tuning_page(request: pytest.FixtureRequest, launch: Launch, site: Site) -> Iterator[tuple[Page, str]]:
    """A page, and the mode that is tried in it."""
    page = open_harness(launch(*SOFTWARE_GPUS[RENDERERS[request.param]]), site.url)
    if request.param == "direct-webgpu" and ask(page, "return await kit.webgpu.missing();"):
        page.context.close()
        pytest.skip("no WebGPU in this Chromium")
    yield page, request.param
    page.context.close()


# `trial` prepares a runner and says what that took; objects are those of WebGL, of WebGPU, and memories of WebAssembly.
TRIAL = """
  const bundle = await kit.bundles.downloadBundle(await help.modelAt('flowers-tiny'));
  const webgl = kit.webgl.countCalls(), webgpu = window.GPUDevice ? kit.webgpu.countObjects() : null;
  let memories = 0; const Own = WebAssembly.Memory;
  WebAssembly.Memory = class extends Own { constructor(...all) { super(...all); memories += 1; } };
  const work = () => (webgl.made.drawArrays ?? 0) + (webgpu?.made.createCommandEncoder ?? 0) + memories;
  const trial = async (tuning) => {
    const before = work();
    const runner = await kit.runners[argument].create({ bundle, variant: { tuning } });
    await runner.compile();
    const { chosen, tuning: found } = runner.session.variant, worked = work() - before;
    runner.draw(kit.goldenCheck.goldenFrame(bundle)); await runner.close();
    const { objects } = runner.session.memory(), alive = webgl.alive + (webgpu?.alive.size ?? 0);
    runner.dispose();
    const left = webgl.alive + (webgpu?.alive.size ?? 0) + runner.session.memory().objects;
    return { chosen, found, worked, uncounted: alive - objects, left };
  };
  const stored = () => JSON.parse(localStorage.getItem('fieldkit.tunings'));"""


def trials(page: tuple[Page, str], script: str) -> Any:
    return ask(page[0], TRIAL + script, page[1])


def test_it_runs_once_and_is_remembered(tuning_page: tuple[Page, str]) -> None:
    script = "return [await trial('autotune'), await trial('autotune'), Object.values(stored()), await trial('usual')];"
    first, second, stored, usual = trials(tuning_page, script)
    assert [one["chosen"] for one in (first, second, usual)] == ["tuned", "remembered", "usual"]
    assert first["worked"] > second["worked"] == usual["worked"]
    assert second["found"] == first["found"]
    assert len(stored) == 1
    assert stored[0].startswith(first["found"])
    assert [one["left"] for one in (first, second, usual)] == [0, 0, 0]
    assert first["uncounted"] == second["uncounted"]  # the trials left nothing behind


def test_what_is_remembered_is_used(tuning_page: tuple[Page, str]) -> None:
    script = f"""await trial('autotune');
      const [key] = Object.keys(stored());
      localStorage.setItem('fieldkit.tunings', JSON.stringify({{ [key]: '{OTHER[tuning_page[1]]}' }}));
      return [key, await trial('autotune')];"""
    key, again = trials(tuning_page, script)
    assert again["chosen"] == "remembered"
    assert OTHER[tuning_page[1]].startswith(again["found"])
    assert "Chrome/" in key
    assert tuning_page[1].removeprefix("direct-") in key


@pytest.mark.parametrize("kept", ["no JSON", "[3]", '{"KEY": "nonsense"}', '{"KEY": 3}', "null", "refused"])
def test_a_memory_that_is_broken_is_ignored(llvmpipe_page: Page, kept: str) -> None:
    script = f"""await trial('autotune');
      const [key] = Object.keys(stored());
      localStorage.setItem('fieldkit.tunings', '{kept}'.replace('"KEY"', JSON.stringify(key)));
      if ('{kept}' === 'refused')
        Storage.prototype.getItem = Storage.prototype.setItem = () => {{ throw new Error('refused'); }};
      return await trial('autotune');"""
    assert trials((llvmpipe_page, "direct-wasm"), script)["chosen"] == "tuned"


def test_software_gpus_are_not_tuned_unless_asked(llvmpipe_page: Page) -> None:
    script = "return [await trial(null), stored()];"
    found, stored = trials((llvmpipe_page, "direct-webgl"), script)
    assert (found["chosen"], found["worked"], stored) == ("usual", 0, None)


def test_the_choice_is_posted_with_the_run_and_can_be_forced(llvmpipe_page: Page) -> None:
    script = """
      const run = async (tuning) => (await help.measure(['direct-webgl'], {}, undefined, {}, { tuning })).runs[0];
      const tuned = await run('autotune');
      return [tuned, await run(tuned.variant.tuning)];"""
    tuned, forced = (RunReport.model_validate(run) for run in ask(llvmpipe_page, script))
    assert [tuned.outcome, forced.outcome] == ["ok", "ok"]
    assert tuned.variant.tuning
    assert tuned.variant.tuning.startswith("mrt")
    assert forced.variant.tuning == tuned.variant.tuning
