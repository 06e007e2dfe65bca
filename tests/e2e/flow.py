"""The tester's way through the page, step by step, as a person goes it."""

import time
from collections.abc import Callable

from tests.e2e.person import Person

MEASURE_S = 150.0
PICTURE_S = 60.0
DRAWN_S = 20.0
SENT_S = 30.0

# How much light is in the drawing: the sum over its pixels.
LIGHT = """(() => {
  const canvas = document.querySelector("[role=application] canvas");
  const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
  return data.reduce((sum, value, index) => (index % 4 === 0 ? sum + value : sum), 0);
})()"""


def agree(person: Person, url: str) -> None:
    """From the link to the device page."""
    person.open(url)
    person.at("intro")
    person.press("Start")
    person.at("consent")
    person.tick("I have read this and agree")
    person.press("Agree and continue")
    person.at("device")


def measure(person: Person) -> None:
    """From the device page through download and measuring to the drawing."""
    person.press("Send and continue")
    person.at("measure", wait_s=60)
    person.press("Start measuring")
    person.sees("progressbar", "Measuring")
    person.at("play", wait_s=MEASURE_S)


def paint(person: Person) -> None:
    """Wait for the first picture, draw a line and see that it is there, then play until a rate is shown."""
    person.sees("img", "Painted picture", wait_s=PICTURE_S)
    before = person.ask(LIGHT)
    person.stroke("application", "Your light and dark")
    wait_until(lambda: person.ask(LIGHT) > before, DRAWN_S, "the brush of white left the drawing as it was")
    wait_until(
        lambda: person.text(".fps").endswith(" fps"), PICTURE_S, "no rate was shown beside the picture"
    )


def wait_until(done: Callable[[], bool], seconds: float, otherwise: str) -> None:
    """Ask until it is so; fails with ``otherwise``."""
    deadline = time.monotonic() + seconds
    while not done():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.1)


def finish(person: Person) -> None:
    """To the thank-you page, and there until everything is sent."""
    person.press("Finish")
    person.at("thanks")
    person.sees("heading", "Thank you")
    wait_until(
        lambda: "Everything has arrived" in person.text("[data-testid=pending]"),
        SENT_S,
        "not everything was sent",
    )
