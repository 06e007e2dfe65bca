"""The engine on WebGL2 in Chromium on two software GPUs: every operator against NumPy, right pictures, and what can go wrong."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page

from kit.models.manifest import Preprocess
from kit.models.network import Network
from kit.models.preparing import steps_for
from kit.models.reference import preprocess, run_network
from tests.browser.conftest import Launch, ask, open_harness
from tests.browser.server import Site
from tests.chromium import SOFTWARE_GPUS
from tests.models.exporting.networks import ACTIVATIONS, Maker, all_cases, every_operator, picture, uneven

pytestmark = pytest.mark.browser

Steps = tuple[Preprocess, ...]


def many_parts() -> Network:
    """A convolution of more values than a shader can read at once, with odd numbers of channels."""
    maker = Maker()
    for i in range(17):
        lists = {"scale": maker.tensor(f"scale-{i}", 3), "shift": maker.tensor(f"shift-{i}", 3)}
        maker.add("affine", f"part-{i}", ("input",), **lists)
    maker.add("concat", "some", tuple(f"part-{i}" for i in range(9)), axis=-1)
    maker.add("concat", "joined", ("some", *(f"part-{i}" for i in range(9, 17))), axis=-1)
    maker.convolve("conv2d", "conv", 5)
    return maker.network()


def hourglass() -> Network:
    """Down to one place and up again, with a skip connection: every shape of the work of one fragment."""
    maker = Maker((32, 48, 1))
    maker.convolve("conv2d", "wide", 13, kernel=(4, 4), strides=(2, 2), activation=ACTIVATIONS["leaky_relu"])
    maker.convolve("conv2d", "narrow", 150, kernel=(4, 4), strides=(8, 8), activation=ACTIVATIONS["relu"])
    maker.convolve("conv2d", "few", 40, kernel=(2, 3), strides=(2, 3))
    maker.convolve("conv2d_transpose", "many", 9, kernel=(4, 4), strides=(2, 2))
    maker.add("resize", "sized", method="nearest", coordinates="asymmetric", size=(16, 24))
    maker.add("concat", "skip", ("wide", "sized"), axis=-1)
    maker.convolve("conv2d_transpose", "up", 3, kernel=(4, 4), strides=(2, 2), activation=ACTIVATIONS["tanh"])
    return maker.network()


def depthwise_of_two() -> Network:
    """What no shader reads from two textures: a depthwise convolution of joined channels, two for each."""
    maker = Maker()
    maker.convolve("conv2d", "first", 5)
    maker.add("concat", "joined", ("first", "input"), axis=-1)
    maker.convolve("depthwise_conv2d", "deep", 2, activation=ACTIVATIONS["swish"])
    return maker.network()


CASES = {
    **all_cases(),
    **uneven(),
    "many-parts": many_parts(),
    "hourglass": hourglass(),
    "depthwise-of-two": depthwise_of_two(),
}
SOME = ("hourglass", "every-operator", "concat", "conv2d_transpose-uneven-same", "instance_norm-11")
SMALL = {"limits": {"attachments": 4, "textureSize": 256}}
WAYS: dict[str, dict[str, Any]] = {
    "one-pixel": {"tuning": "mrt1"},
    "four-attachments": {"limits": {"attachments": 4}},
    "small-textures": {"limits": {"textureSize": 160}},
    "split-sums": {"tuning": "mrt8,split1,floats"},
    "split-sums-in-small-textures": {"tuning": "mrt4,split3", **SMALL},
    "values-kept-apart": {"keepValues": True},
}


@pytest.fixture(scope="module", params=SOFTWARE_GPUS)
def both(request: pytest.FixtureRequest, launch: Launch, site: Site) -> Iterator[Page]:
    """One page and one context for many networks, on each software GPU."""
    page = open_harness(launch(*SOFTWARE_GPUS[request.param]), site.url)
    yield page
    page.context.close()


@pytest.fixture(scope="module")
def llvmpipe(launch: Launch, site: Site) -> Iterator[Page]:
    """The same on the quicker of the two."""
    page = open_harness(launch(*SOFTWARE_GPUS["llvmpipe"]), site.url)
    yield page
    page.context.close()


def sent(network: Network, steps: Steps = ()) -> dict[str, Any]:
    """A network as the harness takes it, without a bundle's files."""
    port = {"range": [-1, 1]}
    return {
        "manifest": {
            "input": {"name": network.input, "shape": list(network.input_shape), **port},
            "output": {"name": network.output, "shape": list(network.output_shape), **port},
            "preprocessing": [step.model_dump(mode="json", by_alias=True) for step in steps],
            "graph": [node.model_dump(mode="json", by_alias=True) for node in network.nodes],
        },
        "tensors": {
            name: {"shape": list(values.shape), "values": values.ravel().tolist()}
            for name, values in network.tensors.items()
        },
    }


def compute(page: Page, network: Network, **options: Any) -> np.ndarray:
    """What the device makes of the test picture; no object and no complaint may be left."""
    script = "return await kit.webgl.computed(argument.sent, argument.input, argument.options);"
    given = {"sent": sent(network), "input": picture(network).ravel().tolist(), "options": options}
    found = ask(page, script, given)
    assert (found["left"], found["error"]) == (0, 0)
    return np.reshape(np.array(found["made"], np.float32), network.output_shape)


def assert_right(page: Page, case: str, **options: Any) -> None:
    expected = run_network(CASES[case], picture(CASES[case]))
    np.testing.assert_allclose(compute(page, CASES[case], **options), expected, rtol=5e-5, atol=5e-5)


@pytest.mark.parametrize("case", CASES)
def test_operators_give_what_numpy_gives(llvmpipe: Page, case: str) -> None:
    assert_right(llvmpipe, case)


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("case", SOME)
def test_small_devices_and_other_choices_change_no_number(both: Page, case: str, way: str) -> None:
    assert_right(both, case, **WAYS[way])


@pytest.mark.parametrize("limits", [{}, {"float32": False}])
def test_values_in_half_precision(both: Page, limits: dict[str, bool]) -> None:
    expected = run_network(CASES["hourglass"], picture(CASES["hourglass"]))
    options = {"limits": limits} if limits else {"precision": "float16"}
    difference = np.abs(compute(both, CASES["hourglass"], **options) - expected).mean()
    assert 1e-6 < difference < 2e-3  # and it was not float32 by mistake


def test_what_a_device_does_not_have_is_refused_by_name(llvmpipe: Page) -> None:
    script = """
      const { failing, modelOf, sessionOf } = kit.webgl;
      const of = (options) => failing(sessionOf(modelOf(argument), options));
      return [await of({ limits: { float32: false, float16: false } }), await of({ tuning: 'mrt3' }),
        await of({ limits: { float32: false }, precision: 'float32' }), await of({ limits: { textureSize: 8 } })];"""
    found = ask(llvmpipe, script, sent(every_operator()))
    assert [one["fault"] for one in found] == ["limit", "unsupported", "limit", "limit"]
    says = ["float textures", "mrt3", "half floats", "textures of 8 x 8"]
    assert [part in one["message"] for part, one in zip(says, found, strict=True)] == [True] * 4


def plain(shape: tuple[int, int, int]) -> Network:
    maker = Maker(shape)
    maker.convolve("conv2d", "conv", 3, 1)
    return maker.network()


@pytest.mark.parametrize("shape", [(256, 256, 3), (40, 300, 1), (300, 20, 3), (64, 256, 4), (100, 256, 1)])
def test_preprocessing_gives_what_numpy_gives(both: Page, shape: tuple[int, int, int]) -> None:
    steps = steps_for(shape, (-1, 1))
    rgb = np.random.default_rng(5).integers(0, 256, (256, 256, 3), np.uint8)
    script = """
      const session = await kit.webgl.sessionOf(kit.webgl.modelOf(argument.sent));
      const frame = kit.frames.frameFromRgb(Uint8Array.from(argument.rgb), 256, 256);
      const made = await session.prepared(frame);
      session.destroy();
      return Array.from(made);"""
    made = ask(both, script, {"sent": sent(plain(shape), steps), "rgb": rgb.ravel().tolist()})
    np.testing.assert_allclose(np.reshape(made, shape), preprocess(steps, rgb), atol=1e-5)


@pytest.mark.parametrize("bundle", ["test-blocks", "flowers-tiny", "flowers-small"])
def test_the_golden_picture_is_shown(both: Page, bundle: str) -> None:
    script = """
      const bundle = await kit.bundles.downloadBundle(await help.modelAt(argument));
      return await help.golden('direct-webgl', bundle);"""
    golden = ask(both, script, bundle)
    assert golden["status"] == "pass"
    assert golden["max_abs_error"] < 0.006  # half an 8-bit level is 0.004


def test_a_wrong_slope_fails(llvmpipe: Page) -> None:
    script = "return await help.golden('direct-webgl', help.withSlope(await help.blocks(), 0.2));"
    assert ask(llvmpipe, script)["status"] == "fail"


BLOCKS = """
  const { createWebglSession, failing } = kit.webgl, bundle = await help.blocks();
  const frame = kit.goldenCheck.goldenFrame(bundle), canvas = document.createElement('canvas');
  const open = (options) => createWebglSession(bundle, canvas, options ?? {});
  const turns = async (count) => { for (let i = 0; i < count; i++) await kit.clock.nextTask(); };
"""


def test_a_run_says_how_it_ran(llvmpipe: Page) -> None:
    script = f"""{BLOCKS}
      const runner = await kit.runners['direct-webgl'].create({{ bundle, variant: {{ tuning: 'mrt4,floats' }} }});
      const first = await runner.compile() > 0, second = await runner.compile();
      runner.draw(frame); await runner.close();
      const seen = {{ first, second, alive: runner.alive(), variant: runner.variant, textures: runner.memory().textures > 30 }};
      runner.dispose();
      return [seen, runner.alive(), runner.memory(), runner.renderer()];"""
    seen, alive, memory, renderer = ask(llvmpipe, script)
    tuning = "mrt4,split0,floats,weights=float32"
    variant = {"threads": None, "precision": "float32", "tuning": tuning}
    library = seen["variant"].pop("library")
    assert seen == {"first": True, "second": 0, "alive": True, "variant": variant, "textures": True}
    assert library.startswith("fieldkit-engine ")
    assert (alive, memory, renderer) == (False, {"tensors": 0, "textures": 0, "bytes": 0}, None)


FRAME = {
    "isContextLost",
    "bindFramebuffer",
    "useProgram",
    "viewport",
    "bindTexture",
    "activeTexture",
    "drawArrays",
    "uniform4iv",
}


def test_frames_only_draw_and_nothing_is_left(page: Page) -> None:
    script = f"""{BLOCKS}
      const calls = kit.webgl.countCalls(), session = await open();
      await session.prepare();
      session.draw(frame); await session.finished();
      const alive = calls.alive, {{ objects }} = session.memory();
      calls.made = {{}};
      for (let i = 0; i < 10; i++) session.draw(frame);
      const made = Object.assign({{}}, calls.made);
      await session.finished();
      const grown = calls.alive - alive;
      session.destroy(); session.destroy();
      return [made, grown, alive - objects, calls.alive, session.memory(), session.alive()];"""
    made, grown, uncounted, left, memory, alive = ask(page, script)
    assert set(made) == FRAME | {"texSubImage2D"}
    assert sum(made.values()) / 10 < 200
    assert (made["drawArrays"], made["texSubImage2D"]) == (210, 10)
    assert (grown, uncounted, left, alive) == (0, 0, 0, False)
    assert memory == {"objects": 0, "textures": 0, "bytes": 0}


def test_a_session_that_is_destroyed_while_it_prepares_leaves_nothing(llvmpipe_page: Page) -> None:
    script = f"""{BLOCKS}
      const calls = kit.webgl.countCalls();
      const gl = new OffscreenCanvas(1, 1).getContext('webgl2');
      const session = await createWebglSession(bundle, {{ gl }});
      const prepared = failing(session.prepare());
      session.destroy();
      return [(await prepared).fault, calls.alive, gl.getError()];"""
    assert ask(llvmpipe_page, script) == ["lost", 0, 0]


def test_the_same_picture_from_every_kind_of_source(llvmpipe: Page) -> None:
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
    assert ask(llvmpipe, script) == [True] * 4


def test_a_context_that_is_lost_is_said_to_be_and_can_be_prepared_again(page: Page) -> None:
    script = f"""{BLOCKS}
      const session = await open(), events = []; await session.prepare();
      session.listen((event) => events.push(event));
      const expected = (await session.compute(bundle.golden.input)).join();
      const loss = canvas.getContext('webgl2').getExtension('WEBGL_lose_context');
      const closing = failing(session.finished());
      loss.loseContext();
      const faults = [await closing, await failing(session.finished()), await failing(session.prepare())];
      const drawing = await failing((async () => session.draw(frame))());
      await new Promise((resolve) => setTimeout(resolve, 50));
      const gone = [session.alive(), session.renderer(), session.memory().objects, drawing.fault];
      const restored = new Promise((resolve) => session.listen(resolve));
      loss.restoreContext();
      await restored;
      await session.prepare();
      const again = (await session.compute(bundle.golden.input)).join() === expected;
      session.draw(frame); await session.finished();
      const alive = session.alive();
      session.destroy();
      return {{ faults: faults.map(({{ fault }}) => fault), gone, events, again, alive }};"""
    found = ask(page, script)
    assert found["faults"] == ["lost"] * 3
    assert found["gone"] == [False, None, 0, "lost"]
    assert found["events"] == ["context_lost", "context_restored"]
    assert (found["again"], found["alive"]) == (True, True)


def test_a_shader_that_does_not_compile_names_its_line(page: Page) -> None:
    script = f"""{BLOCKS}
      const calls = kit.webgl.countCalls();
      kit.webgl.spoilShaders((source) => source.replace('vec4 activate(', 'vec4 activate_it('));
      const session = await open(), found = await failing(session.prepare());
      const left = [calls.alive, session.memory().objects];
      session.destroy();
      return [found, left];"""
    found, left = ask(page, script)
    assert found["fault"] == "compile"
    assert "down1" in found["message"]
    assert found["complaints"][0]["line"] > 5
    assert "activate" in found["complaints"][0]["text"]
    assert left == [0, 0]


def test_too_little_memory_is_said_to_be_that(page: Page) -> None:
    """One value of 2 GB, the largest that a bundle may have; drivers refuse such textures without trying."""
    maker = Maker((256, 256, 1))
    maker.add("resize", "huge", method="nearest", coordinates="asymmetric", size=(8192, 8192))
    maker.add("mean", "mean")
    script = """
      const { failing, modelOf, sessionOf } = kit.webgl;
      return await failing(sessionOf(modelOf(argument)));"""
    found = ask(page, script, sent(maker.network(), steps_for((256, 256, 1), (-1, 1))))
    assert found["fault"] == "memory"
    assert "smaller model" in found["message"]


def test_what_is_not_a_number_does_not_look_right(llvmpipe: Page) -> None:
    maker = Maker((256, 256, 3))
    maker.add("neg", "negative")
    maker.add("square", "square")
    maker.add("neg", "below-zero")
    maker.add("sqrt", "root")
    script = """
      const canvas = document.createElement('canvas');
      const session = await kit.webgl.sessionOf(kit.webgl.modelOf(argument), {}, canvas);
      session.draw({ width: 256, height: 256, data: new Uint8ClampedArray(256 * 256 * 4).fill(255) });
      const shown = Array.from(session.readPicture().slice(0, 4));
      session.destroy();
      return shown;"""
    shown = ask(llvmpipe, script, sent(maker.network(), steps_for((256, 256, 3), (-1, 1))))
    assert shown == [255, 0, 255, 255]


def test_what_was_kept_can_be_read_and_timed(both: Page) -> None:
    script = f"""{BLOCKS}
      const session = await open({{ keepValues: true }}); await session.prepare();
      const output = await session.compute(bundle.golden.input);
      const read = await session.readValue(session.plan.output.name);
      const times = await session.profile(frame);
      const wrong = await failing(session.readValue('nothing'));
      session.destroy();
      return [output.join() === read.join(), times.map(({{ name }}) => name), session.plan.steps.map(({{ name }}) => name), wrong.fault];"""
    same, timed, steps, fault = ask(both, script)
    assert same
    assert timed == ["preprocessing", *steps, "display"]
    assert fault == "unsupported"
