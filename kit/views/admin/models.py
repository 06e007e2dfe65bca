"""The models: what is there, what one of them is, and the upload of another."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from kit.errors import INSTALL_TENSORFLOW, CallerError
from kit.models.catalog import BundleInfo, broken_bundles, find_bundle, list_bundles
from kit.models.errors import BundleError
from kit.models.incoming import KINDS, Drafts
from kit.models.manifest import Manifest, read_manifest
from kit.models.sandbox import landlock_version
from kit.views.admin.audience import blueprint
from kit.views.admin.pictures import golden_pair
from kit.views.state import state


@dataclass(frozen=True, slots=True)
class Line:
    """A model of the list. ``ships``: it came with Fieldkit and was not added here."""

    info: BundleInfo
    manifest: Manifest
    ships: bool


@blueprint.get("/models")
def models() -> ResponseReturnValue:
    """All models, and the form that adds one."""
    return list_page()


@blueprint.get("/models/<name>/<version>")
def model(name: str, version: str) -> ResponseReturnValue:
    """One model: shapes, size, quality, credits, and what it makes of its test picture."""
    try:
        info = find_bundle(state().settings.model_roots, name, version)
        manifest = read_manifest(info.path)
    except BundleError as error:
        raise CallerError("there is no such model; choose one from the list", status=404) from error
    return render_template(
        "admin/model.html",
        line=Line(info, manifest, _ships(info)),
        pair=golden_pair(info.path, manifest),
        operators=Counter(node.op for node in manifest.graph),
        credits_file=next((file.path for file in manifest.files if file.path == "CREDITS.csv"), None),
    )


def list_page(trouble: str | None = None, status: int = 200) -> ResponseReturnValue:
    """The list; ``trouble``: why an upload was not taken."""
    roots = state().settings.model_roots
    lines = [
        Line(info, read_manifest(info.path), _ships(info)) for info in list_bundles(roots, internal=False)
    ]
    page = render_template(
        "admin/models.html",
        lines=lines,
        broken=[(folder.name, reason) for folder, reason in broken_bundles(roots)],
        waiting=uploads().waiting(),
        kinds=KINDS,
        missing=[kind.title for kind in KINDS.values() if not kind.available],
        install=INSTALL_TENSORFLOW,
        most_mb=state().settings.upload_mb,
        trouble=trouble,
        open_to_readers=landlock_version() < 1,
    )
    # Under the usual policy of silence a browser would not tell this server either whose page a form was sent from.
    return page, status, {"Referrer-Policy": "same-origin"}


def uploads() -> Drafts:
    """The uploads that wait to be published."""
    return Drafts(state().settings.home / "uploads")


def _ships(info: BundleInfo) -> bool:
    return not info.path.is_relative_to(state().settings.home)


def to_model(name: str, version: str) -> ResponseReturnValue:
    """On to a model's page, which says that it is new."""
    return redirect(url_for("admin.model", name=name, version=version, added=1))
