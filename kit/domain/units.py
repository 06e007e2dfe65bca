"""Conversions between the units on the wire (floating milliseconds) and in the store (integer microseconds), and for
readers.
"""


def ms_to_us(ms: float) -> int:
    """Milliseconds -> whole microseconds, rounded. 16.6667 -> 16667."""
    return round(ms * 1000)


def us_to_ms(us: int) -> float:
    """Microseconds -> milliseconds. 16667 -> 16.667."""
    return us / 1000


def optional_us(ms: float | None) -> int | None:
    """``ms_to_us`` where there is a value."""
    return None if ms is None else ms_to_us(ms)


def spoken_duration(seconds: float) -> str:
    """How long, for people. 42 -> 42 s, 372 -> 6 min 12 s, 8000 -> 2 h 13 min."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
