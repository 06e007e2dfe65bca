"""The laboratory: who may see it, what it is told, and a look at two modes in a real browser."""

import html
import json
import re
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Playwright, expect

from kit.domain.protocol import MODES
from kit.models.catalog import BUNDLED, list_bundles
from tests.chromium import QUIET, SOFTWARE_GPUS
from tests.conftest import missing
from tests.dashboard.conftest import PASSWORD, Person
from tests.dashboard.test_browser import address, check  # noqa: F401 - a fixture

LOOKS = ((360, "dark"), (1440, "light"))
TWO = ("tfjs-webgl", "direct-webgl")


def test_only_administrators_see_it_and_signing_in_leads_back(stranger: Person) -> None:
    answer = stranger.get("/lab?model=flowers-small")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/admin/sign-in?next=/lab?model%3Dflowers-small"
    assert 'value="/lab?model=flowers-small"' in stranger.get(answer.headers["Location"]).text


def test_the_page_is_told_every_model_and_every_mode(admin: Person) -> None:
    page = admin.get("/lab").text
    found = re.search(r'<script type="application/json" id="lab-config">(.+?)</script>', page)
    assert found
    config = json.loads(found[1])
    bundles = {(info.name, info.version, info.sha256) for info in list_bundles([BUNDLED])}
    assert {tuple(model["ref"].values()) for model in config["models"]} == bundles
    assert config["models"][-1]["ref"]["name"] == "test-blocks"
    assert [mode["id"] for mode in config["modes"]] == list(MODES)


def test_the_navigation_and_the_models_lead_there(admin: Person) -> None:
    assert '<a href="/lab" aria-current="page">Lab</a>' in admin.get("/lab").text
    assert 'href="/lab"' in admin.get("/admin/models").text
    model = html.unescape(admin.get("/admin/models/flowers-small/1.1.0").text)
    assert 'href="/lab?model=flowers-small/1.1.0"' in model


@pytest.fixture(scope="module")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        missing("no Chromium is installed: `make system`")
    browser = playwright.chromium.launch(executable_path=program, args=[*QUIET, *SOFTWARE_GPUS["llvmpipe"]])
    yield browser
    browser.close()


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:  # noqa: F811 - the fixture
    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    page = context.new_page()
    trouble: list[str] = []
    page.on("pageerror", lambda error: trouble.append(str(error)))
    page.goto(f"{address}/lab?model=test-blocks")
    page.get_by_label("Name").fill("admin")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Lab", exact=True).wait_for()
    expect(page.get_by_text("can run here").first).to_be_visible(timeout=30_000)
    yield page
    context.close()
    assert trouble == []


def tick_only(page: Page, modes: tuple[str, ...]) -> None:
    expect(page.get_by_text("looking whether")).to_have_count(0, timeout=30_000)
    for box in page.get_by_role("group", name="Modes").get_by_role("checkbox").all():
        if box.is_enabled():
            box.set_checked(box.get_attribute("value") in modes)


def painted(page: Page, name: str) -> int:
    """How many different colours a canvas shows."""
    count = """canvas => new Set(new Uint32Array(canvas.getContext('2d')
      .getImageData(0, 0, canvas.width, canvas.height).data.buffer)).size"""
    colours: int = page.get_by_role("img", name=name).evaluate(count)
    return colours


@pytest.mark.browser
@pytest.mark.timeout(400)
def test_two_modes_side_by_side(page: Page) -> None:
    tick_only(page, TWO)
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator("#lab-status")).to_have_text("Done: 2 of 2 modes.", timeout=120_000)
    for mode in TWO:
        card = page.get_by_role("article", name=mode)
        assert re.search(r"[\d.]+ ms, median of \d+", card.inner_text())
        assert painted(page, f"Picture of {mode}") > 20
        assert painted(page, f"Difference between {mode} and the golden output, by pixel") >= 1
        row = page.get_by_role("table", name="All modes").get_by_role("row").filter(has_text=mode)
        assert re.search(r"\b[01] levels?\b", row.inner_text())
    layers = page.get_by_role("region", name="Milliseconds per layer of direct-webgl").get_by_role("row")
    assert {"down1", "up8", "output"} & {
        row.get_by_role("rowheader").inner_text() for row in layers.all()[1:]
    }
    assert page.get_by_role("region", name="Milliseconds per layer of tfjs-webgl").count() == 0
    assert "multiply-adds" in page.get_by_role("region", name="Plan of test-blocks", exact=True).inner_text()
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        check(page)


@pytest.mark.browser
@pytest.mark.timeout(400)
def test_what_cannot_be_done_is_said(page: Page) -> None:
    expect(page.get_by_text("looking whether")).to_have_count(0, timeout=30_000)
    for box in page.get_by_role("group", name="Modes").get_by_role("checkbox").all():
        said = box.locator("xpath=..").locator(".said").inner_text()
        assert box.is_enabled() == (said == "can run here")
        assert said
    tick_only(page, ())
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator("#lab-status")).to_have_text("Tick at least one mode that can run here.")
    tick_only(page, TWO)
    page.get_by_label("A picture file").check()
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator("#lab-status")).to_have_text("Choose a picture file first.", timeout=30_000)


@pytest.mark.browser
@pytest.mark.timeout(400)
def test_a_painted_picture_is_compared_with_the_reference(page: Page) -> None:
    tick_only(page, TWO[1:])
    page.get_by_label("Paint one").check()
    page.get_by_role("application", name="Picture to paint").press("1")
    page.get_by_role("button", name="Run", exact=True).click()
    expect(page.locator("#lab-status")).to_have_text("Done: 1 of 1 modes.", timeout=120_000)
    assert painted(page, "Picture of the plain reference in this page") > 20
    row = page.get_by_role("table", name="All modes").get_by_role("row").filter(has_text=TWO[1])
    assert re.search(r"\b[01] levels?\b", row.inner_text())
    check(page)
