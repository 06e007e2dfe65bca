"""Over plain http on an address that is not localhost: no crypto.subtle, no Cache API, no isolation, and it works."""

import socket
from pathlib import Path

import pytest

from tests.browser.conftest import BUNDLED, Launch, ask, open_harness
from tests.browser.server import Site
from tests.chromium import SOFTWARE_GPUS
from tests.conftest import missing

pytestmark = pytest.mark.browser


def own_address() -> str:
    """An address of this machine that browsers do not take for a secure one."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # TEST-NET-1: nothing is sent
        except OSError:
            missing("this machine has no address but localhost")
        return str(probe.getsockname()[0])


def test_download_and_measure_without_a_secure_context(launch: Launch, harness: Path) -> None:
    with Site({"harness": harness, "models": BUNDLED}, host=own_address()) as site:
        page = open_harness(launch(*SOFTWARE_GPUS["llvmpipe"]), site.url)
        absent = page.evaluate(
            "[isSecureContext, typeof caches, typeof crypto.subtle, typeof crypto.randomUUID]"
        )
        measured = ask(page, "return await help.measure(['tfjs-webgl']);")
        again = ask(page, "return (await help.blocks()).networkBytes;")
        page.context.close()
    assert absent == [False, "undefined", "undefined", "undefined"]
    (run,) = measured["runs"]
    assert (run["outcome"], run["golden"]["status"]) == ("ok", "pass")
    assert run["environment"]["isolated"] is False
    assert again == 0  # from IndexedDB
