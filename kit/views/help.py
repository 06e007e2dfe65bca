"""The user's guide that the server serves itself: ``/help`` and one page for each template in ``templates/help``.

Tables on these pages come from the registries that the kit itself uses, so that they cannot fall behind.
"""

from flask import Blueprint, Response, render_template
from jinja2 import TemplateNotFound

from kit.db.export import codebook
from kit.db.export.columns import KINDS, SOURCES, TABLES
from kit.domain import flags
from kit.domain.protocol import MODES
from kit.domain.stats import coverage
from kit.errors import CallerError
from kit.settings import known_variables

blueprint = Blueprint("help", __name__)


@blueprint.get("/help/codebook.csv")
def codebook_as_csv() -> Response:
    """Every column of every export, for a spreadsheet."""
    return Response(codebook.codebook_csv(), content_type="text/csv; charset=utf-8")


@blueprint.get("/help/codebook.json")
def codebook_as_json() -> Response:
    """The same for programs."""
    return Response(codebook.codebook_json(), content_type="application/json")


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
            tables=TABLES.values(),
            kinds=KINDS,
            sources=SOURCES,
            notes=codebook.NOTES,
        )
    except TemplateNotFound as error:
        raise CallerError(
            "There is no such help page. Start at /help.", code="unknown_page", status=404
        ) from error
