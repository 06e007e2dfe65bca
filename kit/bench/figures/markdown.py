"""Tables in Markdown."""

from collections.abc import Sequence

from kit.commands.output import cell


def table(columns: Sequence[str], rows: Sequence[Sequence[object]]) -> list[str]:
    """The lines of a table; numbers stand at the right, ``None`` is a dash."""
    numeric = [
        bool(rows) and all(isinstance(row[i], int | float | None) for row in rows)
        for i in range(len(columns))
    ]
    lines = [[*columns], ["--:" if right else "---" for right in numeric]]
    lines += [[_safe(value) for value in row] for row in rows]
    return [f"| {' | '.join(line)} |" for line in lines]


def section(title: str, *paragraphs: str) -> list[str]:
    """A heading with what is said below it."""
    return ["", f"## {title}", *(line for text in paragraphs for line in ("", text))]


def times(value: float) -> str:
    """A ratio."""
    return f"{value:.3g}x"


def interval(low: float | None, high: float | None) -> str:
    """Both ends of the interval of a ratio."""
    return f"{low:.3g} to {high:.3g}" if low and high else "needs six rounds"


def _safe(value: object) -> str:
    return cell(value).replace("|", "\\|")
