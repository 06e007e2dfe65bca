"""Two conditions on the same machines: how many times as long a frame takes."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from kit.db.dashboard.filters import Filters
from kit.db.dashboard.pairs import (
    AT_A_GLANCE,
    MOST_MACHINES,
    Against,
    PairRow,
    Point,
    against,
    compare,
    condition_choices,
)
from kit.db.dashboard.places import Condition, Place
from kit.domain.stats.intervals import PAIRED_FLOOR
from kit.domain.stats.power import ratio_need
from kit.domain.stats.power_words import need_text
from kit.errors import CallerError
from kit.views.admin import show
from kit.views.admin.audience import blueprint
from kit.views.admin.narrowed import Narrowed, narrowed
from kit.views.admin.registry import figures, shared_page
from kit.views.state import database

TITLES: Mapping[Place, str] = {
    "all": "All machines",
    "class": "By class",
    "browser": "By browser",
    "family": "By family",
}


@dataclass(frozen=True, slots=True)
class Chosen:
    """What the page compares: both conditions, or none of them for everything at a glance."""

    choices: Sequence[tuple[Condition, int]]
    first: Condition | None = None
    second: Condition | None = None
    groups: Mapping[Place, Sequence[PairRow]] | None = None
    glance: Sequence[Against] = ()


@blueprint.get("/modes")
@shared_page("modes")
def modes() -> ResponseReturnValue:
    """Every mode against the reference of its model, or two conditions in full."""
    shown = narrowed()
    return render_template(
        "admin/modes.html",
        shown=shown,
        chosen=choose(shown, request.args),
        titles=TITLES,
        floor=PAIRED_FLOOR,
        most=MOST_MACHINES,
        most_at_a_glance=AT_A_GLANCE,
        condition_id=condition_id,
        words=ratio_words,
        need=lambda ratio: need_text(ratio_need(ratio)),
    )


@figures(
    "modes",
    "Two conditions on the same machines: ratios of milliseconds a frame, second / first",
    shared="modes",
    parameters={
        "first": "The condition that is compared with, as flowers-small/tfjs-webgl",
        "second": "The condition that is compared; without both, every mode against one of its model",
    },
)
def modes_json(shown: Narrowed) -> Mapping[str, Any]:
    """The figures of the page; of two conditions also the machines' own values."""
    chosen = choose(shown, request.args)
    found: dict[str, Any] = {"schema": 1, "filters": dict(shown.query), "floor_machines": PAIRED_FLOOR}
    if chosen.groups is None or chosen.first is None or chosen.second is None:
        return found | {
            "against": [
                {"first": _named(one.reference), "second": _named(one.condition)} | _figures(one.row, shown)
                for one in chosen.glance
            ]
        }
    groups = [{"by": by} | _figures(row, shown) for by, rows in chosen.groups.items() for row in rows]
    return found | {
        "first": _named(chosen.first),
        "second": _named(chosen.second),
        "groups": groups,
        "points": [asdict(point) for row in chosen.groups["all"] for point in _points(row, shown)],
    }


def _points(row: PairRow, shown: Narrowed) -> Sequence[Point]:
    """The machines' own values; nobody behind a share link sees one."""
    return () if shown.public else row.points


def choose(shown: Narrowed, asked: Mapping[str, str]) -> Chosen:
    """Read ``first`` and ``second`` and compare them. Raises CallerError 404 that names the one that is not there."""
    with database().read() as db:
        choices = condition_choices(db, shown.filters)
        scope = Filters(study_id=shown.filters.study_id, simulated=shown.filters.simulated)
        known = condition_choices(db, scope) if asked.get("first") or asked.get("second") else choices
        first, second = (find_condition(known, asked.get(name, ""), name) for name in ("first", "second"))
        # What is compared stays in the list, though nobody ran it under these filters: a page without pairs says so.
        there = {condition for condition, _ in choices}
        choices = sorted([*choices, *((one, 0) for one in (first, second) if one and one not in there)])
        if first is None and second is None:
            return Chosen(choices, glance=against(db, shown.filters))
        if first is None or second is None:
            return Chosen(choices, first, second)
        if first == second:
            raise CallerError("second: choose another condition than the first", field="second")
        return Chosen(choices, first, second, compare(db, shown.filters, first, second))


def condition_id(condition: Condition) -> str:
    """How an address names a condition: ``flowers-small@1.0.0/direct-wasm[threads=4]/4/float32``."""
    return (
        f"{condition.bundle}@{condition.version}/{condition.asked}/{condition.threads}/{condition.precision}"
    )


def find_condition(choices: Sequence[tuple[Condition, int]], text: str, field: str) -> Condition | None:
    """The condition that an address names; its end may be left out, and the version: then the most frequent one."""
    wanted = text.strip()
    if not wanted:
        return None
    fitting = [(rows, condition) for condition, rows in choices if _fits(condition, wanted)]
    if not fitting:
        raise CallerError(
            f"{field}: nothing was measured as {wanted[:120]} in this study; choose one from the list",
            status=404,
            field=field,
        )
    return max(fitting, key=lambda one: one[0])[1]


def ratio_words(ratio: float) -> str:
    """A ratio in words: "0.21 times as long", "the same time"."""
    return "just as long" if 0.995 <= ratio < 1.005 else f"{show.number(ratio)} times as long"


def _fits(condition: Condition, wanted: str) -> bool:
    full = condition_id(condition)
    without_version = full.replace(f"@{condition.version}", "", 1)
    return any(name == wanted or name.startswith(f"{wanted}/") for name in (full, without_version))


def _named(condition: Condition) -> dict[str, Any]:
    return {
        "id": condition_id(condition),
        "model": condition.bundle,
        "version": condition.version,
        "model_sha256": condition.sha256,
        "mode": condition.mode,
        "wishes": condition.wishes,
        "threads": condition.threads or None,
        "precision": condition.precision,
    }


def _figures(row: PairRow, shown: Narrowed) -> dict[str, Any]:
    """Below the floor there is no ratio of the group, only ``machine_ratios``."""
    ratio = row.ratio if row.ratio and row.ratio.interval else None
    return {
        "section": row.section or None,
        "place": row.place or None,
        "gpu_vendor": row.hardware.vendor or None if row.hardware else None,
        "ratio": ratio.ratio if ratio else None,
        "interval_low": ratio.interval.low if ratio and ratio.interval else None,
        "interval_high": ratio.interval.high if ratio and ratio.interval else None,
        "median_low": ratio.middle.low if ratio and ratio.middle else None,
        "median_high": ratio.middle.high if ratio and ratio.middle else None,
        "doubtful": bool(ratio and ratio.doubtful),
        "more_machines": ratio_need(ratio).more if ratio else max(0, PAIRED_FLOOR - row.pairs),
        "machine_ratios": []
        if ratio
        else [point.second_ms / point.first_ms for point in _points(row, shown)],
        "machines_both": row.tried.both,
        "machines_quicker": row.ratio.below if row.ratio else 0,
        "machines_slower": row.ratio.above if row.ratio else 0,
        "machines_only_first": row.tried.only_first,
        "machines_only_second": row.tried.only_second,
        "machines_neither": row.tried.neither,
        "machines_unknown": row.tried.unknown,
        "sampled_of": row.sampled_of if row.sampled_of != row.tried.machines else None,
    }
