"""The curves of a training as a small SVG, for a README."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT = 640, 280
LEFT, RIGHT, TOP, BOTTOM = 56, 16, 36, 40


@dataclass(frozen=True)
class Line:
    """One named line: places (x, y) from left to right, a colour, and perhaps dashes."""

    name: str
    points: list[tuple[float, float]]
    colour: str
    dashed: bool = False


def chart(title: str, x_name: str, lines: list[Line]) -> str:
    """Return the SVG: a title, both axes with their ends and thirds, each line with its name at its end."""
    xs = [x for line in lines for x, _ in line.points]
    ys = [y for line in lines for _, y in line.points]
    frame = _Frame(min(xs), max(xs), min(ys), max(ys))
    body = [_text(LEFT, 20, title, size=14), *frame.axes(x_name)]
    for index, line in enumerate(lines):
        body += [frame.path(line), _text(LEFT + 12 + 190 * index, TOP + 6, line.name, colour=line.colour)]
    style = "font-family:system-ui,sans-serif;background:#fff"
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" style="{style}">'
    return "\n".join([head, f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>', *body, "</svg>", ""])


@dataclass(frozen=True)
class _Frame:
    left: float
    right: float
    low: float
    high: float

    def place(self, x: float, y: float) -> tuple[float, float]:
        across = (x - self.left) / ((self.right - self.left) or 1)
        up = (y - self.low) / ((self.high - self.low) or 1)
        return LEFT + across * (WIDTH - LEFT - RIGHT), HEIGHT - BOTTOM - up * (HEIGHT - TOP - BOTTOM - 16)

    def axes(self, x_name: str) -> list[str]:
        marks = []
        for third in range(4):
            y = self.low + (self.high - self.low) * third / 3
            x = self.left + (self.right - self.left) * third / 3
            marks.append(_text(LEFT - 8, self.place(self.left, y)[1] + 4, f"{y:.3f}", anchor="end"))
            marks.append(
                _text(self.place(x, self.low)[0], HEIGHT - BOTTOM + 18, f"{x:,.0f}", anchor="middle")
            )
            height = self.place(self.left, y)[1]
            marks.append(f'<path d="M{LEFT} {height:.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>')
        return [*marks, _text(WIDTH - RIGHT, HEIGHT - 6, x_name, anchor="end")]

    def path(self, line: Line) -> str:
        places = " ".join("{:.1f},{:.1f}".format(*self.place(x, y)) for x, y in line.points)
        dashes = ' stroke-dasharray="6 4"' if line.dashed else ""
        return f'<polyline points="{places}" fill="none" stroke="{line.colour}" stroke-width="2"{dashes}/>'


def _text(
    x: float, y: float, words: str, *, size: int = 11, anchor: str = "start", colour: str = "#333"
) -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" fill="{colour}">{escape(words)}</text>'
