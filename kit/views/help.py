"""The user's guide that the server serves itself: ``/help`` and one page for each template in ``templates/help``.

Tables on these pages come from the registries that the kit itself uses, so that they cannot fall behind.
"""

from flask import Blueprint, render_template
from jinja2 import TemplateNotFound

from kit.domain import flags
from kit.domain.protocol import MODES
from kit.domain.stats import coverage
from kit.errors import CallerError
from kit.settings import known_variables

blueprint = Blueprint("help", __name__)


@blueprint.get("/help")
@blueprint.get("/help/<page>")
def help_page(page: str = "index") -> str:
    """One page of the guide."""
    try:
        return render_template(
            f"help/{page}.html",
            modes=MODES.values(),
            flags=flags.RULES,
            settings=known_variables(),
            coverage=coverage.table(),
        )
    except TemplateNotFound as error:
        raise CallerError(
            "There is no such help page. Start at /help.", code="unknown_page", status=404
        ) from error
