"""What a file says of itself: title, ranges and credits, as the kit's own exports carry them."""

from __future__ import annotations

from typing import Any

from kit.models.errors import BundleError
from kit.models.incoming.facts import Range, Said, parse_range

TITLE, LINE, CREDITS = (
    100,
    300,
    20,
)  # characters, characters, lines: suggestions, which people must be able to read


def said_by(metadata: Any) -> Said:
    """Read ``userDefinedMetadata``. What is missing or makes no sense is passed over: nothing depends on it."""
    if not isinstance(metadata, dict):
        return Said()
    sources = metadata.get("credits")
    lines = [_credit(each) for each in sources[:CREDITS]] if isinstance(sources, list) else []
    return Said(
        title=_text(metadata.get("title"), TITLE) or None,
        input_range=_range(metadata.get("input")),
        output_range=_range(metadata.get("output")),
        credits=tuple(line for line in lines if line),
    )


def _credit(value: Any) -> str:
    if not isinstance(value, dict):
        return ""
    what, *others = (_text(value.get(name), LINE).replace("|", "/") for name in ("what", "licence", "url"))
    return " | ".join([what, *others]).rstrip(" |") if what else ""


def _text(value: Any, most: int) -> str:
    """Without what a terminal would obey."""
    plain = value if isinstance(value, str) else ""
    return "".join(sign if sign.isprintable() else " " for sign in plain[:most]).strip()


def _range(port: Any) -> Range | None:
    ends = port.get("range") if isinstance(port, dict) else None
    if not isinstance(ends, list) or len(ends) != 2 or not all(type(end) in {int, float} for end in ends):
        return None
    try:
        return parse_range(f"{ends[0]!r},{ends[1]!r}", "range")
    except (BundleError, ValueError):
        return None
