"""Every wrong payload gets a 4xx with one sentence that names the field and says what to do."""

import json
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from werkzeug.test import TestResponse

from kit.domain.wire.run import MAX_SAMPLES
from tests.service.factory import Sitting, bearer, environment_body, run_body, samples


def put_text(tester: Sitting, text: str | bytes, mimetype: str = "application/json") -> TestResponse:
    path = f"/api/v1/visits/{tester.visit}/runs/{uuid4()}"
    return tester.client.put(path, data=text, content_type=mimetype, headers=bearer())


WRONG: list[tuple[str, dict[str, Any], str, str]] = [
    ("unknown field", {"extra": 1}, "extra", "not a field"),
    ("unknown field inside", {"load": {"speed": 1}}, "load.bytes", "missing"),
    ("lengths differ", {"capability": samples() | {"k": [1]}}, "capability", "k has 1 entries and ms has 20"),
    ("zero sample", {"capability": samples(3) | {"ms": [1, 0, 1]}}, "capability.ms.1", "greater than"),
    ("negative k", {"capability": samples(3) | {"k": [1, -1, 1]}}, "capability.k.1", "greater than"),
    ("text for a number", {"started_ms": "5"}, "started_ms", "number"),
    ("seconds as days", {"started_ms": 1e12}, "started_ms", "less than"),
    ("unknown outcome", {"outcome": "great"}, "outcome", "'ok'"),
    ("failed without a reason", {"outcome": "failed"}, "", "needs a reason"),
    ("other schema", {"schema": 2}, "schema", "1"),
    ("not a mode", {"mode": "<script>"}, "mode", "pattern"),
    (
        "NUL in a string",
        {"environment": environment_body() | {"renderer": "a\0b"}},
        "environment.renderer",
        "pattern",
    ),
    ("endless string", {"reason": "x" * 5_000}, "reason", "1000"),
    ("too many events", {"events": [{"at_ms": 1, "type": "hidden"}] * 501}, "events", "500"),
    ("array for an object", {"variant": []}, "variant", "object"),
    (
        "no such model here",
        {"model": {"name": "other", "version": "1", "sha256": "b" * 64}},
        "model",
        "no such model",
    ),
]


@pytest.mark.parametrize(("_what", "changes", "field", "words"), WRONG, ids=[row[0] for row in WRONG])
def test_wrong_run(tester: Sitting, _what: str, changes: dict[str, Any], field: str, words: str) -> None:
    answer = tester.put(f"runs/{uuid4()}", run_body(**changes))
    problem = answer.json["error"]
    assert answer.status_code == 400
    assert (problem["field"] or "") == field
    assert words in problem["message"]
    assert problem["message"].startswith(field)


@pytest.mark.parametrize("word", ["NaN", "Infinity", "-Infinity", "1e400"])
def test_numbers_that_are_none(tester: Sitting, word: str) -> None:
    text = json.dumps(run_body()).replace("1000.25", word)
    answer = put_text(tester, text)
    assert (answer.status_code, answer.json["error"]["field"]) == (400, "started_ms")
    assert "finite" in answer.json["error"]["message"]


def test_missing_fields_are_counted(tester: Sitting) -> None:
    message = put_text(tester, "{}").json["error"]["message"]
    assert message == "schema: is missing; send it (7 more problems)"


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '"x"', b"\xff\xfe", "[" * 100_000])
def test_what_is_no_object(tester: Sitting, text: str | bytes) -> None:
    answer = put_text(tester, text)
    assert (answer.status_code, answer.json["error"]["code"]) == (400, "invalid")


def test_a_form_is_no_json(tester: Sitting) -> None:
    assert put_text(tester, "a=1", "application/x-www-form-urlencoded").status_code == 415


def test_a_million_samples(tester: Sitting) -> None:
    answer = tester.run(capability=samples(1_000_000))
    assert (answer.status_code, answer.json["error"]["code"]) == (413, "too_large")
    assert "2 MB" in answer.json["error"]["message"]


def test_more_samples_than_a_run_may_have(tester: Sitting) -> None:
    answer = tester.run(capability=samples(MAX_SAMPLES + 1))
    assert (answer.status_code, answer.json["error"]["field"]) == (400, "capability.k")
    assert str(MAX_SAMPLES) in answer.json["error"]["message"]


def test_as_many_samples_as_a_run_may_have(tester: Sitting) -> None:
    window = samples(MAX_SAMPLES)
    assert tester.run(warmup=window, capability=window, displayed=window).status_code == 201


JSON = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=10,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(run_body())), JSON)
def test_no_value_breaks_the_server(tester: Sitting, field: str, value: object) -> None:
    answer = tester.put(f"runs/{uuid4()}", run_body(**{field: value}))
    assert answer.status_code in (201, 400), answer.text


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(JSON)
def test_no_body_breaks_the_server(tester: Sitting, body: object) -> None:
    for path in ("device", "end"):
        address = f"/api/v1/visits/{tester.visit}/{path}"
        answer = tester.client.put(
            address, data=json.dumps(body), content_type="application/json", headers=bearer()
        )
        assert answer.status_code in (200, 400, 409), answer.text
