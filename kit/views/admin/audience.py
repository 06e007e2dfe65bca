"""The blueprints of the dashboard and their guards: its pages, the laboratory beside them, and the door."""

from datetime import datetime, timedelta
from typing import Any

from flask import Blueprint, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from kit.db.admins import get_admin
from kit.db.tables import Admin
from kit.domain.passwords import fingerprint
from kit.errors import CallerError
from kit.views.admin import show
from kit.views.admin.form import filter_form, here
from kit.views.state import database, now

blueprint = Blueprint("admin", __name__, url_prefix="/admin")
laboratory = Blueprint("lab", __name__)
door = Blueprint("admin_door", __name__, url_prefix="/admin")

SIGNED_IN_FOR = timedelta(hours=12)
FOR_SCRIPTS = (".json", ".csv", ".jsonl", ".parquet", ".zip")


@blueprint.context_processor
@laboratory.context_processor
@door.context_processor
def for_templates() -> dict[str, Any]:
    """What every template of the dashboard may use: the formatters, and who is signed in."""
    return {
        "show": show,
        "admin_name": getattr(g, "admin_name", None),
        "filter_form": filter_form,
        "here": here,
    }


def at_the_door() -> None:
    """Signing in is for everyone; its forms carry tokens and its tries are counted."""


def signed_in() -> ResponseReturnValue | None:
    """Let administrators in; send a person to the sign-in page and tell a script that it needs a session."""
    with database().read() as db:
        admin = get_admin(db, str(session.get("admin", "")))
    if admin is not None and _still_valid(admin):
        g.admin_name = admin.name
        return None
    if request.method == "GET" and not request.path.endswith(FOR_SCRIPTS):
        return redirect(url_for("admin_door.sign_in", next=request.full_path.rstrip("?")))
    raise CallerError("sign in at /admin first", code="signed_out", status=401)


def open_session(admin: Admin) -> None:
    """Start a session; it ends after a day's work, or when the password changes."""
    session.clear()
    session["admin"] = admin.id
    session["password"] = fingerprint(admin.password_hash)
    session["since"] = now().isoformat()


def _still_valid(admin: Admin) -> bool:
    if session.get("password") != fingerprint(admin.password_hash):
        return False
    try:
        since = datetime.fromisoformat(str(session.get("since")))
        return timedelta(0) <= now() - since < SIGNED_IN_FOR
    except (TypeError, ValueError):
        return False
