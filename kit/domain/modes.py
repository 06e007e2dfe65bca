"""A mode and what is asked of it beyond its name: ``direct-wasm[threads=1]``. The only place that reads brackets.

>>> parse_mode("direct-webgl[precision=float16, tuning=block=8x4,mrt=4]").wishes.tuning
'block=8x4,mrt=4'
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from kit.domain.protocol import MODES, OutputMode, ready_modes
from kit.domain.wire.visit import TUNING, Wishes

PRECISIONS = ("float32", "float16")
MOST_THREADS = 1_024
_BRACKETS = re.compile(r"^([^\[\]]*)(?:\[([^\[\]]*)\])?$")
_TUNING = re.compile(TUNING)


@dataclass(frozen=True, slots=True)
class AskedMode:
    """One way to run: the plain mode, and the wishes, all empty where there were no brackets."""

    mode: str
    wishes: Wishes

    @property
    def asked(self) -> Wishes | None:
        """The wishes, or ``None`` where there are none."""
        return self.wishes if wishes_text(self.wishes) else None

    def __str__(self) -> str:
        """The one way to write it: always the same text for the same wishes."""
        return asked_text(self.mode, wishes_text(self.wishes))


def wishes_text(wishes: Wishes | None) -> str:
    """What stands between the brackets; "" where nothing is wished."""
    given = (wishes or Wishes()).model_dump(exclude_none=True)
    return ",".join(f"{name}={value}" for name, value in given.items())


def asked_text(mode: str, wishes: str) -> str:
    """A mode and the text of its wishes as one: ``direct-wasm[threads=1]``."""
    return f"{mode}[{wishes}]" if wishes else mode


def parse_mode(text: str) -> AskedMode:
    """Read one mode as a study or a command names it. Raises ValueError in one sentence that says what to write."""
    parts = _BRACKETS.match(text.strip())
    if parts is None:
        raise ValueError(f"{text} has a bracket too many or too few; write it as direct-wasm[threads=1]")
    mode = _known(parts[1].strip())
    return AskedMode(mode.id, _wishes(mode, parts[2]))


def split_modes(text: str) -> list[str]:
    """ "a, b[threads=1,tuning=x]" -> ["a", "b[threads=1,tuning=x]"]: commas within brackets do not divide."""
    parts = re.split(r",(?![^\[]*\])", text)
    return [part.strip() for part in parts if part.strip()]


def plain_modes(asked: Iterable[str]) -> list[str]:
    """The modes without what is wished of them, each once, in the order given."""
    return list(dict.fromkeys(parse_mode(text).mode for text in asked))


def _known(name: str) -> OutputMode:
    ready = ready_modes(rivals=True)
    if name not in MODES:
        near = get_close_matches(name, ready, n=1)
        hint = f"did you mean {near[0]}?" if near else f"choose from {', '.join(ready)}"
        raise ValueError(f"there is no mode {name}; {hint}")
    if not MODES[name].ready:
        raise ValueError(f"{name} cannot run yet; choose from {', '.join(ready)}")
    return MODES[name]


def _wishes(mode: OutputMode, inside: str | None) -> Wishes:
    if inside is None:
        return Wishes()
    found: dict[str, str] = {}
    rest = inside
    while rest.strip():
        name, equals, value = (part.strip() for part in rest.partition("="))
        if not equals:
            raise ValueError(f"{mode.id}[{inside}]: write NAME=VALUE in the brackets, such as threads=1")
        # A tuning is the mode's own words and may have commas, so it takes all that follows.
        value, rest = (value, "") if name == "tuning" else _first(value)
        if name in found:
            raise ValueError(f"{mode.id}[{inside}]: {name} is given twice")
        _check_name(mode, name)
        found[name] = value
    if not found:
        raise ValueError(f"{mode.id}[]: leave out the brackets, or write a wish such as threads=1")
    return Wishes.model_validate({name: READERS[name](value) for name, value in found.items()})


def _first(value: str) -> tuple[str, str]:
    before, _, behind = value.partition(",")
    return before.strip(), behind


def _check_name(mode: OutputMode, name: str) -> None:
    if name in mode.takes:
        return
    if not mode.takes:
        raise ValueError(f"{mode.id} takes no wishes; name it without brackets")
    raise ValueError(f"{mode.id} has no {name} to choose; it takes {' and '.join(mode.takes)}")


def _threads(value: str) -> int:
    if not value.isdecimal() or not 1 <= int(value) <= MOST_THREADS:
        raise ValueError(f"threads={value}: give a whole number from 1 to {MOST_THREADS}")
    return int(value)


def _precision(value: str) -> str:
    if value not in PRECISIONS:
        raise ValueError(f"precision={value}: choose from {', '.join(PRECISIONS)}")
    return value


def _tuning(value: str) -> str:
    if not _TUNING.match(value):
        raise ValueError(f"tuning={value}: use up to 150 letters, digits and . : ; , = _ + -")
    return value


READERS: dict[str, Callable[[str], int | str]] = {
    "threads": _threads,
    "precision": _precision,
    "tuning": _tuning,
}
