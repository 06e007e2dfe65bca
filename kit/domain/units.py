"""Conversions between the units on the wire (floating milliseconds) and in the store (integer microseconds)."""


def ms_to_us(ms: float) -> int:
    """Milliseconds -> whole microseconds, rounded. 16.6667 -> 16667."""
    return round(ms * 1000)


def us_to_ms(us: int) -> float:
    """Microseconds -> milliseconds. 16667 -> 16.667."""
    return us / 1000


def optional_us(ms: float | None) -> int | None:
    """``ms_to_us`` where there is a value."""
    return None if ms is None else ms_to_us(ms)
