"""The pages in a real browser: no barrier that axe finds, nothing wider than the screen, a chart that draws."""

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, Playwright
from werkzeug.serving import make_server

from tests.conftest import missing
from tests.dashboard.conftest import PASSWORD, Person
from tests.dashboard.model_files import layers_model

pytestmark = pytest.mark.browser

ARGUMENTS = [
    "--no-sandbox",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-sync",
]
MODELS = ["/admin/models", "/admin/models/flowers-small/1.1.0"]
FIGURES = [
    "/admin/?study=flowers",
    "/admin/hardware?by=family&sort=fps",
    "/admin/machines?by=vendor&section=exact&place=NVIDIA",
    "/admin/distribution",
    "/admin/distribution?by=class&figure=load",
    "/admin/power?bar=60",
    "/admin/power?question=median&by=gpu",
]
PAGES = [
    *("/admin/", "/admin/hardware", "/admin/visits", "/admin/studies", "/admin/studies/flowers"),
    *FIGURES,
    *MODELS,
]
VISIT = re.compile(r"^[0-9a-f]{8}$")
LOOKS = [(360, "light"), (360, "dark"), (1440, "light"), (1440, "dark")]


@pytest.fixture(scope="module")
def address(crowd: Person) -> Iterator[str]:
    app = crowd.client.application
    if not app.extensions["kit"].assets.built:
        missing("the browser part is not built; run `make setup`")
    server = make_server("127.0.0.1", 0, app, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        missing("no Chromium is installed")
    browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def signed_in(chromium: Browser, address: str) -> dict[str, object]:
    page = chromium.new_page()
    page.goto(f"{address}/admin/")
    page.get_by_label("Name").fill("admin")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Overview").wait_for()
    return dict(page.context.storage_state())


@pytest.fixture
def page(request: pytest.FixtureRequest, chromium: Browser, signed_in: dict[str, object]) -> Iterator[Page]:
    width, scheme = getattr(request, "param", (1440, "light"))
    context = chromium.new_context(
        storage_state=signed_in, viewport={"width": width, "height": 900}, color_scheme=scheme
    )
    page = context.new_page()
    trouble: list[str] = []
    page.on("console", lambda message: trouble.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: trouble.append(str(error)))
    yield page
    context.close()
    assert trouble == []


def check(page: Page) -> None:
    too_wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert too_wide <= 0, f"{page.url} is {too_wide} pixels too wide"
    violations = Axe().run(page).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in violations] == []


@pytest.mark.parametrize("page", LOOKS, indirect=True, ids=lambda look: f"{look[0]} {look[1]}")
def test_pages_have_no_barrier_and_fit_the_screen(page: Page, address: str) -> None:
    for path in PAGES:
        page.goto(address + path, wait_until="networkidle")
        check(page)


@pytest.mark.parametrize("page", [(360, "dark"), (1440, "light")], indirect=True, ids=str)
def test_a_visit_its_run_and_its_deletion_are_reached_by_links(page: Page, address: str) -> None:
    page.goto(f"{address}/admin/hardware")
    page.get_by_role("link", name="NVIDIA GeForce RTX 3060").first.click()
    page.get_by_role("rowheader").get_by_role("link").first.click()
    check(page)
    page.get_by_role("link", name=VISIT).first.click()
    check(page)
    page.get_by_role("link", name="block 0").click()
    page.get_by_role("img", name="Milliseconds a frame over time").wait_for()
    check(page)
    page.go_back()
    page.get_by_role("link", name="Delete this visit").click()
    page.get_by_role("button", name="Delete for good").wait_for()
    check(page)


def test_the_chart_shows_the_first_gpus_and_says_that_there_are_more(page: Page, address: str) -> None:
    page.goto(f"{address}/admin/hardware")
    charts = page.get_by_role("img", name="Capability by hardware")
    charts.first.wait_for()
    assert charts.count() == 2
    assert "Intel UHD Graphics 620 · Chrome" in charts.first.text_content()
    assert "more in the table only" in page.locator(".chart figcaption").first.text_content()


CHARTS = [
    ("/admin/?study=flowers", "answers", "machines_started"),
    ("/admin/hardware", "hardware", "low_fps"),
    ("/admin/distribution", "ecdf-fps", "band"),
    ("/admin/distribution?figure=ms", "boxes-ms", "median_low"),
    ("/admin/power?bar=60", "power", "interval_low"),
]


@pytest.mark.parametrize(("path", "name", "column"), CHARTS, ids=[chart[1] for chart in CHARTS])
def test_every_chart_says_its_n_and_can_be_taken_away(
    page: Page, address: str, path: str, name: str, column: str
) -> None:
    page.goto(address + path, wait_until="networkidle")
    chart = page.locator(f'section[data-file="{name}"]')
    chart.get_by_role("img").first.wait_for()
    assert chart.locator(".chart-n").text_content().startswith("n = ")
    files = {}
    for kind in ("CSV", "SVG"):
        with page.expect_download() as download:
            chart.get_by_role("button", name=kind).click()
        assert download.value.suggested_filename == f"{name}.{kind.lower()}"
        files[kind] = Path(download.value.path()).read_text()
    assert column in files["CSV"].split("\r\n")[0]
    assert "var(--" not in files["SVG"]
    assert chart.locator(".chart-sentence").text_content()[:20] in files["SVG"]


def test_sorting_works_without_scripts(chromium: Browser, signed_in: dict[str, object], address: str) -> None:
    context = chromium.new_context(storage_state=signed_in, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}/admin/hardware")
    page.get_by_role("link", name="Median capability").first.click()
    assert page.locator('[aria-sort="descending"]').count() >= 1
    assert page.locator("th.place").first.text_content().split("\n")[1].strip() == "NVIDIA GeForce RTX 3060"
    context.close()


@pytest.mark.parametrize("page", [(360, "dark"), (1440, "light")], indirect=True, ids=str)
def test_a_model_is_uploaded_tried_and_published(page: Page, address: str, tmp_path: Path) -> None:
    for name, data in layers_model().items():
        (tmp_path / name).write_bytes(data)
    page.goto(f"{address}/admin/models", wait_until="networkidle")
    page.get_by_role("button", name="Upload and try it").click()
    page.get_by_text("Choose the model's files").wait_for()
    page.get_by_label("Files", exact=True).set_input_files(list(tmp_path.iterdir()))
    page.get_by_role("button", name="Upload and try it").click()
    page.get_by_role("img", name="What the network makes of it").wait_for()
    check(page)
    page.get_by_role("group", name="Values of the input").get_by_label("0 to 1").check()
    page.get_by_role("button", name="Try with these").click()
    page.get_by_role("button", name="Publish").wait_for()
    check(page)
    page.get_by_role("button", name="Publish").click()
    page.get_by_text("is published. Studies can use it now").wait_for()
    check(page)
