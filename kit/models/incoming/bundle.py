"""The child's handling of bundles: nothing is changed; every file is checked, the golden picture made again, and what can
be counted is.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np

from kit.models.errors import BundleError
from kit.models.incoming.figures import check_figures, check_golden_span
from kit.models.loaded import golden_error, load_array, load_network
from kit.models.manifest import MANIFEST, MANIFEST_BYTES, Manifest, parse_manifest
from kit.models.reading.archive import FileSet, shown
from kit.models.verify import verify_bundle

TOLERANCE = 0.02
"""What a runner may be off, on [-1, 1]: see the engine's golden check."""


def unpack(files: FileSet, name: str, target: Path) -> Manifest:
    """Copy the bundle whose manifest is ``name`` to ``target`` and check it whole. Raises BundleError."""
    manifest = parse_manifest(files.read(name, MANIFEST_BYTES), shown(name))
    folder = name.removesuffix(MANIFEST)
    shutil.rmtree(target, ignore_errors=True)
    for path in (MANIFEST, *(file.path for file in manifest.files)):
        place = target / path
        place.parent.mkdir(parents=True, exist_ok=True)
        files.copy(f"{folder}{path}", place)
    manifest = verify_bundle(target)
    error = golden_error(target)
    if not error <= TOLERANCE:
        raise BundleError(
            f"golden: the network's picture is off by {error:.3f} of [-1, 1], at most {TOLERANCE} is allowed; "
            "publish the bundle again where it was made"
        )
    check_golden_span(manifest, np.asarray(load_array(target, manifest.golden.output), np.float32))
    check_figures(manifest, load_network(target))
    return manifest
