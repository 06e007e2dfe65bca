"""The committed models are read to the network that stands beside them; web/tests/engine/read/same.test.ts does the same."""

from __future__ import annotations

import json

import pytest

from tests.models.reading.same_models import FOLDER, NAMES, network_of, plain


@pytest.mark.parametrize("name", NAMES)
def test_they_are_read_to_what_stands_beside_them(name: str) -> None:
    assert plain(network_of(name)) == json.loads((FOLDER / name / "network.json").read_text("utf-8"))
