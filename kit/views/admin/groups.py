"""Groups of machines as tables show them: by what, in which section, in which order, so many at a time. All by address."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from kit.db.dashboard.figures import GroupRow
from kit.db.dashboard.places import PLACES, SECTION_IDS, Place
from kit.domain.stats.machine import TARGETS_FPS
from kit.errors import CallerError
from kit.views.admin import show

ROWS = 50
NOT_TOLD = "not told"
TITLES: Mapping[Place, str] = {
    "all": "All machines",
    "gpu": "GPU",
    "family": "Family",
    "class": "Class",
    "vendor": "Vendor",
    "browser": "Browser",
    "os": "System",
}


@dataclass(frozen=True, slots=True)
class Section:
    """Machines of one kind, which never enter another kind's figures."""

    id: str
    title: str
    note: str


SECTIONS = (
    Section("exact", "GPUs by name", "The browser names the GPU itself."),
    Section(
        "blurred",
        "Blurred by the browser",
        "Firefox, Safari and Brave name a stand-in for many GPUs, or none. These are groups of stand-ins, not of GPUs.",
    ),
    Section(
        "software",
        "Software and virtual",
        "No GPU did the work: a program or a virtual machine stood in for it.",
    ),
    Section("unsent", "Device not told", "The tester kept the device, or the browser has no WebGL."),
    Section("", "All machines", "Named, blurred, software and unsent together."),
)

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """One page of a long table: rows ``first`` to ``last`` of ``total``."""

    rows: Sequence[Row]
    number: int
    pages: int
    total: int

    @property
    def first(self) -> int:
        return (self.number - 1) * ROWS + 1

    @property
    def last(self) -> int:
        return self.first + len(self.rows) - 1


Key = Callable[[GroupRow], float | None]


def _reach(target: int) -> Key:
    def surely(row: GroupRow) -> float | None:
        share = row.figures.reach.get(target)
        return share.interval.low if share else None

    return surely


ORDERS: Mapping[str, Key] = {
    "machines": lambda row: row.started,
    "runs": lambda row: row.counts.runs,
    "fps": lambda row: row.figures.fps.median if row.figures.fps else None,
    "displayed": lambda row: row.figures.displayed_fps.median if row.figures.displayed_fps else None,
    **{f"reaches-{target}": _reach(target) for target in TARGETS_FPS},
}
"""What a table can be put into order by, beside the place; shares by the lower end of their interval."""


def read_place(text: str, default: Place = "gpu") -> Place:
    """What to group by. Raises CallerError that names the field."""
    if text and text not in PLACES:
        raise CallerError(f"by: choose from {', '.join(PLACES)}", field="by")
    return text or default


def read_page(text: str) -> int:
    """The number of a page; nonsense is the first."""
    return max(1, int(text)) if text.isdecimal() and len(text) < 7 else 1


def place_words(row: GroupRow) -> str:
    """What a row is of, as people read it."""
    if row.hardware is not None and (row.hardware.model or not row.place):
        return show.gpu(row.hardware.model, row.hardware.vendor)
    if row.section == "" and row.place == "":
        return TITLES["all"]
    if row.hardware is not None and row.hardware.vendor.casefold() not in row.place.casefold():
        return (
            f"{row.place} ({row.hardware.vendor})"  # a family of several vendors, such as software renderers
        )
    return row.place or NOT_TOLD


def ordered(rows: Sequence[GroupRow], sort: str, *, rising: bool = False) -> list[GroupRow]:
    """Sections in their order, in each the rows by ``sort``; rows without such a figure last.

    Without ``sort`` they stay as they come: places with most machines first. Raises CallerError that names the field.
    """
    sections = {section: at for at, section in enumerate((*SECTION_IDS, ""))}
    if sort == "place":
        named = sorted(rows, key=lambda row: (place_words(row).casefold(), row.condition), reverse=not rising)
        return sorted(named, key=lambda row: sections[row.section])
    if sort and sort not in ORDERS:
        raise CallerError(f"sort: choose from place, {', '.join(ORDERS)}", field="sort")
    if not sort:
        return sorted(rows, key=lambda row: sections[row.section])
    value = ORDERS[sort]

    def key(row: GroupRow) -> tuple[int, bool, float]:
        own = value(row)
        return (sections[row.section], own is None, (own or 0.0) * (1 if rising else -1))

    return sorted(rows, key=key)


def page_of(rows: Sequence[Row], number: int) -> Page[Row]:
    """One page; a number beyond the last one gives the last one."""
    pages = max(1, -(-len(rows) // ROWS))
    number = min(number, pages)
    return Page(rows[(number - 1) * ROWS : number * ROWS], number, pages, len(rows))


def by_section(rows: Sequence[GroupRow]) -> list[tuple[Section, list[GroupRow]]]:
    """Rows under their section, in the order in which they come; sections without rows are left out."""
    found = [(section, [row for row in rows if row.section == section.id]) for section in SECTIONS]
    return [(section, own) for section, own in found if own]


def first_places(rows: Sequence[GroupRow], most: int) -> tuple[list[GroupRow], int]:
    """The rows of the first ``most`` places (with their browsers), and how many places are left out."""
    places = list(dict.fromkeys((row.section, row.place, row.condition.browser) for row in rows))
    kept = {*places[:most]}
    shown = [row for row in rows if (row.section, row.place, row.condition.browser) in kept]
    return shown, max(0, len(places) - most)
