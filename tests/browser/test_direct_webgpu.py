"""The engine on WebGPU in Chromium on SwiftShader: every operator against NumPy, right pictures, and what can go wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page

from kit.models.network import Network
from kit.models.preparing import steps_for
from kit.models.reference import run_network
from tests.browser.conftest import Launch, ask, open_harness
from tests.browser.server import Site
from tests.chromium import SOFTWARE_GPUS
from tests.models.exporting.networks import ACTIVATIONS, Maker, all_cases, every_operator, picture

pytestmark = pytest.mark.browser

TUNINGS = ("texture-4x2-quad-s1", "buffer-2x1-each-s8")


def many_parts() -> Network:
    """A convolution of more values than a device can bind at once, with odd numbers of channels."""
    maker = Maker()
    parts = tuple(maker.add("affine", f"part-{i}", ("input",), **_lists(maker, i)) for i in range(9))
    maker.add("concat", "joined", parts, axis=-1)
    maker.convolve("conv2d", "conv", 5)
    return maker.network()


def _lists(maker: Maker, i: int) -> dict[str, str]:
    return {"scale": maker.tensor(f"scale-{i}", 3), "shift": maker.tensor(f"shift-{i}", 3)}


def hourglass() -> Network:
    """Down to one place and up again, with a skip connection: every way to divide the work."""
    maker = Maker((17, 33, 3))
    maker.convolve("conv2d", "wide", 13, kernel=(4, 4), strides=(2, 2), activation=ACTIVATIONS["leaky_relu"])
    maker.convolve("conv2d", "narrow", 22, kernel=(4, 4), strides=(8, 8), activation=ACTIVATIONS["relu"])
    maker.convolve("conv2d", "few", 40, kernel=(2, 3), strides=(2, 3))
    maker.convolve("conv2d_transpose", "many", 9, kernel=(4, 4), strides=(2, 2))
    maker.add("resize", "sized", method="nearest", coordinates="asymmetric", size=(9, 17))
    maker.add("concat", "skip", ("wide", "sized"), axis=-1)
    maker.convolve("conv2d_transpose", "up", 3, kernel=(4, 4), strides=(2, 2), activation=ACTIVATIONS["tanh"])
    return maker.network()


CASES = {**all_cases(), "many-parts": many_parts(), "hourglass": hourglass()}


@pytest.fixture
def gpu_page(launch: Launch, site: Site) -> Iterator[Page]:
    """A fresh page; tests are skipped where this Chromium has no software WebGPU."""
    page = open_harness(launch(*SOFTWARE_GPUS["swiftshader"]), site.url)
    _need_adapter(page)
    yield page
    page.context.close()


@pytest.fixture(scope="module")
def shared_page(launch: Launch, site: Site) -> Iterator[Page]:
    """One page for the operators, each with devices of its own."""
    page = open_harness(launch(*SOFTWARE_GPUS["swiftshader"]), site.url)
    _need_adapter(page)
    yield page
    page.context.close()


def _need_adapter(page: Page) -> None:
    reason = ask(page, "return await kit.webgpu.missing();")
    if reason:
        page.context.close()
        pytest.skip(f"no WebGPU in this Chromium: {reason}")


def sent(network: Network) -> dict[str, Any]:
    """A network as the harness takes it, without a bundle's files."""
    port = {"range": [-1, 1]}
    steps = steps_for(network.input_shape, (-1, 1)) if network.input_shape[2] in {1, 3, 4} else ()
    return {
        "manifest": {
            "input": {"name": network.input, "shape": list(network.input_shape), **port},
            "output": {"name": network.output, "shape": list(network.output_shape), **port},
            "preprocessing": [step.model_dump(mode="json", by_alias=True) for step in steps],
            "graph": [node.model_dump(mode="json", by_alias=True) for node in network.nodes],
            "precision": "float32",
        },
        "tensors": {
            name: {"shape": list(values.shape), "values": values.ravel().tolist()}
            for name, values in network.tensors.items()
        },
    }


def compute(page: Page, network: Network, *ways: dict[str, str]) -> list[np.ndarray]:
    """What devices make of the test picture, one for each of the session's options; nothing may be left."""
    script = """
      const { sent, input, ways } = argument;
      return await Promise.all(ways.map((options) => kit.webgpu.computed(sent, input, options)));"""
    given = {"sent": sent(network), "input": picture(network).ravel().tolist(), "ways": ways}
    found = ask(page, script, given)
    assert [one["left"] for one in found] == [0] * len(ways)
    return [np.reshape(np.array(one["made"], np.float32), network.output_shape) for one in found]


@pytest.mark.parametrize("case", CASES)
def test_operators_give_what_numpy_gives(shared_page: Page, case: str) -> None:
    network = CASES[case]
    expected = run_network(network, picture(network))
    ways = [{"tuning": tuning} for tuning in TUNINGS]
    for tuning, made in zip(TUNINGS, compute(shared_page, network, *ways), strict=True):
        np.testing.assert_allclose(made, expected, rtol=5e-5, atol=5e-5, err_msg=tuning)


@pytest.mark.parametrize("tuning", TUNINGS)
def test_values_in_half_precision(shared_page: Page, tuning: str) -> None:
    network = CASES["hourglass"]
    expected = run_network(network, picture(network))
    way = {"precision": "float16", "tuning": f"{tuning},weights=float16"}
    (made,) = compute(shared_page, network, way)
    difference = np.abs(made - expected).mean()
    assert 1e-6 < difference < 2e-3  # and it was not float32 by mistake


@pytest.mark.parametrize("bundle", ["test-blocks", "flowers-tiny"])
def test_the_golden_picture_is_shown(gpu_page: Page, bundle: str) -> None:
    script = """
      const bundle = await kit.bundles.downloadBundle(await help.modelAt(argument));
      return await help.golden('direct-webgpu', bundle);"""
    golden = ask(gpu_page, script, bundle)
    assert golden["status"] == "pass"
    assert golden["max_abs_error"] < 0.006  # half an 8-bit level is 0.004


def test_a_wrong_slope_fails(gpu_page: Page) -> None:
    script = "return await help.golden('direct-webgpu', help.withSlope(await help.blocks(), 0.2));"
    assert ask(gpu_page, script)["status"] == "fail"


BLOCKS = """
  const { createWebgpuSession } = kit.webgpu, bundle = await help.blocks();
  const frame = kit.goldenCheck.goldenFrame(bundle), canvas = document.createElement('canvas');
  const open = (options) => createWebgpuSession(bundle, canvas, options ?? {});
  const failing = async (work) => {
    try { await work; return null; } catch (e) { return [e.name, e.fault, e.message, e.complaints]; }
  };"""


def test_preprocessing_gives_what_keras_gave(gpu_page: Page) -> None:
    script = f"""{BLOCKS}
      const session = await open(); await session.prepare();
      const made = await session.prepared(frame);
      session.destroy();
      return Math.max(...made.map((value, i) => Math.abs(value - bundle.golden.input[i])));"""
    assert ask(gpu_page, script) < 2e-3  # the golden input is stored in half precision


def test_no_frame_makes_anything_and_nothing_is_left(gpu_page: Page) -> None:
    script = f"""{BLOCKS}
      const counts = kit.webgpu.countObjects();
      const session = await open(); await session.prepare();
      session.draw(frame); await session.finished();
      const before = {{ ...counts.made }}, alive = counts.alive.size, {{ textures }} = session.memory();
      for (let i = 0; i < 3; i++) session.draw(frame);
      await session.finished();
      const more = Object.entries(counts.made).filter(([name, count]) => count !== before[name]);
      session.destroy(); session.destroy();
      return [more, alive > textures, counts.alive.size, session.memory(), session.alive()];"""
    more, counted, left, memory, alive = ask(gpu_page, script)
    assert more == [["createCommandEncoder", more[0][1]]]
    assert (counted, left, alive) == (True, 0, False)
    assert memory == {"objects": 0, "textures": 0, "bytes": 0}


FRAME = {
    "writeTexture",
    "createCommandEncoder",
    "beginComputePass",
    "beginRenderPass",
    "createView",
    "finish",
    "submit",
}


def test_a_frame_is_one_upload_and_one_command_buffer(gpu_page: Page) -> None:
    """The view is that of the canvas, which has another texture for every picture; nothing is read back."""
    script = f"""{BLOCKS}
      const calls = kit.webgpu.countCalls();
      const session = await open(); await session.prepare();
      session.draw(frame); await session.finished();
      for (const name of Object.keys(calls)) delete calls[name];
      for (let i = 0; i < 5; i++) session.draw(frame);
      const made = {{ ...calls }};
      await session.finished();
      session.destroy();
      return made;"""
    assert ask(gpu_page, script) == dict.fromkeys(FRAME, 5)


PLANTS = {
    "flip": ["let y=i32(at.y);", "let y=255-i32(at.y);"],
    "swap": ["return vec4f(shown.xyz,", "return vec4f(shown.zyx,"],
}


@pytest.mark.parametrize("plant", PLANTS)
def test_planted_errors_fail(gpu_page: Page, plant: str) -> None:
    script = """
      let planted = 0;
      const create = GPUDevice.prototype.createShaderModule;
      GPUDevice.prototype.createShaderModule = function (given) {
        const code = given.code.replace(...argument);
        if (code !== given.code) planted += 1;
        return create.call(this, { ...given, code });
      };
      return [await help.golden('direct-webgpu', await help.blocks()), planted];"""
    golden, planted = ask(gpu_page, script, PLANTS[plant])
    assert planted > 0
    assert golden["status"] == "fail"
    assert golden["max_abs_error"] > 0.02


def test_the_same_picture_from_every_kind_of_source(gpu_page: Page) -> None:
    script = f"""{BLOCKS}
      const session = await open(); await session.prepare();
      const drawn = (source) => {{ session.draw(source); return session.readPicture().join(); }};
      const expected = drawn(frame);
      const drawing = document.createElement('canvas');
      [drawing.width, drawing.height] = [256, 256];
      drawing.getContext('2d').putImageData(new ImageData(frame.data.slice(), 256, 256), 0, 0);
      const found = [drawn(drawing), drawn(await createImageBitmap(drawing))].map((made) => made === expected);
      const small = {{ width: 64, height: 32, data: new Uint8ClampedArray(64 * 32 * 4).fill(255) }};
      const white = {{ width: 256, height: 256, data: new Uint8ClampedArray(256 * 256 * 4).fill(255) }};
      found.push(drawn(small) === drawn(white), drawn(white) !== expected);
      session.destroy();
      return found;"""
    assert ask(gpu_page, script) == [True] * 4


def test_a_device_that_is_lost_is_said_to_be(gpu_page: Page) -> None:
    script = f"""{BLOCKS}
      const devices = kit.webgpu.keepDevices();
      const session = await open(), events = []; await session.prepare();
      session.listen((event) => events.push(event));
      session.draw(frame);
      const finished = failing(session.finished());
      devices[0].destroy();
      const found = [await finished, await failing(session.finished())].map(([name, fault]) => [name, fault]);
      const drawing = await failing((async () => session.draw(frame))());
      const seen = {{ found, drawing: drawing[1], events, alive: session.alive(), renderer: session.renderer() }};
      session.destroy();
      return seen;"""
    lost = ["EngineError", "lost"]
    gone = {"found": [lost, lost], "drawing": "lost", "events": ["device_lost"]}
    assert ask(gpu_page, script) == gone | {"alive": False, "renderer": None}


def test_a_shader_that_does_not_compile_names_its_line(gpu_page: Page) -> None:
    script = f"""{BLOCKS}
      const create = GPUDevice.prototype.createShaderModule;
      GPUDevice.prototype.createShaderModule = function (given) {{
        const wrong = given.label === 'down2' ? given.code.replace('textureLoad', 'textureLode') : given.code;
        return create.call(this, {{ ...given, code: wrong }});
      }};
      const session = await open({{ tuning: 'texture-4x1-each-s1' }});
      const found = await failing(session.prepare());
      session.destroy();
      return [found, session.memory().objects];"""
    (name, fault, message, complaints), left = ask(gpu_page, script)
    assert (name, fault, left) == ("EngineError", "compile", 0)
    assert complaints[0]["line"] > 0
    assert "textureLode" in complaints[0]["text"]
    assert "textureLode" in message


def test_out_of_memory_is_told_before_a_picture(gpu_page: Page) -> None:
    script = f"""{BLOCKS}
      const create = GPUDevice.prototype.createTexture;
      // 64 GiB in one texture: allowed by every limit, and more than there is.
      GPUDevice.prototype.createTexture = function (given) {{
        const big = {{ ...given, size: [8192, 8192, 256], usage: GPUTextureUsage.TEXTURE_BINDING | GPUTextureUsage.COPY_DST }};
        return create.call(this, given.label === 'source' ? big : given);
      }};
      const session = await open();
      const found = await failing(session.prepare());
      session.destroy();
      return [found.slice(0, 2), session.memory().objects];"""
    (name, fault), left = ask(gpu_page, script)
    assert (name, fault, left) == ("EngineError", "memory", 0)


def test_small_limits_put_wide_values_into_buffers(gpu_page: Page) -> None:
    network = CASES["hourglass"]
    ask(gpu_page, "kit.webgpu.limitDevices({ maxTextureDimension2D: 40 });")
    (made,) = compute(gpu_page, network, {})
    np.testing.assert_allclose(made, run_network(network, picture(network)), rtol=5e-5, atol=5e-5)


@pytest.mark.parametrize(
    ("limits", "says"),
    [
        (
            {"maxTextureDimension2D": 40, "maxStorageBufferBindingSize": 4096},
            "this graphics device binds 4096",
        ),
        ({"maxComputeWorkgroupsPerDimension": 1}, "starts 1 workgroups a side"),
    ],
)
def test_what_is_too_large_is_refused_by_name(gpu_page: Page, limits: dict[str, int], says: str) -> None:
    script = """
      kit.webgpu.limitDevices(argument.limits);
      try { await kit.webgpu.sessionOf(argument.sent); } catch (e) { return [e.fault, e.message]; }"""
    fault, message = ask(gpu_page, script, {"limits": limits, "sent": sent(every_operator())})
    assert fault == "limit"
    assert says in message


def test_without_webgpu_it_says_why(llvmpipe_page: Page) -> None:
    script = """
      Object.defineProperty(navigator, 'gpu', { value: undefined });
      return await kit.runners['direct-webgpu'].available();"""
    assert "no WebGPU" in ask(llvmpipe_page, script)["reason"]


def test_without_an_adapter_it_says_why(llvmpipe_page: Page) -> None:
    script = """
      Object.defineProperty(navigator, 'gpu', { value: { requestAdapter: async () => null } });
      return await kit.runners['direct-webgpu'].available();"""
    assert "no graphics adapter" in ask(llvmpipe_page, script)["reason"]


def test_what_was_kept_can_be_read_and_timed(gpu_page: Page) -> None:
    script = f"""{BLOCKS}
      const session = await open({{ keepValues: true }}); await session.prepare();
      const output = await session.compute(bundle.golden.input);
      const read = await session.readValue(session.plan.output.name);
      const times = await session.profile(frame);
      session.destroy();
      return [output.join() === read.join(), times.map(({{ name }}) => name), session.plan.steps.map(({{ name }}) => name)];"""
    same, timed, steps = ask(gpu_page, script)
    assert same
    assert timed == ["preparing", *steps]
