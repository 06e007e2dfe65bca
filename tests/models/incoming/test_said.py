"""What a file says of itself: suggestions that may be anything."""

from typing import Any

import pytest

from kit.models.catalog import BUNDLED
from kit.models.exporting.notes import notes_of_bundle
from kit.models.incoming.facts import Said
from kit.models.incoming.publishing import parse_credit
from kit.models.incoming.said import said_by
from kit.models.manifest import read_manifest


def test_an_export_of_the_kit_is_read_back() -> None:
    folder = BUNDLED / "flowers-small" / "1.1.0"
    manifest = read_manifest(folder)
    said = said_by(dict(notes_of_bundle(folder, manifest).facts))
    assert (said.title, said.input_range, said.output_range) == (manifest.title, (-1, 1), (-1, 1))
    assert tuple(map(parse_credit, said.credits)) == manifest.credits


@pytest.mark.parametrize(
    "metadata",
    [
        None,
        [],
        {"title": 7, "input": {"range": [1, 1]}, "output": {"range": [0, True]}, "credits": "me"},
        {
            "input": {"range": [0, 10**400]},
            "output": {"range": [-1e999, 1]},
            "credits": [7, {"what": ["me"]}],
        },
        {"input": {"range": [0]}, "output": "range", "credits": [{"licence": "CC0"}]},
    ],
)
def test_nonsense_is_passed_over(metadata: Any) -> None:
    assert said_by(metadata) == Said()


def test_words_can_be_shown_anywhere() -> None:
    credit = {"what": "a|b\n", "licence": "CC0"}
    said = said_by({"title": "\x1b[2Jevil\u202e", "credits": [credit] * 50})
    assert said.title == "[2Jevil"
    assert said.credits == ("a/b | CC0",) * 20
