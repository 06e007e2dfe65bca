"""The dashboard for people and programs without an account: shared pages, and the API with a token. Both only read.

Nothing here is written twice: pages and figures are registered by ``kit.views.admin.registry`` where they are made.
"""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, g, request

from kit.db.api_tokens import note_used, use_api_token
from kit.db.shares import Share, open_share
from kit.errors import CallerError
from kit.views.admin import show
from kit.views.state import database, now

SHARED_PAGES = {
    "overview": "Overview",
    "hardware": "Hardware",
    "modes": "Modes",
    "distribution": "Distribution",
}
"""What a share link can open. Everything else of the dashboard stays inside."""
NO_SHARE = (
    "This link is not valid any more: it was withdrawn, it has expired, or a part of it is missing. "
    "Ask whoever sent it for a new one."
)
HOW_TO_ASK = "Authorization: send an API token as `Bearer <token>`; an administrator makes one with kit admin token new"
REFUSED = "Authorization: this API token is not valid; it was revoked or mistyped"
NOTED_EVERY = timedelta(minutes=1)

shared = Blueprint("shared", __name__, url_prefix="/shared/<token>")
figures_api = Blueprint("figures_api", __name__, url_prefix="/api/v1")

page_of: dict[str, str] = {}
"""The shared page that an endpoint of ``shared`` belongs to."""


@shared.url_value_preprocessor
def take_token(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Views know the link from ``g.share``, never its token from the address."""
    g.share_token = str((values or {}).pop("token", ""))


@shared.url_defaults
def give_token(_endpoint: str, values: dict[str, Any]) -> None:
    """Addresses of shared pages carry the token of the page that they are on."""
    if "share_token" in g:
        values.setdefault("token", g.share_token)


@shared.context_processor
def for_templates() -> dict[str, Any]:
    """What templates of shared pages may use: the formatters, and the link."""
    return {"show": show, "share": g.get("share"), "admin_name": None}


@shared.after_request
def keep_out_of_search(response: Response) -> Response:
    """A link that is sent on must not end in a search engine."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def share_link() -> None:
    """A link that is neither withdrawn nor expired and opens this page; all others get one and the same answer."""
    g.share = None
    with database().read() as db:
        share = open_share(db, g.share_token, now=now())
    name = (request.endpoint or "").rpartition(".")[2]
    if share is None or (name != "start" and page_of.get(name) not in share.pages):
        raise CallerError(NO_SHARE, code="no_share", status=410)
    g.share = share


def api_token() -> None:
    """The bearer of an API token that is not revoked; it may read what an administrator may read, and change nothing."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise CallerError(HOW_TO_ASK, code="no_token", status=401, field="Authorization")
    with database().read() as db:
        known = use_api_token(db, token.strip())
    if known is None:
        raise CallerError(REFUSED, code="wrong_token", status=401, field="Authorization")
    if known.used_at is None or now() - known.used_at > NOTED_EVERY:
        database().run(lambda db: note_used(db, known.id, now=now()))


def current_share() -> Share | None:
    """The share link that this page was asked for with; ``None`` on all other pages."""
    share = g.get("share")
    return share if isinstance(share, Share) else None
