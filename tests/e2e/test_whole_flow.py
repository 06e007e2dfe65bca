"""The main job in three real browsers: link, consent, device, download, measure, paint, thank you; then the store has
every run and the dashboard shows the machine under its own GPU's name.
"""

import os
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Playwright

from kit.bench.browsers import CHROMIUM_GL, Gl
from kit.domain.gpu import parse_renderer
from tests.e2e.chromium_person import FAKE_WEBCAM, ChromiumPerson, chromium_person
from tests.e2e.firefox_person import FirefoxPerson, firefox_person
from tests.e2e.flow import agree, finish, measure, paint
from tests.e2e.live_kit import LiveKit
from tests.e2e.person import Person

pytestmark = pytest.mark.timeout(400)

MODES = {"tfjs-pixels", "tfjs-webgl"}
BLOCKS = 5  # two conditions in two blocks each, and the first one again
ARTIFACTS = Path(__file__).parents[1] / ".artifacts"

Chromium = Callable[..., AbstractContextManager[ChromiumPerson]]


@pytest.fixture
def window(playwright: Playwright, chromium: str) -> Chromium:
    """Opens Chromium with a GL and further flags."""

    def open_window(gl: Gl, *flags: str, **context: Any) -> AbstractContextManager[ChromiumPerson]:
        return chromium_person(playwright, chromium, *CHROMIUM_GL[gl], *flags, **context)

    return open_window


def test_chromium_on_swiftshader(live: LiveKit, trained: str, window: Chromium, admin: Any) -> None:
    url = live.new_study("Flowers on SwiftShader", trained)
    with window("swiftshader") as person:
        take_part(person, url, "swiftshader")
        assert person.errors == []
    renderer = assert_stored(live, url)
    assert "SwiftShader" in renderer
    assert_on_dashboard(admin, renderer)


def test_chromium_on_llvmpipe_with_a_webcam(
    live: LiveKit, trained: str, window: Chromium, admin: Any
) -> None:
    url = live.new_study("Flowers on llvmpipe", trained)
    with window("llvmpipe", *FAKE_WEBCAM, permissions=["camera"]) as person:
        agree(person, url)
        measure(person)
        paint(person)
        person.press("Use webcam")
        person.sees("button", "Stop webcam")
        person.press("Stop webcam")
        finish(person)
        assert person.errors == []
    renderer = assert_stored(live, url)
    assert "llvmpipe" in renderer
    assert_on_dashboard(admin, renderer)


def test_firefox_on_a_virtual_screen(
    live: LiveKit, trained: str, firefox: str, node: str, admin: Any
) -> None:
    url = live.new_study("Flowers in Firefox", trained)
    with firefox_person(firefox, node) as person:
        take_part(person, url, "firefox")
        assert person.errors == []
    renderer = assert_stored(live, url)
    assert renderer == "llvmpipe, or similar"
    assert_on_dashboard(admin, renderer)


def take_part(person: Person, url: str, name: str) -> None:
    """The whole way, with a picture of the result kept beside the tests."""
    agree(person, url)
    measure(person)
    paint(person)
    keep_picture(person, name)
    finish(person)


def keep_picture(person: ChromiumPerson | FirefoxPerson | Person, name: str) -> None:
    """A screenshot for the person who looks at a failed (or a beautiful) run."""
    ARTIFACTS.mkdir(exist_ok=True)
    person.picture(ARTIFACTS / f"{name}-{os.getpid()}.png")


def assert_stored(live: LiveKit, url: str) -> str:
    """One finished visit with every block measured in both modes, each picture right. The device's renderer."""
    live.wait_for_visit(url, "finished")
    runs = live.rows("runs", url)
    measured = [run for run in runs if run["kind"] == "measured"]
    assert sorted(run["block"] for run in measured) == list(range(BLOCKS))
    assert {run["mode"] for run in measured} == MODES
    assert {(run["outcome"], run["golden_status"]) for run in measured} == {("ok", "pass")}
    assert all(run["capability_ms_median"] > 0 for run in measured)
    assert any(run["kind"] == "play" and run["displayed_frames"] > 0 for run in runs)
    (device,) = live.rows("devices", url)
    return str(device["renderer"])


def assert_on_dashboard(admin: Any, renderer: str) -> None:
    """The table by hardware has this GPU, by the name that the rules give it."""
    gpu = parse_renderer(renderer)
    with admin("/admin/hardware") as person:
        person.sees("table", "Software and virtual")
        headings = person.page.get_by_role("rowheader").all_inner_texts()
    assert any(gpu.model in heading for heading in headings), headings
