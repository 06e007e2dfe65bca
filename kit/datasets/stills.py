"""Several videos at once: one that cannot be read does not stop the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from kit.datasets.layout import CROPS
from kit.datasets.video import Cut, Interval, VideoError, cut_stills
from kit.errors import CallerError


@dataclass
class Stills:
    """What came out: stills and squares in all, and what is to be said of single videos."""

    stills: int = 0
    squares: int = 0
    skipped: dict[Path, str] = field(default_factory=dict)
    incomplete: dict[Path, str] = field(default_factory=dict)


def cut_all(
    videos: list[Path], out: Path, interval: Interval, meter: Callable[[Path], Callable[[int, int], None]]
) -> Stills:
    """Cut each video into ``out``; ``meter`` gives, for each, what to call with stills written and wanted.

    Raises CallerError where ``out`` holds stills of one of the videos already. Where nothing came out, no new folder is
    left behind.
    """
    fresh = not out.exists()
    out.mkdir(parents=True, exist_ok=True)
    names = _names(videos)
    _refuse_old(out, names)
    try:
        return _cut(names, out, interval, meter)
    finally:
        if fresh and not any(out.iterdir()):
            out.rmdir()


def _cut(
    names: dict[Path, str], out: Path, interval: Interval, meter: Callable[[Path], Callable[[int, int], None]]
) -> Stills:
    result = Stills()
    for video, name in names.items():
        try:
            cut = cut_stills(video, out, name, interval, meter(video))
        except VideoError as error:
            result.skipped[video] = str(error)
            continue
        result.stills += cut.stills
        result.squares += len(cut.files)
        if reason := _incomplete(cut):
            result.incomplete[video] = reason
    return result


def _names(videos: list[Path]) -> dict[Path, str]:
    """A name for each video's stills: its own, with a number where two have the same."""
    names: dict[Path, str] = {}
    for video in videos:
        choices = (video.stem if number == 1 else f"{video.stem}.{number}" for number in count(1))
        taken = {name.casefold() for name in names.values()}
        names.setdefault(video, next(name for name in choices if name.casefold() not in taken))
    return names


def _refuse_old(out: Path, names: dict[Path, str]) -> None:
    for video, name in names.items():
        for crop in CROPS:
            if (out / f"{name}-0001-{crop}.jpg").exists():
                raise CallerError(
                    f"{out} holds stills of {video.name} already; choose another --out", field="out"
                )


def _incomplete(cut: Cut) -> str | None:
    if cut.ends_s is not None:
        return f"breaks off after {cut.ends_s:.1f} s: {cut.stills} of {cut.wanted} stills"
    if cut.broken_packets:
        return f"is damaged in {cut.broken_packets} places; what could be read around them was taken"
    return None
