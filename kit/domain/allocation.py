"""In which order a visit measures its conditions: balanced over visits, drawn again from (seed, visit number).

A Williams square is a set of orders in which every condition stands in every place equally often and follows every
other one equally often (Williams 1949, Australian Journal of Scientific Research A 2:149). An even number of conditions
needs n orders, an odd one 2n. Visit v starts with row v, and each further block of the visit takes the row after it: over
as many visits as there are rows, every block is balanced. Which condition bears which label is drawn anew for every such
pass, so that the same conditions do not always meet the same rows.
"""

import random
from dataclasses import dataclass

BENCH_ROUNDS = 6


@dataclass(frozen=True, slots=True)
class Slot:
    """One block of a visit: the condition's index, and whether it is the repeated first one that shows drift."""

    condition: int
    drift_control: bool = False


def williams_rows(conditions: int) -> list[list[int]]:
    """The orders of a Williams square over ``range(conditions)``. Raises ValueError below one condition."""
    if conditions < 1:
        raise ValueError("an order needs at least one condition")
    zigzag = [0]
    for step in range(1, conditions):
        zigzag.append((step + 1) // 2 if step % 2 else conditions - step // 2)
    rows = [[(place + shift) % conditions for place in zigzag] for shift in range(conditions)]
    mirrored = [row[::-1] for row in rows] if conditions % 2 and conditions > 1 else []
    return rows + mirrored


def study_order(conditions: int, blocks: int, seed: int, visit_number: int, drift: bool = True) -> list[Slot]:
    """The blocks of visit ``visit_number`` (from 0): ``blocks`` per condition, then the first one again.

    With a single condition there is no extra block: its own last block shows drift as well.
    """
    rows = williams_rows(conditions)
    labels = _labels(conditions, seed, visit_number // len(rows))
    slots = [
        Slot(labels[place]) for block in range(blocks) for place in rows[(visit_number + block) % len(rows)]
    ]
    if drift and conditions > 1:
        slots.append(Slot(slots[0].condition, drift_control=True))
    return slots


def bench_order(conditions: int, rounds: int) -> list[Slot]:
    """Rounds A B, B A, A B ... (so A B B A A B ...) of one or two conditions, at least six. Raises ValueError for more."""
    if conditions not in (1, 2):
        raise ValueError("a bench compares two conditions at most; give each further one its own page load")
    count = max(rounds, BENCH_ROUNDS)
    pairs = [range(conditions) if index % 2 == 0 else reversed(range(conditions)) for index in range(count)]
    return [Slot(condition) for pair in pairs for condition in pair]


def _labels(conditions: int, seed: int, cycle: int) -> list[int]:
    labels = list(range(conditions))
    random.Random(f"{seed}/{cycle}").shuffle(labels)
    return labels
