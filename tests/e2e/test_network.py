"""The network goes away before anything measured was sent, and comes back: nothing is lost, nothing is doubled."""

from collections import Counter
from typing import Any

import pytest
from playwright.sync_api import Playwright

from kit.bench.browsers import CHROMIUM_GL
from tests.e2e.chromium_person import ChromiumPerson, chromium_person
from tests.e2e.flow import MEASURE_S, agree
from tests.e2e.live_kit import LiveKit

pytestmark = pytest.mark.timeout(300)

BLOCKS = 5
ALL_SENT = "Everything has arrived. You can close this page."


def start_measuring(person: ChromiumPerson, url: str) -> None:
    """To where the first block runs: everything that the page needs is loaded, nothing measured is sent."""
    agree(person, url)
    person.press("Send and continue")
    person.at("measure", wait_s=60)
    person.press("Start measuring")
    person.page.get_by_text("Warming up").wait_for(timeout=60_000)


def assert_whole(live: LiveKit, url: str) -> list[dict[str, Any]]:
    """Every block is stored once. The measured runs."""
    live.wait_for_visit(url, "finished")
    runs = [run for run in live.rows("runs", url) if run["kind"] == "measured"]
    assert Counter(run["block"] for run in runs) == dict.fromkeys(range(BLOCKS), 1)
    return runs


def test_a_cut_line_loses_nothing(live: LiveKit, playwright: Playwright, chromium: str) -> None:
    url = live.new_study("Cut line", "test-blocks")
    with chromium_person(playwright, chromium, *CHROMIUM_GL["llvmpipe"]) as person:
        start_measuring(person, url)
        person.offline(True)
        person.at("play", wait_s=MEASURE_S)
        person.press("Finish")
        person.at("thanks")
        person.page.get_by_text("still wait to be sent").wait_for()
        assert live.rows("runs", url) == []
        person.offline(False)
        person.page.get_by_text(ALL_SENT).wait_for(timeout=60_000)
    assert {run["outcome"] for run in assert_whole(live, url)} == {"ok"}


def test_a_server_that_is_away_and_a_reload_lose_nothing(
    live: LiveKit, playwright: Playwright, chromium: str
) -> None:
    url = live.new_study("Server away", "test-blocks")
    with chromium_person(playwright, chromium, *CHROMIUM_GL["llvmpipe"]) as person:
        start_measuring(person, url)
        live.stop()
        try:
            person.at("play", wait_s=MEASURE_S)
        finally:
            live.start()
        person.reload()
        person.at("play", wait_s=60)
        person.press("Finish")
        person.at("thanks")
        person.page.get_by_text(ALL_SENT).wait_for(timeout=60_000)
    assert_whole(live, url)
