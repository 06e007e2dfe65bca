"""Every way that a bundle can be wrong has one sentence that names the file or the field."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from kit.models.catalog import BUNDLED
from kit.models.errors import BundleError
from kit.models.verify import verify_bundle

Change = Callable[[Callable[[dict[str, Any]], object]], Path]


@pytest.mark.parametrize("folder", sorted(BUNDLED.glob("*/*")), ids=lambda path: path.parent.name)
def test_bundles_that_ship_are_whole(folder: Path) -> None:
    assert verify_bundle(folder).name == folder.parent.name


def entry(manifest: dict[str, Any], kind: str, name: str) -> dict[str, Any]:
    return next(part for part in manifest[kind] if part["name"] == name)


def tensor(target: str, /, **fields: Any) -> Callable[[dict[str, Any]], None]:
    return lambda manifest: entry(manifest, "tensors", target).update(fields)


def node(target: str, /, **fields: Any) -> Callable[[dict[str, Any]], None]:
    return lambda manifest: entry(manifest, "graph", target).update(fields)


def span(target: str, /, **fields: Any) -> Callable[[dict[str, Any]], None]:
    return lambda manifest: entry(manifest, "tensors", target)["parts"][0].update(fields)


WRONG: list[tuple[str, Callable[[dict[str, Any]], object], str]] = [
    ("huge figure", lambda m: m.update(quality={"psnr_db_vs_fp32": 10**400}), "quality.*not between"),
    (
        "figure in words",
        lambda m: m.update(quality={"psnr_db_vs_fp32": "good"}),
        "must be a number of decibels",
    ),
    ("no number", lambda m: m.update(training={"curves": [float("nan")]}), "training.*not between"),
    (
        "nested remark",
        lambda m: m.update(training=json.loads('{"a":' * 20 + "1" + "}" * 20)),
        "nested deeper",
    ),
    ("unknown key", lambda m: m.update(surprise=1), "surprise"),
    ("missing key", lambda m: m.pop("graph"), "graph"),
    ("schema of tomorrow", lambda m: m.update(schema=2), "schema"),
    ("name with a path in it", lambda m: m.update(name="../evil"), "name"),
    ("version that is none", lambda m: m.update(version="latest"), "version"),
    ("number as text", lambda m: m["parameters"].update(total="many"), "parameters.total"),
    ("path out of the folder", lambda m: m["files"][0].update(path="../secret"), "files.0.path"),
    ("absolute path", lambda m: m["files"][0].update(path="/etc/passwd"), "files.0.path"),
    ("hidden file", lambda m: m["files"][0].update(path="golden/.x"), "files.0.path"),
    ("backslashes", lambda m: m["files"][0].update(path="golden\\x"), "files.0.path"),
    ("file listed twice", lambda m: m["files"].append(m["files"][0]), "occurs twice"),
    (
        "shard not listed",
        lambda m: m.update(shards=["weights-9.bin"]),
        "weights-9.bin is used but not listed",
    ),
    ("size that is wrong", lambda m: m["files"][-1].update(bytes=1), "has .* bytes; the manifest says 1"),
    ("hash that is wrong", lambda m: m["files"][-1].update(sha256="0" * 64), "weights-0.bin is not what"),
    ("absurd shape", lambda m: m["input"].update(shape=[10**9, 256, 1]), "input.shape"),
    ("negative shape", lambda m: m["output"].update(shape=[-1, 256, 3]), "output.shape"),
    ("range that is no number", lambda m: m["input"].update(range=[-1, float("nan")]), "JSON|range"),
    ("unknown operator", node("down1", op="eval"), "graph.0"),
    ("unknown activation", node("down1", activation={"type": "magic"}), "activation"),
    ("steep leak", node("down1", activation={"type": "leaky_relu", "alpha": 7}), "alpha"),
    ("edge to nowhere", node("down2", inputs=["nothing"]), "down2 takes nothing"),
    ("edge backwards", node("down1", inputs=["up1"]), "down1 takes up1, which no earlier node gives"),
    ("two nodes of a name", node("down2", name="down1"), "down1 occurs twice"),
    ("wrong size", node("down1", shape=[64, 64, 1]), "down1 gives"),
    ("joined sizes differ", node("join1", inputs=["up1", "down1"]), "different sizes"),
    ("kernel that is not there", node("down1", kernel="nothing"), "down1: kernel: nothing is not among"),
    ("wrong kernel", node("down1", kernel="down8/kernel"), "down1 gets 1 channels"),
    ("bias of another size", node("up1", bias="output/bias"), "output/bias must have the shape"),
    ("output that no node gives", lambda m: m["output"].update(name="nothing"), "no node nothing"),
    ("wrong channel axis", tensor("down1/kernel", channel_axis=2), "channel_axis must be 3"),
    (
        "unused tensor",
        lambda m: m["tensors"].append(entry(m, "tensors", "output/bias") | {"name": "x"}),
        "x is used by no",
    ),
    ("8 bits without scale", tensor("down1/kernel", scale=None), "a scale belongs to int8"),
    ("scale that is none", tensor("down1/kernel", scale="output/bias"), "one value per output channel"),
    ("shard that is none", span("down1/kernel", shard=7), "there is no shard 7"),
    ("not aligned", span("down1/kernel", offset=17), "not a multiple of 16"),
    ("too few bytes", span("down1/kernel", bytes=8), "needs 16 bytes, but its parts hold 8"),
    ("beyond the shard", span("down1/kernel", offset=3_999_984), "beyond the end of weights-0.bin"),
    ("two tensors in one place", span("down1/kernel", offset=0), "overlap in shard 0"),
    ("tap outside", tensor("down8/kernel", taps=[[1, 1], [1, 2], [2, 1], [9, 2]]), "outside the kernel"),
    ("tap twice", tensor("down8/kernel", taps=[[1, 1], [1, 1], [2, 1], [2, 2]]), "one place twice"),
    ("golden of another size", lambda m: m["golden"]["output"].update(shape=[2, 2, 3]), "golden.output"),
    ("golden dtype", lambda m: m["golden"]["output"].update(dtype="float32"), "must have 786432 bytes"),
    (
        "preprocessing that enlarges by area",
        lambda m: m["preprocessing"][1].update(size=[999, 10]),
        "preprocessing.1",
    ),
    (
        "preprocessing to another size",
        lambda m: m["preprocessing"][2].update(size=[128, 256]),
        "preprocessing gives",
    ),
    ("reserved name", lambda m: m.update(name="local-model"), "name: local-model is kept for"),
    ("range upside down", lambda m: m["output"].update(range=[1, -1]), "output.range: the lower end"),
    ("small picture", lambda m: m["golden"]["picture"].update(shape=[128, 128, 3]), "golden.picture must be"),
    ("output that is the input", lambda m: m["output"].update(name="input"), "no node input gives"),
    ("too many values", tensor("down8/kernel", shape=[64, 64, 4, 8192]), "down8/kernel has more than"),
    (
        "scale that a node uses too",
        lambda m: entry(m, "graph", "up1").update(bias=entry(m, "tensors", "up1/kernel")["scale"]),
        "is both a node's and the scale of another",
    ),
    ("alpha of grey", lambda m: m["preprocessing"].insert(1, {"op": "alpha"}), "preprocessing.1: alpha"),
    ("grey of grey", lambda m: m["preprocessing"].insert(0, m["preprocessing"][0]), "grey needs three"),
]


@pytest.mark.parametrize(("edit", "says"), [case[1:] for case in WRONG], ids=[case[0] for case in WRONG])
def test_a_wrong_manifest_is_named(
    changed: Change, edit: Callable[[dict[str, Any]], object], says: str
) -> None:
    folder = changed(edit)
    with pytest.raises(BundleError, match=says) as caught:
        verify_bundle(folder)
    assert "\n" not in str(caught.value)


def test_an_altered_shard_is_named(copy: Path) -> None:
    data = bytearray((copy / "weights-0.bin").read_bytes())
    data[100] ^= 1
    (copy / "weights-0.bin").write_bytes(data)
    with pytest.raises(BundleError, match=r"weights-0\.bin is not what the manifest describes"):
        verify_bundle(copy)


def test_a_missing_shard_is_named(copy: Path) -> None:
    (copy / "weights-0.bin").unlink()
    with pytest.raises(BundleError, match=r"weights-0\.bin is listed in files but missing"):
        verify_bundle(copy)


def test_a_file_that_is_not_listed_is_named(copy: Path) -> None:
    (copy / "golden" / "extra.js").write_text("alert(1)")
    with pytest.raises(BundleError, match=r"golden/extra\.js is in the folder but not listed"):
        verify_bundle(copy)


def test_a_symbolic_link_is_refused(copy: Path, tmp_path: Path) -> None:
    moved = tmp_path / "elsewhere.bin"
    (copy / "weights-0.bin").rename(moved)
    (copy / "weights-0.bin").symlink_to(moved)
    with pytest.raises(BundleError, match="symbolic link"):
        verify_bundle(copy)


def test_weights_that_are_no_numbers_are_refused(copy: Path) -> None:
    from kit.models.verify import sha256_of

    manifest = json.loads((copy / "manifest.json").read_text())
    place = entry(manifest, "tensors", "output/bias")["parts"][0]["offset"]
    data = bytearray((copy / "weights-0.bin").read_bytes())
    data[place : place + 4] = b"\x00\x00\xc0\x7f"
    (copy / "weights-0.bin").write_bytes(data)
    next(f for f in manifest["files"] if f["path"] == "weights-0.bin")["sha256"] = sha256_of(
        copy / "weights-0.bin"
    )
    (copy / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(
        BundleError, match=r"output/bias in weights-0\.bin holds values that are no finite numbers"
    ):
        verify_bundle(copy)


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "\xff\xfe"])
def test_a_manifest_that_is_no_manifest(copy: Path, text: str) -> None:
    (copy / "manifest.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(BundleError, match=r"manifest\.json"):
        verify_bundle(copy)


def test_a_huge_manifest_is_not_read(copy: Path) -> None:
    (copy / "manifest.json").write_text("[" * 5_000_000)
    with pytest.raises(BundleError, match="at most 4000000 are read"):
        verify_bundle(copy)


def test_a_folder_without_a_manifest(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"needs a manifest\.json"):
        verify_bundle(tmp_path)
