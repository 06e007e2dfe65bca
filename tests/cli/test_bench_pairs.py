"""Which page loads the options of ``kit bench`` mean, and what is refused before anything starts."""

import pytest

from kit import rivals
from kit.bench import pairs
from kit.bench.pages import Page, plan_pages
from kit.bench.pairs import ENGINE_PAIRS, pairs_of
from kit.bench.rows import condition_row
from kit.domain.modes import parse_mode
from kit.domain.protocol import MODES
from kit.errors import CallerError
from tests.cli.reports import bench_run

EVERYTHING = {"onnxruntime-web": "onnxruntime-web@1", "@litertjs/core": "@litertjs/core@2"}


def test_each_mode_is_compared_with_the_first_or_the_reference() -> None:
    assert pairs_of("tfjs-webgl,tfjs-pixels", None, None) == [("tfjs-webgl", "tfjs-pixels")]
    assert pairs_of("tfjs-webgl,tfjs-pixels", "tfjs-wasm[threads=1]", None) == [
        ("tfjs-wasm[threads=1]", "tfjs-webgl"),
        ("tfjs-wasm[threads=1]", "tfjs-pixels"),
    ]
    assert pairs_of("tfjs-webgl", None, None) == [("tfjs-webgl",)]


def test_each_pair_of_each_model_has_a_page_of_its_own() -> None:
    assert plan_pages(["a", "b"], [("x", "y"), ("x", "z")]) == [
        Page("a", ("x", "y")),
        Page("a", ("x", "z")),
        Page("b", ("x", "y")),
        Page("b", ("x", "z")),
    ]
    assert plan_pages(["a"], [("x",)]) == [Page("a", ("x",))]


def test_all_has_every_mode_that_this_build_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rivals, "installed", lambda: EVERYTHING)
    found = pairs_of("all", None, None)
    assert {first for first, _ in found} == {"tfjs-webgl"}
    assert {mode for _, mode in found} | {"tfjs-webgl"} == {mode.id for mode in MODES.values() if mode.ready}


def test_without_the_runtimes_their_modes_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rivals, "installed", dict)
    modes = {mode for pair in pairs_of("all", None, None) for mode in pair}
    assert "tfjs-wasm" in modes
    assert not [mode for mode in modes if mode.startswith(("ort-", "litert-"))]
    assert pairs.missing_runtimes()["@litertjs/core"] == ["litert-webgpu"]


def test_the_engine_is_compared_with_each_of_its_rivals() -> None:
    assert pairs_of(None, None, "tfjs-wasm/ort-wasm[threads=2]") == [("tfjs-wasm", "ort-wasm[threads=2]")]
    assert {parse_mode(ours).mode.partition("-")[0] for _, ours in ENGINE_PAIRS} == {"direct"}
    assert {parse_mode(theirs).mode for theirs, _ in ENGINE_PAIRS} >= {
        m.id for m in MODES.values() if m.rival
    }


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("tfjs-webgl,tfjs-webgl", None, None), "tfjs-webgl is named twice"),
        (("tfjs-wasm[threads=1],tfjs-wasm[ threads=1 ]", None, None), "named twice"),
        (("nothing-here", None, None), "--modes: there is no mode nothing-here"),
        (("tfjs-webgl", "tfjs-wasm[threads=none]", None), "--reference: threads=none"),
        ((",", None, None), "name at least one mode"),
        ((None, None, "tfjs-webgl"), "is no pair; write THEIRS/OURS"),
        ((None, None, "tfjs-webgl/tfjs-webgl"), "is no pair"),
        (("all", None, "engine"), "without --modes and --reference"),
    ],
)
def test_what_makes_no_sense_is_refused(options: tuple[str | None, ...], words: str) -> None:
    with pytest.raises(CallerError, match="--") as problem:
        pairs_of(*options)
    assert words in problem.value.message


def test_one_mode_with_two_wishes_has_two_rows() -> None:
    runs = [bench_run("tfjs-wasm", 0, 10), bench_run("tfjs-wasm", 1, 5)]
    row = condition_row("test-blocks", "tfjs-wasm[threads=1]", runs[:1], None)
    assert (row["mode"], row["backend"], row["capability_ms_median"]) == ("tfjs-wasm[threads=1]", "wasm", 10)
