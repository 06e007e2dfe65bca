"""The model download: counted, resumed after a reload, tried again when the connection breaks, never trusted blindly."""

import pytest
from playwright.sync_api import Page, Route

from tests.browser.conftest import ask

pytestmark = pytest.mark.browser

SHARD = "**/test-blocks/1.0.0/weights-0.bin"


def test_a_reload_fetches_nothing_again(llvmpipe_page: Page) -> None:
    first = ask(llvmpipe_page, "return (await help.blocks()).networkBytes;")
    llvmpipe_page.reload()
    llvmpipe_page.wait_for_function("window.kit")
    assert first > 800_000
    assert ask(llvmpipe_page, "return (await help.blocks()).networkBytes;") == 0


def test_a_broken_connection_is_tried_again(llvmpipe_page: Page) -> None:
    failures = ["connectionreset", "503"]

    def answer(route: Route) -> None:
        failure = failures.pop(0) if failures else None
        if failure == "503":
            route.fulfill(status=503)
        elif failure:
            route.abort(failure)
        else:
            route.continue_()

    llvmpipe_page.route(SHARD, answer)
    script = """
      const seen = [];
      const model = await help.modelAt('test-blocks');
      const onProgress = ({ loadedBytes, totalBytes }) => seen.push([loadedBytes, totalBytes]);
      await kit.bundles.downloadBundle(model, { onProgress });
      return seen;"""
    seen = ask(llvmpipe_page, script)
    assert not failures
    assert seen[0][0] == 0
    assert seen[-1][0] == seen[-1][1]


def test_wrong_bytes_are_refused(llvmpipe_page: Page) -> None:
    llvmpipe_page.route(SHARD, lambda route: route.fulfill(body=b"\x00" * 4284))
    script = """
      const { ref, url } = await help.modelAt('test-blocks');
      return await kit.bundle.loadBundle(url, { waitMs: () => 1 }).catch((error) => `${error.name}: ${error.message}`);"""
    error = ask(llvmpipe_page, script)
    assert error.startswith("BundleError: weights-0.bin could not be downloaded")
    assert "sha256" in error
