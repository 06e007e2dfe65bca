from __future__ import annotations

import os
import stat
import zipfile
from pathlib import Path

import pytest

from kit.models.errors import BundleError
from kit.models.reading import open_files


def names(path: Path) -> tuple[str, ...]:
    with open_files(path) as files:
        return files.names


def zipped(path: Path, members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", compression) as opened:
        for name, data in members.items():
            opened.writestr(name, data)
    return path


def test_a_folder_gives_its_files_and_no_links(tmp_path: Path) -> None:
    (tmp_path / "m" / "inner").mkdir(parents=True)
    (tmp_path / "m" / "inner" / "model.json").write_text("{}")
    (tmp_path / "secret").write_text("secret")
    (tmp_path / "m" / "link.bin").symlink_to(tmp_path / "secret")
    os.mkfifo(tmp_path / "m" / "pipe.bin")
    (tmp_path / "m" / "what?.txt").write_text("no model names such a file")
    assert names(tmp_path / "m") == ("inner/model.json",)


def test_a_zip_is_known_by_its_bytes_and_read_like_a_folder(tmp_path: Path) -> None:
    path = zipped(tmp_path / "model.keras", {"m/model.json": b"{}", "__MACOSX/m/model.json": b"x"})
    with open_files(path) as files:
        assert files.names == ("m/model.json",)
        assert files.read("m/model.json") == b"{}"
        assert files.ending("model.json") == files.ending(".json") == ("m/model.json",)


def test_a_model_json_by_itself_brings_the_weights_beside_it(tmp_path: Path) -> None:
    for name in ("model.json", "group1-shard1of1", "a.bin", "letters.txt"):
        (tmp_path / name).write_text("{}")
    assert names(tmp_path / "model.json") == ("a.bin", "group1-shard1of1", "model.json")
    assert names(tmp_path / "letters.txt") == ("letters.txt",)


@pytest.mark.parametrize(
    "name", ["../out", "/etc/passwd", "a/../../b", "a\\b", "C:x", "a\x1fb", "a//b", "x" * 500]
)
def test_odd_names_in_a_zip_are_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "model.zip"
    with zipfile.ZipFile(path, "w") as opened:
        info = zipfile.ZipInfo("placeholder")
        info.filename = name
        opened.writestr(info, b"")
    with pytest.raises(BundleError, match="not a file name"):
        names(path)


def test_a_zip_that_grows_without_measure_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "bomb.zip", {f"{index}.bin": bytes(4_000_000) for index in range(5)})
    with pytest.raises(BundleError, match="would unpack"):
        names(path)


def test_links_and_twins_in_a_zip_are_refused(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("model.json")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(tmp_path / "link.zip", "w") as opened:
        opened.writestr(link, "/etc/passwd")
    with pytest.raises(BundleError, match="is a link"):
        names(tmp_path / "link.zip")
    with pytest.raises(BundleError, match="two files of one name"):
        names(zipped(tmp_path / "twins.zip", {"a.bin": b"1", "A.bin": b"2"}))


def test_a_zip_with_too_many_entries_is_refused_before_its_table_is_read(tmp_path: Path) -> None:
    path = zipped(tmp_path / "many.zip", {f"{index}": b"" for index in range(10_001)}, zipfile.ZIP_STORED)
    with pytest.raises(BundleError, match="too many files"):
        names(path)


def test_a_zip_of_the_64_bit_form_is_refused_before_its_table_is_read(tmp_path: Path) -> None:
    path = zipped(tmp_path / "plain.zip", {"model.json": b"{}"})
    data = path.read_bytes()
    path.write_bytes(data[:-22] + b"PK\x06\x07" + bytes(16) + data[-22:])
    with pytest.raises(BundleError, match="too many files"):
        names(path)


@pytest.mark.parametrize("keep", [40, 60, -1])
def test_a_zip_that_is_cut_short_is_refused(tmp_path: Path, keep: int) -> None:
    path = zipped(tmp_path / "cut.zip", {"model.json": os.urandom(100)})
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(BundleError, match="zip"):
        names(path)


def test_a_member_that_is_damaged_is_refused_when_read(tmp_path: Path) -> None:
    path = zipped(tmp_path / "model.zip", {"model.json": b"{}" * 500}, zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    data[100] ^= 255
    path.write_bytes(data)
    with open_files(path) as files, pytest.raises(BundleError, match="cannot be unpacked"):
        files.read("model.json")


def test_a_locked_zip_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "model.zip", {"model.json": b"{}"}, zipfile.ZIP_STORED)
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    with pytest.raises(BundleError, match="password"):
        names(path)


def test_files_are_read_within_bounds(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(bytes(100))
    with open_files(tmp_path) as files:
        with pytest.raises(BundleError, match="at most 99"):
            files.read("a.bin", 99)
        with pytest.raises(BundleError, match=r"b\.bin is missing"):
            files.read("b.bin")
        (tmp_path / "a.bin").write_bytes(bytes(10))
        with pytest.raises(BundleError, match="cut short"):
            files.read("a.bin")


def test_what_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="none cannot be read"):
        names(tmp_path / "none")


def test_copies_are_written_whole(tmp_path: Path) -> None:
    path = zipped(tmp_path / "model.zip", {"a.h5": b"abc"})
    with open_files(path) as files:
        files.copy("a.h5", tmp_path / "a.h5")
    assert (tmp_path / "a.h5").read_bytes() == b"abc"
