"""How many more machines, of which kind, would settle what is still open."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue

from kit.db.dashboard.figures import GroupRow, group_rows, store_counts
from kit.db.dashboard.places import SECTION_IDS, Place
from kit.domain.stats.group import FLOOR, Share
from kit.domain.stats.machine import TARGETS_FPS
from kit.domain.stats.power import Need, least_machines, median_need, share_need, share_width_need
from kit.domain.stats.power_words import need_text
from kit.errors import CallerError
from kit.views.admin import groups
from kit.views.admin.answer import read_target
from kit.views.admin.as_json import condition_json, need_json, page_json, share_json, spread_json
from kit.views.admin.audience import blueprint
from kit.views.admin.narrowed import Narrowed, narrowed
from kit.views.admin.registry import figures
from kit.views.state import database

MOST_LINES = 120
"""The largest groups; a guess takes a moment each."""
QUESTIONS = {
    "bar": "Is the share above the bar?",
    "width": "Is the share known closely enough?",
    "median": "Is the typical machine known closely enough?",
}
STATES = {
    "settled": ("settled", "good"),
    "open": ("open", "warn"),
    "too_few": ("too few machines", "bad"),
    "unknown_machines": ("unknown machines", "bad"),
    "out_of_reach": ("out of reach", "bad"),
}
ORDER = ("open", "too_few", "unknown_machines", "out_of_reach", "settled")
ORDERED_SECTIONS = ("", *SECTION_IDS)
"""Whom one can ask for comes first: nobody can be asked to come with a device that is not told."""
PARAMETERS = {
    "question": f"One of {', '.join(QUESTIONS)}",
    "by": "What to group by: all, gpu, family, class, vendor, browser, os",
    "target": f"Frames a second: {', '.join(map(str, TARGETS_FPS))}",
    "bar": "What the share is compared with, in percent: 1 to 99",
    "width": "How closely a figure has to be known, plus or minus percent: 1 to 49",
}


@dataclass(frozen=True, slots=True)
class Asked:
    """The question as the form puts it; ``bar`` and ``width`` in percent."""

    question: str
    by: Place
    target: int
    bar: int
    width: int

    @property
    def fields(self) -> dict[str, object]:
        """The question as address parameters."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Line:
    """One group and what it takes."""

    row: GroupRow
    need: Need

    def share(self, target: int) -> Share | None:
        return self.row.figures.reach.get(target)

    @property
    def words(self) -> str:
        return need_text(self.need)


@dataclass(frozen=True, slots=True)
class Kind:
    """All conditions of one place. ``following`` is the open line that takes fewest machines; ``all`` of the open ones are
    settled by so many, since machines there measure all conditions. ``stuck``: no number of machines settles them.
    """

    place: str
    section: str
    lines: int
    settled: int
    following: Line | None
    all: int
    stuck: int

    @property
    def open(self) -> int:
        """How many lines further machines settle."""
        return self.lines - self.settled - self.stuck


@blueprint.get("/power")
def power() -> ResponseReturnValue:
    """The form, what it takes for each kind of machine, and for each of its conditions."""
    shown, asked = narrowed(), read_asked(request.args)
    with database().read() as db:
        rows = group_rows(db, shown.filters, asked.by)
        counts = store_counts(db, shown.filters)
    lines = lines_of(rows, asked)
    return render_template(
        "admin/power.html",
        shown=shown,
        counts=counts,
        asked=asked,
        questions=QUESTIONS,
        states=STATES,
        lines=lines,
        kinds=kinds_of(lines),
        left=max(0, len(rows) - MOST_LINES),
        least=least_machines(asked.bar / 100),
        groups=groups,
        targets=TARGETS_FPS,
        floor=FLOOR,
    )


@figures("power", "How many more machines would settle a question", parameters=PARAMETERS)
def power_json(shown: Narrowed) -> Mapping[str, Any]:
    """The same for the chart and for scripts."""
    asked = read_asked(request.args)
    with database().read() as db:
        rows = group_rows(db, shown.filters, asked.by)
        counts = store_counts(db, shown.filters)
    return {
        **page_json(shown),
        "counts": asdict(counts),
        "question": asked.question,
        "by": asked.by,
        "target_fps": asked.target,
        "bar": asked.bar / 100 if asked.question == "bar" else None,
        "half_width": asked.width / 100 if asked.question != "bar" else None,
        "rows_left": max(0, len(rows) - MOST_LINES),
        "rows": [line_json(line, asked) for line in lines_of(rows, asked)],
    }


def read_asked(given: Mapping[str, str]) -> Asked:
    """The question of an address. Raises CallerError that names the field."""
    question = given.get("question", "") or "bar"
    if question not in QUESTIONS:
        raise CallerError(f"question: choose from {', '.join(QUESTIONS)}", field="question")
    return Asked(
        question,
        groups.read_place(given.get("by", ""), "class"),
        read_target(given.get("target", "")),
        _percent(given, "bar", 80, 99),
        _percent(given, "width", 10, 49),
    )


def need_of(row: GroupRow, asked: Asked) -> Need:
    """What it takes to answer the question for one group."""
    share = row.figures.reach.get(asked.target)
    if share is None and asked.question != "median":
        return Need("too_few", row.figures.started, max(1, FLOOR - row.figures.started))
    if asked.question == "bar":
        return share_need(share, asked.bar / 100)
    if asked.question == "width":
        return share_width_need(share, asked.width / 100)
    return median_need(row.tallies["capability_ms"], max(asked.width, 2) / 100)


def lines_of(rows: Sequence[GroupRow], asked: Asked) -> list[Line]:
    """The largest groups; open ones first, those that take fewest machines before the others."""
    largest = sorted(rows, key=lambda row: -row.started)[:MOST_LINES]
    lines = [Line(row, need_of(row, asked)) for row in largest]
    return sorted(lines, key=_effort)


def kinds_of(lines: Sequence[Line]) -> list[Kind]:
    """Each place once: named GPUs first, then by what the next open line takes; what is settled or stuck last."""
    places: dict[tuple[str, str], list[Line]] = {}
    for line in lines:
        places.setdefault((line.row.section, groups.place_words(line.row)), []).append(line)
    found = [_kind(place, section, own) for (section, place), own in places.items()]
    return sorted(found, key=_urgency)


def line_json(line: Line, asked: Asked) -> dict[str, Any]:
    """One group."""
    share = line.share(asked.target)
    return {
        "section": line.row.section,
        "place": groups.place_words(line.row),
        **condition_json(line.row.condition),
        "machines_started": line.row.figures.started,
        "share": share_json(share) if share else None,
        "fps": spread_json(line.row.figures.fps),
        **need_json(line.need),
        "words": line.words,
    }


def _effort(line: Line) -> tuple[int, int, int, str]:
    section = ORDERED_SECTIONS.index(line.row.section)
    return ORDER.index(line.need.state), section, line.need.more or 0, line.row.place


def _kind(place: str, section: str, lines: Sequence[Line]) -> Kind:
    settled = sum(line.need.state == "settled" for line in lines)
    able = [line for line in lines if line.need.state in ("open", "too_few") and line.need.more]
    able.sort(key=lambda line: line.need.more or 0)
    most = able[-1].need.more or 0 if able else 0
    following = able[0] if able else None
    return Kind(place, section, len(lines), settled, following, most, len(lines) - settled - len(able))


def _urgency(kind: Kind) -> tuple[bool, int, int, str]:
    more = kind.following.need.more or 0 if kind.following else 0
    return kind.following is None, ORDERED_SECTIONS.index(kind.section), more, kind.place


def _percent(given: Mapping[str, str], name: str, default: int, most: int) -> int:
    text = given.get(name, "") or str(default)
    if not text.isdecimal() or len(text) > 2 or not 1 <= int(text) <= most:
        raise CallerError(f"{name}: write whole percent from 1 to {most}", field=name)
    return int(text)
