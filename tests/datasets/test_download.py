"""The archive of flowers, from a server on this machine: cut lines, wrong files, what is unpacked."""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from kit.datasets import download as downloading
from kit.datasets import flowers102
from kit.datasets.download import Source, download
from kit.errors import CallerError
from tests.datasets.conftest import Shop, picture

Opened = Callable[[bytes], Shop]


def quiet(done: int, total: int) -> None:
    assert 0 <= done <= total


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloading, "PAUSE_S", 0)


@pytest.fixture(scope="module")
def archive() -> bytes:
    """Three photographs as in the real one, and beside them a link, a text and a path that leads out."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for number in range(1, 4):
            jpeg = io.BytesIO()
            picture(number).save(jpeg, "JPEG")
            _add(tar, f"jpg/image_{number:05d}.jpg", jpeg.getvalue())
        _add(tar, "../../outside.jpg", b"no picture")
        _add(tar, "jpg/readme.txt", b"text")
        link = tarfile.TarInfo("jpg/link.jpg")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    return packed.getvalue()


def _add(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    about = tarfile.TarInfo(name)
    about.size = len(data)
    tar.addfile(about, io.BytesIO(data))


def source_of(shop: Shop, data: bytes | None = None) -> Source:
    data = shop.data if data is None else data
    return Source(shop.url, len(data), hashlib.sha256(data).hexdigest())


def test_a_file_comes_whole_and_its_progress_is_told(shop: Opened, tmp_path: Path) -> None:
    server, told = shop(bytes(range(256)) * 4000), []
    download(source_of(server), tmp_path / "file", lambda done, total: told.append((done, total)))
    assert (tmp_path / "file").read_bytes() == server.data
    assert told == sorted(told)
    assert told[-1] == (1_024_000, 1_024_000)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_cut_line_goes_on_where_it_was_cut(shop: Opened, tmp_path: Path) -> None:
    server = shop(bytes(range(256)) * 1000)
    server.cut_after = [100_000, 50_000]
    download(source_of(server), tmp_path / "file", quiet)
    assert (tmp_path / "file").read_bytes() == server.data
    assert server.asked == [None, "bytes=100000-", "bytes=150000-"]


def test_a_later_call_goes_on_with_what_an_earlier_one_left(shop: Opened, tmp_path: Path) -> None:
    server = shop(b"0123456789" * 1000)
    (tmp_path / "file.part").write_bytes(server.data[:4321])
    download(source_of(server), tmp_path / "file", quiet)
    assert (tmp_path / "file").read_bytes() == server.data
    assert server.asked == ["bytes=4321-"]


def test_a_server_without_ranges_starts_again(shop: Opened, tmp_path: Path) -> None:
    server = shop(b"0123456789" * 1000)
    server.ranges = False
    (tmp_path / "file.part").write_bytes(server.data[:4321])
    download(source_of(server), tmp_path / "file", quiet)
    assert (tmp_path / "file").read_bytes() == server.data


def test_a_piece_of_another_file_is_fetched_again(shop: Opened, tmp_path: Path) -> None:
    server = shop(b"0123456789" * 1000)
    (tmp_path / "file.part").write_bytes(b"x" * 4321)
    download(source_of(server), tmp_path / "file", quiet)
    assert (tmp_path / "file").read_bytes() == server.data


@pytest.mark.parametrize(
    ("offered", "says"),
    [
        (b"another one.", "its sha256 differs"),
        (b"a longer file than that", "offers 23 bytes, the file has 12"),
        (b"short", "offers 5 bytes, the file has 12"),
    ],
)
def test_a_wrong_file_is_refused_and_nothing_is_kept(
    shop: Opened, tmp_path: Path, offered: bytes, says: str
) -> None:
    server = shop(offered)
    with pytest.raises(CallerError, match=f"{says}.*nothing was kept"):
        download(source_of(server, b"the real one"), tmp_path / "file", quiet)
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_fails_for_a_while_is_asked_again(shop: Opened, tmp_path: Path) -> None:
    server = shop(b"0123456789")
    server.statuses = [503, 500]
    download(source_of(server), tmp_path / "file", quiet)
    assert (tmp_path / "file").read_bytes() == server.data


def test_a_missing_file_is_said_at_once(shop: Opened, tmp_path: Path) -> None:
    server = shop(b"0123456789")
    server.statuses = [404]
    with pytest.raises(CallerError, match="answers 404 Not Found; is the address right"):
        download(source_of(server), tmp_path / "file", quiet)
    assert len(server.asked) == 1


def test_a_server_that_never_answers_leaves_what_has_come(shop: Opened, tmp_path: Path) -> None:
    server = shop(b"0123456789" * 10)
    server.statuses = [503] * 99
    (tmp_path / "file.part").write_bytes(server.data[:50])
    with pytest.raises(CallerError, match="goes on where it stopped"):
        download(source_of(server), tmp_path / "file", quiet)
    assert (tmp_path / "file.part").read_bytes() == server.data[:50]


def test_only_the_web_is_read(tmp_path: Path) -> None:
    with pytest.raises(CallerError, match="must begin with http"):
        download(Source("file:///etc/passwd", 10, "0" * 64), tmp_path / "file", quiet)


def test_the_archive_becomes_a_flat_folder_of_photographs(
    shop: Opened, tmp_path: Path, archive: bytes
) -> None:
    server = shop(archive)
    out = tmp_path / "deep" / "flowers"
    assert flowers102.get(source_of(server), out, quiet) == 4
    names = sorted(path.name for path in out.iterdir())
    assert names == ["SOURCE.json", *(f"image_{n:05d}.jpg" for n in (1, 2, 3)), "outside.jpg"]
    assert json.loads((out / "SOURCE.json").read_text())["url"] == server.url


def test_what_is_there_is_not_fetched_again(shop: Opened, tmp_path: Path, archive: bytes) -> None:
    server = shop(archive)
    for _ in range(2):
        flowers102.get(source_of(server), tmp_path, quiet)
    assert len(server.asked) == 1


def test_an_archive_that_lies_there_is_used_if_it_is_the_right_one(tmp_path: Path, archive: bytes) -> None:
    source = Source("http://127.0.0.1:1/none", len(archive), hashlib.sha256(archive).hexdigest())
    (tmp_path / "102flowers.tgz").write_bytes(archive)
    assert flowers102.get(source, tmp_path, quiet) == 4
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "102flowers.tgz").write_bytes(archive[:-1])
    with pytest.raises(CallerError, match=r"102flowers\.tgz is not the published archive"):
        flowers102.get(source, tmp_path / "other", quiet)


def test_a_broken_archive_is_named(tmp_path: Path, archive: bytes) -> None:
    (tmp_path / "cut.tgz").write_bytes(archive[: len(archive) // 2])
    with pytest.raises(CallerError, match=r"cut\.tgz cannot be unpacked"):
        flowers102.unpack(tmp_path / "cut.tgz", tmp_path)
