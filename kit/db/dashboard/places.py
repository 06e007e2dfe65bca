"""What a group of machines is a group of: hardware, condition, and the section that keeps unlike kinds apart."""

from dataclasses import dataclass
from typing import Literal, get_args

from kit.domain.modes import asked_text

Place = Literal["all", "gpu", "family", "class", "vendor", "browser", "os"]
PLACES: tuple[Place, ...] = get_args(Place)
SECTION_IDS = ("exact", "blurred", "software", "unsent")


@dataclass(frozen=True, slots=True, order=True)
class Hardware:
    """A GPU as the rules name it. ``model`` is empty where the tester did not send the device, or has no WebGL."""

    vendor: str
    model: str
    family: str
    class_: str
    blurred: bool


@dataclass(frozen=True, slots=True, order=True)
class Condition:
    """What a figure may never pool over: model, mode, what was asked of it, threads (0: none to choose), precision; and
    the browser, which is empty where a figure is over all browsers.
    """

    bundle: str
    version: str
    sha256: str
    mode: str
    threads: int
    precision: str
    browser: str
    wishes: str = ""

    @property
    def asked(self) -> str:
        """The mode as the study named it: ``direct-wasm[threads=1]``."""
        return asked_text(self.mode, self.wishes)


def section_of(hardware: Hardware) -> str:
    """Which section a GPU belongs to; a blurred software renderer is software first.

    >>> section_of(Hardware("Google", "SwiftShader", "SwiftShader", "software", True))
    'software'
    """
    if hardware.class_ in ("software", "virtual"):
        return "software"
    if not hardware.model:
        return "unsent"
    return "blurred" if hardware.blurred else "exact"
