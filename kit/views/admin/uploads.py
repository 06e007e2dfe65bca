"""A model on its way in: uploaded, looked at, tried with other values, published or discarded."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kit.db.admins import note
from kit.errors import CallerError
from kit.models.catalog import list_bundles
from kit.models.errors import BundleError
from kit.models.incoming import (
    KINDS,
    About,
    Choices,
    Draft,
    Facts,
    State,
    about,
    bounds_of,
    examine,
    parse_credit,
    parse_range,
    parse_size,
    publish_trial,
    suggested_name,
    suggested_version,
    withdrawn_on_error,
)
from kit.models.manifest import read_manifest
from kit.views.admin.audience import blueprint
from kit.views.admin.models import list_page, to_model, uploads
from kit.views.admin.pictures import golden_pair
from kit.views.admin.uploading import receive
from kit.views.state import database, now, state

PRECISIONS = ("float16", "int8", "float32")
FIELDS = ("name", "version", "title", "description", "credits")


@blueprint.post("/models")
def upload() -> ResponseReturnValue:
    """Take a model's files and try it. The form's token is checked by ``receive``, since it comes with the files."""
    draft = None
    try:
        draft = uploads().new()
        names = receive(draft, state().settings.upload_mb)
        facts = _examined(draft, Choices())
        label = Path(names[0].split("/")[0]).name
        made = State(made_at=now(), made_by=g.admin_name, label=label[:200], choices=Choices(), facts=facts)
        draft.save(made)
    except (BundleError, CallerError) as error:
        _remove(draft)
        return list_page(str(error), error.status if isinstance(error, CallerError) else 400)
    except BaseException:
        _remove(draft)
        raise
    return redirect(url_for("admin.uploaded", upload_id=draft.id))


@blueprint.get("/uploads/<upload_id>")
def uploaded(upload_id: str) -> ResponseReturnValue:
    """What was found out about an upload, and what has to be decided."""
    draft, known = _found(upload_id)
    return _page(draft, known)


@blueprint.post("/uploads/<upload_id>/try")
def try_again(upload_id: str) -> ResponseReturnValue:
    """Try the model with other ranges, another size or precision."""
    draft, known = _found(upload_id)
    if known.facts.is_bundle:
        raise CallerError("a bundle keeps what its manifest says; publish it as it is, or discard it")
    try:
        choices = _choices(known.facts)
        facts = _examined(draft, choices)
    except BundleError as error:
        return _page(draft, known, trouble=str(error))
    draft.save(known.model_copy(update={"choices": choices, "facts": facts}))
    return redirect(url_for("admin.uploaded", upload_id=draft.id, _anchor="result"))


@blueprint.post("/uploads/<upload_id>/publish")
def publish(upload_id: str) -> ResponseReturnValue:
    """Publish what was tried, as an immutable version."""
    draft, known = _found(upload_id)
    settings = state().settings
    try:
        label = None if known.facts.is_bundle else _label()
        there, root = list_bundles(settings.model_roots), settings.model_roots[0]
        target = publish_trial(draft.room, known.facts, known.choices, label, root, there)
    except BundleError as error:
        return _page(draft, known, unpublished=str(error))
    name, version = target.parent.name, target.name
    with withdrawn_on_error(target), database().write() as db:
        details = {"kind": known.facts.kind}
        note(db, g.admin_name, "model added", f"{name} {version}", now=now(), details=details)
    draft.remove()
    return to_model(name, version)


@blueprint.post("/uploads/<upload_id>/discard")
def discard(upload_id: str) -> ResponseReturnValue:
    """Delete an upload."""
    _found(upload_id)[0].remove()
    return redirect(url_for("admin.models"))


def _examined(draft: Draft, choices: Choices) -> Facts:
    settings = state().settings
    with uploads().one_at_a_time():
        return examine(
            draft.path, choices, draft.room, bounds_of(settings.convert_mb, settings.convert_seconds)
        )


def _found(upload_id: str) -> tuple[Draft, State]:
    try:
        draft = uploads().get(upload_id)
        return draft, draft.load()
    except BundleError as error:
        raise CallerError(str(error), status=404) from error


def _remove(draft: Draft | None) -> None:
    if draft is not None:
        draft.remove()


def _choices(facts: Facts) -> Choices:
    """What the form says. A range left at "as the network says" is not a choice."""
    size, precision = request.form.get("size", "").strip(), request.form.get("precision", "float16")
    if precision not in PRECISIONS:
        raise BundleError(f"precision: choose one of {', '.join(PRECISIONS)}")
    ranges: dict[str, Any] = {f"{which}_range": _range(which) for which in ("input", "output")}
    wanted = parse_size(size) if size and facts.size_is_free else None
    return Choices(size=wanted, precision=precision, **ranges)


def _range(which: str) -> tuple[float, float] | None:
    chosen = request.form.get(f"{which}_range", "")
    if chosen == "other":
        chosen = request.form.get(f"{which}_other", "")
        return parse_range(chosen, f"{which} values")
    return parse_range(chosen, f"{which} values") if chosen else None


def _label() -> About:
    written = {field: request.form.get(field, "").strip() for field in FIELDS}
    lines = [line for line in written.pop("credits").splitlines() if line.strip()]
    return about(**written, credits=tuple(map(parse_credit, lines)))


def _page(
    draft: Draft, known: State, trouble: str | None = None, unpublished: str | None = None
) -> ResponseReturnValue:
    trial = known.facts.trial_in(draft.room)
    manifest = read_manifest(trial)
    there = list_bundles(state().settings.model_roots)
    name = suggested_name(Path(known.label))
    written = {field: request.form.get(field) for field in FIELDS}
    suggested = {
        "name": name,
        "version": suggested_version(name, there),
        "title": known.facts.said.title or name.replace("-", " ").capitalize(),
        "credits": "\n".join(known.facts.said.credits),
    }
    page = render_template(
        "admin/upload.html",
        draft=draft,
        known=known,
        facts=known.facts,
        kind=KINDS[known.facts.kind],
        undecided=known.facts.undecided(known.choices),
        manifest=manifest,
        pair=golden_pair(trial, manifest),
        written={
            field: written[field] if written[field] is not None else suggested.get(field, "")
            for field in FIELDS
        },
        trouble=trouble,
        unpublished=unpublished,
    )
    return page, 400 if trouble or unpublished else 200
