"""The laboratory ``/lab``: one model on all modes side by side, in the researcher's own browser. Nothing is stored."""

from __future__ import annotations

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from kit import __version__
from kit.domain.protocol import MODES
from kit.domain.wire.page import LabConfig, LabMode, PageModel
from kit.domain.wire.visit import BundleRef
from kit.models.catalog import BundleInfo, list_bundles
from kit.views.admin.audience import laboratory
from kit.views.state import state
from kit.views.tester import script_json


@laboratory.get("/lab")
def lab() -> ResponseReturnValue:
    """The page. ``?model=name/version`` chooses a model."""
    return render_template("admin/lab.html", config_json=script_json(lab_config()))


def lab_config() -> LabConfig:
    """What the page can choose from: every bundle that can be read, and every mode that has a name."""
    bundles = list_bundles(state().settings.model_roots)
    return LabConfig(
        schema=1,
        kit_version=__version__,
        models=[_page_model(info) for info in sorted(bundles, key=lambda info: info.internal)],
        modes=[LabMode(id=mode.id, title=mode.title) for mode in MODES.values()],
    )


def _page_model(info: BundleInfo) -> PageModel:
    return PageModel(
        ref=BundleRef(name=info.name, version=info.version, sha256=info.sha256),
        title=info.title,
        description=info.description,
        bytes=info.bytes,
        url=url_for("bundles.bundle_file", name=info.name, version=info.version, file="manifest.json"),
    )
