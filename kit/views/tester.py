"""The tester's page ``/s/<token>``: a template and the study's configuration as JSON. Nothing but a count is stored."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from kit import __version__
from kit.db.studies import OpenedLink, count_opening, open_link
from kit.domain.browser import parse_user_agent
from kit.domain.hashing import sha256_text
from kit.domain.protocol import PROTOCOL_VERSION
from kit.domain.study import PlannedModel
from kit.domain.wire.base import Payload
from kit.domain.wire.page import PageConfig, PageModel
from kit.domain.wire.visit import BundleRef
from kit.errors import CallerError
from kit.views.state import database, now

blueprint = Blueprint("tester", __name__)


@blueprint.get("/s/<token>")
def study_page(token: str) -> ResponseReturnValue:
    """The page of one link. Opening it burns nothing: a link preview may do it too."""
    opened = _open(token)
    config = page_config(opened, request.headers.get("User-Agent", ""))
    return render_template("tester.html", config=config, config_json=script_json(config))


def page_config(opened: OpenedLink, user_agent: str) -> PageConfig:
    """What the page is told before consent. The user agent is parsed here and not kept."""
    definition = opened.plan.definition
    return PageConfig(
        schema=1,
        kit_version=__version__,
        protocol_version=PROTOCOL_VERSION,
        link=opened.link.token,
        status="open" if opened.study.state == "open" else "closed",
        title=definition.title,
        text=definition.text,
        consent_text=definition.consent_text,
        consent_sha256=sha256_text(definition.consent_text),
        language=definition.language,
        models=[_page_model(model) for model in opened.plan.models],
        modes=definition.plain_modes(),
        protocol=definition.protocol,
        browser=parse_user_agent(user_agent),
        api="/api/v1",
        autorun=definition.autorun,
        simulated=definition.simulated,
        own_models=definition.own_models,
    )


def script_json(config: Payload) -> str:
    """JSON that can stand inside a script element: no character in it can end the element or open a comment."""
    text = config.model_dump_json(by_alias=True)
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _open(token: str) -> OpenedLink:
    if request.method == "HEAD":
        with database().read() as session:
            return _found(open_link(session, token))
    with database().write() as session:
        opened = _found(open_link(session, token))
        count_opening(session, opened.link.id, now())
        return opened


def _found(opened: OpenedLink | None) -> OpenedLink:
    if opened is None:
        raise CallerError(
            "There is no study at this address. Check that the link was copied whole.",
            code="unknown_link",
            status=404,
        )
    if not opened.link.on:
        raise CallerError(
            "This link has been switched off. Ask whoever sent it for a new one.", code="link_off", status=410
        )
    return opened


def _page_model(model: PlannedModel) -> PageModel:
    return PageModel(
        ref=BundleRef(name=model.name, version=model.version, sha256=model.sha256),
        title=model.title,
        description=model.description,
        bytes=model.bytes,
        url=f"/models/{model.name}/{model.version}/manifest.json",
    )
