"""Every operator in a real browser: as floats against NumPy, and as pictures on the screen in both modes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page

from kit.models.assemble import Label, golden_input, publish_network
from kit.models.manifest import Preprocess, Scale
from kit.models.network import Network
from kit.models.preparing import steps_for
from kit.models.reference import run_network
from tests.browser.conftest import Launch, ask, open_harness
from tests.browser.server import Site
from tests.chromium import SOFTWARE_GPUS
from tests.models.exporting.networks import ACTIVATIONS, Maker, all_cases, every_operator

pytestmark = pytest.mark.browser

MODES = ("tfjs-pixels", "tfjs-webgl")
Steps = tuple[Preprocess, ...]
Publish = Callable[..., str]


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("models")


@pytest.fixture(scope="module")
def publish(models: Path) -> Publish:
    """Publishes a network as a bundle and returns its name. The range is that of its own output unless given."""

    def write(name: str, network: Network, steps: Steps | None = None, span: Any = None) -> str:
        steps = steps or steps_for(network.input_shape, (-1, 1))
        made = run_network(network, golden_input(steps))
        span = span or (float(made.min()) - 0.1, float(made.max()) + 0.1)
        label = Label(name, "1.0.0", "Tried", "For a test.")
        publish_network(network, label, models, precision="float32", preprocessing=steps, output_range=span)
        return name

    return write


@pytest.fixture(scope="module")
def tried(launch: Launch, harness: Path, models: Path, publish: Publish) -> Iterator[Page]:
    """One page and, by a runner that stays, one graphics context for all of these tests: each program is compiled once,
    and what one test leaves behind would show in the next.
    """
    name = publish("stays", painter((9, 7, 3), 3, (9, 7)))
    stay = "window.stays = await kit.runners['tfjs-webgl'].create({ bundle: await help.uncached(argument) });"
    with Site({"harness": harness, "models": models}) as site:
        page = open_harness(launch(*SOFTWARE_GPUS["llvmpipe"]), site.url)
        ask(page, stay, name)
        yield page
        page.context.close()


def as_picture(network: Network) -> Network:
    """The same with a last convolution to three channels, which also sees what lies beside the values in textures."""
    maker = Maker(network.output_shape)
    maker.shapes[network.output] = network.output_shape
    maker.last = network.output
    maker.convolve("conv2d", "as-picture", 3, 1, bias=False)
    nodes, tensors = network.nodes + tuple(maker.nodes), network.tensors | maker.tensors
    return replace(network, output="as-picture", nodes=nodes, tensors=tensors)


def blocks() -> Network:
    maker = Maker((5, 3, 1))
    maker.convolve("conv2d", "channels", 27)
    maker.add("depth_to_space", "blocks", block=3)
    return maker.network()


CASES = {name: network for name, network in all_cases().items() if network.input_shape[2] in {1, 3, 4}}
CASES["blocks"] = blocks()


@pytest.mark.parametrize("case", CASES)
def test_operators_give_what_numpy_gives(tried: Page, publish: Publish, case: str) -> None:
    network = as_picture(CASES[case])
    name = publish(case.lower().replace("_", "-"), network)
    made = ask(tried, "return await help.floats(await help.uncached(argument));", name)
    expected = run_network(network, golden_input(steps_for(network.input_shape, (-1, 1))))
    np.testing.assert_allclose(np.reshape(made, expected.shape), expected, rtol=5e-5, atol=5e-5)


def painter(shape: tuple[int, int, int], channels: int, size: tuple[int, int], **activation: Any) -> Network:
    """A little network from an input of ``shape`` to a picture of ``size``."""
    maker = Maker(shape)
    maker.convolve("conv2d", "first", 5, 3, 2, activation=ACTIVATIONS["elu"])
    maker.add("resize", "large", method="bilinear", coordinates="half_pixel", size=size)
    maker.convolve("conv2d", "last", channels, 3, activation=activation or {"type": "linear"})
    return maker.network()


GREY_LATE: Steps = (
    Scale(op="scale", from_=(0, 255), to=(0, 1)),
    *steps_for((40, 300, 1), (0, 255)),
    Scale(op="scale", from_=(0, 1), to=(-2, 1)),
)
PAINTERS: dict[str, tuple[Network, Steps | None, tuple[float, float] | None]] = {
    "every-operator": (every_operator(), None, (-1.0, 1.0)),
    "grey-to-grey": (painter((33, 47, 1), 1, (37, 51), type="sigmoid"), None, (0.0, 1.0)),
    "colours-of-the-same-size": (painter((256, 256, 3), 3, (256, 256), type="tanh"), None, (-1.0, 1.0)),
    "colours-beyond-the-range": (painter((300, 20, 3), 3, (20, 300)), None, (-0.25, 0.5)),
    "four-to-four": (painter((64, 300, 4), 4, (90, 31)), None, None),
    "bytes": (painter((256, 100, 3), 1, (5, 3), type="clip", low=0.0, high=255.0), None, (0.0, 255.0)),
    "grey-behind-a-scale": (painter((40, 300, 1), 3, (64, 64), type="relu6"), GREY_LATE, (0.0, 6.0)),
}


@pytest.mark.parametrize("name", PAINTERS)
def test_pictures_are_right_on_the_screen_in_both_modes(tried: Page, publish: Publish, name: str) -> None:
    network, steps, span = PAINTERS[name]
    bundle = publish(f"shown-{name}", network, steps, span)
    script = """
      const bundle = await help.uncached(argument.bundle), found = [];
      const before = window.stays.memory().tensors;
      for (const mode of argument.modes) found.push(await help.golden(mode, bundle));
      return [found, window.stays.memory().tensors - before];"""
    found, left = ask(tried, script, {"bundle": bundle, "modes": MODES})
    for golden in found:
        assert golden["status"] == "pass"
        assert golden["max_abs_error"] < 0.006  # half an 8-bit level is 0.004
    assert left == 0


def test_models_of_different_sizes_take_turns_on_one_canvas(tried: Page, publish: Publish) -> None:
    names = [
        publish(f"turn-{size}", painter((9, 7, 3), 3, (size, 2 * size), type="tanh"), None, (-1.0, 1.0))
        for size in (16, 40)
    ]
    script = """
      const factory = kit.runners['tfjs-webgl'], alive = [], found = [];
      for (const name of argument) {
        const bundle = await help.uncached(name);
        alive.push([await factory.create({ bundle }), bundle]);
      }
      for (const [runner, bundle] of [...alive, ...alive]) {
        found.push((await kit.goldenCheck.checkGolden(runner, bundle)).status, runner.canvas.width);
      }
      for (const [runner] of alive) runner.dispose();
      return found;"""
    assert ask(tried, script, names) == ["pass", 32, "pass", 80] * 2
