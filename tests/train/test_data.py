from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from kit.train.data import (
    DataError,
    augmented,
    batch_at,
    blurred_grey,
    chosen_at,
    load_photographs,
    middle,
    read_split,
    scaled,
)


def test_a_folder_without_a_split_is_split_four_to_one(pictures: Path) -> None:
    photographs = load_photographs(pictures, seed=1)
    assert photographs.train.shape == (8, 286, 286, 3)
    assert photographs.test.shape == (2, 286, 286, 3)
    assert not set(photographs.train_names) & set(photographs.test_names)


def test_the_seed_decides_the_split(pictures: Path) -> None:
    assert read_split(pictures, 1) == read_split(pictures, 1)
    assert read_split(pictures, 1) != read_split(pictures, 2)


def test_a_written_split_is_kept(pictures: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(pictures, tmp_path / "copy")
    (folder / "split.json").write_text(json.dumps({"train": ["3.png", "1.png"], "test": ["2.png"]}))
    assert read_split(folder, 5) == (["3.png", "1.png"], ["2.png"])


@pytest.mark.parametrize(
    ("split", "says"),
    [
        ("{", "must be an object"),
        ('{"train": []}', "must be an object"),
        ('{"train": ["1.png"], "test": ["../2.png"]}', r"names \.\./2\.png"),
        ('{"train": ["1.png"], "test": ["1.png"]}', "none in common"),
    ],
)
def test_a_wrong_split_is_named(pictures: Path, tmp_path: Path, split: str, says: str) -> None:
    folder = shutil.copytree(pictures, tmp_path / "copy")
    (folder / "split.json").write_text(split)
    with pytest.raises(DataError, match=says):
        read_split(folder, 5)


def test_an_empty_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="holds 0 photographs"):
        load_photographs(tmp_path, 1)


def test_a_file_that_is_no_picture_is_named(pictures: Path, tmp_path: Path) -> None:
    folder = shutil.copytree(pictures, tmp_path / "copy")
    (folder / "4.png").write_text("no picture")
    with pytest.raises(DataError, match=r"4\.png is not a picture"):
        load_photographs(folder, 1)


def test_batches_depend_on_the_step_alone(pictures: Path) -> None:
    train = load_photographs(pictures, 1).train
    again = [batch_at(train, 5, 4, seed=9)[1] for _ in range(2)]
    assert (again[0] == again[1]).all()
    assert (again[0] != batch_at(train, 6, 4, seed=9)[1]).any()


def test_every_epoch_shows_each_photograph_once_in_a_new_order() -> None:
    first, second = (
        [i for step in steps for i in chosen_at(12, step, 4, 1)] for steps in (range(3), range(3, 6))
    )
    assert sorted(first) == sorted(second) == list(range(12))
    assert first != second


def test_augmented_pictures_stay_in_range(pictures: Path) -> None:
    photograph = load_photographs(pictures, 1).train[0]
    made = [augmented(photograph, np.random.default_rng(seed)) for seed in range(5)]
    assert all(m.shape == (256, 256, 3) and m.min() >= -1 and m.max() <= 1 for m in made)
    assert (made[0] != made[1]).any()


def test_the_blurred_grey_has_one_channel_and_the_same_mean(pictures: Path) -> None:
    photographs = scaled(middle(load_photographs(pictures, 1).train))
    greys = blurred_grey(photographs)
    assert greys.shape == (8, 256, 256, 1)
    assert greys.mean() == pytest.approx((photographs @ [0.299, 0.587, 0.114]).mean(), abs=0.01)


def test_the_shared_flowers_split_as_they_say(shared_data: Path) -> None:
    train, test = read_split(shared_data / "datasets" / "flowers", 0)
    assert (len(train), len(test)) == (800, 200)
