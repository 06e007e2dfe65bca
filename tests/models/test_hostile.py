"""A manifest in which anything may be wrong is refused with one sentence, and never by an accident."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from kit.models.assemble import Label, publish_network
from kit.models.consistency import check_manifest
from kit.models.errors import BundleError
from kit.models.manifest import parse_manifest
from kit.models.preparing import steps_for
from tests.models.exporting.networks import every_operator

WRONG: list[Any] = [0, -1, 1, 2, 1.5, True, None, "input", "scale", [], {}, [1, 2, 3], 10**9, "same"]
Place = tuple[str | int, ...]


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    network = every_operator()
    folder = publish_network(
        network,
        Label("every-operator", "1.0.0", "Every operator", "For tests."),
        tmp_path_factory.mktemp("models"),
        precision="int8",
        preprocessing=steps_for(network.input_shape, (-1, 1)),
        output_range=(-1, 1),
    )
    made: dict[str, Any] = json.loads((folder / "manifest.json").read_text())
    return made


def places(value: Any, path: Place = ()) -> Iterator[Place]:
    """Every place in a manifest, by the keys that lead there."""
    if path:
        yield path
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in pairs:
        yield from places(part, (*path, key))


def at(value: Any, path: Place) -> Any:
    for key in path:
        value = value[key]
    return value


def test_the_manifest_itself_is_fine(manifest: dict[str, Any]) -> None:
    check_manifest(parse_manifest(json.dumps(manifest).encode()))


@pytest.mark.parametrize("seed", range(4))
def test_any_one_thing_may_be_wrong(manifest: dict[str, Any], seed: int) -> None:
    rng = random.Random(seed)
    everywhere = list(places(manifest))
    for _ in range(60):
        place, another = rng.choices(everywhere, k=2)
        broken = copy.deepcopy(manifest)
        at(broken, place[:-1])[place[-1]] = rng.choice([rng.choice(WRONG), at(manifest, another)])
        said = refusal(json.dumps(broken).encode())
        assert "\n" not in said
        assert len(said) < 1000


def refusal(text: bytes) -> str:
    """What is said about a manifest; nothing where it is fine."""
    try:
        check_manifest(parse_manifest(text))
    except BundleError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("field", ["op", "name"])
def test_a_long_word_is_not_repeated_whole(manifest: dict[str, Any], field: str) -> None:
    broken = copy.deepcopy(manifest)
    broken["graph"][0][field] = "long\nword " * 100_000
    said = refusal(json.dumps(broken).encode())
    assert said.startswith("manifest.json: graph.0")
    assert len(said) < 1000
