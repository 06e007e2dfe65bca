"""Stills out of videos that the tests make, in the common containers; and out of files that only look like videos."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

pytest.importorskip("av", reason="PyAV is not installed")

from kit.datasets.stills import cut_all
from kit.datasets.video import Cut, Interval, VideoError, cut_stills, squares
from kit.errors import CallerError
from tests.datasets.conftest import VideoMaker, shade_s


def cut(path: Path, out: Path, interval: Interval) -> Cut:
    out.mkdir(exist_ok=True)
    return cut_stills(path, out, "clip", interval, lambda done, wanted: None)


def read(path: Path) -> Image.Image:
    with Image.open(path) as opened:
        opened.load()
        return opened.copy()


@pytest.mark.parametrize(
    ("name", "codec"),
    [
        ("a.mp4", "mpeg4"),
        ("a.mp4", "libx264"),
        ("a.mov", "libx264"),
        ("a.webm", "libvpx"),
        ("a.mkv", "libx264"),
        ("a.avi", "mjpeg"),
        ("a.avi", "mpeg4"),
        ("a.ts", "libx264"),
    ],
)
def test_stills_are_of_the_times_that_they_should_be(
    video: VideoMaker, tmp_path: Path, name: str, codec: str
) -> None:
    made = cut(video(name, codec), tmp_path / "out", Interval(count=4))
    assert [path.name for path in made.files[:3]] == [
        "clip-0001-left.jpg",
        "clip-0001-right.jpg",
        "clip-0002-left.jpg",
    ]
    times = [shade_s(path) for path in made.files[::2]]
    assert times == pytest.approx([1.25, 3.75, 6.25, 8.75], abs=0.35)


def test_left_and_right_are_squares_at_the_ends(video: VideoMaker, tmp_path: Path) -> None:
    made = cut(video("a.mp4"), tmp_path, Interval(count=1))
    left, right = (read(path) for path in made.files)
    assert left.size == right.size == (160, 160)
    assert left.getpixel((5, 80))[0] > 150
    assert right.getpixel((155, 80))[2] > 150


def test_every_so_many_seconds_begins_with_the_first_frame(video: VideoMaker, tmp_path: Path) -> None:
    made = cut(video("a.mkv"), tmp_path, Interval(every_s=4))
    assert [shade_s(path) for path in made.files[::2]] == pytest.approx([0, 4, 8], abs=0.35)


def test_stills_close_together_are_in_order(video: VideoMaker, tmp_path: Path) -> None:
    made = cut(video("a.webm", "libvpx"), tmp_path, Interval(every_s=0.4))
    times = [shade_s(path) for path in made.files[::2]]
    assert len(times) == 25
    assert times == sorted(times)


def test_a_video_turned_by_the_phone_stands_upright(video: VideoMaker, tmp_path: Path) -> None:
    made = cut(video("a.mp4", turned=-90), tmp_path, Interval(count=1))
    assert [path.name for path in made.files] == ["clip-0001-top.jpg", "clip-0001-bottom.jpg"]
    assert read(made.files[0]).getpixel((80, 5))[0] > 150


def test_a_square_picture_gives_one_square() -> None:
    assert list(squares(Image.new("RGB", (50, 50)))) == ["left"]


def test_a_video_that_breaks_off_gives_what_is_there(video: VideoMaker, tmp_path: Path) -> None:
    path = video("a.mkv", "mjpeg")
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 6 // 10])
    made = cut(path, tmp_path / "out", Interval(count=10))
    assert 3 <= made.stills <= 7
    assert made.ends_s == pytest.approx(6, abs=1)


def test_damage_in_the_middle_is_stepped_over(video: VideoMaker, tmp_path: Path) -> None:
    path = video("a.avi", "mjpeg")
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 3000] = bytes(3000)
    path.write_bytes(data)
    assert cut(path, tmp_path / "out", Interval(count=10)).stills >= 8


PLAYLIST = b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n%s\n#EXT-X-ENDLIST\n"


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "not a video"),
        (b"no video at all" * 100, "not a video"),
        (b"\0\0\0\x18ftypmp42", "not a video|no pictures"),
    ],
)
def test_what_is_no_video_is_refused(tmp_path: Path, data: bytes, says: str) -> None:
    (tmp_path / "a.mp4").write_bytes(data)
    with pytest.raises(VideoError, match=says):
        cut(tmp_path / "a.mp4", tmp_path / "out", Interval(count=2))


def test_a_playlist_cannot_make_us_read_another_file(video: VideoMaker, tmp_path: Path) -> None:
    secret = video("secret.ts", "libx264")
    (tmp_path / "a.mp4").write_bytes(PLAYLIST % str(secret).encode())
    (tmp_path / "b.mp4").write_bytes(b"ffconcat version 1.0\nfile secret.ts\n")
    for name in ("a.mp4", "b.mp4"):
        with pytest.raises(VideoError, match="not a video"):
            cut(tmp_path / name, tmp_path / "out", Interval(count=1))


def test_an_absurd_number_of_stills_is_refused() -> None:
    with pytest.raises(VideoError, match=r"would give 1,000,000 stills"):
        Interval(every_s=0.01).times(10_000)


def test_a_bad_video_does_not_stop_the_others(video: VideoMaker, tmp_path: Path) -> None:
    good, bad = video("good.mp4"), tmp_path / "bad.mp4"
    bad.write_bytes(b"nothing")
    result = cut_all([bad, good], tmp_path / "out", Interval(count=3), lambda _: lambda done, wanted: None)
    assert (result.stills, result.squares) == (3, 6)
    assert list(result.skipped) == [bad]


def test_two_videos_of_one_name_do_not_overwrite_each_other(video: VideoMaker, tmp_path: Path) -> None:
    videos = [video("a.mp4"), video("a.mkv")]
    result = cut_all(videos, tmp_path / "out", Interval(count=1), lambda _: lambda done, wanted: None)
    assert result.squares == len(list((tmp_path / "out").iterdir())) == 4
    with pytest.raises(CallerError, match=r"holds stills of a\.mp4 already"):
        cut_all(videos, tmp_path / "out", Interval(count=1), lambda _: lambda done, wanted: None)
