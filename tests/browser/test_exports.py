"""Exported TensorFlow.js models, loaded by TensorFlow.js as npm gives it, against NumPy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Page

from kit.models.catalog import BUNDLED
from kit.models.errors import BundleError
from kit.models.exporting.notes import Notes
from kit.models.exporting.tfjs_graph import write_tfjs_graph
from kit.models.exporting.tfjs_layers import write_tfjs_layers
from kit.models.loaded import load_network
from kit.models.network import Network
from kit.models.reference import run_network
from tests.browser.conftest import ROOT, Launch
from tests.browser.server import Site
from tests.chromium import SOFTWARE_GPUS
from tests.models.exporting.networks import NO_LAYER, all_cases, picture

pytestmark = pytest.mark.browser
PARTS = ("tf-core", "tf-backend-cpu", "tf-backend-webgl", "tf-converter", "tf-layers")
PAGE = "".join(
    f'<script src="/npm/{part.replace("tf-", "tfjs-", 1)}/dist/{part}.min.js"></script>' for part in PARTS
)
RUN = """async ({ url, format, backend, shape, values }) => {
    await tf.setBackend(backend);
    const model = await (format === "graph" ? tf.loadGraphModel(url) : tf.loadLayersModel(url));
    const made = model.predict(tf.tensor(values, shape, "float32"));
    const result = { shape: made.shape, values: Array.from(await made.data()) };
    model.dispose();
    return result;
}"""
WRITE = {"graph": write_tfjs_graph, "layers": write_tfjs_layers}
REFUSED: dict[str, set[str]] = {"graph": set(), "layers": {*NO_LAYER, "every-operator"}}
TOLERANCE = {"cpu": 1e-5, "webgl": 5e-5}
Difference = Callable[[str, str, Network], float]


@pytest.fixture(scope="module")
def stock(launch: Launch, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Page, str, Path]]:
    """A page with TensorFlow.js alone, its address, and the folder whose models it can load."""
    folder = tmp_path_factory.mktemp("exports")
    (folder / "index.html").write_text(f"<!doctype html><title>TensorFlow.js</title>{PAGE}")
    npm = ROOT / "web" / "node_modules" / "@tensorflow"
    with Site({"exports": folder, "npm": npm}) as site:
        page = launch(*SOFTWARE_GPUS["llvmpipe"]).new_context().new_page()
        page.goto(f"{site.url}/exports/index.html")
        yield page, site.url, folder
        page.context.close()


@pytest.fixture
def difference(stock: tuple[Page, str, Path]) -> Difference:
    """Exports a network, lets the page run it, and gives the largest difference to NumPy's result."""
    page, url, folder = stock

    def measure(format: str, backend: str, network: Network) -> float:
        name = f"{len(list(folder.iterdir()))}"
        WRITE[format](network, folder / name, Notes("exported"))
        value = picture(network)
        asked: dict[str, Any] = {
            "url": f"{url}/exports/{name}/model.json",
            "format": format,
            "backend": backend,
        }
        made = page.evaluate(RUN, asked | {"shape": [1, *value.shape], "values": value.ravel().tolist()})
        wanted = run_network(network, value)
        assert made["shape"] == [1, *wanted.shape]
        return float(np.abs(np.reshape(made["values"], wanted.shape) - wanted).max())

    return measure


def _differences(format: str, difference: Difference) -> dict[str, float]:
    """For each small network; nothing for those that the format cannot hold."""
    found = {}
    for name, network in all_cases().items():
        try:
            found[name] = difference(format, "cpu", network)
        except BundleError:
            continue
    return found


@pytest.mark.slow
@pytest.mark.timeout(400)  # some 130 models
@pytest.mark.parametrize("format", WRITE)
def test_every_operator_gives_what_numpy_gives(format: str, difference: Difference) -> None:
    found = _differences(format, difference)
    assert set(all_cases()) - set(found) == REFUSED[format]
    assert {name: error for name, error in found.items() if not error <= TOLERANCE["cpu"]} == {}


@pytest.mark.parametrize(("format", "name"), [("graph", "every-operator"), ("layers", "every-layer")])
def test_the_gpu_gives_the_same(format: str, name: str, difference: Difference) -> None:
    assert difference(format, "webgl", all_cases()[name]) < TOLERANCE["webgl"]


@pytest.mark.parametrize("backend", TOLERANCE)
@pytest.mark.parametrize("format", WRITE)
def test_a_bundle_gives_what_numpy_gives(format: str, backend: str, difference: Difference) -> None:
    network = load_network(BUNDLED / "test-blocks" / "1.0.0")
    assert difference(format, backend, network) < TOLERANCE[backend]
