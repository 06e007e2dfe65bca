"""The tester's way through the page, step by step, as a person goes it."""

from tests.e2e.person import Person

MEASURE_S = 150.0
PICTURE_S = 60.0


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
    """Draw a line and wait until the network has painted it."""
    person.sees("img", "Painted picture", wait_s=PICTURE_S)
    person.stroke("application", "Your light and dark")


def finish(person: Person) -> None:
    """To the thank-you page, with everything sent."""
    person.press("Finish")
    person.at("thanks")
    person.sees("heading", "Thank you")
