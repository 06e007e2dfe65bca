"""What can go wrong while the engine is measured, on every back end: what the run says, which flags it gets, what is left."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page

from kit.domain.flags import flags_for, is_invalid
from kit.domain.wire.run import RunReport
from tests.browser.conftest import Launch, ask, open_harness
from tests.browser.server import Site
from tests.chromium import SOFTWARE_GPUS

pytestmark = pytest.mark.browser

RENDERERS = {"direct-webgl": "llvmpipe", "direct-webgpu": "swiftshader", "direct-wasm": "llvmpipe"}
MODES = tuple(RENDERERS)


@pytest.fixture
def mode(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def tried(mode: str, launch: Launch, site: Site) -> Iterator[Page]:
    """A fresh page in which the mode can run."""
    page = open_harness(launch(*SOFTWARE_GPUS[RENDERERS[mode]]), site.url)
    if mode == "direct-webgpu" and ask(page, "return await kit.webgpu.missing();"):
        page.context.close()
        pytest.skip("no WebGPU in this Chromium")
    yield page
    page.context.close()


def runs(page: Page, mode: str, script: str) -> list[RunReport]:
    """The reports that a script gives, as the server would take them; afterwards no runner is alive."""
    found = ask(page, script, mode)
    assert ask(page, "kit.pool.disposeRunners(); return kit.pool.aliveRunners();") == 0
    return [RunReport.model_validate(run) for run in found]


def codes(run: RunReport) -> set[str]:
    return {flag.code for flag in flags_for(run, None)}


SPOILED = {
    "direct-webgl": "kit.webgl.spoilShaders((source) => source.replace('vec4 activate(', 'vec4 activate_it('));",
    "direct-webgpu": """
      const create = GPUDevice.prototype.createShaderModule;
      GPUDevice.prototype.createShaderModule = function (given) {
        return create.call(this, { ...given, code: given.code.replaceAll('textureLoad(', 'activate_it(') });
      };""",
}


@pytest.mark.parametrize("mode", SPOILED, indirect=True)
def test_a_shader_that_does_not_compile_is_named_with_its_line(tried: Page, mode: str) -> None:
    (run,) = runs(tried, mode, SPOILED[mode] + "return (await help.measure([argument])).runs;")
    assert run.outcome == "failed"
    assert run.reason
    assert "did not compile" in run.reason
    assert "line " in run.reason
    assert "activate" in run.reason


# What is asked for is within every limit, and more than there is; WebAssembly throws what browsers throw.
TOO_LITTLE_MEMORY = {
    "direct-webgl": """
      const own = WebGL2RenderingContext.prototype.texStorage3D;
      WebGL2RenderingContext.prototype.texStorage3D = function (target, levels, format) {
        return own.call(this, target, levels, format, 8192, 8192, 64);
      };""",
    "direct-webgpu": """
      const own = GPUDevice.prototype.createTexture;
      GPUDevice.prototype.createTexture = function (given) {
        const usage = GPUTextureUsage.TEXTURE_BINDING | GPUTextureUsage.COPY_DST;
        return own.call(this, given.label === 'source' ? { ...given, size: [8192, 8192, 256], usage } : given);
      };""",
    "direct-wasm": """
      WebAssembly.Memory = class {
        constructor() { throw new RangeError('WebAssembly.Memory(): could not allocate memory'); }
      };""",
}


@pytest.mark.parametrize("mode", MODES, indirect=True)
def test_too_little_memory_is_said_to_be_that(tried: Page, mode: str) -> None:
    (run,) = runs(tried, mode, TOO_LITTLE_MEMORY[mode] + "return (await help.measure([argument])).runs;")
    assert run.outcome == "failed"
    assert run.reason
    assert "memory" in run.reason


# `lose` takes the device away with the second frame of the capability window; the condition is measured again then.
LOSSES = {
    "direct-webgl": """
      const open = HTMLCanvasElement.prototype.getContext;
      let gl = null;
      HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
        const made = open.call(this, kind, ...rest);
        if (kind === 'webgl2') gl = made;
        return made;
      };
      const lose = () => gl.getExtension('WEBGL_lose_context').loseContext();""",
    "direct-webgpu": """
      const devices = kit.webgpu.keepDevices();
      const lose = () => devices.at(-1).destroy();""",
}
MEASURE_TWICE = """
  let words = 0;
  const interfere = (event) => { if (event.phase === 'capability' && ++words === 2) lose(); };
  return (await help.measure([argument, argument], {capability_s: 5, block_max_s: 60}, interfere)).runs;"""


@pytest.mark.parametrize("mode", LOSSES, indirect=True)
def test_a_device_that_is_lost_ends_one_run(tried: Page, mode: str) -> None:
    lost, after = runs(tried, mode, LOSSES[mode] + MEASURE_TWICE)
    assert lost.outcome == "failed"
    assert "lost" in (lost.reason or "")
    assert "context_lost" in codes(lost)
    assert (after.outcome, after.golden and after.golden.status) == ("ok", "pass")


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["direct-wasm"], indirect=True)
def test_a_thread_that_dies_ends_one_run(tried: Page, mode: str) -> None:
    """The page's own thread waits for half a minute before it is sure."""
    kill = """
      const made = [], Own = window.Worker;
      window.Worker = class extends Own { constructor(...all) { super(...all); made.push(this); } };
      const lose = () => made[0].terminate();"""
    lost, after = runs(tried, mode, kill + MEASURE_TWICE.replace("capability_s: 5", "capability_s: 8"))
    assert (lost.outcome, "thread" in (lost.reason or "")) == ("failed", True)
    assert "context_lost" in codes(lost)
    assert after.outcome == "ok"


HIDE = """
  let hidden = false;
  Object.defineProperty(document, 'hidden', { get: () => hidden });
  const turn = (now) => { hidden = now; document.dispatchEvent(new Event('visibilitychange')); };"""


@pytest.mark.parametrize("mode", MODES, indirect=True)
def test_a_tab_that_was_hidden_meanwhile_is_flagged(tried: Page, mode: str) -> None:
    script = """
      let words = 0;
      const away = (event) => {
        if (event.phase === 'capability' && ++words === 1) { turn(true); setTimeout(() => turn(false), 100); }
      };
      return (await help.measure([argument], {}, away)).runs;"""
    (run,) = runs(tried, mode, HIDE + script)
    assert run.outcome == "ok"
    assert [event.type for event in run.events if event.type in {"hidden", "shown"}] == ["hidden", "shown"]
    assert "hidden" in codes(run)
    assert is_invalid(flags_for(run, None))


@pytest.mark.parametrize("mode", MODES, indirect=True)
def test_a_tab_that_stays_hidden_posts_what_there_is(tried: Page, mode: str) -> None:
    """A hidden tab gets no animation frames."""
    script = """
      const away = (event) => {
        if (event.phase !== 'displayed' || document.hidden) return;
        window.requestAnimationFrame = () => 0;
        turn(true);
      };
      return (await help.measure([argument], {block_max_s: 1.5}, away)).runs;"""
    (run,) = runs(tried, mode, HIDE + script)
    assert (run.outcome, run.reason) == ("stopped", "The tab was hidden.")
    assert run.capability
    assert run.capability.k


def in_flight(page: Page, mode: str) -> dict[str, Any]:
    script = """
      const factory = kit.runners[argument], seen = { drawn: 0, most: 0, open: 0 };
      const watched = async (options) => {
        const runner = await factory.create(options), { draw, close } = runner;
        runner.draw = (frame) => { seen.drawn += 1; seen.most = Math.max(seen.most, ++seen.open); return draw(frame); };
        runner.close = () => close().then(() => { seen.open = Math.max(0, seen.open - 1); });
        return runner;
      };
      const more = { registry: { [argument]: { ...factory, create: watched } } };
      const { runs } = await help.measure([argument], {}, undefined, more);
      return { ...seen, outcome: runs[0].outcome, depth: runs[0].environment.in_flight };"""
    return dict(ask(page, script, mode))


@pytest.mark.parametrize("mode", MODES, indirect=True)
def test_at_most_one_frame_is_queued_ahead(tried: Page, mode: str) -> None:
    found = in_flight(tried, mode)
    most = 1 if mode == "direct-wasm" else 2  # the one that is painted, and one behind it
    assert (found["outcome"], found["depth"], found["most"]) == ("ok", most, most)
    assert found["drawn"] > 10
