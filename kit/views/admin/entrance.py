"""Signing in, the one-time link, signing out."""

from urllib.parse import urlsplit

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from kit.db.admins import (
    WINDOW,
    admin_of_link,
    find_admin,
    may_try,
    note_refused,
    note_signed_in,
    use_admin_link,
)
from kit.db.tables import Admin
from kit.domain.passwords import MIN_CHARACTERS, hash_password, is_right, trouble
from kit.views.admin.audience import door, open_session
from kit.views.state import database, now

WRONG = "The name or the password is wrong."
TOO_MANY = (
    f"Too many wrong passwords. Wait {int(WINDOW.total_seconds() // 60)} minutes, "
    "or make a one-time link on the server with: kit admin link"
)


@door.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    """The form."""
    return render_template(
        "admin/sign_in.html", name="", trouble=None, next=local(request.args.get("next", ""))
    )


@door.post("/sign-in")
def check() -> ResponseReturnValue:
    """Let someone in who knows name and password; every wrong password is counted."""
    name, target = request.form.get("name", "")[:80], local(request.form.get("next", ""))
    with database().read() as db:
        admin, allowed = find_admin(db, name), may_try(db, name, now=now())
    if not allowed:
        return _refused(name, TOO_MANY, target, 429)
    right = is_right(admin.password_hash if admin else None, request.form.get("password", ""))
    if admin is None or not right:
        database().run(lambda db: note_refused(db, name, now=now()))
        return _refused(name, WRONG, target, 401)
    _enter(admin)
    return redirect(target or url_for("admin.overview"))


@door.get("/first/<token>")
def first(token: str) -> ResponseReturnValue:
    """The page behind a one-time link. Opening it uses nothing up: a link preview may do it too."""
    with database().read() as db:
        admin = admin_of_link(db, token, now=now())
    if admin is None:
        return _used_up()
    return render_template("admin/first.html", name=admin.name, trouble=None, least=MIN_CHARACTERS)


@door.post("/first/<token>")
def set_password(token: str) -> ResponseReturnValue:
    """Set the password and sign in; the link is then used up."""
    with database().read() as db:
        known = admin_of_link(db, token, now=now())
    if known is None:
        return _used_up()
    password = request.form.get("password", "")
    wrong = trouble(password, request.form.get("again", ""))
    if wrong:
        page = render_template("admin/first.html", name=known.name, trouble=wrong, least=MIN_CHARACTERS)
        return page, 400
    hashed = hash_password(password)
    admin = database().run(lambda db: use_admin_link(db, token, hashed, now=now()))
    if admin is None:
        return _used_up()
    open_session(admin)
    return redirect(url_for("admin.overview"))


@door.post("/sign-out")
def sign_out() -> ResponseReturnValue:
    """End the session."""
    session.clear()
    return redirect(url_for("admin_door.sign_in"))


def local(target: str) -> str:
    """``target`` where it is a page of the dashboard or the laboratory, else nothing: a link must not send people elsewhere."""
    parts = urlsplit(target)
    inside = not parts.scheme and not parts.netloc and target.startswith(("/admin", "/lab"))
    return target if inside and "\\" not in target and target.isprintable() else ""


def _enter(admin: Admin) -> None:
    database().run(lambda db: note_signed_in(db, admin.id, now=now()))
    open_session(admin)


def _refused(name: str, why: str, target: str, status: int) -> ResponseReturnValue:
    return render_template("admin/sign_in.html", name=name, trouble=why, next=target), status


def _used_up() -> ResponseReturnValue:
    return render_template("admin/used_up.html"), 410
