"""Studies and their links: open and close, make a link, switch one off, show its QR code."""

from io import BytesIO

import segno
from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from kit.db import studies as store
from kit.db.admins import note
from kit.db.dashboard.overview import study_lines
from kit.db.dashboard.studies import study_page
from kit.errors import CallerError
from kit.views.admin.audience import blueprint
from kit.views.state import database, now, state

NOT_FOUND = "there is no such study; choose one from the list"


@blueprint.get("/studies")
def studies() -> ResponseReturnValue:
    """All studies with their numbers."""
    with database().read() as db:
        return render_template("admin/studies.html", studies=study_lines(db))


@blueprint.get("/studies/<name>")
def study(name: str) -> ResponseReturnValue:
    """One study: what it asks for, and its links."""
    with database().read() as db:
        page = study_page(db, name)
    if page is None:
        raise CallerError(NOT_FOUND, status=404)
    urls = {line.link.token: link_url(line.link.token) for line in page.links}
    codes = {token: qr_code(url) for token, url in urls.items()}
    return render_template("admin/study.html", page=page, urls=urls, codes=codes)


@blueprint.post("/studies/<name>/links")
def make_link(name: str) -> ResponseReturnValue:
    """Make a link: general, or personal for one tester."""
    kind, uses = request.form.get("kind", "general"), request.form.get("uses", "multiple")
    label = request.form.get("label", "").strip()
    with database().write() as db:
        found = store.get_study(db, name)
        link = store.create_link(db, found, now=now(), kind=kind, uses=uses, label=label)
        note(
            db,
            _actor(),
            "made link",
            link.token,
            now=now(),
            details={"study": found.name, "kind": kind, "uses": uses},
        )
    return redirect(url_for("admin.study", name=name, _anchor="links"))


@blueprint.post("/studies/<name>/state")
def change_state(name: str) -> ResponseReturnValue:
    """Open or close a study."""
    wanted = request.form.get("state")
    if wanted not in ("open", "closed"):
        raise CallerError("state: choose open or closed", field="state")
    with database().write() as db:
        found = store.get_study(db, name)
        change = store.open_study if wanted == "open" else store.close_study
        change(db, found, now=now())
        note(db, _actor(), f"study {wanted}", found.name, now=now())
    return redirect(url_for("admin.study", name=name))


@blueprint.post("/links/<token>/switch")
def switch_link(token: str) -> ResponseReturnValue:
    """Switch a link on or off."""
    on = request.form.get("on") == "1"
    with database().write() as db:
        link = store.switch_link(db, token, on=on)
        note(db, _actor(), "link on" if on else "link off", token, now=now())
        name = store.get_study(db, link.study_id).name
    return redirect(url_for("admin.study", name=name, _anchor="links"))


def link_url(token: str) -> str:
    """How testers reach a link: by the public address, else by the one that this page was asked for."""
    base = state().settings.public_url or request.host_url.rstrip("/")
    return f"{base}/s/{token}"


def qr_code(url: str) -> Markup:
    """The address as an SVG that stands in the page; black on white in both colour schemes, or scanners fail."""
    out = BytesIO()
    title = f"QR code of {url}"
    segno.make(url, micro=False).save(
        out,
        kind="svg",
        xmldecl=False,
        svgns=False,
        scale=4,
        dark="#000",
        light="#fff",
        title=title,
        svgclass="qr",
        lineclass=None,
    )
    return Markup(out.getvalue().decode("utf-8"))  # noqa: S704 - segno escapes the title, all else is numbers


def _actor() -> str:
    from flask import g

    return str(g.admin_name)
