"""``kit models`` and ``kit gpu``."""

import json
import shutil
from pathlib import Path

import pytest

from kit.models.catalog import BUNDLED
from tests.cli.conftest import Kit, OneLine

BLOCKS = BUNDLED / "test-blocks" / "1.0.0"


def test_the_list_has_the_agreed_fields(kit: Kit) -> None:
    rows = kit.json("models", "list", "--all")
    blocks = next(row for row in rows if row["name"] == "test-blocks")
    assert {"name", "version", "parameters", "live_parameters", "bytes", "psnr_db"} <= set(blocks)
    assert blocks["version"] == "1.0.0"
    assert 0 < blocks["live_parameters"] <= blocks["parameters"]


def test_internal_bundles_are_hidden_by_default(kit: Kit) -> None:
    assert "test-blocks" not in {row["name"] for row in kit.json("models", "list")}


def test_verify_checks_what_is_installed(kit: Kit) -> None:
    assert "ok  test-blocks 1.0.0" in kit("models", "verify").stdout


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    """A copy of the very small bundle in which one byte of the weights is another."""
    folder = tmp_path / "test-blocks" / "1.0.0"
    shutil.copytree(BLOCKS, folder)
    shard = folder / "weights-0.bin"
    data = bytearray(shard.read_bytes())
    data[0] ^= 1
    shard.write_bytes(data)
    return folder


def test_a_wrong_hash_is_named(kit: Kit, damaged: Path, one_line: OneLine) -> None:
    line = one_line(kit("models", "verify", str(damaged), code=2))
    assert "weights-0.bin is not what the manifest describes (its sha256 differs)" in line


def test_bundles_below_a_folder_are_found(kit: Kit, damaged: Path, tmp_path: Path, one_line: OneLine) -> None:
    line = one_line(kit("models", "verify", str(tmp_path), code=2))
    assert f"{damaged}: weights-0.bin is not" in line
    (tmp_path / "empty").mkdir()
    assert "holds no bundle" in one_line(kit("models", "verify", str(tmp_path / "empty"), code=2))


def test_a_script_is_told_of_each_bundle(kit: Kit, damaged: Path) -> None:
    (row,) = json.loads(kit("models", "verify", str(damaged), "--json", code=2).stdout)
    assert (row["ok"], row["path"]) == (False, str(damaged))
    assert "weights-0.bin" in row["reason"]
    assert {row["ok"] for row in kit.json("models", "verify")} == {True}


def test_the_list_says_what_the_storage_saves(kit: Kit) -> None:
    rows = {row["name"]: row for row in kit.json("models", "list")}
    small = rows["flowers-small"]
    assert (small["fp32_bytes"], small["stored_values"]) == (4 * 16_786_211, 10_487_147)
    assert small["seconds_at_10_mbit"] == round(small["bytes"] * 8 / 10e6, 1)
    assert small["fp32_seconds_at_10_mbit"] == 53.7


def test_a_figure_from_one_picture_is_marked(kit: Kit, tmp_path: Path) -> None:
    graph = str(tmp_path / "painter")
    kit("models", "export", "test-blocks", "--to", "tfjs-graph", "--out", graph)
    kit("models", "add", graph, "--input-range=-1,1")
    rows = {row["name"]: row["psnr_measured_on"] for row in kit.json("models", "list")}
    assert (rows["flowers-small"], rows["painter"]) == (None, "the bundle's test picture")
    assert "* on one picture alone" in kit("models", "list").stdout


def test_doctor_finds_a_damaged_published_bundle(kit: Kit, damaged: Path) -> None:
    shutil.copytree(damaged.parent, kit.home / "models" / "test-blocks")
    output = kit("doctor", code=1).stdout
    assert "FAIL  model: test-blocks 1.0.0: weights-0.bin is not what the manifest describes" in output


def test_gpu_says_one_object(kit: Kit) -> None:
    said = json.loads(kit("gpu", "llvmpipe, or similar").stdout)
    assert list(said) == [
        "renderer",
        "vendor",
        "model",
        "family",
        "class",
        "api",
        "blurred",
        "confidence",
        "chip",
    ]
    assert (said["renderer"], said["class"]) == ("llvmpipe, or similar", "software")


def test_gpu_reads_lines_and_keeps_their_order(kit: Kit) -> None:
    lines = ["Apple GPU", "", "Mali-G78"]
    said = [json.loads(line) for line in kit("gpu", "-", stdin="\n".join(lines) + "\n").stdout.splitlines()]
    assert [each["renderer"] for each in said] == lines
