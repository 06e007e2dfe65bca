from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kit.models.errors import BundleError
from kit.models.reading import open_files
from kit.models.reading.tfjs_weights import read_weights


def read(folder: Path, *groups: dict[str, Any]) -> dict[str, Any]:
    with open_files(folder) as files:
        return read_weights(files, list(groups), "")


def entry(
    name: str = "w", shape: tuple[int, ...] = (2,), dtype: str = "float32", **more: Any
) -> dict[str, Any]:
    return {"name": name, "shape": list(shape), "dtype": dtype, **more}


def group(*entries: dict[str, Any], paths: tuple[str, ...] = ("a.bin",)) -> dict[str, Any]:
    return {"paths": list(paths), "weights": list(entries)}


@pytest.mark.parametrize("dtype", ["float32", "float16", "int32", "uint8", "bool"])
def test_each_type_is_read(tmp_path: Path, dtype: str) -> None:
    values = np.array([0, 1, 1], dtype)
    (tmp_path / "a.bin").write_bytes(values.tobytes())
    made = read(tmp_path, group(entry(shape=(3,), dtype=dtype)))["w"]
    assert made.tolist() == values.tolist()
    assert made.dtype == {"f": np.float32, "i": np.int32, "u": np.int32, "b": np.bool_}[values.dtype.kind]


@pytest.mark.parametrize(("dtype", "limit"), [("uint8", 255), ("uint16", 65535)])
def test_linear_quantisation_is_undone(tmp_path: Path, dtype: str, limit: int) -> None:
    (tmp_path / "a.bin").write_bytes(np.array([0, limit], dtype).tobytes())
    how = {"dtype": dtype, "min": -1.5, "scale": 0.5, "original_dtype": "float32"}
    made = read(tmp_path, group(entry(quantization=how)))["w"]
    assert made.tolist() == [-1.5, limit * 0.5 - 1.5]


def test_a_quantised_single_number_stays_an_array(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(bytes([3]))
    made = read(tmp_path, group(entry(shape=(), quantization={"dtype": "uint8", "min": 0.5, "scale": 1.0})))[
        "w"
    ]
    assert isinstance(made, np.ndarray)
    assert (made.shape, made.tolist()) == ((), 3.5)


def test_half_float_quantisation_is_undone(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(np.array([0.5, -2], "f2").tobytes())
    made = read(tmp_path, group(entry(quantization={"dtype": "float16"})))["w"]
    assert made.tolist() == [0.5, -2]


def test_quantised_integers_are_rounded(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(bytes([3, 7]))
    how = {"dtype": "uint8", "min": 0.4, "scale": 1.0}
    assert read(tmp_path, group(entry(dtype="int32", quantization=how)))["w"].tolist() == [3, 7]


def test_groups_run_over_shards_at_any_byte(tmp_path: Path) -> None:
    first, second = np.arange(6, dtype="f4"), np.arange(4, dtype="i4")
    data = first.tobytes() + second.tobytes()
    for index, start in enumerate(range(0, len(data), 7)):
        (tmp_path / f"{index}.bin").write_bytes(data[start : start + 7])
    paths = tuple(f"{index}.bin" for index in range(6))
    made = read(tmp_path, group(entry("a", (2, 3)), entry("b", (4,), "int32"), paths=paths))
    assert made["a"].tolist() == first.reshape(2, 3).tolist()
    assert made["b"].tolist() == second.tolist()


def test_texts_are_stepped_over(tmp_path: Path) -> None:
    texts = b"\x03\0\0\0abc\0\0\0\0"
    (tmp_path / "a.bin").write_bytes(texts + np.ones(2, "f4").tobytes())
    assert list(read(tmp_path, group(entry("t", (2,), "string"), entry()))) == ["w"]


BROKEN: dict[str, tuple[dict[str, Any], str]] = {
    "missing": (group(entry(), paths=("none.bin",)), r"none\.bin is missing"),
    "short": (group(entry(shape=(3,))), "needs 12 bytes"),
    "surplus": (group(entry(shape=(1,))), "different exports"),
    "twice": (group(entry(shape=(1,)), entry(shape=(1,))), "twice"),
    "huge": (group(entry(shape=(2**20, 2**20))), "at most"),
    "negative": (group(entry(shape=(-2,))), "shape"),
    "type": (group(entry(dtype="complex64")), "complex64"),
    "how": (group(entry(quantization={"dtype": "int4"})), "int4"),
    "scale": (group(entry(quantization={"dtype": "uint8", "scale": "x", "min": 0})), "scale"),
    "infinite": (
        group(entry(shape=(4,), quantization={"dtype": "uint16", "scale": 1e39, "min": 0})),
        "finite",
    ),
    "text": (group(entry(shape=(2**20,), dtype="string")), "cut short"),
    "path": (group(entry(), paths=("../a.bin",)), "not a file name"),
    "path type": ({"paths": [3], "weights": []}, "paths"),
    "same path": (group(entry(), paths=("a.bin", "a.bin")), "twice"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_broken_weights_are_one_sentence(tmp_path: Path, case: str) -> None:
    (tmp_path / "a.bin").write_bytes(b"\1\0\0\0\1\0\0\0")
    broken, says = BROKEN[case]
    with pytest.raises(BundleError, match=says):
        read(tmp_path, broken)


def test_weights_that_are_not_finite_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(np.array([1, np.nan], "f4").tobytes())
    with pytest.raises(BundleError, match="not finite"):
        read(tmp_path, group(entry()))
