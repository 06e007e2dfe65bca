"""Who may look without an account: the page of share links and API tokens, and where a share link leads."""

from datetime import UTC, datetime, time, timedelta
from urllib.parse import parse_qsl

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from kit.db.api_tokens import list_api_tokens, new_api_token, revoke_api_token
from kit.db.dashboard.filters import asked_back
from kit.db.shares import new_share, share_lines, withdraw_share
from kit.errors import CallerError
from kit.views.admin.audience import blueprint
from kit.views.admin.form import filter_form, here
from kit.views.admin.narrowed import narrowed
from kit.views.admin.outside import SHARED_PAGES, current_share, shared
from kit.views.admin.registry import shared_endpoints
from kit.views.state import database, now, state


@shared.get("/")
def start() -> ResponseReturnValue:
    """The first of the pages that the link opens."""
    share = current_share()
    assert share is not None
    endpoint = next(endpoint for page, endpoint in shared_endpoints().items() if page in share.pages)
    return redirect(url_for(f"shared.{endpoint}"))


@shared.context_processor
def for_header() -> dict[str, object]:
    """What the head and the filters of shared pages use."""
    return {
        "shared_endpoints": shared_endpoints,
        "shared_titles": SHARED_PAGES,
        "filter_form": filter_form,
        "here": here,
    }


@blueprint.get("/access")
def access() -> ResponseReturnValue:
    """All share links and API tokens, and the forms that make them; the address's filters are those of a new link."""
    return _page()


@blueprint.post("/access/shares")
def make_share() -> ResponseReturnValue:
    """Make a link. Its address is shown once: only its hash is kept."""
    asked = asked_back(dict(parse_qsl(request.form.get("filters", ""))))
    if request.form.get("study"):
        asked["study"] = request.form["study"]
    chosen = request.form.getlist("pages")
    pages = [page for page in shared_endpoints() if page in chosen]
    narrowed(asked)  # says what is wrong before anything is made
    with database().write() as db:
        _, token = new_share(
            db,
            title=request.form.get("title", ""),
            pages=pages,
            asked=asked,
            expires_at=_end_of_day(request.form.get("expires", "")),
            actor=g.admin_name,
            now=now(),
        )
    base = state().settings.public_url or request.host_url.rstrip("/")
    return _page(made_share=base + url_for("shared.start", token=token))


@blueprint.post("/access/shares/<share_id>/withdraw")
def end_share(share_id: str) -> ResponseReturnValue:
    """Make a link invalid for good."""
    with database().write() as db:
        known = withdraw_share(db, share_id[:36], actor=g.admin_name, now=now())
    if not known:
        raise CallerError("there is no such share link; it may be withdrawn already", status=404)
    return redirect(url_for("admin.access"))


@blueprint.post("/access/tokens")
def make_token() -> ResponseReturnValue:
    """Make an API token. It is shown once: only its hash is kept."""
    name = request.form.get("name", "").strip()
    with database().write() as db:
        token = new_api_token(db, name, actor=g.admin_name, now=now())
    return _page(made_token=token, token_name=name)


@blueprint.post("/access/tokens/revoke")
def end_token() -> ResponseReturnValue:
    """Make an API token invalid for good."""
    with database().write() as db:
        revoke_api_token(db, request.form.get("name", "")[:80], actor=g.admin_name, now=now())
    return redirect(url_for("admin.access"))


def _page(made_share: str = "", made_token: str = "", token_name: str = "") -> str:
    shown = narrowed()
    with database().read() as db:
        shares, tokens = share_lines(db, now=now()), list_api_tokens(db)
    return render_template(
        "admin/access.html",
        shown=shown,
        shares=shares,
        tokens=tokens,
        pages={page: SHARED_PAGES[page] for page in shared_endpoints()},
        made_share=made_share,
        made_token=made_token,
        token_name=token_name,
        api=(state().settings.public_url or request.host_url.rstrip("/")) + "/api/v1",
    )


def _end_of_day(text: str) -> datetime | None:
    """The last moment of a day in UTC; ``None`` for nothing. Raises CallerError for what is no day."""
    if not text.strip():
        return None
    try:
        day = datetime.strptime(text.strip(), "%Y-%m-%d").replace(tzinfo=UTC).date()
        return datetime.combine(day, time.min, UTC) + timedelta(days=1)
    except (ValueError, OverflowError) as error:
        raise CallerError("expires: write a day as 2026-12-31, or leave it empty", field="expires") from error
