"""A model of the tester's own, made by stock TensorFlow.js: dropped on the page, painted with, stored as local, not uploaded."""

import base64
import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, Playwright, Request

from kit.bench.browsers import CHROMIUM_GL
from tests.browser_pages.test_axe_tester import violations
from tests.e2e.chromium_person import ChromiumPerson, chromium_person
from tests.e2e.flow import agree, finish, paint, wait_until
from tests.e2e.live_kit import LiveKit
from tests.e2e.stock_model import MARK, saved_model

pytestmark = pytest.mark.timeout(400)

ARTIFACTS = Path(__file__).parents[1] / ".artifacts"
PAINTED_S = 90.0

DROP = """(files) => {
  const transfer = new DataTransfer();
  for (const { name, base64 } of files) {
    const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
    transfer.items.add(new File([bytes], name));
  }
  for (const type of ["dragover", "drop"]) {
    document.body.dispatchEvent(new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }));
  }
}"""
# Mean red, green and blue of the picture; tfjs-pixels draws on a 2D canvas.
COLOUR = """(() => {
  const canvas = document.querySelector(".picture-frame canvas");
  if (!canvas || canvas.width !== 64) return [0, 0, 0];
  const { data } = canvas.getContext("2d").getImageData(0, 0, 64, 64);
  return [0, 1, 2].map((c) => data.reduce((sum, value, i) => sum + (i % 4 === c ? value : 0), 0) / 4096);
})()"""


def drop(page: Page, *files: Path) -> None:
    """Let files fall on the page."""
    content = [{"name": f.name, "base64": base64.b64encode(f.read_bytes()).decode()} for f in files]
    page.evaluate(DROP, content)


def to_painting(person: ChromiumPerson, url: str) -> None:
    """To the drawing, with as little measuring as can be."""
    agree(person, url)
    person.press("Send and continue")
    person.at("measure", wait_s=60)
    person.press("Start measuring")
    person.press("Stop", wait_s=120)
    person.press("Go on to painting", wait_s=120)
    person.at("play")


def is_red(person: ChromiumPerson) -> bool:
    red, green, blue = person.ask(COLOUR)
    return bool(red > 230 and max(green, blue) < 25)


def test_a_model_of_other_software(
    live: LiveKit, playwright: Playwright, chromium: str, tmp_path: Path
) -> None:
    url = live.new_study("Bring your own", "test-blocks", "tfjs-pixels")
    with chromium_person(playwright, chromium, *CHROMIUM_GL["swiftshader"]) as person:
        model, weights = saved_model(person.page, tmp_path)
        assert weights.stat().st_size > 100_000
        sent: list[Request] = []

        def keep(request: Request) -> None:
            sent.append(request)

        person.page.on("request", keep)
        to_painting(person, url)

        drop(person.page, weights)
        person.page.get_by_text("The model.json is still missing").wait_for()
        drop(person.page, model)
        person.page.get_by_text("The model is painting").wait_for(timeout=60_000)
        wait_until(lambda: is_red(person), PAINTED_S, "the model's picture was not seen")
        paint(person)
        assert "64 × 64 pixels, colour" in person.text(".own-facts")
        assert violations(person.page) == []
        keep_pictures(person.page)
        assert is_red(person)
        finish(person)
        assert person.errors == []

    bodies = [request.post_data_buffer or b"" for request in sent]
    assert all(MARK.encode() not in body for body in bodies)
    assert max(map(len, bodies)) < 50_000
    live.wait_for_visit(url, "stopped")
    own = [run for run in live.rows("runs", url) if run["local"]]
    assert {(run["kind"], run["model"], run["golden_status"]) for run in own} == {
        ("play", "local-model", "not_checked")
    }
    assert any(run["displayed_frames"] > 0 for run in own)


def test_files_that_are_no_model(
    live: LiveKit, playwright: Playwright, chromium: str, tmp_path: Path
) -> None:
    picture, other = tmp_path / "holiday.txt", tmp_path / "model.json"
    picture.write_text("no model")
    other.write_text("{}")
    with chromium_person(playwright, chromium, *CHROMIUM_GL["swiftshader"]) as person:
        to_painting(person, live.new_study("Refused", "test-blocks", "tfjs-pixels"))
        for file, said in ((picture, "holiday.txt is no part of"), (other, "has no modelTopology")):
            drop(person.page, file)
            person.page.get_by_role("alert").get_by_text(said).wait_for()
        assert person.errors == []


def test_a_study_can_leave_it_out(live: LiveKit, playwright: Playwright, chromium: str) -> None:
    made = live.run("study", "new", "--title", "None", "--models", "test-blocks", "--no-own-models")
    with chromium_person(playwright, chromium, *CHROMIUM_GL["swiftshader"]) as person:
        to_painting(person, made.split()[-1])
        assert person.page.get_by_text("Try a model of your own").count() == 0


def keep_pictures(page: Page) -> None:
    """Screenshots of the open disclosure, for whoever looks."""
    ARTIFACTS.mkdir(exist_ok=True)
    for scheme in ("light", "dark"):
        for width, height in ((360, 740), (1440, 900)):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            page.set_viewport_size({"width": width, "height": height})
            page.screenshot(path=ARTIFACTS / f"own-model-{width}-{scheme}-{os.getpid()}.png", full_page=True)
