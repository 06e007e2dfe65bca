"""What the engine chose reaches the store with the run."""

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from kit.db.session import Database
from kit.db.tables import Run
from tests.service.factory import begin, new_link, run_body


def test_the_tuning_of_a_run_is_stored(app: Flask, client: FlaskClient) -> None:
    database: Database = app.extensions["kit"].database
    tester = begin(client, new_link(database))
    variant = run_body()["variant"] | {"tuning": "mrt8,split0,int8,half=wrong,weights=int8"}
    assert tester.run(variant=variant).status_code == 201
    with database.read() as session:
        assert session.scalars(select(Run.tuning)).all() == [variant["tuning"]]
