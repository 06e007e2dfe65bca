"""Modes with wishes in brackets: what they mean, the one way to write them, and what is refused with which words."""

import re

import pytest
from pydantic import ValidationError

from kit.domain import modes, protocol
from kit.domain.modes import parse_mode, plain_modes, split_modes
from kit.domain.study import StudyDefinition


@pytest.fixture(autouse=True)
def every_mode_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The brackets mean the same whichever modes this build has."""
    ready = {
        name: protocol.OutputMode(m.id, m.title, m.closing, True, m.takes, m.rival)
        for name, m in protocol.MODES.items()
    }
    monkeypatch.setattr(protocol, "MODES", ready)
    monkeypatch.setattr(modes, "MODES", ready)


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("direct-wasm", "direct-wasm"),
        (" direct-wasm [ threads = 1 ] ", "direct-wasm[threads=1]"),
        ("direct-webgl[tuning=block=8x4,mrt=4]", "direct-webgl[tuning=block=8x4,mrt=4]"),
        ("direct-webgpu[ precision=float16, tuning=k=2]", "direct-webgpu[precision=float16,tuning=k=2]"),
    ],
)
def test_a_mode_has_one_way_to_be_written(text: str, written: str) -> None:
    assert str(parse_mode(text)) == written
    assert str(parse_mode(written)) == written


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("direct-wsam", "there is no mode direct-wsam; did you mean direct-wasm?"),
        ("direct-wasm[threads=1", "has a bracket too many or too few; write it as direct-wasm[threads=1]"),
        ("direct-wasm[]", "leave out the brackets, or write a wish such as threads=1"),
        ("direct-wasm[1]", "write NAME=VALUE in the brackets"),
        ("direct-wasm[threads=0]", "threads=0: give a whole number from 1 to 1024"),
        ("direct-wasm[threads=two]", "give a whole number"),
        ("direct-wasm[threads=1,threads=2]", "threads is given twice"),
        ("direct-webgl[threads=2]", "direct-webgl has no threads to choose; it takes precision and tuning"),
        ("direct-webgl[precision=int3]", "choose from float32, float16"),
        ("direct-webgl[tuning=<b>]", "tuning=<b>: use up to 150 letters"),
        ("tfjs-webgl[precision=float16]", "tfjs-webgl takes no wishes; name it without brackets"),
    ],
)
def test_what_makes_no_sense_is_refused_with_what_to_write(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)):
        parse_mode(text)


def test_commas_within_brackets_do_not_divide() -> None:
    given = "direct-wasm[threads=1], direct-webgl[precision=float16,tuning=a=1,b=2],tfjs-webgl"
    assert len(split_modes(given)) == 3
    assert plain_modes([*split_modes(given), "direct-wasm"]) == ["direct-wasm", "direct-webgl", "tfjs-webgl"]


def test_rivals_are_in_a_study_only_where_they_are_named() -> None:
    modes_of = StudyDefinition.model_validate({"title": "a", "models": ["flowers-small"]}).modes
    assert modes_of == protocol.default_modes()
    assert not [mode for mode in protocol.ready_modes() if protocol.MODES[mode].rival]
    named = {"title": "a", "models": ["flowers-small"], "modes": ["ort-wasm[threads=2]"]}
    assert StudyDefinition.model_validate(named).modes == ["ort-wasm[threads=2]"]


def test_one_mode_with_different_wishes_is_two_conditions_and_the_same_twice_is_refused() -> None:
    fields = {"title": "a", "models": ["m"], "modes": ["direct-wasm", "direct-wasm[threads=1]"]}
    assert StudyDefinition.model_validate(fields).plain_modes() == ["direct-wasm"]
    twice = fields | {"modes": ["direct-wasm[threads=1]", "direct-wasm[ threads=1 ]"]}
    with pytest.raises(ValidationError, match="named twice"):
        StudyDefinition.model_validate(twice)
