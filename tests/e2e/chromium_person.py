"""A tester at Debian's Chromium, driven by Playwright. The GL in software makes two different machines of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, Playwright

from tests.chromium import QUIET
from tests.e2e.person import WAIT_S

FAKE_WEBCAM = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")


class ChromiumPerson:
    """``Person`` over a Playwright page. Errors of the page itself are kept in ``errors``."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.errors: list[str] = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def open(self, url: str) -> None:
        self.page.goto(url)

    def reload(self) -> None:
        self.page.reload()

    def at(self, step: str, wait_s: float = WAIT_S) -> None:
        self.page.wait_for_selector(f'main[data-step="{step}"]', timeout=wait_s * 1000)

    def press(self, name: str, role: str = "button", wait_s: float = WAIT_S) -> None:
        self._find(role, name).click(timeout=wait_s * 1000)

    def tick(self, name: str) -> None:
        self._find("checkbox", name).check()

    def fill(self, label: str, text: str) -> None:
        self.page.get_by_label(label, exact=True).fill(text)

    def sees(self, role: str, name: str, wait_s: float = WAIT_S) -> None:
        self._find(role, name).first.wait_for(timeout=wait_s * 1000)

    def text(self, selector: str) -> str:
        return self.page.locator(selector).first.inner_text()

    def choose_file(self, selector: str, path: Path) -> None:
        self.page.set_input_files(selector, path)

    def stroke(self, role: str, name: str) -> None:
        target = self._find(role, name)
        target.scroll_into_view_if_needed()
        box = target.bounding_box()
        assert box, f"{name} is not on the page"
        y = box["y"] + box["height"] / 2
        self.page.mouse.move(box["x"] + box["width"] * 0.2, y)
        self.page.mouse.down()
        self.page.mouse.move(box["x"] + box["width"] * 0.8, y, steps=8)
        self.page.mouse.up()

    def ask(self, expression: str) -> Any:
        return self.page.evaluate(expression)

    def picture(self, path: Path) -> None:
        self.page.screenshot(path=path, full_page=True)

    def offline(self, off: bool) -> None:
        self.page.context.set_offline(off)

    def _find(self, role: Any, name: str) -> Any:
        return self.page.get_by_role(role, name=name, exact=True)


@contextmanager
def chromium_person(
    playwright: Playwright, path: str, *flags: str, **context: Any
) -> Iterator[ChromiumPerson]:
    """Open one window with ``flags``; ``context`` goes to Playwright (viewport, storage_state, ...)."""
    browser = playwright.chromium.launch(executable_path=path, args=[*QUIET, *flags])
    try:
        yield ChromiumPerson(browser.new_context(**context).new_page())
    finally:
        browser.close()
