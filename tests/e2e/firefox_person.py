"""A tester at Debian's Firefox on a virtual screen, driven by Puppeteer over WebDriver BiDi in a Node process."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kit.bench.browsers import virtual_screen
from kit.bench.launch import end
from tests.e2e.person import WAIT_S

ROOT = Path(__file__).parents[2]
DRIVER = Path(__file__).with_name("firefox_driver.mjs")


class FirefoxPerson:
    """``Person`` over lines of JSON to ``firefox_driver.mjs``."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self.process = process
        self._answer()

    def open(self, url: str) -> None:
        self._do("open", url=url)

    def reload(self) -> None:
        self._do("reload")

    def at(self, step: str, wait_s: float = WAIT_S) -> None:
        self._do("at", step=step, wait=wait_s * 1000)

    def press(self, name: str, role: str = "button", wait_s: float = WAIT_S) -> None:
        self._do("press", role=role, name=name, wait=wait_s * 1000)

    def tick(self, name: str) -> None:
        self.press(name, role="checkbox")

    def sees(self, role: str, name: str, wait_s: float = WAIT_S) -> None:
        self._do("sees", role=role, name=name, wait=wait_s * 1000)

    def text(self, selector: str) -> str:
        return str(self._do("text", selector=selector))

    def choose_file(self, selector: str, path: Path) -> None:
        self._do("chooseFile", selector=selector, path=str(path))

    def stroke(self, role: str, name: str) -> None:
        self._do("stroke", role=role, name=name, wait=WAIT_S * 1000)

    def ask(self, expression: str) -> Any:
        return self._do("ask", expression=expression)

    def picture(self, path: Path) -> None:
        self._do("picture", path=str(path))

    @property
    def errors(self) -> list[str]:
        return list(self._do("errors"))

    def _do(self, command: str, **options: Any) -> Any:
        assert self.process.stdin
        self.process.stdin.write(json.dumps({"do": command, **options}) + "\n")
        self.process.stdin.flush()
        return self._answer().get("value")

    def _answer(self) -> dict[str, Any]:
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line, "Firefox or its driver ended"
        answer: dict[str, Any] = json.loads(line)
        assert "error" not in answer, answer["error"]
        return answer


@contextmanager
def firefox_person(path: str, node: str) -> Iterator[FirefoxPerson]:
    """Open one Firefox window on a virtual screen; ``node`` is the Node that runs the driver."""
    command = [*virtual_screen("llvmpipe"), node, str(DRIVER), str(ROOT / "web" / "package.json"), path]
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )
    try:
        yield FirefoxPerson(process)
    finally:
        end(process)  # type: ignore[arg-type]
        for stream in (process.stdin, process.stdout):
            if stream:
                stream.close()
