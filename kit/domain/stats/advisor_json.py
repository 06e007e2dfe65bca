"""Advice as a file that an application reads, how it is looked up, and the sentence that says why.

An application looks up a machine like this: go through ``rules`` in their order and take the first one whose ``section``
is the machine's and whose ``name`` is the machine's own at that ``place`` (``default`` fits every machine of its section).
``ship`` is then what to run, or null: nothing is proven, and the application does what it does without advice. Where no
rule fits, nothing is known. ``look_up`` is that procedure. ``threads`` and ``precision`` are for information: what the mode
chose by itself on all these machines, null where it chose differently.
"""

from collections.abc import Mapping
from typing import Any

from kit.domain.stats.advisor import PLACES, Advice, Evidence, Rule, Weighed, Where
from kit.domain.stats.intervals import LEVEL
from kit.domain.stats.power import LIMIT

SCHEMA = 1


def as_json(advice: Advice) -> dict[str, Any]:
    """The JSON form, schema 1: the same advice always gives the same text."""
    return {
        "schema": SCHEMA,
        "target_fps": advice.target_fps,
        "bar": advice.bar,
        "level": LEVEL,
        "lookup": list(PLACES),
        "rules": [_rule(rule, advice) for rule in advice.rules],
    }


def look_up(
    document: Mapping[str, Any], *, section: str, gpu: str = "", family: str = "", class_: str = ""
) -> dict[str, Any] | None:
    """The rule for a machine; ``None`` where there is none. Raises ValueError for a file of another schema."""
    if document.get("schema") != SCHEMA:
        raise ValueError(f"this reads schema {SCHEMA} of the advice, not {document.get('schema')}")
    names = {"gpu": gpu, "family": family, "class": class_, "default": ""}
    for rule in document["rules"]:
        if rule["section"] == section and rule["name"] == names[rule["place"]]:
            return dict(rule)
    return None


def why(rule: Rule, target_fps: int, bar: float) -> str:
    """Why a rule says what it says, in one to three sentences."""
    if rule.ship is not None and rule.state == "proven":
        return f"{_reached(rule.ship, target_fps)}."
    if rule.ship is not None:
        return f"{_lacks(rule.preferred, bar)} As on {_name(rule.ship.where)}: {_reached(rule.ship, target_fps)}."
    best = f" The best is {_product(rule.best)}: {_reached(rule.best, target_fps)}." if rule.best else ""
    return f"{_lacks(rule.preferred, bar)}{best}"


def _rule(rule: Rule, advice: Advice) -> dict[str, Any]:
    return {
        "section": rule.where.section,
        "place": rule.where.place,
        "name": rule.where.name,
        "state": rule.state,
        "ship": _shipped(rule.ship) if rule.ship else None,
        "by": {"place": rule.by.place, "name": rule.by.name} if rule.by else None,
        "best": _shipped(rule.best) if rule.best else None,
        "why": why(rule, advice.target_fps, advice.bar),
        "not_proven": [_missing(one) for one in rule.preferred],
    }


def _shipped(evidence: Evidence) -> dict[str, Any]:
    product, share = evidence.product, evidence.reach
    return {
        "model": product.model,
        "version": product.version,
        "sha256": product.sha256,
        "mode": product.mode,
        "threads": product.threads or None,
        "precision": product.precision or None,
        "machines": evidence.started,
        "share": [share.low, share.high] if share else None,
        "interval": [share.interval.low, share.interval.high] if share else None,
    }


def _missing(one: Weighed) -> dict[str, Any]:
    return _shipped(one.evidence) | {"verdict": one.verdict, "more_machines": one.missing}


def _reached(evidence: Evidence, target_fps: int) -> str:
    share = evidence.reach
    if share is None:
        return f"measured on {_machines(evidence.started)}"
    ends = f"{_percent(share.interval.low)}–{_percent(share.interval.high)} %"
    return f"{share.yes} of {_machines(share.started)} reach {target_fps} FPS ({ends})"


def _lacks(weighed: tuple[Weighed, ...], bar: float) -> str:
    """What is missing for the product of which least is missing."""
    verdicts = {one.verdict for one in weighed}
    if verdicts == {"disproved"}:
        return f"Nothing measured here reaches it on {_percent(bar)} % of the machines."
    near = min((one for one in weighed if one.verdict != "disproved"), key=_distance)
    product = _product(near.evidence)
    if near.verdict == "too_few":
        few = _machines(near.evidence.started)
        return f"Too few: {few} with {product}; at least {near.missing} more could prove it."
    if near.need.state == "unknown_machines":
        return f"Open: too many machines with {product} were stopped or lost."
    if near.missing is None:
        return f"Open: {product} lies too near to {_percent(bar)} % to tell with {LIMIT:,} machines."
    return f"Open: about {near.missing:,} more machines with {product} would settle it."


def _distance(one: Weighed) -> int:
    return LIMIT + 1 if one.missing is None else one.missing


def _product(evidence: Evidence) -> str:
    return f"{evidence.product.model} in {evidence.product.mode}"


def _name(where: Where) -> str:
    return where.name or "all machines of this kind together"


def _machines(count: int) -> str:
    return f"{count:,} machine{'' if count == 1 else 's'}"


def _percent(share: float) -> int:
    """Whole percent, rounded down, so that a lower end never looks as if it had passed the bar."""
    return int(share * 100 + 1e-9)
