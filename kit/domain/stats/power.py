"""How many more machines would settle an open question, and how sure that guess is.

Three questions: does the share of machines that reach a frame rate lie above a bar (and how exactly is it known); is the
typical machine known to within some percent; is one condition quicker than another on the same machines? Each guess is
the smallest number of further machines with which the study settles the question with a chance of at least ``CHANCE``,
if what was observed so far is the truth. An interval that would exclude the bar "if the share stays as it is" does so in
only half of all studies, so that number is not offered. What was observed may also be off: ``fewest`` and ``most`` say
what the guess would be at the ends of what is plausible now.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np
from scipy.special import bdtr, bdtrc, nctdtr, ndtri, stdtrit

from kit.domain.stats.group import FLOOR, Share
from kit.domain.stats.intervals import LEVEL, PAIRED_FLOOR, PairedRatio, median_rank, rare_ends, wilson_ends
from kit.domain.stats.tally import Floats, Ints, Tally

CHANCE = 0.8
LIMIT = 10_000
"""Nobody gets more machines than so many; a question that needs more is called out of reach."""
DRAWS = 1_000
State = Literal["settled", "open", "too_few", "unknown_machines", "out_of_reach"]


@dataclass(frozen=True, slots=True)
class Need:
    """What it takes to settle one question, of which ``have`` machines (or pairs) tell something now.

    ``state``: *settled*; *open*: ``more`` machines; *too_few*: nothing can be said before ``more`` machines came;
    *unknown_machines*: no number settles it while so many are stopped or lost; *out_of_reach*: more than ``LIMIT``,
    because what was observed lies on the bar or next to it; ``fewest`` may say what it takes if the truth does not. ``answer``: the answer, or the likelier one so far.
    ``fewest`` and ``most``: the guess at the ends of what is plausible; a ``most`` of ``None`` means that no number may
    do, as the truth may lie on the bar itself.
    """

    state: State
    have: int
    more: int | None = None
    answer: bool | None = None
    fewest: int | None = None
    most: int | None = None


def share_need(found: Share | None, bar: float) -> Need:
    """Is the share at least ``bar``? Settled when Wilson's interval lies on one side of it, unknown machines included.

    New machines are taken to be unknown as often as those so far. Raises ValueError unless 0 < bar < 1.
    """
    if not 0 < bar < 1:
        raise ValueError("the bar of a share lies between 0 and 1, as in 0.8")
    if found is None or found.started < FLOOR:
        return _too_few(found.started if found else 0, FLOOR)
    have, ends = found.started, found.interval
    if ends.low >= bar or ends.high < bar:
        return Need("settled", have, 0, ends.low >= bar)
    if found.unknown and found.low <= bar <= found.high:
        return Need("unknown_machines", have)

    def further(yes_side: bool, truth: float) -> int | None:
        yes = found.yes if yes_side else found.yes + found.unknown
        return _first(partial(_share_powers, yes, have, truth, bar, yes_side))

    plausible = [further(False, ends.low), further(True, ends.high)]
    if found.low == bar:
        return _open(have, None, None, plausible, most=None)
    yes_side = found.low > bar
    return _open(
        have, further(yes_side, found.low if yes_side else found.high), yes_side, plausible, most=None
    )


def share_width_need(found: Share | None, half_width: float) -> Need:
    """Is the share known to within +-``half_width``? By Wilson's interval from the lowest to the highest possible share.

    Raises ValueError unless 0 < half_width < 0.5.
    """
    if not 0 < half_width < 0.5:
        raise ValueError("half the width of a share's interval lies between 0 and 0.5, as in 0.1")
    if found is None or found.started < FLOOR:
        return _too_few(found.started if found else 0, FLOOR)
    have, ends = found.started, found.interval
    if (ends.high - ends.low) / 2 <= half_width:
        return Need("settled", have, 0, True)
    if (found.high - found.low) / 2 >= half_width:
        return Need("unknown_machines", have)
    plausible = [ends.low, ends.high, *([0.5] if ends.low < 0.5 < ends.high else [])]

    def further(truth: float) -> int | None:
        return _bisected(partial(_width_chance, found, truth, half_width), 1)

    guess, others = further(found.low), [further(truth) for truth in plausible]
    return _open(have, guess, True, others, most=_most([guess, *others]))


def median_need(values: Tally, within: float) -> Need:
    """Is the median known to within +-``within`` of itself (0.1: 10 %)? By order statistics of the observed values.

    Counts machines that were measured. Raises ValueError unless ``within`` is larger than the rounding of ``values``.
    """
    if not values.error < within < 1:
        raise ValueError(f"a median is asked for to within more than {values.error:.0%} and less than 100 %")
    interval = values.median_interval()
    if interval is None:
        return _too_few(values.n, FLOOR)
    middle = values.quantile(0.5)
    if middle * (1 - within) <= interval.low and interval.high <= middle * (1 + within):
        return Need("settled", values.n, 0, True)
    total = _bisected(partial(_median_chance, values, within), values.n + 1)
    if total is None:
        return Need("out_of_reach", values.n)
    factor = _median_doubt(values.n, total)
    fewest, most = (max(1, int(np.ceil(size)) - values.n) for size in (total / factor, total * factor))
    return Need("open", values.n, total - values.n, True, fewest, most if most <= LIMIT else None)


def ratio_need(found: PairedRatio | None) -> Need:
    """Is the paired ratio different from 1? By the power of the paired t test on logarithms (non-central t)."""
    if found is None or found.interval is None:
        return _too_few(found.pairs if found else 0, PAIRED_FLOOR)
    if not found.interval.low <= 1 <= found.interval.high:
        return Need("settled", found.pairs, 0, found.ratio > 1)
    mean, ends = np.log(found.ratio), np.log([found.interval.low, found.interval.high])
    half = float(ends[1] - ends[0]) / 2
    spread = half * np.sqrt(found.pairs) / stdtrit(found.pairs - 1, (1 + LEVEL) / 2)
    totals = [_ratio_total(abs(float(effect)), float(spread), found.pairs) for effect in (mean, *ends)]
    guess, *others = (None if total is None else total - found.pairs for total in totals)
    return _open(found.pairs, guess, bool(mean > 0), others, most=None)


def least_machines(bar: float) -> int:
    """The fewest machines that can prove a share of at least ``bar``: all of them reach it. 16 for 80 %."""
    z = float(ndtri((1 + LEVEL) / 2))
    return max(FLOOR, int(np.ceil(bar * z * z / (1 - bar) - 1e-9)))


def _too_few(have: int, floor: int) -> Need:
    return Need("too_few", have, floor - have)


def _open(
    have: int, guess: int | None, answer: bool | None, others: list[int | None], *, most: int | None
) -> Need:
    known = [number for number in (guess, *others) if number is not None]
    state: State = "out_of_reach" if guess is None else "open"
    return Need(state, have, guess, answer, min(known, default=None), None if guess is None else most)


def _most(numbers: list[int | None]) -> int | None:
    known = [number for number in numbers if number is not None]
    return max(known) if len(known) == len(numbers) else None


def _share_powers(yes: int, have: int, truth: float, bar: float, yes_side: bool, more: Ints) -> Floats:
    """Chance that the interval leaves the bar on the side asked for, after so many ``more`` machines of that truth."""
    total = have + more
    # Wilson's interval excludes the bar exactly where the score test rejects it: |k - n bar| > z sqrt(n bar (1 - bar));
    # and with few machines on the other side its mended end must do so too.
    margin = ndtri((1 + LEVEL) / 2) * np.sqrt(total * bar * (1 - bar))
    if yes_side:
        enough = np.maximum(np.ceil(total * bar + margin), _beyond_rare(total * bar)) - yes
        return np.where(enough <= 0, 1.0, bdtrc(np.clip(enough - 1, 0, more), more, truth))
    few = np.minimum(np.ceil(total * bar - margin) - 1, total - _beyond_rare(total * (1 - bar))) - yes
    return np.where(few < 0, 0.0, bdtr(np.clip(few, 0, more), more, truth))


def _beyond_rare(expected: Floats) -> Ints:
    """How many it takes at least until the mended end of a share lies beyond so many expected ones."""
    beyond: Ints = 1 + np.count_nonzero(rare_ends()[:, None] < expected, axis=0)
    return beyond


def _width_chance(found: Share, truth: float, half_width: float, more: int) -> float:
    """Chance that the interval from lowest to highest is narrow enough after so many ``more`` machines, drawn."""
    unknown = found.unknown / found.started
    odds = [min(truth, 1 - unknown), unknown, max(0.0, 1 - unknown - truth)]
    yes, unsure, _ = np.random.default_rng(DRAWS).multinomial(more, odds, DRAWS).T
    total, lowest = found.started + more, found.yes + yes
    highest = lowest + found.unknown + unsure
    narrow = wilson_ends(highest, total)[1] - wilson_ends(lowest, total)[0] <= 2 * half_width
    return float(np.mean(narrow))


def _median_chance(values: Tally, within: float, count: int) -> float:
    """Chance that the interval of ``count`` machines drawn from ``values`` lies within so much of their median.

    Only three order statistics matter. Those of uniform numbers are sums of exponential gaps (David and Nagaraja, Order
    Statistics, section 2.5), so that they are drawn directly; the observed quantiles turn them into values.
    """
    rank = median_rank(count) or 1
    middle = (count + 1) / 2
    random = np.random.default_rng(DRAWS)
    gaps = random.gamma([rank, middle - rank, middle - rank, rank], size=(DRAWS, 4))
    places = np.cumsum(gaps, axis=1)[:, :3] / gaps.sum(axis=1, keepdims=True)
    low, median, high = values.quantiles(places.ravel().tolist()).reshape(DRAWS, 3).T
    good = (low / (1 + values.error) >= median * (1 - within)) & (
        high * (1 + values.error) <= median * (1 + within)
    )
    return float(np.mean(good))


def _median_doubt(have: int, total: int) -> float:
    """By what factor the number for a median may be off. In simulations some nine in ten guesses were within it; fewer
    (six in ten) from six machines that are of two kinds with the median between them.

    The number goes with the square of the distance between the two ranks that ``total`` machines use, which lie ``wide``
    apart (as a share of the machines). In ``have`` machines that distance has the relative error
    sqrt((1 - wide) / (wide have)), and machines less than two ranks apart tell no more than two ranks do.
    """
    wide = max(1 - 2 * (median_rank(total) or 1) / (total + 1), 2 / (have + 1))
    return float(np.exp(2 * ndtri((1 + LEVEL) / 2) * np.sqrt((1 - wide) / (wide * have))))


def _ratio_total(effect: float, spread: float, have: int) -> int | None:
    def chance(count: int) -> float:
        bound = stdtrit(count - 1, (1 + LEVEL) / 2)
        return float(1 - nctdtr(count - 1, np.sqrt(count) * effect / spread, bound))

    return _bisected(chance, have + 1) if effect and spread else None


def _first(powers: Callable[[Ints], Floats]) -> int | None:
    """The smallest number from which on the chance holds, which rises in saw teeth because machines are whole."""
    coarse = np.unique(np.round(np.geomspace(1, LIMIT, 120)).astype(np.int64))
    below = np.flatnonzero(powers(coarse) < CHANCE)
    if not below.size:
        return 1
    if below[-1] == len(coarse) - 1:
        return None
    fine = np.arange(coarse[below[-1]], coarse[min(below[-1] + 3, len(coarse) - 1)] + 1)
    return int(fine[np.flatnonzero(powers(fine) < CHANCE)[-1]]) + 1


def _bisected(chance: Callable[[int], float], start: int) -> int | None:
    """The smallest number from ``start`` to ``LIMIT`` with enough of a chance, which rises with the number."""
    low, high = start, start
    while chance(high) < CHANCE:
        if high >= LIMIT:
            return None
        low, high = high + 1, min(LIMIT, 2 * high)
    while low < high:
        between = (low + high) // 2
        low, high = (low, between) if chance(between) >= CHANCE else (between + 1, high)
    return low
