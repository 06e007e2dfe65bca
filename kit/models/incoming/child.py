"""What runs in the child: tell what the files are, read the network, try it, and say what was found."""

from __future__ import annotations

import importlib
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import numpy as np

from kit.models.errors import BundleError
from kit.models.incoming import bundle, handover, ranges
from kit.models.incoming.facts import Choices, Counted, Facts
from kit.models.incoming.kinds import BUNDLE, EXTRA, Kind, detect
from kit.models.incoming.trial import TRIAL, make_trial
from kit.models.loaded import load_array, load_network
from kit.models.manifest import MANIFEST, Manifest
from kit.models.network import Network
from kit.models.reading.archive import FileSet
from kit.models.reading.opening import open_files

Reader = Callable[[FileSet, str, tuple[int, int] | None, Path], tuple[Network, Counted]]


def answer(ask: dict[str, Any], room: Path) -> dict[str, Any] | None:
    """``ask``: path, choices, and whether to ``try`` it. The network is left in the room (see ``handover``)."""
    choices = Choices.model_validate(ask["choices"])
    facts = _examined(Path(ask["path"]), choices, room, tried=bool(ask["try"]))
    return None if facts is None else facts.model_dump(mode="json")


def _examined(path: Path, choices: Choices, room: Path, *, tried: bool) -> Facts | None:
    if not handover.has_network(room, choices.size, besides=BUNDLE.name):
        with open_files(path) as files:
            kind, name = detect(files)
            if kind is BUNDLE:
                return _bundle_facts(bundle.unpack(files, name, room / TRIAL), room)
            network, counted = reader(kind)(files, name, choices.size, room)
        handover.write_network(room, kind.name, network, counted, choices.size)
    return _facts(room, choices) if tried else None


def reader(kind: Kind) -> Reader:
    """What reads a kind. Raises BundleError where this installation cannot."""
    if not kind.available:
        raise BundleError(f"this is a {kind.title}, which {EXTRA}")
    return cast(Reader, importlib.import_module(kind.reader).read)


def _facts(room: Path, choices: Choices) -> Facts:
    kind, network, counted = handover.read_network(room)
    trial = make_trial(room, network, counted, choices)
    return Facts(
        kind=kind,
        input_shape=network.input_shape,
        output_shape=network.output_shape,
        size_is_free=counted.size_is_free,
        parameters=counted.parameters,
        multiply_adds=trial.manifest.parameters.multiply_adds,
        operators=dict(Counter(node.op for node in trial.manifest.graph)),
        known_input_range=ranges.known_input_range(network),
        known_output_range=ranges.known_output_range(network),
        used_input_range=trial.input_range,
        used_output_range=trial.manifest.output.range_,
        observed=trial.observed,
        bytes=_download(trial.manifest, trial.folder),
        trial=str(trial.folder.relative_to(room)),
        notes=(*counted.notes, *trial.notes),
        said=counted.said,
    )


def _bundle_facts(manifest: Manifest, room: Path) -> Facts:
    folder = room / TRIAL
    handover.write_network(room, BUNDLE.name, load_network(folder), Counted(manifest.parameters.total, False))
    made = np.asarray(load_array(folder, manifest.golden.output), np.float32)
    return Facts(
        kind=BUNDLE.name,
        input_shape=manifest.input.shape,
        output_shape=manifest.output.shape,
        size_is_free=False,
        parameters=manifest.parameters.total,
        multiply_adds=manifest.parameters.multiply_adds,
        operators=dict(Counter(node.op for node in manifest.graph)),
        known_input_range=manifest.input.range_,
        known_output_range=manifest.output.range_,
        used_input_range=manifest.input.range_,
        used_output_range=manifest.output.range_,
        observed=(float(made.min()), float(made.max())),
        bytes=_download(manifest, folder),
        trial=TRIAL,
        name=manifest.name,
        version=manifest.version,
        title=manifest.title,
        description=manifest.description,
    )


def _download(manifest: Manifest, folder: Path) -> int:
    """Bytes that a tester's browser fetches: the manifest and the shards."""
    return sum((folder / name).stat().st_size for name in (MANIFEST, *manifest.shards))
