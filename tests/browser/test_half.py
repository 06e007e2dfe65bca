"""Half precision is kept where the golden output is right in it, and left for float32 where it is not."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page

from kit.domain.wire.run import RunReport
from kit.models.network import Network
from kit.models.reference import run_network
from tests.browser.conftest import Launch, ask, open_harness
from tests.browser.server import Site
from tests.browser.test_direct_webgpu import sent
from tests.chromium import SOFTWARE_GPUS
from tests.models.exporting.networks import Maker, picture

pytestmark = pytest.mark.browser


def network(largest: float) -> Network:
    """Its output is near its input, whatever is in between: ``largest`` times as much, in one value of its own."""
    maker = Maker((8, 12, 3))
    for name, factor in (("up", largest), ("down", 1 / largest)):
        lists = {"scale": (factor, factor / 10), "shift": (0.0, 0.1 / largest)}
        tensors = {key: maker.tensor(f"{name}-{key}", 3, middle=m, spread=s) for key, (m, s) in lists.items()}
        maker.add("affine", name, **tensors)
    return maker.network()


FITS, OVERFLOWS = network(1.5), network(3e5)  # halves end at 65,504
BACK_ENDS = {"webgl": "llvmpipe", "webgpu": "swiftshader"}
KEPT = {"webgl": "mrt4,split0,floats", "webgpu": "texture-2x1-each-s1,weights=float32"}


@pytest.fixture(scope="module", params=BACK_ENDS)
def device(request: pytest.FixtureRequest, launch: Launch, site: Site) -> Iterator[tuple[Page, str]]:
    """A page, and the back end that is tried in it."""
    page = open_harness(launch(*SOFTWARE_GPUS[BACK_ENDS[request.param]]), site.url)
    if request.param == "webgpu" and ask(page, "return await kit.webgpu.missing();"):
        page.context.close()
        pytest.skip("no WebGPU in this Chromium")
    yield page, request.param
    page.context.close()


def prepared(device: tuple[Page, str], network: Network, **options: Any) -> tuple[dict[str, Any], float]:
    """The variant of a prepared session with a golden output, and the largest error of what it computes."""
    page, back_end = device
    values = picture(network)
    expected = run_network(network, values)
    script = """
      const golden = { input: Float32Array.from(argument.input), output: Float32Array.from(argument.output) };
      const open = argument.webgl ? (options) => kit.webgl.sessionOf(kit.webgl.modelOf(argument.sent), options)
        : (options) => kit.webgpu.sessionOf(argument.sent, options);
      const memory = { read: () => argument.options.kept ?? null, write: (key, text) => { memory.wrote = text; } };
      const session = await open({ golden, memory, ...argument.options });
      const made = await session.compute(golden.input);
      const { objects } = session.memory();
      session.destroy();
      const found = { ...session.variant, wrote: memory.wrote ?? null, objects, left: session.memory().objects };
      return [found, Array.from(made)];"""
    given = {"sent": sent(network), "webgl": back_end == "webgl", "options": options}
    found, made = ask(
        page, script, given | {"input": values.ravel().tolist(), "output": expected.ravel().tolist()}
    )
    assert found["left"] == 0
    return found, float(np.abs(np.array(made, np.float64) - expected.ravel()).max())


def test_it_stays_where_it_is_right(device: tuple[Page, str]) -> None:
    found, error = prepared(device, FITS, precision="float16")
    assert (found["precision"], "half" in found["tuning"]) == ("float16", False)
    assert 1e-6 < error < 1e-2  # and it was not float32 by mistake


def test_float32_is_taken_where_values_overflow(device: tuple[Page, str]) -> None:
    found, error = prepared(device, OVERFLOWS, precision="float16")
    plain, _ = prepared(device, OVERFLOWS, precision="float32")
    assert (found["precision"], error < 1e-5) == ("float32", True)
    assert found["tuning"].split(",")[-1] == "half=wrong"
    assert found["objects"] == plain["objects"]  # nothing of the refused one is left


def test_a_choice_of_the_autotune_is_checked_and_remembered(device: tuple[Page, str]) -> None:
    kept = f"{KEPT[device[1]]},half=yes"
    right, _ = prepared(device, FITS, autotune="always", kept=kept)
    wrong, error = prepared(device, OVERFLOWS, autotune="always", kept=kept)
    assert (right["precision"], right["wrote"]) == ("float16", None)
    assert (wrong["precision"], wrong["wrote"], error < 1e-5) == (
        "float32",
        f"{KEPT[device[1]]},half=wrong",
        True,
    )


def test_a_device_with_nothing_else_keeps_it(device: tuple[Page, str]) -> None:
    if device[1] == "webgpu":
        pytest.skip("every WebGPU device has float32")
    found, _ = prepared(device, FITS, limits={"float32": False})
    assert (found["precision"], found["tuning"]) == ("float16", "mrt8,split0,int8")


def test_a_wish_for_it_is_kept_and_its_wrong_picture_is_the_outcome(llvmpipe_page: Page) -> None:
    script = """
      const model = (await help.modelAt('test-blocks')).ref, bundle = help.withSlope(await help.blocks(), 0.9);
      const more = { bundles: new Map([[model.sha256, bundle]]) };
      return (await help.measure(['direct-webgl'], {}, undefined, more, { precision: 'float16' })).runs[0];"""
    run = RunReport.model_validate(ask(llvmpipe_page, script))
    assert (run.outcome, run.variant.precision) == ("wrong_output", "float16")
    assert "half precision" in (run.reason or "")
