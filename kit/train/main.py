"""What ``kit train`` calls. Keras is loaded after all that can be said without it: mistakes are answered at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from types import ModuleType

from pydantic import TypeAdapter, ValidationError

from kit.domain.units import spoken_duration
from kit.models.errors import BundleError
from kit.models.manifest import Version
from kit.train.data import DataError, find_dataset, load_photographs, read_split
from kit.train.presets import PRESETS, Preset

Say = Callable[[str], None]
Load = Callable[[str], ModuleType]


@dataclass(frozen=True)
class Release:
    """Under which version to publish what was trained, below which root, and where to put its pictures."""

    version: str
    root: Path
    pictures: Path | None = None


@dataclass(frozen=True)
class Plan:
    """How long to train, and what else: without a limit the preset's own number of steps counts; with ``publishing`` a
    network that is finished is measured and published. ``load`` imports what needs Keras.
    """

    steps: int | None = None
    minutes: float | None = None
    publishing: Release | None = None
    say: Say = field(default=print)
    load: Load = field(default=import_module)


@dataclass(frozen=True)
class Done:
    """Steps in all; whether the limit was reached; the bundle, where one was published."""

    steps: int
    finished: bool
    bundle: Path | None = None


def train(preset: str, data: Path, out: Path, plan: Plan) -> Done:
    """Train a preset on photographs in ``data`` (or in its folder of the preset's dataset); goes on where ``out`` has a
    checkpoint.

    Writes settings.json, curves.csv, tests.csv, preview sheets and checkpoint.npz into ``out``. Raises DataError for an
    unknown preset or a folder that cannot be used, BundleError for a version that cannot be.
    """
    chosen = _preset(preset)
    if plan.publishing is not None:
        _check_free(preset, plan.publishing)
    folder = find_dataset(data, chosen.dataset)
    photographs = load_photographs(folder, chosen.seed)
    plan.say(
        f"{preset}: {len(photographs.train)} photographs to learn from, {len(photographs.test)} to test on"
    )
    plan.load("kit.train.loop")
    from kit.train.loop import Limits, Training

    limits = Limits(steps=plan.steps if plan.steps or plan.minutes else chosen.steps, minutes=plan.minutes)
    training = Training(chosen, photographs, out, limits, plan.say)
    progress = training.run()
    plan.say(
        f"{preset}: {progress.step:,} steps in {spoken_duration(progress.seconds)}, all sittings together"
    )
    bundle = None
    if plan.publishing is not None and training.finished:
        bundle = _release(preset, out, folder, plan.publishing, plan.say)
    return Done(progress.step, training.finished, bundle)


def train_all(data: Path, out: Path, plan: Plan) -> dict[str, Done]:
    """Train all presets, each in ``out/preset`` on ``data/dataset``. What is published already is left out.

    Raises DataError before anything starts where a dataset is missing.
    """
    to = plan.publishing
    if to is not None:
        _check_version(to.version)
    for preset in PRESETS.values():
        read_split(data / preset.dataset, preset.seed)
    done: dict[str, Done] = {}
    for name in PRESETS:
        if to is not None and (to.root / name / to.version).exists():
            plan.say(f"{name} {to.version} is published already")
            continue
        done[name] = train(name, data, out / name, plan)
        if not done[name].finished:
            break
    return done


def publish(
    preset: str,
    trained: Path,
    data: Path,
    *,
    version: str,
    root: Path,
    pictures: Path | None = None,
    say: Say = print,
) -> Path:
    """Publish a training's network as the bundle ``root/preset/version`` and return its folder.

    Measures it on the test photographs first and says the figures. Into ``pictures`` it writes a contact sheet without
    photographs and the curves. Raises DataError or BundleError.
    """
    folder, to = find_dataset(data, _preset(preset).dataset), Release(version, root, pictures)
    _check_free(preset, to)
    return _release(preset, trained, folder, to, say)


def _preset(name: str) -> Preset:
    if name not in PRESETS:
        raise DataError(f"there is no preset {name!r}; choose one of {', '.join(PRESETS)}")
    return PRESETS[name]


def _check_free(preset: str, to: Release) -> None:
    """Said before hours of training, not after them."""
    _check_version(to.version)
    if (to.root / preset / to.version).exists():
        raise BundleError(f"{preset} {to.version} exists already; versions never change, choose a new one")


def _check_version(version: str) -> None:
    try:
        TypeAdapter(Version).validate_python(version)
    except ValidationError as error:
        raise BundleError(f"version {version!r} must be three numbers, as in 1.0.0") from error


def _release(preset: str, trained: Path, folder: Path, to: Release, say: Say) -> Path:
    from kit.train.release import release

    return release(preset, trained, folder, to.version, to.root, pictures=to.pictures, say=say)
