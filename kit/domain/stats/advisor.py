"""Which model and mode to ship to which hardware, for a chosen frame rate.

A product (a model in a mode) may be shipped to a group of machines once the lower end of Wilson's interval of the share
that reaches the frame rate is at least the bar. Failures count as not reaching, stopped and lost machines as not
reaching until they are known. Of all products that may be shipped to a group the preferred one is: by the order that the
researcher gives, else the model with the most multiply-adds.

Where no product is proven on a group itself, the next wider group decides, in the order of ``PLACES``; but never for a
product that the narrower group has disproved (its interval lies below the bar). Groups of different sections (GPUs by
name, blurred names, software) never speak for each other.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from kit.domain.stats.group import FLOOR, Share
from kit.domain.stats.power import Need, least_machines, share_need

BAR = 0.8
Place = Literal["gpu", "family", "class", "default"]
PLACES: tuple[Place, ...] = ("gpu", "family", "class", "default")
"""From most specific to least: the order in which rules are looked up."""
SECTIONS = ("exact", "blurred", "software", "unsent")
NAMELESS = ("", "unknown")
"""Names under which unlike hardware is gathered: such a group proves nothing about the next machine that bears it."""

Verdict = Literal["proven", "disproved", "open", "too_few"]
State = Literal["proven", "inherited", "disproved", "open", "too_few"]


@dataclass(frozen=True, slots=True, order=True)
class Product:
    """What an application can ask for: a model in a mode, named as in the study.

    ``threads`` and ``precision`` tell what all of its machines ran with; 0 and "" where they differ. They tell no two
    products apart: a mode that is asked for without them chooses them on each machine by itself.
    """

    model: str
    version: str
    sha256: str
    mode: str
    threads: int = 0
    precision: str = ""

    @property
    def asked(self) -> tuple[str, ...]:
        """What tells products apart."""
        return self.model, self.version, self.sha256, self.mode


@dataclass(frozen=True, slots=True, order=True)
class Where:
    """A group of machines. ``family`` and ``class_`` are the wider groups of a GPU; empty where there is none."""

    section: str
    place: Place
    name: str
    family: str = ""
    class_: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one product did on one group: over all browsers, a machine once. ``reach`` is ``None`` below the floor."""

    where: Where
    product: Product
    multiply_adds: int
    started: int
    reach: Share | None
    fps: float | None = None

    @property
    def low(self) -> float:
        """Lower end of the share's interval; 0 where there is none."""
        return self.reach.interval.low if self.reach else 0.0


@dataclass(frozen=True, slots=True)
class Weighed:
    """Evidence, what it says against the bar, and how many more machines would say it for sure (see ``missing``)."""

    evidence: Evidence
    verdict: Verdict
    need: Need
    missing: int | None


@dataclass(frozen=True, slots=True)
class Rule:
    """What to ship to one group.

    ``state``: *proven* on this very group; *inherited* from ``by``, the wider group that proved it; else nothing is proven
    anywhere and ``ship`` is ``None``: all is *disproved* here, or the best is *open* or measured on *too_few* machines.
    ``best`` is then the product with the highest lower end, for those who must ship something. ``preferred`` are the
    products that would have gone first, with what is missing for each.
    """

    where: Where
    state: State
    ship: Evidence | None
    best: Evidence | None
    preferred: tuple[Weighed, ...]

    @property
    def by(self) -> Where | None:
        """The group whose machines prove it."""
        return self.ship.where if self.ship else None


@dataclass(frozen=True, slots=True)
class Advice:
    """All rules for one frame rate, most specific first; the first one that fits a machine counts."""

    target_fps: int
    bar: float
    rules: tuple[Rule, ...]


def advise(
    evidence: Iterable[Evidence], *, target_fps: int, bar: float = BAR, order: Sequence[str] = ()
) -> Advice:
    """One rule for each named group, whatever the order in which evidence comes.

    ``order`` names models, the preferred one first; models not named come after these, larger ones first. Raises
    ValueError for a bar that is no share, an unknown section or place, or two figures of one product on one group (of a
    GPU that is filed under two families the more cautious one counts, and no family speaks for it).
    """
    by_group: dict[Where, list[Weighed]] = {}
    kept = [one for one in evidence if _is_a_group(one.where)]
    named = _parents(one.where for one in kept)
    for one in kept:
        by_group.setdefault(named[_key(one.where)], []).append(_weighed(one, bar))
    ranked = {
        where: sorted(_unique(where, found), key=lambda one: _rank(one, order))
        for where, found in by_group.items()
    }
    return Advice(target_fps, bar, tuple(_rule(where, ranked) for where in sorted(ranked, key=_specific)))


def weigh(found: Share | None, bar: float = BAR) -> Verdict:
    """What a share says against the bar, for sure."""
    if found is None or found.started < FLOOR:
        return "too_few"
    if found.interval.low >= bar:
        return "proven"
    return "disproved" if found.interval.high < bar else "open"


def _weighed(one: Evidence, bar: float) -> Weighed:
    need = share_need(one.reach, bar)
    missing = need.more
    if one.reach is None or one.started < FLOOR:
        missing = max(1, least_machines(bar) - one.started)
    return Weighed(one, weigh(one.reach, bar), need, missing)


def _is_a_group(where: Where) -> bool:
    if where.section not in SECTIONS or where.place not in PLACES:
        raise ValueError(f"{where.section}/{where.place} is no group: sections are {', '.join(SECTIONS)}")
    if where.place == "default":
        return True
    return where.section != "unsent" and where.name not in NAMELESS


def _key(where: Where) -> tuple[str, str, str]:
    return where.section, where.place, where.name if where.place != "default" else ""


def _parents(groups: Iterable[Where]) -> dict[tuple[str, str, str], Where]:
    """Each group once. Where one name comes with two families or classes, it has none: neither may speak for it."""
    found: dict[tuple[str, str, str], Where] = {}
    for where in groups:
        known = found.setdefault(_key(where), where)
        family = where.family if known.family == where.family else ""
        class_ = where.class_ if known.class_ == where.class_ else ""
        found[_key(where)] = replace(where, family=family, class_=class_)
    return found


def _unique(where: Where, found: list[Weighed]) -> list[Weighed]:
    """One figure for each product: of several that came with other families or classes the most cautious one."""
    unique: dict[tuple[str, ...], Weighed] = {}
    for one in found:
        known = unique.setdefault(one.evidence.product.asked, one)
        if known is not one and known.evidence.where == one.evidence.where:
            raise ValueError(
                f"{where.name or where.section}: one product has two figures; pool its browsers, threads and precisions first"
            )
        unique[one.evidence.product.asked] = min(known, one, key=_caution)
    return list(unique.values())


def _caution(one: Weighed) -> tuple[bool, float, int]:
    return one.verdict != "disproved", one.evidence.low, one.evidence.started


def _rank(one: Weighed, order: Sequence[str]) -> tuple[object, ...]:
    """Preferred model first; of one model the surest mode, then the quicker one, then by name so that ties are stable."""
    evidence = one.evidence
    product = evidence.product
    place = order.index(product.model) if product.model in order else len(order)
    model = (place, -evidence.multiply_adds, product.model, product.version, product.sha256)
    return (*model, -evidence.low, -(evidence.fps or 0.0), product)


def _specific(where: Where) -> tuple[int, int, str]:
    return SECTIONS.index(where.section), PLACES.index(where.place), where.name


def _rule(where: Where, ranked: dict[Where, list[Weighed]]) -> Rule:
    own = ranked[where]
    disproved: set[tuple[str, ...]] = set()
    for group in _outwards(where, ranked):
        for one in ranked[group]:
            if one.verdict == "proven" and one.evidence.product.asked not in disproved:
                return Rule(
                    where,
                    "proven" if group == where else "inherited",
                    one.evidence,
                    None,
                    tuple(own[: own.index(one)]) if group == where else tuple(own),
                )
        disproved |= {one.evidence.product.asked for one in ranked[group] if one.verdict == "disproved"}
    # Of equals the least demanding one: it is for those who must ship something.
    best = max(reversed(own), key=lambda one: (one.evidence.low, one.evidence.fps or 0.0))
    return Rule(where, _why_nothing(own), None, best.evidence, tuple(own))


def _why_nothing(own: Sequence[Weighed]) -> State:
    verdicts = {one.verdict for one in own}
    if "open" in verdicts:
        return "open"
    return "too_few" if "too_few" in verdicts else "disproved"


def _outwards(where: Where, ranked: dict[Where, list[Weighed]]) -> list[Where]:
    """The group itself and the wider ones that have evidence, narrow to wide."""
    names = {"family": where.family, "class": where.class_, "default": ""}
    wider = PLACES[PLACES.index(where.place) + 1 :]
    found = {_key(group): group for group in ranked}
    keys = [(where.section, place, names[place]) for place in wider]
    return [where, *(found[key] for key in keys if key in found)]
