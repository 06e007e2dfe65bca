"""A folder of any photographs into a dataset: squares of one size, split, without doubles."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from kit.datasets.layout import CREDITS, SPLIT, four_to_one
from kit.datasets.pictures import PictureError, read_square
from kit.errors import CallerError

READ = frozenset({".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif", ".tif", ".tiff", ".avif"})
QUALITY = 95


@dataclass
class Prepared:
    """What became of a folder. ``kept`` and ``doubles`` map a source's path in the folder to a file's name."""

    train: int = 0
    test: int = 0
    kept: dict[str, str] = field(default_factory=dict)
    doubles: dict[str, str] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    others: int = 0
    credited: int | None = None


def prepare(folder: Path, out: Path, seed: int, progress: Callable[[int, int], None]) -> Prepared:
    """Make ``out`` from all pictures below ``folder``; it appears whole or not at all.

    Files that cannot be used are listed with the reason and do no harm. Raises CallerError where ``out`` has something
    in it already, or fewer than two photographs are left.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise CallerError(f"{out} is not empty; choose another folder or empty it", field="out")
    sources, others = _listed(folder)
    done = Prepared(others=others)
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(
        dir=out.parent, prefix=".preparing-", ignore_cleanup_errors=True
    ) as room:
        made = Path(room) / "dataset"
        made.mkdir()
        _write_squares(folder, sources, made, done, progress)
        if len(done.kept) < 2:
            raise CallerError(_too_few(folder, done))
        _write_split(made, done, seed)
        _write_credits(folder, made, done)
        if out.exists():
            out.rmdir()
        made.rename(out)
    return done


def _listed(folder: Path) -> tuple[list[Path], int]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    pictures = [path for path in files if path.suffix.lower() in READ]
    return pictures, len(files) - len(pictures)


def _write_squares(
    folder: Path, sources: list[Path], made: Path, done: Prepared, progress: Callable[[int, int], None]
) -> None:
    names, seen = _names(folder, sources), dict[str, str]()
    for number, path in enumerate(sources, start=1):
        source = path.relative_to(folder).as_posix()
        try:
            square = read_square(path)
        except PictureError as error:
            done.skipped[source] = str(error)
        else:
            content = hashlib.sha256(square.tobytes()).hexdigest()
            if content in seen:
                done.doubles[source] = seen[content]
            else:
                seen[content] = done.kept[source] = names[path]
                square.save(made / names[path], quality=QUALITY, subsampling=0)
        progress(number, len(sources))


def _names(folder: Path, sources: list[Path]) -> dict[Path, str]:
    """A flat name for each source: ``a/b.png`` -> ``a-b.jpg``; where that is taken, ``a-b.2.jpg``."""
    taken: set[str] = set()
    names = {}
    for path in sources:
        stem = "-".join(path.relative_to(folder).with_suffix("").parts)
        choices = (f"{stem}.jpg" if number == 1 else f"{stem}.{number}.jpg" for number in count(1))
        # Compared in small letters: some file systems take Rose.jpg and rose.jpg for one.
        names[path] = next(name for name in choices if name.casefold() not in taken)
        taken.add(names[path].casefold())
    return names


def _too_few(folder: Path, done: Prepared) -> str:
    if not done.kept and not done.skipped:
        return f"{folder} holds no pictures ({', '.join(sorted(READ))})"
    reasons = "; ".join(f"{name} {reason}" for name, reason in list(done.skipped.items())[:3])
    return f"{folder} holds {len(done.kept)} photographs that can be used; 2 are the least" + (
        f" ({reasons})" if reasons else ""
    )


def _write_split(made: Path, done: Prepared, seed: int) -> None:
    train, test = four_to_one(list(done.kept.values()), seed)
    done.train, done.test = len(train), len(test)
    split = {"seed": seed, "train": train, "test": test}
    (made / SPLIT).write_text(json.dumps(split, indent=1) + "\n", encoding="utf-8")


def _write_credits(folder: Path, made: Path, done: Prepared) -> None:
    """Keep ``CREDITS.csv``: with a column ``file``, the rows of photographs that are kept, under their new names."""
    path = folder / CREDITS
    if not path.is_file():
        return
    with path.open(newline="", encoding="utf-8-sig", errors="replace") as file:
        rows = list(csv.DictReader(file))
    if not rows or "file" not in rows[0]:
        shutil.copyfile(path, made / CREDITS)
        return
    columns = [name for name in rows[0] if name is not None]
    with (made / CREDITS).open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, extrasaction="ignore")
        writer.writeheader()
        kept = list(_credits_of(rows, done))
        writer.writerows(kept)
    done.credited = len({row["file"] for row in kept})


def _credits_of(rows: list[dict[str, str]], done: Prepared) -> Iterator[dict[str, str]]:
    """Rows under their new names. A double's row stands too: whoever is named for a photograph stays named."""
    names = done.doubles | done.kept
    for row in rows:
        if row["file"] in names:
            yield row | {"file": names[row["file"]]}
