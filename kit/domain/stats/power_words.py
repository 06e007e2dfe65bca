"""What ``power.Need`` says, as sentences for pages, tables and exports."""

from kit.domain.stats.power import CHANCE, LIMIT, Need


def need_text(need: Need, one: str = "machine") -> str:
    """One or two sentences: what is missing, how sure that is, and what to do. ``one``: "machine", "pair of runs"."""
    match need.state:
        case "settled":
            return f"Settled by {_count(need.have, one)}."
        case "too_few":
            return f"{_count(need.more or 0, 'more ' + one)} before anything can be said."
        case "unknown_machines":
            return (
                f"No number of further {one}s settles this while so many are stopped or lost: "
                "find out why they stop, or ask them to measure again."
            )
        case "out_of_reach":
            return f"What was seen lies too near to the bar: more than {LIMIT:,} {one}s.{_unless(need, one)}"
        case "open":
            return f"About {_count(need.more or 0, 'more ' + one)} ({_range(need)}; {CHANCE:.0%} chance to settle it)."


def _range(need: Need) -> str:
    if need.most is None:
        return f"{need.fewest:,} at best, no number at worst"
    return f"{need.fewest:,} to {need.most:,}"


def _unless(need: Need, one: str) -> str:
    if need.fewest is None:
        return ""
    return f" If the truth lies at the end of the interval, {_count(need.fewest, 'more ' + one)} would do."


def _count(number: int, one: str) -> str:
    return f"{number:,} {one}{'' if number == 1 else 's'}"
