"""``kit bench table`` without a browser: which parts there are, what is kept, and the table of what was taken."""

import json
from pathlib import Path
from typing import Any

import pytest

from kit.bench.figures import goals
from kit.bench.figures.code_size import fetched_files
from kit.bench.figures.compare import compared
from kit.bench.figures.keep import Keep
from kit.bench.figures.parts import MODELS, Part, plan_parts
from kit.bench.figures.readme import readme_lines, write_readme
from kit.errors import CallerError
from tests.cli.conftest import Kit, OneLine
from tests.cli.figures import PAIR, kept, kept_of_every_task

ALL = plan_parts(MODELS, "chromium", ["swiftshader", "llvmpipe"])


def test_every_part_has_a_file_of_its_own() -> None:
    names = [part.name for part in ALL + plan_parts(MODELS, "firefox", ["llvmpipe"])]
    assert len(set(names)) == len(names)
    assert "chromium.llvmpipe.flowers-tiny.pair.ort-wasm-threads-1-vs-direct-wasm-threads-1" in names


def test_every_goal_has_the_part_that_shows_whether_it_is_reached() -> None:
    taken = {(part.modes[0], part.gl, part.model) for part in ALL if part.task == "pair"}
    assert set(goals.PAIRS) <= taken
    assert {part.task for part in ALL} == {"pair", "script", "first", "look", "code"}


def test_firefox_has_no_webgpu_and_one_gpu_is_enough() -> None:
    modes = {mode for part in plan_parts(MODELS, "firefox", ["llvmpipe"]) for mode in part.modes}
    assert not [mode for mode in modes if "webgpu" in mode]
    native = plan_parts(MODELS, "chromium", ["native"])
    assert {part.gl for part in native} == {"native"}
    assert [part for part in native if part.modes == ("tfjs-webgpu", "direct-webgpu")]


@pytest.mark.parametrize(
    ("goal", "value", "says"),
    [
        (goals.Goal(8, 15), 15, "aim reached"),
        (goals.Goal(8, 15), 8, "reached"),
        (goals.Goal(8, 15), 7.9, "**not reached**"),
        (goals.SCRIPT, 0.2, "aim reached"),
        (goals.SCRIPT, 0.51, "**not reached**"),
    ],
)
def test_a_figure_against_its_goal(goal: goals.Goal, value: float, says: str) -> None:
    assert goal.verdict(value) == says


def test_rounds_are_compared_one_by_one() -> None:
    found = compared([10, 40, 30, 10, 20, 10], [5, 10, 10, 5, 5, 1])
    assert (found.ratio, found.low, found.high, found.rounds) == (3.5, 2, 10, 6)
    assert (found.theirs_ms, found.ours_ms) == (15, 5)
    with pytest.raises(ValueError, match="zip"):
        compared([10], [5, 5])
    with pytest.raises(ValueError, match="no round"):
        compared([], [])


def test_a_page_fetches_what_is_imported_at_once_and_one_build_of_the_kernels(tmp_path: Path) -> None:
    (tmp_path / "assets").mkdir()
    for name in ("relaxed-threads-a1.wasm", "simd-b2.wasm", "worker-c3.js", "other-d4.js"):
        (tmp_path / "assets" / name).write_text("x")
    (tmp_path / "index.js").write_text('import{a}from"./plan.js";const b=()=>import("./webgl.js");')
    (tmp_path / "plan.js").write_text("export const a=1")
    (tmp_path / "webgl.js").write_text('import"./plan.js";')
    urls = "".join(
        f'new URL("assets/{name}");' for name in ("relaxed-threads-a1.wasm", "simd-b2.wasm", "worker-c3.js")
    )
    (tmp_path / "wasm.js").write_text(f'import{{a as x}} from "./plan.js";{urls}')
    wasm = {file.name for file in fetched_files(tmp_path, "wasm")}
    assert wasm == {"index.js", "plan.js", "wasm.js", "relaxed-threads-a1.wasm", "worker-c3.js"}
    assert {file.name for file in fetched_files(tmp_path, "webgl")} == {"index.js", "plan.js", "webgl.js"}


def test_a_part_that_failed_is_taken_again(tmp_path: Path) -> None:
    keep = Keep(tmp_path)
    assert not keep.is_done(PAIR)
    keep.write(PAIR, kept(PAIR, trouble="the browser ended by itself"))
    assert not keep.is_done(PAIR)
    keep.write(PAIR, kept(PAIR, {"conditions": [], "ratios": []}))
    assert keep.is_done(PAIR)
    assert [one["part"] for one in keep.everything()] == [PAIR.name]


@pytest.mark.parametrize(("text", "says"), [("{", "cannot be read"), ('{"part": "x"}', "is no result")])
def test_a_file_that_is_none_of_ours_is_named(tmp_path: Path, text: str, says: str) -> None:
    file = Keep(tmp_path).file(PAIR)
    file.parent.mkdir()
    file.write_text(text)
    with pytest.raises(CallerError, match=says) as problem:
        write_readme(Keep(tmp_path))
    assert str(file) in problem.value.message


def line_of(text: str, *words: str) -> list[str]:
    """The cells of the one line of a table that has all these words."""
    found = [line for line in text.splitlines() if all(word in line for word in words)]
    assert len(found) == 1, found
    return [cell.strip() for cell in found[0].strip("|").split(" | ")]


@pytest.fixture(scope="module")
def page() -> str:
    return "\n".join(readme_lines(kept_of_every_task()))


def test_the_table_says_what_was_reached(page: str) -> None:
    assert line_of(page, "`direct-webgl` vs `tfjs-webgl`, a frame")[1:] == [
        *("flowers-small", "chromium, swiftshader", "8x", "15x", "10x", "9 to 11", "6", "reached"),
    ]
    assert line_of(page, "vs `ort-webgpu`, a frame")[3:7] == ["-", "-", "0.9x", "0.8 to 0.95"]
    assert line_of(page, "JavaScript a frame, `direct-webgl`")[5:8] == [
        "0.2 ms",
        "0.2 to 0.3 ms",
        "6",
    ]
    assert line_of(page, "first picture, `direct-webgl`")[5:7] == ["4x", "4 to 4"]
    assert line_of(page, "gzip: webgl")[3:6] == ["60 kB", "30 kB", "36.6 kB"]
    assert line_of(page, "largest difference from Keras (float32)")[5:] == [
        *("1 level, 0 on 99.95 %", "-", "-", "aim reached"),
    ]


def test_where_the_engine_is_behind_is_said(page: str) -> None:
    behind = page.split("## Where it is not ahead")[1].split("\n## ", maxsplit=1)[0]
    assert "`direct-webgpu` vs `ort-webgpu`" in behind
    assert "tfjs-webgl" not in behind


def test_the_figures_behind_the_table(page: str) -> None:
    assert line_of(page, "| `tfjs-webgl` | 6 | 932 | 67 |")
    assert line_of(page, "down1 | conv")[3:] == ["1,000", "1.5", "-"]
    assert line_of(page, "| all |")[3:] == ["1,000", "1.5", "0.25"]
    assert line_of(page, "did not run: no adapter")[2] == "`direct-webgpu`"
    assert line_of(page, "the page gave nothing")[0] == "`chromium.llvmpipe.flowers-tiny.first`"
    for fact in (
        "A processor, 2 cores",
        "Chromium 156",
        "SwiftShader driver",
        "2026-01-02T03:04",
        "0.1.0 (abc)",
    ):
        assert fact in page


def test_an_empty_folder_has_a_page_too() -> None:
    assert "Nothing was taken yet" in "\n".join(readme_lines([]))


def test_the_list_says_what_is_kept_and_the_table_can_be_written_alone(kit: Kit, tmp_path: Path) -> None:
    part = Part("script", "test-blocks", "chromium", "llvmpipe", ("tfjs-webgl", "direct-webgl"), 40)
    rows = [{"mode": mode, "ms": [1.0] * 6, "calls": 9, "draws": 3, "renderer": None} for mode in part.modes]
    Keep(tmp_path).write(part, kept(part, {"rows": rows}))
    options = ("--out", str(tmp_path), "--models", "test-blocks", "--gl", "llvmpipe")
    listed = kit("bench", "table", *options, "--list").stdout
    assert [line.split()[-1] for line in listed.splitlines() if part.name in line] == ["yes"]
    assert "chromium.llvmpipe.test-blocks.first" in listed
    kit("bench", "table", *options, "--minutes", "0")
    assert "1 ms" in (tmp_path / "README.md").read_text()


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--models", "flowers-medium"], "there is no model flowers-medium"),
        (["--models", "test-blocks", "--gl", "vulkan"], "--gl: there is no vulkan"),
        (["--models", "test-blocks", "--only", "nothing"], "no part has nothing in its name"),
        (["--models", "test-blocks", "--browser", "firefox", "--gl", "swiftshader"], "use --gl llvmpipe"),
    ],
)
def test_what_makes_no_sense_is_one_line(kit: Kit, one_line: OneLine, options: list[str], says: str) -> None:
    assert says in one_line(kit("bench", "table", *options, code=2))


def test_without_the_runtimes_nothing_begins(
    kit: Kit, one_line: OneLine, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("kit.rivals.place", lambda: tmp_path)
    line = one_line(kit("bench", "table", "--models", "test-blocks", "--out", str(tmp_path), code=2))
    assert "kit rivals installs it" in line


def test_what_is_kept_can_be_read_by_a_script(tmp_path: Path) -> None:
    keep = Keep(tmp_path)
    keep.write(PAIR, kept(PAIR, {"conditions": [], "ratios": []}))
    read: dict[str, Any] = json.loads(keep.file(PAIR).read_text())
    assert (read["modes"], read["gl"], read["trouble"]) == (
        ["tfjs-webgl", "direct-webgl"],
        "swiftshader",
        None,
    )
