# ruff: noqa: F811 - fixtures of the other module are taken by their names
"""Filters, exports, access and shared pages in a real browser: no barrier, any width, and without JavaScript."""

from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, Page

from kit.db.shares import new_share
from tests.dashboard.conftest import Person
from tests.dashboard.test_browser import address, check, chromium, page, signed_in  # noqa: F401

pytestmark = pytest.mark.browser

SET = "study=flowers&vendor=Intel&flag=-software&since=2020-01-01&invalid=1"
PAGES = [
    f"/admin/hardware?{SET}",
    "/admin/exports",
    f"/admin/access?{SET}",
    "/help/codebook",
    "/help/sharing",
]
LOOKS = [(320, "light"), (1440, "dark")]


@pytest.fixture(scope="module")
def token(crowd: Person) -> str:
    asked, pages = {"study": "flowers"}, ("overview", "hardware", "modes", "distribution")
    with crowd.database.write() as db:
        now = datetime.now(UTC)
        made = new_share(db, title="Board", pages=pages, asked=asked, expires_at=None, actor="ada", now=now)
    return made[1]


@pytest.mark.parametrize("page", LOOKS, indirect=True, ids=str)
def test_filters_exports_and_access_have_no_barrier_and_fit(page: Page, address: str) -> None:
    for path in PAGES:
        page.goto(address + path, wait_until="networkidle")
        check(page)


@pytest.mark.parametrize("page", LOOKS, indirect=True, ids=str)
def test_shared_pages_have_no_barrier_and_lead_to_each_other(page: Page, address: str, token: str) -> None:
    page.goto(f"{address}/shared/{token}/", wait_until="networkidle")
    for title in ("Hardware", "Modes", "Distribution", "Overview"):
        page.get_by_role("navigation").get_by_role("link", name=title).click()
        page.wait_for_load_state("networkidle")
        check(page)
        assert f"/shared/{token}/" in page.url


@pytest.mark.parametrize("width", [320, 1440])
def test_the_form_works_without_javascript(
    chromium: Browser, address: str, signed_in: dict[str, object], width: int
) -> None:
    size = {"width": width, "height": 900}
    context = chromium.new_context(storage_state=signed_in, viewport=size, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/admin/hardware?browser=Edge")
    if width == 320:
        page.get_by_text("Filters (1 set)").click()
    else:
        page.get_by_text("More filters").click()
    page.get_by_label("GPU vendor").select_option("Intel")
    page.get_by_role("button", name="Show").first.click()
    assert "browser=Edge" in page.url
    assert "vendor=Intel" in page.url
    page.get_by_role("link", name="GPU vendor: Intel").click()
    assert "vendor" not in page.url
    assert page.get_by_role("link", name="Browser: Edge").is_visible()
    context.close()


def test_a_visitor_gets_no_cookie(chromium: Browser, address: str, token: str) -> None:
    context = chromium.new_context()
    page = context.new_page()
    page.goto(f"{address}/shared/{token}/hardware", wait_until="networkidle")
    assert context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    context.close()
