"""The dashboard's pages in a browser, light and dark: nothing that axe finds, at 360 pixels no sideways scrolling."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Playwright

from tests.e2e.chromium_person import ChromiumPerson, chromium_person
from tests.e2e.conftest import Admin
from tests.e2e.flow import agree
from tests.e2e.live_kit import LiveKit

pytestmark = pytest.mark.timeout(300)

PATHS = (
    "/admin/",
    "/admin/hardware",
    "/admin/visits",
    "/admin/studies",
    "/admin/studies/{study}",
    "/admin/visits/{visit}",
)


@pytest.fixture(scope="module")
def places(live: LiveKit, playwright: Playwright, chromium: str) -> dict[str, str]:
    """A study and a visit that has at least sent its device."""
    url = live.new_study("Axe", "test-blocks")
    with chromium_person(playwright, chromium) as person:
        agree(person, url)
        person.press("Send and continue")
        person.at("measure", wait_s=60)
    (visit,) = live.wait_for_visit(url, "started")
    return {"study": visit["study"], "visit": visit["visit"]}


def violations(person: ChromiumPerson) -> list[Any]:
    found = Axe().run(person.page).response["violations"]
    return [(each["id"], [node["html"] for node in each["nodes"]]) for each in found]


@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_nothing(admin: Admin, places: dict[str, str], path: str) -> None:
    with admin(path.format(**places)) as person:
        for scheme in ("light", "dark"):
            person.page.emulate_media(color_scheme=scheme)
            assert violations(person) == []
        person.page.set_viewport_size({"width": 360, "height": 740})
        assert person.ask("document.documentElement.scrollWidth") <= 360


def test_without_signing_in_there_is_only_the_door(
    live: LiveKit, playwright: Playwright, chromium: str
) -> None:
    with chromium_person(playwright, chromium) as person:
        person.open(f"{live.url}/admin/hardware")
        person.sees("heading", "Sign in")
        assert violations(person) == []


def test_the_first_link_works_once(
    live: LiveKit, admin: Admin, playwright: Playwright, chromium: str
) -> None:
    with chromium_person(playwright, chromium) as person:
        person.open(live.admin_link)
        assert person.page.get_by_label("Password", exact=True).count() == 0
