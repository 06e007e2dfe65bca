"""The training loop: resumable, bounded by steps or minutes, with curves and preview sheets as it goes."""

from __future__ import annotations

import csv
import json
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

import keras
import numpy as np

from kit.domain.units import spoken_duration
from kit.models.golden import draw_sketch
from kit.train.ahead import Ahead
from kit.train.checkpoint import NAME, Parts, Progress, restore, save
from kit.train.data import Floats, Photographs, batch_at, blurred_grey, middle, scaled
from kit.train.discriminator import build_discriminator
from kit.train.generator import build_generator
from kit.train.presets import Preset
from kit.train.sheet import write_sheet

Step = Callable[[Any, Any, bool], dict[str, float]]
SHOWN = 8  # test photographs on a preview sheet
SKETCHES = 4  # drawn inputs below them


@dataclass(frozen=True)
class Limits:
    """Where a training ends, and how often it writes what."""

    steps: int | None = None
    minutes: float | None = None
    report_every: int = 50  # steps
    save_minutes: float = 3.0
    test_minutes: float = 5.0

    def share(self, progress: Progress) -> float:
        """How much of the training is done, 0 to 1: by steps or by time, whichever is further."""
        by_steps = progress.step / self.steps if self.steps else 0.0
        by_time = progress.seconds / (self.minutes * 60) if self.minutes else 0.0
        return min(1.0, max(by_steps, by_time))


@dataclass
class Training:
    """One training: its parts, its data and how far it is."""

    preset: Preset
    photographs: Photographs
    out: Path
    limits: Limits
    say: Callable[[str], None] = print
    progress: Progress = field(default_factory=Progress)
    stopped: bool = False
    dropping: bool = True
    late: bool = False
    parts: Parts = field(init=False)
    step: Step = field(init=False)
    began: tuple[float, float] = field(init=False)  # share and seconds at the start of this sitting

    def __post_init__(self) -> None:
        """Build the networks, and take up a checkpoint where one is."""
        if not (self.limits.steps or self.limits.minutes):
            raise ValueError("give a number of steps or of minutes for the training")
        keras.utils.set_random_seed(self.preset.seed)
        self.out.mkdir(parents=True, exist_ok=True)
        self.parts = make_parts(self.preset)
        if (self.out / NAME).is_file():
            self.progress = restore(self.out, self.parts)
        self.began = self.limits.share(self.progress), self.progress.seconds
        self.step = make_step(self.parts, self.preset, self.preset.l1_weight)
        self._write_settings()

    def run(self) -> Progress:
        """Train until the limit, a SIGTERM or a SIGINT; a checkpoint is written in each case."""
        if self.finished:
            return self.progress
        before = [signal.signal(name, self._stop) for name in (signal.SIGTERM, signal.SIGINT)]
        try:
            self._loop()
        finally:
            for name, handler in zip((signal.SIGTERM, signal.SIGINT), before, strict=True):
                signal.signal(name, handler)
        save(self.out, self.parts, self.progress)
        self._test()
        return self.progress

    @property
    def finished(self) -> bool:
        """Whether the limit is reached."""
        return self.limits.share(self.progress) >= 1

    def _stop(self, number: int, frame: FrameType | None) -> None:
        self.stopped = True

    def _loop(self) -> None:
        last, saved, tested = time.monotonic(), self.progress.seconds, self.progress.seconds
        recent: list[dict[str, float]] = []
        with Ahead(self._batch) as batches:
            while not self.stopped and not self.finished:
                recent.append(self._one(*batches.take(self.progress.step)))
                now = time.monotonic()
                self.progress.seconds, last = self.progress.seconds + now - last, now
                if self.progress.step % self.limits.report_every == 0:
                    self._report(recent)
                    recent = []
                if self.progress.seconds - saved > self.limits.save_minutes * 60:
                    save(self.out, self.parts, self.progress)
                    saved = self.progress.seconds
                if self.progress.seconds - tested > self.limits.test_minutes * 60:
                    self._test()
                    tested = self.progress.seconds

    def _batch(self, step: int) -> tuple[Floats, Floats]:
        return batch_at(self.photographs.train, step, self.preset.batch, self.preset.seed)

    def _one(self, grey: Floats, picture: Floats) -> dict[str, float]:
        share = self.limits.share(self.progress)
        rate = rate_at(self.preset, share)
        self.parts.generator_optimizer.learning_rate.assign(rate)
        self.parts.discriminator_optimizer.learning_rate.assign(rate * self.preset.discriminator_rate)
        if share >= self.preset.drop_until and self.dropping:
            self._end_dropout()
        if share >= self.preset.late_from and not self.late:
            self.late = True
            self.step = make_step(self.parts, self.preset, self.preset.late_l1_weight)
        losses = self.step(grey, picture, share >= self.preset.freeze_norm)
        self.progress.step += 1
        if self.progress.step % self.preset.average_every == 0:
            self._average()
        return losses

    def _end_dropout(self) -> None:
        for layer in self.parts.generator.layers:
            if isinstance(layer, keras.layers.Dropout):
                layer.rate = 0.0
        # The old one may be compiled with dropout in it.
        self.step = make_step(self.parts, self.preset, self.preset.l1_weight)
        self.dropping = False

    def _average(self) -> None:
        # A short memory at first: otherwise the random start would weigh for thousands of steps.
        decay = min(self.preset.average_decay, (1 + self.progress.step) / (20 + self.progress.step))
        share = 1 - decay**self.preset.average_every
        for kept, moved in zip(self.parts.average.weights, self.parts.generator.weights, strict=True):
            kept.assign(kept + (moved - kept) * share)

    def _report(self, recent: list[dict[str, float]]) -> None:
        row: dict[str, float] = {"step": self.progress.step, "seconds": round(self.progress.seconds, 1)}
        row |= {name: round(float(np.mean([r[name] for r in recent])), 5) for name in recent[0]}
        append_row(self.out / "curves.csv", row)
        figures = "  ".join(f"{name} {value:g}" for name, value in row.items() if name != "seconds")
        share = self.limits.share(self.progress)
        self.say(f"{share:6.1%}  {self.time_left()} left  {figures}")

    def time_left(self) -> str:
        """At the pace of this sitting, for people."""
        share, (began, seconds) = self.limits.share(self.progress), self.began
        pace = (self.progress.seconds - seconds) / (share - began) if share > began else 0.0
        return spoken_duration((1 - share) * pace)

    def _test(self) -> None:
        pictures = scaled(middle(self.photographs.test))
        greys = blurred_grey(pictures)
        row = {
            "step": self.progress.step,
            "seconds": round(self.progress.seconds, 1),
            "baseline_l1": mean_l1(greys, pictures),
        }
        row["test_l1"] = mean_l1(paint(self.parts.generator, greys), pictures)
        row["average_test_l1"] = mean_l1(paint(self.parts.average, greys), pictures)
        append_row(self.out / "tests.csv", row)
        self._preview(greys, pictures)
        self.say("test    " + "  ".join(f"{name} {value:g}" for name, value in row.items()))

    def _preview(self, greys: Floats, pictures: Floats) -> None:
        chosen = np.linspace(0, len(greys) - 1, min(SHOWN, len(greys))).astype(int)
        sketches = scaled(np.stack([draw_sketch(seed) for seed in range(SKETCHES)]))
        inputs = np.concatenate([greys[chosen], blurred_grey(sketches)])
        targets = np.concatenate([pictures[chosen], sketches])
        columns = [inputs, paint(self.parts.generator, inputs), paint(self.parts.average, inputs), targets]
        write_sheet(self.out / f"preview-{self.progress.step:06d}.png", columns)

    def _write_settings(self) -> None:
        settings = {
            "preset": asdict(self.preset),
            "limits": asdict(self.limits),
            "photographs": {"train": len(self.photographs.train), "test": len(self.photographs.test)},
            "backend": keras.backend.backend(),
            "keras": keras.__version__,
        }
        (self.out / "settings.json").write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")


def make_parts(preset: Preset) -> Parts:
    """Networks and optimisers of a preset, at their seeded start; the average is always in float32."""
    with multiplying(preset.precision):
        generator, discriminator = (
            build_generator(preset.filters),
            build_discriminator(preset.discriminator_filters),
        )
    average = build_generator(preset.filters)
    average.set_weights(generator.get_weights())
    optimizers = [keras.optimizers.Adam(preset.learning_rate, beta_1=preset.beta_1) for _ in range(2)]
    for optimizer, model in zip(optimizers, (generator, discriminator), strict=True):
        optimizer.build(model.trainable_variables)
    return Parts(generator, average, discriminator, *optimizers)


@contextmanager
def multiplying(precision: str) -> Iterator[None]:
    """Layers built inside multiply in this precision (a Keras dtype policy); their weights stay in float32."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(precision)
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)


def make_step(parts: Parts, preset: Preset, l1_weight: float) -> Step:
    """The gradient step of the back end that Keras runs on."""
    backend = keras.backend.backend()
    if backend == "tensorflow":
        from kit.train import step_tensorflow as chosen
    elif backend == "torch":
        from kit.train import step_torch as chosen  # type: ignore[no-redef]
    else:
        raise ValueError(f"KERAS_BACKEND={backend} is not supported; use tensorflow or torch")
    return chosen.make_step(
        parts.generator,
        parts.discriminator,
        parts.generator_optimizer,
        parts.discriminator_optimizer,
        l1_weight,
        preset.real_target,
    )


def rate_at(preset: Preset, share: float) -> float:
    """Learning rate when ``share`` of the training is done: held, then straight down to zero."""
    left = (1 - share) / (1 - preset.hold_rate)
    return preset.learning_rate * max(0.0, min(1.0, left))


def paint(model: keras.Model, greys: Floats, chunk: int = 25) -> Floats:
    """Run a generator in inference mode, a few pictures at a time."""
    parts = [model(greys[at : at + chunk], training=False) for at in range(0, len(greys), chunk)]
    return np.concatenate([np.asarray(keras.ops.convert_to_numpy(part), np.float32) for part in parts])


def mean_l1(made: Floats, pictures: Floats) -> float:
    """Mean absolute difference on [-1, 1]; one channel is compared with all three."""
    return round(float(np.abs(made - pictures).mean()), 5)


def append_row(path: Path, row: dict[str, float]) -> None:
    """Append a row to a CSV file; the first row brings the header."""
    fresh = not path.exists()
    with path.open("a", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(row))
        if fresh:
            writer.writeheader()
        writer.writerow(row)
