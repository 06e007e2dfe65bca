"""``kit dataset``: what it prints, and how it ends."""

import hashlib
import io
import json
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest

from kit.datasets import flowers102
from kit.datasets.download import Source
from tests.cli.conftest import Kit, OneLine
from tests.datasets.conftest import Shop, VideoMaker, picture, shop, video

__all__ = ["shop", "video"]  # fixtures


def filled(folder: Path, count: int = 5) -> Path:
    folder.mkdir()
    for number in range(count):
        picture(number).save(folder / f"{number}.png")
    return folder


def test_prepare_names_what_it_skips_and_ends_well(kit: Kit, tmp_path: Path) -> None:
    folder = filled(tmp_path / "in")
    (folder / "bad.jpg").write_text("nothing")
    result = kit("dataset", "prepare", str(folder), "--out", str(tmp_path / "out"))
    assert "kit: bad.jpg is skipped: it is not a picture that can be read" in result.stderr
    assert "5 photographs, 4 to learn from and 1 to test on; skipped 1" in result.stdout


def test_prepare_says_the_same_as_json(kit: Kit, tmp_path: Path) -> None:
    folder = filled(tmp_path / "in")
    said = kit.json("dataset", "prepare", str(folder), "--out", str(tmp_path / "out"), "--seed", "4")
    assert (said["train"], said["test"], said["seed"], said["skipped"]) == (4, 1, 4, {})
    assert said["kept"]["0.png"] == "0.jpg"


def test_prepare_without_a_picture_is_one_line(kit: Kit, tmp_path: Path, one_line: OneLine) -> None:
    (tmp_path / "in").mkdir()
    result = kit("dataset", "prepare", str(tmp_path / "in"), "--out", str(tmp_path / "out"), code=2)
    assert "holds no pictures" in one_line(result)


def test_frames_go_on_after_a_bad_video(kit: Kit, tmp_path: Path, video: VideoMaker) -> None:
    folder, out = video("good.mp4").parent, tmp_path / "out"
    (folder / "bad.avi").write_text("nothing")
    result = kit("dataset", "frames", str(folder), "--out", str(out), "--count", "3")
    assert "bad.avi is skipped: it is not a video that can be read" in result.stderr
    assert "3 stills, 6 squares" in result.stdout
    assert "3 of 3 stills" in result.stderr


def test_frames_say_the_same_as_json(kit: Kit, tmp_path: Path, video: VideoMaker) -> None:
    folder, out = video("good.mp4").parent, tmp_path / "out"
    (folder / "bad.avi").write_text("nothing")
    said = kit.json("dataset", "frames", str(folder), "--out", str(out), "--count", "3")
    assert (said["out"], said["stills"], said["squares"]) == (str(out), 3, 6)
    assert "not a video" in said["skipped"][str(folder / "bad.avi")]


def test_frames_of_nothing_but_bad_videos_end_badly(kit: Kit, tmp_path: Path) -> None:
    (tmp_path / "bad.avi").write_text("nothing")
    result = kit(
        "dataset", "frames", str(tmp_path / "bad.avi"), "--out", str(tmp_path / "out"), "--every", "1", code=2
    )
    assert "none of the videos could be used" in result.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("options", [[], ["--count", "3", "--every", "2"]])
def test_frames_need_one_of_the_two(kit: Kit, tmp_path: Path, one_line: OneLine, options: list[str]) -> None:
    (tmp_path / "a.mp4").touch()
    result = kit("dataset", "frames", str(tmp_path / "a.mp4"), "--out", str(tmp_path), *options, code=2)
    assert "either --count or --every" in one_line(result)


def test_get_fetches_from_the_address_that_is_set(
    kit: Kit, tmp_path: Path, shop: Callable[[bytes], Shop], monkeypatch: pytest.MonkeyPatch
) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        tar.add(filled(tmp_path / "jpg"))
    server = shop(packed.getvalue())
    # The archive of a test stands in for the published one, which has 345 MB.
    small = Source("http://unused", len(server.data), hashlib.sha256(server.data).hexdigest())
    monkeypatch.setattr(flowers102, "PUBLISHED", small)
    result = kit(
        "dataset", "get", "flowers102", "--out", str(tmp_path / "out"), KIT_FLOWERS102_URL=server.url
    )
    assert "holds 5 photographs" in result.stdout
    assert json.loads((tmp_path / "out" / "SOURCE.json").read_text())["url"] == server.url
    assert kit.json("dataset", "get", "flowers102", "--out", str(tmp_path / "out"))["photographs"] == 5


def test_get_refuses_another_archive(
    kit: Kit, tmp_path: Path, shop: Callable[[bytes], Shop], one_line: OneLine
) -> None:
    server, out = shop(b"something else"), tmp_path / "out"
    result = kit("dataset", "get", "flowers102", "--out", str(out), code=2, KIT_FLOWERS102_URL=server.url)
    assert "offers 14 bytes, the file has 344,862,509; nothing was kept" in one_line(result)
    assert list(out.iterdir()) == []


def test_an_address_must_be_of_the_web(kit: Kit, tmp_path: Path, one_line: OneLine) -> None:
    result = kit(
        "dataset", "get", "flowers102", "--out", str(tmp_path), code=2, KIT_FLOWERS102_URL="ftp://host/file"
    )
    assert "KIT_FLOWERS102_URL must begin with http:// or https://" in one_line(result)


def test_the_setting_and_the_archive_have_one_address() -> None:
    from kit.settings import Settings

    assert Settings().flowers102_url == flowers102.ADDRESS
