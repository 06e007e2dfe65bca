"""Every step of the tester's page and every help page under axe: WCAG 2.2 AA, light on a laptop and dark on a phone."""

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Playwright

from tests.chromium import NO_WEBGL
from tests.e2e.chromium_person import chromium_person
from tests.e2e.conftest import chromium, live  # noqa: F401 - fixtures
from tests.e2e.flow import agree
from tests.e2e.live_kit import LiveKit

pytestmark = [pytest.mark.browser, pytest.mark.timeout(400)]

SWIFTSHADER = ("--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader")
LOOKS = (("light", 1440, 900), ("dark", 360, 740))
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
STOPS = ("Start measuring", "Stop", "Go on to painting", "Finish")


def violations(page: Page) -> list[str]:
    """What axe finds, in both looks, and whether anything is wider than the window."""
    found = []
    for scheme, width, height in LOOKS:
        page.emulate_media(color_scheme=scheme)
        page.set_viewport_size({"width": width, "height": height})
        for one in Axe().run(page, options=RULES).response["violations"]:
            nodes = [node["html"][:120] for node in one["nodes"]]
            found.append(f"{scheme} {width}: {one['id']}: {one['help']}: {nodes}")
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(f"{scheme} {width}: the page scrolls sideways")
    return found


@pytest.fixture(scope="module")
def study(live: LiveKit) -> str:  # noqa: F811 - the fixture
    return live.new_study("Which graphics cards paint?", "test-blocks")


def steps(page: Page) -> Iterator[str]:
    """From the device page to the thank-you page, with a stop in between; each place where axe should look."""
    page.get_by_role("button", name="Send and continue").wait_for(timeout=60_000)
    page.locator("details summary").click()
    yield "device"
    page.get_by_role("button", name="Send and continue").click()
    for name in STOPS:
        button = page.get_by_role("button", name=name, exact=True)
        button.wait_for(timeout=120_000)
        if name == "Finish":
            page.get_by_text("Try a model of your own").click()
        yield f"before {name}"
        button.click()
    page.get_by_test_id("join-code").wait_for(timeout=60_000)
    page.get_by_text("What was sent").click()
    page.get_by_role("button", name="Delete my data").click()
    yield "thanks"


def test_every_step(playwright: Playwright, chromium: str, study: str) -> None:  # noqa: F811
    with chromium_person(playwright, chromium, *SWIFTSHADER) as person:
        person.open(study)
        person.at("intro")
        found = {"intro": violations(person.page)}
        person.press("Start")
        person.at("consent")
        found["consent"] = violations(person.page)
        agree(person, study)
        found |= {name: violations(person.page) for name in steps(person.page)}
        assert len(found) == 8
        assert {name: what for name, what in found.items() if what} == {}
        assert person.errors == []


def test_without_webgl(playwright: Playwright, chromium: str, study: str) -> None:  # noqa: F811
    with chromium_person(playwright, chromium, *NO_WEBGL) as person:
        agree(person, study)
        person.press("Don't send")
        person.at("no-webgl")
        assert violations(person.page) == []


@pytest.mark.parametrize(
    "path",
    ["/help", "/help/measuring", "/help/privacy", "/help/researcher", "/help/settings", "/s/unknown-link"],
)
def test_plain_pages(playwright: Playwright, chromium: str, live: LiveKit, path: str) -> None:  # noqa: F811
    with chromium_person(playwright, chromium) as person:
        person.open(live.url + path)
        assert violations(person.page) == []
