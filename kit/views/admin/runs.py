"""One run with every sample, and two runs side by side."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kit.db.dashboard.machines import gpu_aliases
from kit.db.dashboard.visits import RunPage, run_choices, run_page
from kit.errors import CallerError
from kit.views.admin.audience import blueprint
from kit.views.admin.facts import compare_runs
from kit.views.admin.identifiers import identifier_of
from kit.views.admin.narrowed import Narrowed
from kit.views.admin.registry import figures
from kit.views.admin.strip import Recorded, make_strip, make_strips
from kit.views.state import database

ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


@blueprint.get("/runs/<run_id>")
def run(run_id: str) -> ResponseReturnValue:
    """One run: samples, variant, environment, flags and what each flag means for each figure."""
    page = _run(run_id)
    recorded = _recorded(page)
    with database().read() as db:
        choices = run_choices(db, page.line.run, page.visit.machine_id)
        aliases = gpu_aliases(db, [page.device.gpu_model if page.device else None])
    return render_template(
        "admin/run.html",
        page=page,
        strip=make_strip(recorded.windows, recorded.events, recorded.flags),
        choices=choices,
        aliases=aliases,
    )


@blueprint.get("/runs/<run_id>/beside")
def choose_beside(run_id: str) -> ResponseReturnValue:
    """The second run, from a list or as an address or id that was pasted: ``with=``."""
    first = identifier_of(run_id, "run")
    found = ID.findall(request.args.get("with", "")[:1_000])
    if not found:
        raise CallerError("with: paste the address or the id of the other run", field="with")
    return redirect(url_for("admin.beside", run_id=first, other_id=str(found[-1]).lower()))


@blueprint.get("/runs/<run_id>/beside/<other_id>")
def beside(run_id: str, other_id: str) -> ResponseReturnValue:
    """Two runs: strips on the same scales, and what differs."""
    pages = _two(run_id, other_id)
    return render_template(
        "admin/beside.html",
        pages=pages,
        strips=make_strips([_recorded(page) for page in pages]),
        groups=compare_runs(*pages),
    )


@figures(
    "runs/<run_id>/beside/<other_id>",
    "Two runs side by side: every stored fact, and which of them differ",
    parameters={"run_id": "The first run's id", "other_id": "The second run's id"},
)
def beside_json(_shown: Narrowed, run_id: str, other_id: str) -> Mapping[str, Any]:
    """The table of the page; figures as words with their units, and the ratio second / first where there is one."""
    first, second = _two(run_id, other_id)
    groups = compare_runs(first, second)
    facts = [
        {"group": group.title} | asdict(fact) | {"differs": fact.differs}
        for group in groups
        for fact in group.facts
    ]
    return {"schema": 1, "first": first.line.run.id, "second": second.line.run.id, "facts": facts}


def _two(run_id: str, other_id: str) -> tuple[RunPage, RunPage]:
    return _run(run_id), _run(other_id)


def _run(run_id: str) -> RunPage:
    with database().read() as db:
        page = run_page(db, identifier_of(run_id, "run"))
    if page is None:
        raise CallerError("there is no such run; it may have been deleted with its visit", status=404)
    return page


def _recorded(page: RunPage) -> Recorded:
    run = page.line.run
    return Recorded(page.windows, _events(run.events), [flag.code for flag in page.line.flags])


def _events(events: Sequence[Mapping[str, Any]]) -> list[tuple[float, str]]:
    return [(float(event["at_ms"]), str(event["type"])) for event in events]
