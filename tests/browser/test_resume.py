"""The real server's models in a real browser, with every byte counted that goes over the line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route

from kit.models.catalog import BUNDLED
from kit.models.manifest import read_manifest
from tests.browser.conftest import Launch, ask
from tests.browser.relay import Relay
from tests.chromium import SOFTWARE_GPUS
from tests.e2e.live_kit import LiveKit

pytestmark = pytest.mark.browser

NAME = "flowers-small"
FOLDER = f"/models/{NAME}/1.1.0/"
MANIFEST = read_manifest(BUNDLED / NAME / "1.1.0")
SIZES = {FOLDER + file.path: file.bytes for file in MANIFEST.files}
SHARD = FOLDER + MANIFEST.shards[0]
CUT = SIZES[SHARD] // 2
BEFORE = sum(file.bytes for file in MANIFEST.files[: [*SIZES].index(SHARD)])
"""Files come one after the other: when more than this has arrived, some of the shard has."""
LOAD = f"return (await kit.bundles.downloadBundle(await help.modelAt('{NAME}'))).networkBytes;"
WATCHED = f"""
    const onProgress = ({{ loadedBytes }}) => {{ if (loadedBytes > {BEFORE}) window.arrived(); }};
    await kit.bundles.downloadBundle(await help.modelAt('{NAME}'), {{ onProgress }});
"""


@pytest.fixture(scope="module")
def relay(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Relay]:
    """In front of ``kit serve`` with the models that ship."""
    live = LiveKit(tmp_path_factory.mktemp("live") / "home")
    try:
        live.start()
        with Relay(live.port) as relay:
            yield relay
    finally:
        live.stop()


@pytest.fixture
def line(launch: Launch, harness: Path, relay: Relay) -> Iterator[Page]:
    """The harness page at the server's address, with an empty cache; only models come over the line."""

    def answer(route: Route) -> None:
        name = route.request.url.partition("/harness/")[2] or "index.html"
        route.fulfill(path=harness / name)

    relay.sent.clear()
    relay.ranges.clear()
    page = launch(*SOFTWARE_GPUS["llvmpipe"]).new_context().new_page()
    page.route("**/harness/**", answer)
    page.goto(f"{relay.url}/harness/")
    page.wait_for_function("window.kit")
    yield page
    page.context.close()


def test_a_download_that_breaks_goes_on_where_it_broke(line: Page, relay: Relay) -> None:
    relay.cuts[SHARD] = [CUT]
    line.expose_function("arrived", relay.arrived.set)
    ask(line, WATCHED)
    whole, rest = relay.ranges[SHARD]
    first = int(rest.removeprefix("bytes=").removesuffix("-"))
    assert whole == ""
    assert 0 < first <= CUT
    assert relay.sent[SHARD] == CUT + SIZES[SHARD] - first
    assert {path: relay.sent[path] for path in SIZES if path != SHARD} == {
        path: size for path, size in SIZES.items() if path != SHARD
    }


def test_a_reload_asks_for_no_file_of_a_model_again(line: Page, relay: Relay) -> None:
    ask(line, LOAD)
    assert {path: relay.sent[path] for path in SIZES} == SIZES
    relay.sent.clear()
    line.reload()
    line.wait_for_function("window.kit")
    assert ask(line, LOAD) == 0
    assert set(relay.sent) <= {FOLDER + "manifest.json"}
