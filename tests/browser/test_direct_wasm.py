"""The engine on WebAssembly in Chromium: right pictures, threads that are really there, and nothing left behind."""

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import ask

pytestmark = pytest.mark.browser

RUNNER = """
  const frame = kit.goldenCheck.goldenFrame(bundle);
  const make = async (variant) => {
    const runner = await kit.runners['direct-wasm'].create({ bundle, variant });
    await runner.compile();
    return runner;
  };"""
BLOCKS = f"const bundle = await help.blocks(); {RUNNER}"
TINY = f"const bundle = await kit.bundles.downloadBundle(await help.modelAt('flowers-tiny')); {RUNNER}"


@pytest.mark.parametrize(
    "bundle",
    ["await help.blocks()", "await kit.bundles.downloadBundle(await help.modelAt('flowers-tiny'))"],
)
def test_the_golden_picture_is_shown(llvmpipe_page: Page, bundle: str) -> None:
    golden = ask(llvmpipe_page, f"return await help.golden('direct-wasm', {bundle});")
    assert golden["status"] == "pass"
    assert golden["max_abs_error"] < 0.006  # half an 8-bit level is 0.004


def test_a_wrong_slope_fails(llvmpipe_page: Page) -> None:
    script = "return await help.golden('direct-wasm', help.withSlope(await help.blocks(), 0.2));"
    assert ask(llvmpipe_page, script)["status"] == "fail"


def test_threads_are_really_there_and_change_no_picture(llvmpipe_page: Page) -> None:
    """No step ends before every thread has met the others, so a picture proves that they all ran."""
    script = f"""{TINY}
      const tuning = 'usual'; // Other kernels round otherwise.
      const alone = await make({{ threads: 1, tuning }}), together = await make({{ threads: 3, tuning }});
      const pictures = [alone, together].map((runner) => {{
        for (let i = 0; i < 3; i++) runner.draw(frame);
        return runner.readPicture().join();
      }});
      const found = {{
        same: pictures[0] === pictures[1],
        threads: [alone.variant.threads, together.variant.threads],
        objects: [alone, together].map((runner) => runner.session.memory().objects),
      }};
      alone.dispose(); together.dispose();
      return found;"""
    expected = {"same": True, "threads": [1, 3], "objects": [1, 3]}  # a memory each, and two workers
    assert ask(llvmpipe_page, script) == expected


def test_nothing_is_left(llvmpipe_page: Page) -> None:
    script = f"""{BLOCKS}
      const stopped = [], stop = Worker.prototype.terminate;
      Worker.prototype.terminate = function () {{ stopped.push(this); return stop.call(this); }};
      const runner = await make({{ threads: 3 }});
      runner.draw(frame);
      const during = runner.session.memory().objects;
      runner.dispose(); runner.dispose();
      Worker.prototype.terminate = stop;
      return [during, runner.session.memory().objects, stopped.length, runner.alive()];"""
    assert ask(llvmpipe_page, script) == [3, 0, 2, False]


def test_no_frame_makes_anything(llvmpipe_page: Page) -> None:
    """But for small views of the one memory: neither memory nor code nor threads, and nothing is read back."""
    script = f"""{BLOCKS}
      const runner = await make({{ threads: 2 }});
      runner.draw(frame);
      const made = [], {{ bytes, objects }} = runner.session.memory();
      const counted = (owner, name) => {{
        const Own = owner[name];
        owner[name] = class extends Own {{ constructor(...all) {{ super(...all); made.push(name); }} }};
      }};
      for (const name of ['Memory', 'Module', 'Instance']) counted(WebAssembly, name);
      for (const name of ['Worker', 'ImageData', 'OffscreenCanvas', 'ArrayBuffer', 'SharedArrayBuffer', 'Float32Array',
        'Uint8ClampedArray']) counted(window, name);
      const drawing = {{}}, context = CanvasRenderingContext2D.prototype;
      for (const name of ['createImageData', 'getImageData', 'putImageData', 'drawImage']) {{
        const own = context[name];
        context[name] = function (...all) {{ drawing[name] = (drawing[name] ?? 0) + 1; return own.apply(this, all); }};
      }}
      for (let i = 0; i < 10; i++) {{ runner.draw(frame); await runner.close(); }}
      const after = runner.session.memory();
      runner.dispose();
      return [made, drawing, after.bytes - bytes, after.objects - objects];"""
    assert ask(llvmpipe_page, script) == [[], {"putImageData": 10}, 0, 0]


@pytest.mark.slow
def test_a_thread_that_dies_is_reported_and_nothing_hangs_for_good(llvmpipe_page: Page) -> None:
    """Chromium gives a sleeping worker two seconds before it ends it."""
    script = f"""{BLOCKS}
      const made = [], Own = window.Worker;
      window.Worker = class extends Own {{ constructor(...all) {{ super(...all); made.push(this); }} }};
      const runner = await make({{ threads: 2 }}), events = [];
      window.Worker = Own;
      runner.listen((event) => events.push(event));
      made[0].terminate();
      await new Promise((resolve) => setTimeout(resolve, 4000));
      let fault = null;
      try {{ runner.session.draw(frame); }} catch (error) {{ fault = error.fault; }}
      return [fault, events, runner.alive(), runner.session.memory().objects];"""
    assert ask(llvmpipe_page, script) == ["lost", ["device_lost"], False, 0]


def test_the_same_picture_from_every_kind_of_source(llvmpipe_page: Page) -> None:
    script = f"""{BLOCKS}
      const runner = await make();
      const drawn = (source) => {{ runner.session.draw(source); return runner.readPicture().join(); }};
      const expected = drawn(frame);
      const canvas = document.createElement('canvas');
      [canvas.width, canvas.height] = [256, 256];
      canvas.getContext('2d').putImageData(new ImageData(frame.data.slice(), 256, 256), 0, 0);
      const found = [drawn(canvas), drawn(await createImageBitmap(canvas))].map((made) => made === expected);
      const small = {{ width: 64, height: 32, data: new Uint8ClampedArray(64 * 32 * 4).fill(255) }};
      const white = {{ width: 256, height: 256, data: new Uint8ClampedArray(256 * 256 * 4).fill(255) }};
      found.push(drawn(small) === drawn(white));
      runner.dispose();
      return found;"""
    assert ask(llvmpipe_page, script) == [True, True, True]


@pytest.mark.parametrize(
    ("wish", "words"),
    [
        ({"threads": 0}, "whole number"),
        ({"tuning": "relaxed+magic"}, "magic"),
        ({"precision": "float16"}, "float32"),
    ],
)
def test_wishes_that_cannot_be_met_are_refused(
    llvmpipe_page: Page, wish: dict[str, object], words: str
) -> None:
    script = """
      const bundle = await help.blocks();
      return kit.runners['direct-wasm'].create({ bundle, variant: argument })
        .then(() => 'made', (error) => `${error.name}: ${error.message}`);"""
    answer = ask(llvmpipe_page, script, wish)
    assert answer.startswith("EngineError")
    assert words in answer
