"""Which bit stands for which flag, where many flags have to be looked at quickly.

Stored, so a place is given once and kept for good: a new flag goes to the end, one that is no longer given stays.
"""

from collections.abc import Iterable

CODES = (
    *("hidden", "unfocused", "context_lost", "fell_back", "disjoint", "window_mismatch", "drift", "batched"),
    *("coarse_tick", "not_isolated", "renderer_differs", "readback_masked", "unchecked", "software"),
    *("vsync_cap", "half_refused"),
)
BITS = {code: 1 << place for place, code in enumerate(CODES)}


def flag_codes(bits: int) -> list[str]:
    """The reverse of ``flag_bits``.

    >>> flag_codes(5)
    ['hidden', 'context_lost']
    """
    return [code for code, bit in BITS.items() if bits & bit]


def flag_bits(codes: Iterable[str]) -> int:
    """One bit for each code; a code without a place has none.

    >>> flag_bits(["hidden", "context_lost"])
    5
    """
    found = 0
    for code in codes:
        found |= BITS.get(code, 0)
    return found
