"""What ``kit evaluate`` calls: published bundles and trainings on the photographs that they never learned from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias, get_args

from kit.models.catalog import BundleInfo
from kit.models.manifest import Precision, read_manifest
from kit.models.network import Network
from kit.models.storage import StoredNetwork, stored
from kit.train.comparison import write_comparisons
from kit.train.data import DataError, Photographs, find_dataset, holds_photographs, load_photographs
from kit.train.examining import HeldOut, Painter, figures_of, hold_out, measure_all
from kit.train.painting import bundle_painter, generator_painter

EXACT: Precision = "float32"
PRECISIONS: tuple[Precision, ...] = get_args(Precision)[::-1]  # fp32 first
SPOKEN = {"float32": "fp32", "float16": "fp16", "int8": "8 bit"}
SEED = 102  # of the split, for a folder that has none written down
Figures: TypeAlias = dict[str, Any]
Meter: TypeAlias = Callable[[str], Callable[[int, int], None]]


@dataclass(frozen=True)
class Subject:
    """Something to be measured: networks that differ in their storage only, and what is known of them without that.

    ``label``: model, version and so on, for each storage; ``known``: figures of storages that are not measured here.
    """

    name: str
    dataset: str | None
    painters: dict[str, Painter]
    labels: dict[str, Figures]
    known: dict[str, Figures]


def bundle_subject(info: BundleInfo) -> Subject:
    """A published bundle: its own storage is measured; its fp32 figures are those of its manifest."""
    manifest = read_manifest(info.path)
    label = {"model": info.name, "version": info.version}
    quality = manifest.quality or {}
    known: dict[str, Figures] = {}
    exact = (quality.get("measured") or {}).get(EXACT)
    if exact is not None and info.precision != EXACT:
        known[EXACT] = _label(label, EXACT, None, "manifest") | exact
    own = _label(label, info.precision, info.bytes)
    own |= {key: quality[key] for key in ("psnr_db_vs_fp32", "ssim_vs_fp32") if key in quality}
    return Subject(
        f"{info.name} {info.version}",
        dataset_of(info),
        {info.precision: bundle_painter(info.path)},
        {info.precision: own},
        known,
    )


def training_subject(folder: Path) -> Subject:
    """A training that is finished or under way: fp32 and each storage are measured. Needs Keras."""
    from kit.train.fold import fold
    from kit.train.trained import load_trained

    trained = load_trained(folder)
    kept = storages(fold(trained.model))
    about = {"model": trained.preset.name, "version": None, "steps": trained.progress.step}
    return Subject(
        f"{trained.preset.name}, {trained.progress.step:,} steps",
        trained.preset.dataset,
        painters(kept),
        {precision: _label(about, precision, sum(map(len, each.shards))) for precision, each in kept.items()},
        {},
    )


def storages(network: Network) -> dict[Precision, StoredNetwork]:
    """A network as it would lie on disk in each storage."""
    return {precision: stored(network, precision) for precision in PRECISIONS}


def painters(kept: dict[Precision, StoredNetwork]) -> dict[str, Painter]:
    """What each of them paints, read from its storage."""
    return {precision: generator_painter(each.network) for precision, each in kept.items()}


def _label(about: Figures, precision: str, length: int | None, figures_from: str = "measured") -> Figures:
    return {**about, "stored_as": precision, "bytes": length, "figures_from": figures_from}


def dataset_of(info: BundleInfo) -> str | None:
    """The dataset that a bundle says it learned from."""
    preset = (read_manifest(info.path).training or {}).get("preset")
    name = preset.get("dataset") if isinstance(preset, dict) else None
    return name if isinstance(name, str) else None


def fitting(infos: list[BundleInfo], data: Path) -> tuple[list[BundleInfo], dict[str, str]]:
    """Which bundles to measure on ``data`` where nobody names any, and why the others are left out.

    Below a folder of datasets: those whose dataset is there. On one dataset: those that learned from one of its name;
    where none did, all.
    """
    datasets = {info.name: dataset_of(info) for info in infos}
    there: set[str | None]
    if holds_photographs(data):
        known = set(datasets.values())
        there = known & {data.resolve().name} or known
    else:
        there = {name for name in datasets.values() if name is not None and (data / name).is_dir()}
    left_out = {
        name: f"learned from {dataset}, which is not at {data}"
        if dataset
        else "does not say what it learned from"
        for name, dataset in datasets.items()
        if dataset not in there
    }
    return [info for info in infos if info.name not in left_out], left_out


def evaluate_all(
    subjects: Iterable[Subject],
    data: Path,
    *,
    sheets: Path | None = None,
    shown: int = 12,
    meter: Meter = lambda name: lambda done, total: None,
) -> dict[str, Any]:
    """Measure subjects, each on its own dataset below ``data``, or all on ``data`` where photographs lie in it.

    Returns ``{"datasets": [...]}``: for each its baselines and a row for each subject and storage. With ``sheets`` the
    pictures are written there too. Raises DataError where a dataset is missing.
    """
    by_folder: dict[Path, list[Subject]] = {}
    for subject in subjects:
        by_folder.setdefault(_folder(data, subject), []).append(subject)
    return {
        "datasets": [_evaluate_on(folder, some, sheets, shown, meter) for folder, some in by_folder.items()]
    }


def _folder(data: Path, subject: Subject) -> Path:
    if subject.dataset is not None:
        return find_dataset(data, subject.dataset)
    if not holds_photographs(data):
        raise DataError(
            f"{subject.name} does not say which photographs it learned from; "
            f"name it and give a folder of photographs, which {data} is not"
        )
    return data


def _evaluate_on(
    folder: Path, subjects: list[Subject], sheets: Path | None, shown: int, meter: Meter
) -> dict[str, Any]:
    photographs = load_photographs(folder, SEED)
    held_out = hold_out(photographs)
    rows = [row for subject in subjects for row in _rows(subject, subjects, held_out, meter(subject.name))]
    if sheets is not None:
        _write_sheets(folder, subjects, photographs, sheets, shown)
    return {
        "dataset": folder.name,
        "folder": str(folder),
        "photographs": len(held_out.photographs),
        "baselines": held_out.baseline_figures(),
        "models": rows,
    }


def _rows(
    subject: Subject, subjects: list[Subject], held_out: HeldOut, progress: Callable[[int, int], None]
) -> list[Figures]:
    """Rows of one subject. A manifest's fp32 figures give way to those of a training that is measured beside it."""
    exact = EXACT if EXACT in subject.painters else None
    outcomes = measure_all(subject.painters, held_out, exact, progress)
    rows = [
        subject.labels[precision] | figures_of(outcome, held_out) for precision, outcome in outcomes.items()
    ]
    models = {label["model"] for label in subject.labels.values()}
    trained = {
        label["model"] for other in subjects if EXACT in other.painters for label in other.labels.values()
    }
    return rows if models <= trained else [*subject.known.values(), *rows]


def _write_sheets(
    folder: Path, subjects: list[Subject], photographs: Photographs, sheets: Path, shown: int
) -> None:
    painters = {
        subject.name if len(subject.painters) == 1 else f"{subject.name}, {SPOKEN[precision]}": painter
        for subject in subjects
        for precision, painter in subject.painters.items()
    }
    write_comparisons(sheets, folder, painters, photographs, shown)
