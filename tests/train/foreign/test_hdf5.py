"""HDF5 files that try to be more than arrays."""

from collections.abc import Callable
from pathlib import Path

import h5py
import numpy as np
import pytest

from kit.models.errors import BundleError
from kit.train.foreign.hdf5 import Arrays, member, opened, walk

Fill = Callable[[h5py.File], object]


def read(tmp_path: Path, fill: Fill) -> object:
    """Make a file, and read what lies at ``x`` in it."""
    with h5py.File(tmp_path / "made.h5", "w") as file:
        fill(file)
    with opened(tmp_path / "made.h5") as file:
        return Arrays().read(member(file, "x"))


def test_plain_numbers_are_read(tmp_path: Path) -> None:
    values = np.arange(6, dtype=np.float16).reshape(2, 3)
    assert np.array_equal(read(tmp_path, lambda file: file.create_dataset("x", data=values)), values)


@pytest.mark.parametrize(
    ("link", "sentence"),
    [
        (h5py.ExternalLink("/etc/passwd", "/x"), "is a link to elsewhere"),
        (h5py.SoftLink("/y"), "is a link to elsewhere"),
    ],
)
def test_links_are_not_followed(tmp_path: Path, link: object, sentence: str) -> None:
    def fill(file: h5py.File) -> None:
        file["y"] = [1.0]
        file["x"] = link

    with pytest.raises(BundleError, match=sentence):
        read(tmp_path, fill)


def test_values_in_other_files_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"12345678")
    outside = [(str(tmp_path / "secret"), 0, 8)]
    with pytest.raises(BundleError, match="keeps its values in another file"):
        read(tmp_path, lambda file: file.create_dataset("x", (8,), "u1", external=outside))


def test_virtual_datasets_are_not_read(tmp_path: Path) -> None:
    layout = h5py.VirtualLayout((4,), "f4")
    layout[:] = h5py.VirtualSource(str(tmp_path / "other.h5"), "x", (4,))
    with pytest.raises(BundleError, match="keeps its values in another file"):
        read(tmp_path, lambda file: file.create_virtual_dataset("x", layout))


def test_texts_and_objects_are_not_numbers(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="instead of numbers"):
        read(tmp_path, lambda file: file.create_dataset("x", data="import os"))


def test_an_absurd_shape_is_refused_before_memory_is_taken(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="more than 250000000 weights"):
        read(tmp_path, lambda file: file.create_dataset("x", (1 << 20, 1 << 20), "f4", chunks=(1024, 1024)))


def test_groups_in_a_circle_end(tmp_path: Path) -> None:
    with h5py.File(tmp_path / "circle.h5", "w") as file:
        group = file.create_group("a")
        group["b"] = file["/"]
    with opened(tmp_path / "circle.h5") as file:
        assert [one.name for one in walk(file)] == ["/", "/a"]


def test_a_damaged_file_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "bad.h5").write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(100))
    with pytest.raises(BundleError, match="is damaged"), opened(tmp_path / "bad.h5"):
        pass
