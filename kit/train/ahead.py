"""The next batch is made while this one is learned from."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Generic, Self, TypeVar

Made = TypeVar("Made")


class Ahead(Generic[Made]):
    """Calls ``make(step)`` one step ahead, in a thread. Nothing but time changes, where ``make`` depends on its step alone."""

    def __init__(self, make: Callable[[int], Made]) -> None:
        self.make = make
        self.pool = ThreadPoolExecutor(1, thread_name_prefix="ahead")
        self.next: tuple[int, Future[Made]] | None = None

    def take(self, step: int) -> Made:
        """What belongs to a step; the step after it is begun."""
        number, coming = self.next or (None, None)
        made = coming.result() if coming is not None and number == step else self.make(step)
        self.next = (step + 1, self.pool.submit(self.make, step + 1))
        return made

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.pool.shutdown(cancel_futures=True)
