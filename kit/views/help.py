"""The user's guide that the server serves itself: ``/help`` and one page for each template in ``templates/help``."""

from flask import Blueprint, render_template
from jinja2 import TemplateNotFound

from kit.errors import CallerError

blueprint = Blueprint("help", __name__)


@blueprint.get("/help")
@blueprint.get("/help/<page>")
def help_page(page: str = "index") -> str:
    """One page of the guide."""
    try:
        return render_template(f"help/{page}.html")
    except TemplateNotFound as error:
        raise CallerError("There is no such help page. Start at /help.", code="unknown_page", status=404) from error
