"""The browser's API: what a visit sends from consent to the thank-you page. Every write may be repeated."""

from flask import Blueprint, Response, g

from kit.db.deletion import delete_visit
from kit.db.devices import store_device
from kit.db.joins import join_code
from kit.db.runs import store_run
from kit.db.visits import create_visit, end_visit, open_visit
from kit.domain.wire.device import DeviceReport
from kit.domain.wire.run import RunReport
from kit.domain.wire.visit import Deleted, Empty, JoinCodeAnswer, Stored, VisitCreate, VisitEnd
from kit.views.payloads import answer, read_body, read_id
from kit.views.state import database, now

open_api = Blueprint("open_api", __name__, url_prefix="/api/v1")
visit_api = Blueprint("visit_api", __name__, url_prefix="/api/v1/visits/<visit_id>")


@open_api.post("/visits")
def post_visit() -> Response:
    """Begin a visit, after consent."""
    body = read_body(VisitCreate)
    created, new = database().run(lambda session: create_visit(session, body, now=now()))
    return answer(created, 201 if new else 200)


@visit_api.put("/device")
def put_device(visit_id: str) -> Response:
    """What the visit runs on, or that the tester keeps it."""
    visit_id, body, secret = read_id(visit_id, "visit"), read_body(DeviceReport), g.secret
    database().run(
        lambda session: store_device(session, open_visit(session, visit_id, secret), body, now=now())
    )
    return answer(Stored(schema=1, stored=True))


@visit_api.put("/runs/<run_id>")
def put_run(visit_id: str, run_id: str) -> Response:
    """One run, as soon as it is finished."""
    visit_id, run_id, secret = read_id(visit_id, "visit"), read_id(run_id, "run"), g.secret
    body = read_body(RunReport)
    stored, new = database().run(
        lambda session: store_run(session, open_visit(session, visit_id, secret), run_id, body, now=now())
    )
    return answer(stored, 201 if new else 200)


@visit_api.put("/end")
def put_end(visit_id: str) -> Response:
    """How the visit ended; may come again as it goes further."""
    visit_id, body, secret = read_id(visit_id, "visit"), read_body(VisitEnd), g.secret
    database().run(lambda session: end_visit(session, open_visit(session, visit_id, secret), body, now=now()))
    return answer(Stored(schema=1, stored=True))


@visit_api.post("/join-code")
def post_join_code(visit_id: str) -> Response:
    """A code that joins another browser on the same computer; the same one while it is valid."""
    visit_id, secret = read_id(visit_id, "visit"), g.secret
    read_body(Empty)
    code, expires_at = database().run(
        lambda session: join_code(session, open_visit(session, visit_id, secret), now=now())
    )
    return answer(JoinCodeAnswer(schema=1, code=code, expires_at=expires_at))


@visit_api.delete("")
def remove_visit(visit_id: str) -> Response:
    """Delete all that was sent; a tombstone stays."""
    visit_id, secret = read_id(visit_id, "visit"), g.secret
    database().run(lambda session: delete_visit(session, visit_id, secret=secret, by="tester", now=now()))
    return answer(Deleted(schema=1, deleted=True))
