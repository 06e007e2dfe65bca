"""Figures as JSON, the same shape on every page. Units are in the names; below the floor there is nothing or ``None``."""

from collections.abc import Mapping
from typing import Any

from kit.db.dashboard.places import Condition
from kit.domain.stats.group import FLOOR, Group, Share, Spread
from kit.domain.stats.machine import TARGETS_FPS
from kit.domain.stats.power import Need
from kit.domain.stats.tails import Tail
from kit.views.admin.narrowed import Narrowed

QUANTILES = ("p5", "p25", "p75", "p95")


def page_json(shown: Narrowed) -> dict[str, Any]:
    """What every answer begins with."""
    return {
        "schema": 1,
        "floor_machines": FLOOR,
        "targets_fps": list(TARGETS_FPS),
        "filters": {"study": shown.study or None, "simulated": shown.filters.simulated, **shown.query},
    }


def condition_json(condition: Condition) -> dict[str, Any]:
    """A condition; ``browser`` only where figures are kept apart by it."""
    return {
        "model": condition.bundle,
        "version": condition.version,
        "model_sha256": condition.sha256,
        "mode": condition.mode,
        "wishes": condition.wishes,
        "threads": condition.threads or None,
        "precision": condition.precision,
        "browser": condition.browser or None,
    }


def figures_json(figures: Group) -> dict[str, Any]:
    """A group's figures, or its machines' own values."""
    return {
        "machines_started": figures.started,
        "machines_measured": figures.measured,
        "runs": figures.runs,
        "fps": spread_json(figures.fps),
        "displayed_fps": spread_json(figures.displayed_fps),
        "machines_fps": list(figures.dots_fps),
        "machines_displayed_fps": list(figures.dots_displayed_fps),
        "reach": shares_json(figures.reach),
        "displayed_reach": shares_json(figures.displayed_reach),
    }


def spread_json(spread: Spread | None) -> dict[str, float] | None:
    """Median, its 95 % interval, and quantiles of the machines. ``error``: by what share quantiles may be off."""
    if spread is None:
        return None
    return {
        "median": spread.median,
        "low": spread.interval.low,
        "high": spread.interval.high,
        **{name: getattr(spread, name) for name in QUANTILES},
        "machines": spread.machines,
        "error": spread.error,
    }


def shares_json(shares: Mapping[int, Share]) -> dict[str, dict[str, float]]:
    """Shares by target, as JSON names it."""
    return {str(target): share_json(share) for target, share in shares.items()}


def share_json(share: Share) -> dict[str, float]:
    """Shares from 0 to 1. ``lowest`` takes every unknown machine as "no", ``highest`` as "yes"."""
    return {
        "yes": share.yes,
        "no": share.no,
        "unknown": share.unknown,
        "lowest": share.low,
        "highest": share.high,
        "interval_low": share.interval.low,
        "interval_high": share.interval.high,
    }


def tail_json(tail: Tail | None) -> dict[str, float | None] | None:
    """A quantile at the slow end; an end of the interval is ``None`` where there are too few machines for it."""
    if tail is None:
        return None
    return {"value": tail.value, "low": tail.low, "high": tail.high, "machines": tail.machines}


def need_json(need: Need) -> dict[str, Any]:
    """How many more machines settle a question."""
    return {
        "state": need.state,
        "machines": need.have,
        "more": need.more,
        "fewest": need.fewest,
        "most": need.most,
        "answer": need.answer,
    }
