"""Which modes are compared: a reference with each of the others, or pairs that are named."""

from collections.abc import Sequence

from kit.domain.modes import parse_mode, split_modes
from kit.domain.protocol import ready_modes
from kit.errors import CallerError
from kit.rivals import lacking

ALL = "all"
REFERENCE = "tfjs-webgl"
ENGINE = "engine"
ENGINE_PAIRS = (
    ("tfjs-webgl", "direct-webgl"),
    ("tfjs-wasm[threads=1]", "direct-wasm[threads=1]"),
    ("ort-wasm[threads=1]", "direct-wasm[threads=1]"),
    ("tfjs-wasm", "direct-wasm"),
    ("ort-wasm", "direct-wasm"),
    ("tfjs-webgpu", "direct-webgpu"),
    ("ort-webgpu", "direct-webgpu"),
    ("litert-webgpu", "direct-webgpu"),
)
"""Each of the engine's back ends behind each of its rivals: (theirs, ours)."""

Pair = tuple[str, ...]
"""The modes of one page load, the reference first; one alone where there is nothing to compare."""


def pairs_of(modes: str | None, reference: str | None, pairs: str | None) -> list[Pair]:
    """The page loads that the options of ``kit bench`` ask for. Raises CallerError."""
    if pairs is not None:
        if modes is not None or reference is not None:
            raise CallerError("--pairs: name the modes there, without --modes and --reference")
        return _named(pairs)
    chosen = _chosen(modes)
    first = _mode(reference, "--reference") if reference else _first(modes, chosen)
    others = [mode for mode in chosen if mode != first]
    return [(first, mode) for mode in others] or [(first,)]


def missing_runtimes() -> dict[str, list[str]]:
    """The modes that are ready but for a runtime that ``kit rivals`` has not installed here, by runtime."""
    return lacking(ready_modes(rivals=True))


def _first(modes: str | None, chosen: Sequence[str]) -> str:
    everything = modes is None or modes.strip() == ALL
    return REFERENCE if everything and REFERENCE in chosen else chosen[0]


def _chosen(modes: str | None) -> list[str]:
    if modes is None:
        return ready_modes()
    if modes.strip() == ALL:
        missing = {mode for names in missing_runtimes().values() for mode in names}
        return [mode for mode in ready_modes(rivals=True) if mode not in missing]
    chosen = [_mode(mode, "--modes") for mode in split_modes(modes)]
    if not chosen:
        raise CallerError("--modes: name at least one mode, or all")
    if len(set(chosen)) < len(chosen):
        twice = next(mode for mode in chosen if chosen.count(mode) > 1)
        raise CallerError(f"--modes: {twice} is named twice; name it once")
    return chosen


def _named(pairs: str) -> list[Pair]:
    if pairs.strip() == ENGINE:
        ready = {*_chosen(ALL)}
        there: list[Pair] = [
            pair for pair in ENGINE_PAIRS if {parse_mode(mode).mode for mode in pair} <= ready
        ]
        if not there:
            raise CallerError("--pairs engine: this version has no mode of the engine that can run")
        return there
    named: list[Pair] = []
    for text in split_modes(pairs):
        modes = [_mode(mode, "--pairs") for mode in text.split("/")]
        if len(modes) != 2 or modes[0] == modes[1]:
            raise CallerError(
                f"--pairs: {text} is no pair; write THEIRS/OURS, such as tfjs-webgl/direct-webgl, or engine"
            )
        named.append(tuple(modes))
    if not named:
        raise CallerError("--pairs: name at least one pair, or engine")
    return named


def _mode(text: str, option: str) -> str:
    try:
        return str(parse_mode(text))
    except ValueError as error:
        raise CallerError(f"{option}: {error}") from error
