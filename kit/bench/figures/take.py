"""Take the parts that are not there yet, one after the other, and say how far it is."""

import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kit import __version__
from kit.assets import Assets
from kit.bench.browsers import Browser, browser_version, require_browser
from kit.bench.figures.code_size import code_sizes
from kit.bench.figures.keep import Keep
from kit.bench.figures.page import TaskPage, newest, task_for, task_page
from kit.bench.figures.parts import Part
from kit.bench.machine import machine_facts
from kit.bench.session import Wish, bench, ended_by_signals
from kit.bench.watch import Say
from kit.domain.allocation import BENCH_ROUNDS
from kit.errors import CallerError

KNOBS = {
    "capability_s": 1.0,
    "displayed_s": 0.5,
    "warmup_min_s": 0.3,
    "warmup_min_frames": 3,
    "warmup_max_s": 1.0,
    "min_frames": 2,
}
"""Shorter than a study's. Both modes stay alive and take turns within seconds: from the second round on they are warm, a
slow drift touches both, and what is reported is the median of the rounds. And the table is many parts: one frame of
TensorFlow.js on WebGPU in software takes seconds.
"""


@dataclass(frozen=True, slots=True)
class Taking:
    """How the parts are taken. ``seconds``: of each timed window of a pair; ``minutes``: no part begins after them."""

    keep: Keep
    seconds: float | None = None
    rounds: int = BENCH_ROUNDS
    minutes: float | None = None


def take_all(parts: Sequence[Part], taking: Taking, say: Say) -> list[Part]:
    """Take ``parts`` in turn, each kept as soon as it is there; gives those that could not be taken."""
    failed: list[Part] = []
    started, estimated = time.monotonic(), 0.0
    with ended_by_signals():
        for number, part in enumerate(parts, start=1):
            spent = time.monotonic() - started
            if taking.minutes is not None and spent > taking.minutes * 60:
                say(f"{len(parts) - number + 1} parts are left: the same command goes on with them")
                break
            pace = spent / estimated if estimated else 1.0
            left = sum(later.about_s for later in parts[number - 1 :]) * pace
            say(f"{number} of {len(parts)}, about {max(1, round(left / 60))} min left: {part.label}")
            trouble = _take(part, taking)
            estimated += part.about_s
            if trouble:
                failed.append(part)
                say(f"  not taken: {trouble}")
    return failed


def _take(part: Part, taking: Taking) -> str | None:
    """Take one part and keep what came of it; why there is no result, where there is none."""
    started = time.monotonic()
    trouble, result = None, None
    browser = require_browser(part.kind)
    try:
        result = _result(part, browser, taking)
    except CallerError as error:
        trouble = error.message
    kept = {
        "part": part.name,
        "task": part.task,
        "model": part.model,
        "browser": part.kind,
        "gl": part.gl,
        "modes": list(part.modes),
        "taken_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "took_s": round(time.monotonic() - started, 1),
        "kit_version": __version__,
        "build": _build(),
        "browser_version": browser_version(browser),
        "machine": machine_facts(),
        "trouble": trouble,
        "result": result,
    }
    taking.keep.write(part, kept)
    return trouble


def _build() -> str | None:
    """What the front end was built from: figures of two builds must not be taken for one."""
    stamp = Assets().dist / "source.sha256"
    return stamp.read_text(encoding="utf-8").strip()[:12] if stamp.is_file() else None


def _result(part: Part, browser: Browser, taking: Taking) -> Any:
    if part.task == "code":
        return code_sizes()
    if part.task == "pair":
        return _pair(part, taking)
    with tempfile.TemporaryDirectory(prefix="kit-bench-", ignore_cleanup_errors=True) as scratch:
        folder = Path(scratch)
        with task_page(folder) as page:
            if part.task == "first":
                return _first(part, browser, taking, page, folder)
            task = task_for(part.task, newest(page.settings, part.model), part.modes, taking.rounds)
            return page.ask(task, browser, part.gl, folder)


def _pair(part: Part, taking: Taking) -> dict[str, Any]:
    knobs = KNOBS | ({} if taking.seconds is None else {"capability_s": taking.seconds})
    wish = Wish((part.model,), (part.modes,), part.kind, part.gl, None, knobs)
    result = bench(wish, say=lambda _line: None).as_dict()
    if not result["ratios"]:
        bad = [
            f"{row['mode']}: {row['outcome']}: {row['reason']}"
            for row in result["conditions"]
            if not row["ok"]
        ]
        raise CallerError("; ".join(bad) or "no round was complete")
    return result


def _first(part: Part, browser: Browser, taking: Taking, page: TaskPage, folder: Path) -> dict[str, Any]:
    """A browser of its own for every first picture: shaders are kept by browsers, even from one page to the next."""
    bundle = newest(page.settings, part.model)
    rows: list[dict[str, Any]] = []
    for round_ in range(taking.rounds):
        for mode in part.modes if round_ % 2 == 0 else tuple(reversed(part.modes)):
            taken = page.ask(task_for("first", bundle, (mode,), 1), browser, part.gl, folder)
            rows.append(taken | {"round": round_})
    return {"rows": rows}
