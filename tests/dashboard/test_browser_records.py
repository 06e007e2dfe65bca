# ruff: noqa: F811 - fixtures of the other module are taken by their names
"""Modes, advisor, machine, and two runs in a real browser: no barrier that axe finds, charts that draw, ways between."""

import pytest
from playwright.sync_api import Page

from tests.dashboard.test_browser import address, check, chromium, page, signed_in  # noqa: F401

pytestmark = pytest.mark.browser

PAIR = "/admin/modes?first=flowers-small/tfjs-webgl&second=flowers-small/tfjs-pixels"
PAGES = ["/admin/modes", PAIR, f"{PAIR}&gpu=Apple+GPU", "/admin/advisor", "/admin/advisor?grain=gpu&fps=60"]
LOOKS = [(360, "dark"), (1440, "light")]


@pytest.mark.parametrize("page", LOOKS, indirect=True, ids=str)
def test_modes_and_advisor_have_no_barrier_and_fit_the_screen(page: Page, address: str) -> None:
    for path in PAGES:
        page.goto(address + path, wait_until="networkidle")
        check(page)


def test_the_charts_of_modes_draw(page: Page, address: str) -> None:
    page.goto(address + PAIR)
    page.get_by_role("img", name="Milliseconds a frame on the same machines").wait_for()
    assert page.get_by_role("img", name="Ratio of frame times").count() == 3
    page.goto(f"{address}/admin/modes")
    page.get_by_role("img", name="Ratio of frame times: flowers-small 1.0.0, against tfjs-webgl").wait_for()


@pytest.mark.parametrize("page", LOOKS, indirect=True, ids=str)
def test_from_a_visit_to_its_machine_and_to_two_runs(page: Page, address: str) -> None:
    page.goto(f"{address}/admin/visits?gpu=NVIDIA+GeForce+RTX+3060")
    page.get_by_role("rowheader").get_by_role("link").first.click()
    check(page)
    page.locator("dd a[href^='/admin/machines/']").click()
    page.get_by_role("heading", name="Its own values").wait_for()
    check(page)
    page.go_back()
    page.get_by_role("link", name="block 1").first.click()
    check(page)
    page.get_by_role("button", name="Compare").first.click()
    page.get_by_role("heading", name="Two runs side by side").wait_for()
    assert page.get_by_role("img", name="Milliseconds a frame over time").count() == 2
    check(page)


def test_a_visit_is_rejected_and_taken_back(page: Page, address: str) -> None:
    page.goto(f"{address}/admin/visits")
    page.get_by_role("rowheader").get_by_role("link").last.click()
    page.get_by_label("Reason").fill("a test of our own")
    page.get_by_role("button", name="Reject this visit").click()
    page.get_by_text("a test of our own").wait_for()
    check(page)
    page.get_by_role("button", name="Count it again").click()
    page.get_by_role("button", name="Reject this visit").wait_for()
