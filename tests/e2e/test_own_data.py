"""What a tester decides about their own data: keep the device back, join a second browser, stop early, delete."""

import pytest
from playwright.sync_api import Playwright

from kit.bench.browsers import CHROMIUM_GL
from tests.e2e.chromium_person import ChromiumPerson, chromium_person
from tests.e2e.flow import agree
from tests.e2e.live_kit import LiveKit

pytestmark = pytest.mark.timeout(300)


def stop_early(person: ChromiumPerson) -> None:
    """From the device page to the last one, with a part of the measuring done."""
    person.press("Don't send")
    person.at("measure", wait_s=60)
    person.press("Start measuring")
    person.page.wait_for_selector("[aria-valuetext^='Part 2 of 5']", timeout=60_000)
    person.press("Stop")
    person.sees("heading", "Stopped")
    person.press("Finish here")
    person.at("thanks")
    person.page.get_by_text("Everything has arrived").wait_for()


def join(person: ChromiumPerson, url: str, code: str) -> None:
    """Take part in a second browser with the code from the first; stop at the device page."""
    person.open(url)
    person.at("intro")
    person.page.get_by_text("I have a code from another browser").click()
    person.fill("Code", code)
    person.press("Start")
    person.at("consent")
    person.tick("I have read this and agree")
    person.press("Agree and continue")
    person.at("device")


def test_the_tester_decides(live: LiveKit, playwright: Playwright, chromium: str) -> None:
    url = live.new_study("Own data", "test-blocks", warmup_max_s=1)
    with chromium_person(playwright, chromium, *CHROMIUM_GL["llvmpipe"]) as person:
        agree(person, url)
        stop_early(person)
        (visit,) = live.wait_for_visit(url, "stopped")
        (device,) = live.rows("devices", url)
        assert (device["declined"], device["renderer"]) == (True, None)
        runs = live.rows("runs", url)
        assert {run["renderer"] for run in runs} == {None}
        assert runs[0]["outcome"] == "ok"

        code = person.text("[data-testid=join-code]")
        with chromium_person(playwright, chromium) as other:
            join(other, url, code)
        assert {row["machine"] for row in live.rows("visits", url)} == {visit["machine"]}

        person.press("Delete my data")
        person.press("Yes, delete it")
        person.sees("heading", "Your data was deleted.")
    assert visit["visit"] not in {row["visit"] for row in live.rows("visits", url)}
