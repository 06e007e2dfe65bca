"""The filters as a form: fields with their options, and what is set as chips that can be taken away. Plain links and GET."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import request

from kit.db.dashboard.filters import NOT_TOLD
from kit.db.dashboard.options import FilterOptions, Option, filter_options, options_within
from kit.db.shares import VISITOR_MAY
from kit.domain.flags import RULES
from kit.views.admin.narrowed import Narrowed
from kit.views.state import database

MOST_OPTIONS = 300
"""The most frequent values of a filter that the form lists; the value that is set is always among them."""
STAGES = {"pilot": "Pilot", "main": "Main"}
FIRST = ("study", "simulated", "model", "mode")
"""Fields that stand in the first row; the others unfold."""
TITLES = {
    "study": "Study",
    "simulated": "Testers",
    "model": "Model",
    "mode": "Mode",
    "stage": "Stage",
    "since": "First day (UTC)",
    "until": "Last day (UTC)",
    "link": "Link",
    "vendor": "GPU vendor",
    "class": "GPU class",
    "family": "GPU family",
    "gpu": "GPU",
    "browser": "Browser",
    "os": "System",
    "flag": "Flag",
    "invalid": "Invalid runs",
}
EVERYTHING = {
    "study": "All studies",
    "simulated": "People",
    "stage": "Pilot and main",
    "class": "All classes",
    "gpu": "All GPUs",
    "os": "All systems",
    "family": "All families",
    "flag": "With any or none",
    "invalid": "Hidden",
}
OPTIONS_OF = {
    "stage": "stages",
    "model": "models",
    "mode": "modes",
    "vendor": "vendors",
    "class": "classes",
    "family": "families",
    "gpu": "gpus",
    "browser": "browsers",
    "os": "systems",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """An option of a field. ``group``: the heading that it stands under, mostly none."""

    value: str
    label: str
    group: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One field. ``everything``: what it says where nothing is chosen; a field without choices takes a day."""

    name: str
    title: str
    value: str
    everything: str
    choices: Sequence[Choice]


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is set; ``without`` is the same page without it, empty where a share link fixes it."""

    title: str
    text: str
    without: str


@dataclass(frozen=True, slots=True)
class Form:
    """What the form shows: always there, and unfolded."""

    first: Sequence[Field]
    more: Sequence[Field]
    chips: Sequence[Chip]
    clear: str


def filter_form(shown: Narrowed, more: Mapping[str, object] | None = None) -> Form:
    """The form of the page that is asked for. ``more``: the page's own parameters, which every link and the form keep."""
    with database().read() as db:
        options = options_within(db, shown.base) if shown.public else filter_options(db, shown.filters)
    names = [name for name in TITLES if not shown.public or (name in VISITOR_MAY and name not in shown.fixed)]
    fields = [_field(name, shown, options) for name in names]
    own = {name: value for name, value in (more or {}).items() if value not in (None, "")}
    chips = [Chip(TITLES[name], _words(name, value, options), "") for name, value in _fixed(shown).items()]
    chips += [
        Chip(TITLES[name], _words(name, value, options), here({**shown.also(**{name: ""}), **own}))
        for name, value in shown.query.items()
    ]
    return Form(
        first=[field for field in fields if field.name in FIRST],
        more=[field for field in fields if field.name not in FIRST],
        chips=chips,
        clear=here(own) if len(shown.query) > 1 else "",
    )


def here(query: Mapping[str, object]) -> str:
    """The address of the page that is asked for, with these parameters."""
    return request.path + (
        f"?{urlencode({name: str(value) for name, value in query.items()})}" if query else ""
    )


def _fixed(shown: Narrowed) -> dict[str, str]:
    """What a share link fixes; the study is the link's title's matter, and a link of the study has no name outside."""
    return {name: value for name, value in shown.fixed.items() if name in TITLES and name != "study"}


def _field(name: str, shown: Narrowed, options: FilterOptions) -> Field:
    value = str(shown.query.get(name, ""))
    choices = _choices(name, shown, options)
    if choices and value and value not in {choice.value for choice in choices}:
        choices = [*choices, Choice(value, _words(name, value, options))]
    everything = EVERYTHING.get(name, f"All {TITLES[name].rpartition(' ')[2].lower()}s")
    return Field(name, TITLES[name], value, everything, choices)


def _choices(name: str, shown: Narrowed, options: FilterOptions) -> list[Choice]:
    if name == "study":
        return [Choice(study, f"{title} ({study})") for study, title in shown.studies]
    if name == "simulated":
        return [Choice("1", "Simulated")]
    if name == "invalid":
        return [Choice("1", "In the figures too")]
    if name == "link":
        return [Choice(token, label or f"link {token[:6]}") for token, label in options.links] or [_none()]
    if name == "flag":
        return _flags(options)
    if name in ("since", "until"):
        return []
    found: Sequence[Option] = getattr(options, OPTIONS_OF[name])
    return [
        Choice(
            option.value or NOT_TOLD, f"{_words(name, option.value or NOT_TOLD, options)} ({option.count:,})"
        )
        for option in found[:MOST_OPTIONS]
    ] or [_none()]


def _flags(options: FilterOptions) -> list[Choice]:
    counts = {option.value: option.count for option in options.flags}
    codes = list(counts) or [rule.code for rule in RULES]
    only = [
        Choice(code, f"{code} ({counts[code]:,})" if code in counts else code, "Only machines with")
        for code in codes
    ]
    return only + [Choice(f"-{code}", f"without {code}", "Only machines without") for code in codes]


def _none() -> Choice:
    """A list of choices is never empty, or it would be taken for a day."""
    return Choice("", "Nothing to choose yet")


def _words(name: str, value: str, options: FilterOptions) -> str:
    """A value as people read it."""
    if name == "stage":
        return STAGES.get(value, value)
    if name == "simulated":
        return "Simulated"
    if name == "invalid":
        return "in the figures too"
    if name == "link":
        return dict(options.links).get(value) or "one link of the study"
    if name == "flag" and value.startswith("-"):
        return f"without {value[1:]}"
    return value
