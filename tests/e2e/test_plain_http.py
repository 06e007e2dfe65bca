"""Plain http on an address that is not this machine's own name: no isolation, no crypto.subtle, no webcam; it works."""

import pytest
from playwright.sync_api import Playwright

from kit.bench.browsers import CHROMIUM_GL
from tests.e2e.chromium_person import chromium_person
from tests.e2e.flow import agree, finish, measure, paint
from tests.e2e.live_kit import LiveKit

pytestmark = pytest.mark.timeout(300)

NAME = "lab.example"


def test_the_whole_flow_without_a_secure_context(
    live: LiveKit, playwright: Playwright, chromium: str
) -> None:
    url = live.new_study("Plain http", "test-blocks").replace("127.0.0.1", NAME)
    flags = [*CHROMIUM_GL["llvmpipe"], f"--host-resolver-rules=MAP {NAME} 127.0.0.1"]
    with chromium_person(playwright, chromium, *flags) as person:
        agree(person, url)
        assert person.ask("[isSecureContext, crossOriginIsolated, crypto.subtle === undefined]") == [
            False,
            False,
            True,
        ]
        measure(person)
        paint(person)
        person.page.get_by_text("The webcam works only on https pages").wait_for()
        finish(person)
        assert person.errors == []
    live.wait_for_visit(url, "finished")
    measured = [run for run in live.rows("runs", url) if run["kind"] == "measured"]
    assert {run["golden_status"] for run in measured} == {"pass"}
    assert all("not_isolated" in run["flags"].split() for run in measured)
    (device,) = live.rows("devices", url)
    assert device["isolated"] is False
