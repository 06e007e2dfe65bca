"""What a tester can do with a page, whatever the browser: find things by role and name, press, tick, draw, look."""

from pathlib import Path
from typing import Any, Protocol

WAIT_S = 30.0


class Person(Protocol):
    """One tester at one browser window. Every method waits until it can be done, or fails after ``wait_s``."""

    def open(self, url: str) -> None: ...

    def reload(self) -> None: ...

    def at(self, step: str, wait_s: float = WAIT_S) -> None:
        """Wait until the page stands at this step (``main[data-step]``)."""

    def press(self, name: str, role: str = "button", wait_s: float = WAIT_S) -> None: ...

    def tick(self, name: str) -> None: ...

    def sees(self, role: str, name: str, wait_s: float = WAIT_S) -> None: ...

    def text(self, selector: str) -> str: ...

    def choose_file(self, selector: str, path: Path) -> None: ...

    def stroke(self, role: str, name: str) -> None:
        """Draw a line across the middle of the thing with this role and name."""

    def ask(self, expression: str) -> Any:
        """The value of a JavaScript expression in the page."""

    def picture(self, path: Path) -> None: ...
