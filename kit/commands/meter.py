"""How far a long command is: one line that changes on a terminal, a line now and then in a log."""

import sys
import time

import click

from kit.domain.units import spoken_duration

STEP = 0.1  # of the whole: how often a log gets a line
REFRESH_S = 0.2


class Meter:
    """Called with what is done and what there is in all; writes to standard error.

    ``unit`` stands behind the numbers and ``scale`` is how many of the counted make one: ``Meter("MB", 1e6)``.
    """

    def __init__(self, unit: str, scale: float = 1.0) -> None:
        self.unit, self.scale = unit, scale
        self.began: tuple[float, int] | None = None
        self.shown_at, self.shown_share = float("-inf"), 0.0
        self.live = sys.stderr.isatty()

    def __call__(self, done: int, total: int) -> None:
        """Say how far it is, where enough has changed since the last time."""
        now, share = time.monotonic(), done / max(total, 1)
        if self.began is None:
            self.began = (now, done)
        due = now - self.shown_at >= REFRESH_S if self.live else share - self.shown_share >= STEP
        if due or done >= total:
            self.shown_at, self.shown_share = now, share
            self._write(self._line(done, total, now), last=done >= total)

    def _line(self, done: int, total: int, now: float) -> str:
        if self.scale == 1:
            text = f"{done:,} of {total:,} {self.unit}"
        else:
            text = f"{done / self.scale:,.1f} of {total / self.scale:,.1f} {self.unit}"
        began, before = self.began or (now, 0)
        if before < done < total and now - began > 1:
            text += f", {spoken_duration((total - done) * (now - began) / (done - before))} left"
        return text

    def _write(self, line: str, *, last: bool) -> None:
        if self.live:
            click.echo(f"\r\x1b[K{line}" + ("\n" if last else ""), nl=False, err=True)
        else:
            click.echo(line, err=True)
