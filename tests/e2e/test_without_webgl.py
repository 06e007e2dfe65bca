"""A browser without WebGL gets a plain sentence, and that it cannot is stored."""

import pytest
from playwright.sync_api import Playwright

from tests.chromium import NO_WEBGL
from tests.e2e.chromium_person import chromium_person
from tests.e2e.flow import agree, finish
from tests.e2e.live_kit import LiveKit

pytestmark = pytest.mark.timeout(200)


def test_no_webgl_ends_in_a_plain_sentence_and_is_stored(
    live: LiveKit, playwright: Playwright, chromium: str
) -> None:
    url = live.new_study("No WebGL", "test-blocks")
    with chromium_person(playwright, chromium, *NO_WEBGL) as person:
        agree(person, url)
        person.press("Send and continue")
        person.at("no-webgl")
        person.sees("heading", "This browser cannot run the network")
        finish(person)
        person.page.get_by_text("Everything has arrived").wait_for()
        assert person.errors == []
    live.wait_for_visit(url, "no_webgl")
    (device,) = live.rows("devices", url)
    assert device["webgl"] is False
    assert not device["renderer"]
    assert live.rows("runs", url) == []
