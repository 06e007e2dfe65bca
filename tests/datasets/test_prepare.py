"""Any folder of pictures into a dataset that training reads."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageCms

from kit.datasets.layout import four_to_one
from kit.datasets.pictures import PictureError, read_square
from kit.datasets.prepare import Prepared, prepare
from kit.errors import CallerError
from tests.datasets.conftest import picture


def quiet(done: int, total: int) -> None:
    assert 0 < done <= total


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Ten photographs of several kinds, two of them in a folder below."""
    made = tmp_path / "photographs"
    (made / "below").mkdir(parents=True)
    for number in range(8):
        picture(number, (400, 300)).save(made / f"{number}.{'jpg' if number % 2 else 'png'}")
    picture(8).save(made / "below" / "0.webp", lossless=True)
    picture(9).convert("L").save(made / "below" / "grey.tif")
    return made


def prepared(folder: Path, seed: int = 1) -> tuple[Prepared, Path]:
    out = folder.parent / "out"
    return prepare(folder, out, seed, quiet), out


def test_a_folder_becomes_squares_with_a_split(folder: Path) -> None:
    done, out = prepared(folder)
    split = json.loads((out / "split.json").read_text())
    assert (done.train, done.test) == (len(split["train"]), len(split["test"])) == (8, 2)
    assert sorted(split["train"] + split["test"]) == sorted(p.name for p in out.glob("*.jpg"))
    for path in out.glob("*.jpg"):
        with Image.open(path) as opened:
            assert (opened.size, opened.mode) == ((286, 286), "RGB")
    assert done.kept["below/0.webp"] == "below-0.jpg"


def test_the_seed_decides_the_split(folder: Path) -> None:
    tests = []
    for seed in (1, 1, 2):
        out = folder.parent / f"out{len(tests)}"
        prepare(folder, out, seed, quiet)
        tests.append(json.loads((out / "split.json").read_text())["test"])
    assert tests[0] == tests[1] != tests[2]


def test_training_reads_what_was_prepared(folder: Path) -> None:
    from kit.train.data import load_photographs

    photographs = load_photographs(prepared(folder)[1], seed=5)
    assert (photographs.train.shape, photographs.test.shape) == ((8, 286, 286, 3), (2, 286, 286, 3))


def test_what_cannot_be_used_is_named_and_skipped(folder: Path) -> None:
    whole = (folder / "1.jpg").read_bytes()
    (folder / "cut.jpg").write_bytes(whole[: len(whole) // 2])
    (folder / "text.png").write_text("no picture")
    (folder / "empty.gif").touch()
    picture(50, (100, 90)).save(folder / "small.png")
    (folder / "notes.txt").touch()
    done, _ = prepared(folder)
    assert sorted(done.skipped) == ["cut.jpg", "empty.gif", "small.png", "text.png"]
    assert done.skipped["cut.jpg"].startswith("is damaged")
    assert done.skipped["text.png"] == "is not a picture that can be read"
    assert done.skipped["small.png"] == "is too small (100 x 90, at least 143)"
    assert (len(done.kept), done.others) == (10, 1)


def test_the_same_picture_in_another_file_is_dropped(folder: Path) -> None:
    with Image.open(folder / "0.png") as opened:
        opened.save(folder / "twin.bmp")
    done, _ = prepared(folder)
    assert done.doubles == {"twin.bmp": "0.jpg"}


def test_two_files_of_one_name_both_stay(folder: Path) -> None:
    picture(20).save(folder / "1.png")
    picture(21).save(folder / "1.2.png")
    done, out = prepared(folder)
    assert len(set(done.kept.values())) == len(list(out.glob("*.jpg"))) == 12


def test_credits_go_along_under_the_new_names(folder: Path) -> None:
    rows = "file,author\n3.jpg,Ann\nbelow/0.webp,Bob\ngone.jpg,Cid\n"
    (folder / "CREDITS.csv").write_text(rows)
    done, out = prepared(folder)
    kept = list(csv.DictReader((out / "CREDITS.csv").read_text().splitlines()))
    assert kept == [{"file": "3.jpg", "author": "Ann"}, {"file": "below-0.jpg", "author": "Bob"}]
    assert done.credited == 2


def test_credits_of_another_form_are_copied(folder: Path) -> None:
    (folder / "CREDITS.csv").write_text("picture;by\n3.jpg;Ann\n")
    assert (prepared(folder)[1] / "CREDITS.csv").read_text() == "picture;by\n3.jpg;Ann\n"


def test_nothing_usable_is_an_error_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    picture(0).save(tmp_path / "in" / "one.png")
    (tmp_path / "in" / "bad.jpg").write_bytes(b"\xff\xd8\xff")
    with pytest.raises(CallerError, match=r"holds 1 photographs that can be used.*bad\.jpg"):
        prepare(tmp_path / "in", tmp_path / "out", 1, quiet)
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_a_folder_with_something_in_it_is_left_alone(folder: Path) -> None:
    (folder.parent / "out").mkdir()
    (folder.parent / "out" / "mine.txt").touch()
    with pytest.raises(CallerError, match="out is not empty"):
        prepared(folder)


def test_a_photograph_stands_as_the_camera_was_held(tmp_path: Path) -> None:
    sideways = Image.new("RGB", (300, 300), "blue")
    sideways.paste("red", (0, 0, 300, 100))
    exif = Image.Exif()
    exif[0x0112] = 6  # shown after a quarter turn clockwise
    sideways.save(tmp_path / "a.jpg", exif=exif)
    square = read_square(tmp_path / "a.jpg")
    assert square.getpixel((280, 143))[0] > 200
    assert square.getpixel((5, 143))[2] > 200


def test_the_middle_of_a_wide_picture_is_taken(tmp_path: Path) -> None:
    wide = Image.new("RGB", (900, 300), "white")
    wide.paste("black", (300, 0, 600, 300))
    wide.save(tmp_path / "a.png")
    assert np.asarray(read_square(tmp_path / "a.png"))[:, 5:-5].max() == 0


@pytest.mark.parametrize(
    ("mode", "value", "seen"),
    [
        ("L", 90, (90, 90, 90)),
        ("LA", (0, 0), (255, 255, 255)),
        ("RGBA", (10, 20, 30, 255), (10, 20, 30)),
        ("P", 0, (0, 0, 0)),
        ("I;16", 257 * 100, (100, 100, 100)),
        ("1", 1, (255, 255, 255)),
    ],
)
def test_every_mode_becomes_rgb(
    tmp_path: Path, mode: str, value: int | tuple[int, ...], seen: tuple[int, ...]
) -> None:
    Image.new(mode, (300, 300), value).save(tmp_path / "a.png")
    assert read_square(tmp_path / "a.png").getpixel((9, 9)) == pytest.approx(seen, abs=1)


def test_colours_of_a_profile_become_srgb(tmp_path: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    plain = Image.new("RGB", (300, 300), (120, 60, 30))
    plain.save(tmp_path / "unusable.png", icc_profile=profile.tobytes())
    plain.save(tmp_path / "odd.png", icc_profile=b"no profile")
    assert read_square(tmp_path / "unusable.png").getpixel((9, 9)) == (120, 60, 30)
    assert read_square(tmp_path / "odd.png").getpixel((9, 9)) == (120, 60, 30)


def test_a_picture_bomb_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    picture(0).save(tmp_path / "a.png")
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 1000)
    with pytest.raises(PictureError, match="too large"):
        read_square(tmp_path / "a.png")


def test_both_squares_of_a_still_are_on_one_side() -> None:
    names = [f"clip-{n:04d}-{side}.jpg" for n in range(1, 21) for side in ("left", "right")]
    train, test = four_to_one(names, seed=3)
    assert (len(train), len(test)) == (32, 8)
    assert not {name[:9] for name in train} & {name[:9] for name in test}


def test_two_squares_of_one_still_are_enough_for_a_split() -> None:
    assert [len(side) for side in four_to_one(["a-left.jpg", "a-right.jpg"], seed=3)] == [1, 1]
