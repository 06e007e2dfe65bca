"""Which model and mode to ship to which hardware, as a table and as a file that an application reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, get_args

from flask import jsonify, render_template, request
from flask.typing import ResponseReturnValue

from kit import __version__
from kit.db.dashboard.advice import GRAINS, Grain, gather_evidence
from kit.domain.stats.advisor import BAR, Advice, Where, advise
from kit.domain.stats.advisor_json import as_json, why
from kit.domain.stats.advisor_rows import Figure
from kit.domain.stats.group import FLOOR
from kit.domain.stats.machine import TARGETS_FPS
from kit.errors import CallerError
from kit.models.catalog import list_bundles
from kit.models.errors import BundleError
from kit.models.manifest import read_manifest
from kit.views.admin.audience import blueprint
from kit.views.admin.groups import SECTIONS
from kit.views.admin.narrowed import Narrowed, narrowed
from kit.views.admin.registry import figures
from kit.views.state import database, now, state

MOST_RULES = 300
"""The table's length; the file has all rules."""
GRAIN_TITLES: Mapping[Grain, str] = {
    "class": "Class",
    "family": "Family, then class",
    "gpu": "GPU, then family, then class",
}
FIGURE_TITLES: Mapping[Figure, str] = {"capability": "Capability", "displayed": "Displayed pictures"}
STATES: Mapping[str, tuple[str, str]] = {
    "proven": ("proven", "good"),
    "inherited": ("from a wider group", "info"),
    "open": ("open", "warn"),
    "too_few": ("too few", "warn"),
    "disproved": ("nothing reaches it", "bad"),
}
PARAMETERS = {
    "fps": "Frame rate to reach: 24, 30 or 60; 30 where it is left out",
    "bar": "Share of machines that has to reach it, in percent; 80 where it is left out",
    "grain": "How finely hardware is told apart: class (where it is left out), family or gpu",
    "figure": "What has to reach it: capability or displayed",
    "order": "Names of models, the preferred one first, with commas; larger networks come first where it is left out",
}


@dataclass(frozen=True, slots=True)
class Question:
    """What the form asks, beside the filters."""

    fps: int = 30
    bar: int = round(BAR * 100)
    grain: Grain = "class"
    figure: Figure = "capability"
    order: tuple[str, ...] = ()

    @property
    def query(self) -> dict[str, str]:
        """As address parameters."""
        said = {"fps": self.fps, "bar": self.bar, "grain": self.grain, "figure": self.figure}
        return {name: str(value) for name, value in said.items()} | {"order": ",".join(self.order)}


@blueprint.get("/advisor")
def advisor() -> ResponseReturnValue:
    """The table, and how an application uses the file."""
    shown, question = narrowed(), read_question(request.args)
    advice = advice_on(shown, question)
    return render_template(
        "admin/advisor.html",
        shown=shown,
        question=question,
        advice=advice,
        rules=advice.rules[:MOST_RULES],
        left=max(0, len(advice.rules) - MOST_RULES),
        sections={section.id: section for section in SECTIONS},
        states=STATES,
        grains=GRAIN_TITLES,
        figure_titles=FIGURE_TITLES,
        targets=TARGETS_FPS,
        floor=FLOOR,
        why=lambda rule: why(rule, question.fps, question.bar / 100),
        place_of=place_of,
    )


@blueprint.get("/advisor.json")
def advisor_json() -> ResponseReturnValue:
    """The file for an application, to be saved."""
    answer = jsonify(document(narrowed(), read_question(request.args)))
    answer.headers["Content-Disposition"] = f'attachment; filename="advisor-{now():%Y-%m-%d}.json"'
    return answer


@figures("advisor", "Which model and mode to ship to which hardware", parameters=PARAMETERS)
def advice_json(shown: Narrowed) -> Mapping[str, Any]:
    """The same file, for scripts."""
    return document(shown, read_question(request.args))


def document(shown: Narrowed, question: Question) -> dict[str, Any]:
    """Schema 1 of the file: rules in the order in which they are looked up, and where they come from."""
    return as_json(advice_on(shown, question)) | {
        "made_on": f"{now():%Y-%m-%d}",
        "made_by": f"fieldkit {__version__}",
        "figure": question.figure,
        "filters": dict(shown.query),
    }


def advice_on(shown: Narrowed, question: Question) -> Advice:
    """Weigh what the filters leave."""
    with database().read() as db:
        evidence = gather_evidence(
            db,
            shown.filters,
            grain=question.grain,
            target_fps=question.fps,
            sizes=network_sizes(),
            figure=question.figure,
        )
    return advise(evidence, target_fps=question.fps, bar=question.bar / 100, order=question.order)


def read_question(asked: Mapping[str, str]) -> Question:
    """The form's fields. Raises CallerError that names the one that cannot be read."""
    grain = asked.get("grain", "").strip() or "class"
    figure = asked.get("figure", "").strip() or "capability"
    return Question(
        fps=_number(asked, "fps", 30, TARGETS_FPS),
        bar=_number(asked, "bar", round(BAR * 100), range(1, 100)),
        grain=_one_of("grain", grain, GRAINS),
        figure=_one_of("figure", figure, get_args(Figure)),
        order=tuple(name.strip() for name in asked.get("order", "")[:1_000].split(",") if name.strip()),
    )


def network_sizes() -> dict[str, int]:
    """Multiply-adds of each model that is here, by its hash: of two that are proven the larger network is shipped."""
    return {
        info.sha256: _multiply_adds(info.path, info.sha256)
        for info in list_bundles(state().settings.model_roots)
    }


@lru_cache(maxsize=256)
def _multiply_adds(path: Path, _sha256: str) -> int:
    """A published bundle never changes, so that its manifest is read once."""
    try:
        return read_manifest(path).parameters.multiply_adds
    except BundleError:  # its page says what is wrong with it; here it only loses its place in the order
        return 0


def place_of(where: Where) -> tuple[str, str]:
    """Kind and name of a group as a heading says them."""
    if where.place == "default":
        return "all others", "All that no rule above names"
    return {"gpu": "GPU", "family": "family", "class": "class"}[where.place], where.name


def _number(asked: Mapping[str, str], name: str, default: int, known: range | tuple[int, ...]) -> int:
    text = asked.get(name, "").strip()
    value = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else None if text else default
    if value is None or value not in known:
        raise CallerError(f"{name}: give {_names(known)}", field=name)
    return value


def _names(known: range | tuple[int, ...]) -> str:
    if isinstance(known, range):
        return f"a whole number from {known[0]} to {known[-1]}"
    return f"one of {', '.join(map(str, known))}"


def _one_of(name: str, text: str, known: Any) -> Any:
    if text not in known:
        raise CallerError(f"{name}: choose one of {', '.join(known)}", field=name)
    return text
