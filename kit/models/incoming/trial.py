"""The trial: the bundle is really made, under a name of its own; its golden picture is what is shown to the owner."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from kit.models.assemble import Label, publish_network
from kit.models.decibels import decibels
from kit.models.fusing import fused
from kit.models.incoming import ranges
from kit.models.incoming.facts import Choices, Counted, Range
from kit.models.loaded import load_array
from kit.models.manifest import MANIFEST, Manifest, read_manifest
from kit.models.network import Floats, Network
from kit.models.preparing import steps_for
from kit.models.reference import run_network

TRIAL = "trial"
VERSION = "0.0.0"


@dataclass(frozen=True)
class Trial:
    """The bundle's folder, the range that its output was given, what was seen, and what its owner should know."""

    folder: Path
    manifest: Manifest
    input_range: Range
    observed: Range
    notes: tuple[str, ...]


def make_trial(room: Path, network: Network, counted: Counted, choices: Choices) -> Trial:
    """Make the bundle and its golden picture. Ranges that are neither chosen nor known are guessed."""
    root = room / f"{TRIAL}.new"
    shutil.rmtree(root, ignore_errors=True)
    known = ranges.known_output_range(network)
    input_range = (
        choices.input_range or ranges.known_input_range(network) or ranges.guessed_input_range(known)
    )
    output_range = choices.output_range or known
    network = fused(network)
    folder = publish_network(
        network,
        Label(name=TRIAL, version=VERSION, title="Trial", description=""),
        root,
        precision=choices.precision,
        preprocessing=steps_for(network.input_shape, input_range),
        output_range=output_range or (-1, 1),
        input_range=input_range,
        total_parameters=counted.parameters,
    )
    manifest = read_manifest(folder)
    made = np.asarray(load_array(folder, manifest.golden.output), np.float32)
    observed = float(made.min()), float(made.max())
    manifest = _completed(
        folder, manifest, output_range or ranges.guessed_output_range(observed), network, made
    )
    # The last trial gives way only now: one that fails must not take it along.
    shutil.rmtree(room / TRIAL, ignore_errors=True)
    root.rename(room / TRIAL)
    folder = room / TRIAL / folder.relative_to(root)
    return Trial(folder, manifest, input_range, observed, _notes(made, manifest.output.range_))


def _completed(
    folder: Path, manifest: Manifest, output_range: Range, network: Network, made: Floats
) -> Manifest:
    """The manifest with what was only known after the trial: the output's range, and what the storing cost."""
    quality = None
    if manifest.precision != "float32":
        value = np.asarray(load_array(folder, manifest.golden.input), np.float32)
        psnr = psnr_db(run_network(network, value), made, output_range)
        quality = {"psnr_db_vs_fp32": round(psnr, 1), "measured_on": "the bundle's test picture"}
    output = manifest.output.model_copy(update={"range_": output_range})
    manifest = manifest.model_copy(update={"output": output, "quality": quality})
    (folder / MANIFEST).write_text(manifest.to_json(), encoding="utf-8")
    return manifest


def psnr_db(exact: Floats, made: Floats, span: Range) -> float:
    """Peak signal to noise ratio in dB; 99 where nothing can be told apart."""
    error = float(np.mean((exact.astype(np.float64) - made) ** 2))
    return float(decibels(error, span[1] - span[0], most=99))


def _notes(made: Floats, span: Range) -> tuple[str, ...]:
    low, high = span
    margin = 0.02 * (high - low)
    outside = float(np.mean((made < low - margin) | (made > high + margin)))
    notes = []
    if outside > 0.1:
        notes.append(
            f"{outside:.0%} of the output's values lie outside {low:g} to {high:g} and are cut off: "
            "is the output's range right?"
        )
    ends = float(np.mean((made < low + margin) | (made > high - margin)))
    if outside <= 0.1 and ends > 0.5:
        notes.append(
            f"{ends:.0%} of the output's values lie at one of its ends, so that the picture has lost its middle tones: "
            "is the input's range right?"
        )
    if float(made.std()) < 0.01 * (high - low):
        notes.append("The picture is nearly one flat colour: is the input's range right?")
    return tuple(notes)
