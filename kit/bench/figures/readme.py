"""README.md of the folder: written from the raw results alone, so that it can be written again at any time."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from kit.bench.figures import sections
from kit.bench.figures.keep import RAW, Keep, Kept
from kit.bench.figures.markdown import section, table
from kit.bench.figures.rows import COLUMNS, lines

METHOD = (
    "Each comparison has a page load of its own, in which two modes take turns in rounds A B, B A, A B, ...; a ratio is the"
    " median of the rounds' ratios, theirs / ours, with an interval by order statistics (six rounds are the fewest that"
    " carry 95 %). Every mode is given the same recorded bytes, and a frame is closed when its picture is on its canvas;"
    " before it is timed, its picture must be the golden one. TensorFlow.js runs at its best settings (batch norm folded,"
    " shaders compiled ahead, nothing read back in `tfjs-webgl`), ONNX Runtime Web with SIMD, threads, graph capture and"
    " buffers that stay on the GPU, LiteRT.js with buffers that stay on the GPU. Timed windows are"
    " shorter than a study's, because the modes alternate within seconds."
)


def write_readme(keep: Keep) -> Path:
    """Write it; gives the file. Raises CallerError for results that cannot be read, and where the folder cannot be made."""
    everything = keep.everything()
    keep.folder.mkdir(parents=True, exist_ok=True)
    file = keep.folder / "README.md"
    file.write_text("\n".join(readme_lines(everything)) + "\n", encoding="utf-8")
    return file


def readme_lines(everything: Sequence[Kept]) -> Iterator[str]:
    """Every line, top to bottom."""
    yield "# Benchmarks"
    yield ""
    yield "How the engine stands to what else runs such networks in a browser. Written by `kit bench table`, which takes every"
    yield f"figure and keeps it in `{RAW}/`; do not edit it by hand. Ratios are theirs / ours: 8x says that the"
    yield "engine needs an eighth of the time."
    if not everything:
        yield "\nNothing was taken yet."
        return
    yield from _taken(everything)
    yield from section("The table")
    yield ""
    yield from table(COLUMNS, lines(everything))
    yield from sections.behind(everything)
    for part in (sections.frames, sections.script, sections.first, sections.differences, sections.layers):
        yield from part(everything)
    yield from _troubles(everything)
    yield from section("Method", METHOD)


def _taken(everything: Sequence[Kept]) -> Iterator[str]:
    """Machine, browsers, renderers, dates and builds; each said once, all of them where they differ."""
    facts = [kept["machine"] for kept in everything]
    dates = sorted(kept["taken_at"] for kept in everything)
    machines = {f"{f['processor_name'] or f['processor']}, {f['cores']} cores, {f['system']}" for f in facts}
    lines_ = {
        "machine": machines,
        "browser": {kept["browser_version"] for kept in everything},
        "renderer": set(_renderers(everything)),
        "taken": {
            f"{dates[0][:16]} to {dates[-1][:16]}" if dates[0][:16] != dates[-1][:16] else dates[0][:16]
        },
        "build": {f"{kept['kit_version']} ({kept['build']})" for kept in everything},
    }
    yield from section("Taken on")
    yield ""
    yield from table(("", ""), [[name, "<br>".join(sorted(values))] for name, values in lines_.items()])
    if len(lines_["build"]) > 1:
        yield "\nParts of different builds stand beside each other: `--again` takes all of them with this one."


def _renderers(everything: Sequence[Kept]) -> Iterator[str]:
    for kept in everything:
        result = kept["result"] or {}
        for row in (*result.get("conditions", ()), *result.get("rows", ())):
            if row.get("renderer"):
                yield row["renderer"]


def _troubles(everything: Sequence[Kept]) -> Iterator[str]:
    bad = [kept for kept in everything if kept["trouble"] is not None]
    if bad:
        yield from section("Not taken", "Why there is no figure:")
        yield ""
        yield from table(("part", "reason"), [[f"`{kept['part']}`", kept["trouble"]] for kept in bad])
