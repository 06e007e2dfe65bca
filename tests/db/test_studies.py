"""Studies, revisions and links as the commands and the dashboard use them."""

from dataclasses import dataclass, replace
from typing import Any

import pytest
from pydantic import ValidationError

from kit.db import studies
from kit.db.session import Database
from kit.domain.hashing import sha256_text
from kit.domain.study import StudyDefinition
from kit.errors import CallerError
from tests.service.factory import NOW, FakeBundle

FLOWERS = FakeBundle(name="flowers-small", sha256="f" * 64, internal=False)
BUNDLES = [
    FakeBundle(),
    FLOWERS,
    replace(FLOWERS, version="1.10.0", sha256="e" * 64),
    replace(FLOWERS, version="1.9.0"),
]


def definition(**changes: Any) -> StudyDefinition:
    return StudyDefinition.model_validate({"title": "My study", "models": ["flowers-small"]} | changes)


def test_a_revision_pins_the_newest_version_and_its_hash(database: Database) -> None:
    with database.write() as session:
        study = studies.create_study(session, definition(), BUNDLES, now=NOW)
        revision = studies.current_revision(session, study.id)
    plan = studies.read_plan(revision)
    assert [(model.name, model.version, model.sha256) for model in plan.models] == [
        ("flowers-small", "1.10.0", "e" * 64)
    ]
    assert revision.sha256 == sha256_text(revision.definition)


def test_a_version_can_be_named(database: Database) -> None:
    with database.write() as session:
        study = studies.create_study(session, definition(models=["flowers-small@1.9.0"]), BUNDLES, now=NOW)
        assert studies.read_plan(studies.current_revision(session, study.id)).models[0].version == "1.9.0"


def test_names_come_from_titles_and_stay_apart(database: Database) -> None:
    with database.write() as session:
        names = [studies.create_study(session, definition(), BUNDLES, now=NOW).name for _ in range(3)]
        names.append(studies.create_study(session, definition(title="Ünï — 花"), BUNDLES, now=NOW).name)
    assert names == ["my-study", "my-study-2", "my-study-3", "n"]


def test_a_taken_name_is_refused(database: Database) -> None:
    with database.write() as session:
        studies.create_study(session, definition(), BUNDLES, now=NOW, name="pilot")
        with pytest.raises(CallerError, match="choose another name"):
            studies.create_study(session, definition(), BUNDLES, now=NOW, name="pilot")


def test_an_unknown_model_is_named_with_those_that_are_there(database: Database) -> None:
    with (
        database.write() as session,
        pytest.raises(CallerError, match="no model clouds; there are: flowers-small, test-blocks"),
    ):
        studies.create_study(session, definition(models=["clouds"]), BUNDLES, now=NOW)


@dataclass
class Bad:
    changes: dict[str, Any]
    words: str


BAD = [
    Bad({"title": "  "}, "at least 1 character"),
    Bad({"models": []}, "at least 1 item"),
    Bad({"models": ["flowers-small"] * 2}, "named twice"),
    Bad({"modes": ["tfjs-webgls"]}, "did you mean tfjs-webgl?"),
    Bad({"modes": ["nonsense"]}, "choose from tfjs-pixels, tfjs-webgl"),
    Bad({"protocol": {"capability_s": 1000}}, "less than or equal to 30"),
    Bad({"colour": "red"}, "not permitted"),
]


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: str(bad.changes))
def test_a_wrong_definition_is_refused(bad: Bad) -> None:
    with pytest.raises(ValidationError) as caught:
        definition(**bad.changes)
    assert bad.words in str(caught.value)


def test_a_bench_compares_two_conditions_at_most(database: Database) -> None:
    with database.write() as session, pytest.raises(CallerError, match="one study per pair"):
        studies.create_study(
            session, definition(models=["flowers-small", "test-blocks"], autorun=True), BUNDLES, now=NOW
        )


def test_older_visits_keep_their_revision(database: Database) -> None:
    with database.write() as session:
        study = studies.create_study(session, definition(), BUNDLES, now=NOW)
        first = studies.current_revision(session, study.id)
        second = studies.revise_study(session, study, definition(title="Newer"), BUNDLES, now=NOW)
    assert (first.number, second.number) == (1, 2)
    assert studies.read_plan(first).definition.title == "My study"


def test_open_and_close(database: Database) -> None:
    with database.write() as session:
        study = studies.create_study(session, definition(), BUNDLES, now=NOW, open_now=False)
        states = [study.state]
        for change in (studies.open_study, studies.close_study, studies.open_study):
            change(session, study, now=NOW)
            states.append(study.state)
    assert states == ["draft", "open", "closed", "open"]


def test_the_first_start_makes_one_study_with_the_public_model(database: Database) -> None:
    with database.write() as session:
        link = studies.ensure_first_study(session, BUNDLES, now=NOW)
        assert link is not None
        assert studies.ensure_first_study(session, BUNDLES, now=NOW) is None
        assert [study.name for study in studies.list_studies(session)] == ["flowers"]
        assert studies.first_link(session) is link
        opened = studies.open_link(session, link.token)
    assert opened is not None
    assert opened.plan.models[0].name == "flowers-small"
    assert opened.plan.definition.modes == ["tfjs-pixels", "tfjs-webgl"]


def test_the_first_start_without_models_makes_nothing(database: Database) -> None:
    with database.write() as session:
        assert studies.ensure_first_study(session, [], now=NOW) is None


def test_a_link_of_no_kind_and_an_unknown_token(database: Database) -> None:
    with database.write() as session:
        study = studies.create_study(session, definition(), BUNDLES, now=NOW)
        with pytest.raises(CallerError, match="general or personal"):
            studies.create_link(session, study, now=NOW, kind="secret")
        with pytest.raises(CallerError, match="no link nosuch"):
            studies.switch_link(session, "nosuch", on=False)
