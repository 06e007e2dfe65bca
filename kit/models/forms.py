"""Other formats of a bundle that rivals run in the browser: made once from the same weights, and kept in the store.

Each is written by a process of its own, because ONNX and TensorFlow are large and a form is made once in a server's life.
"""

import os
import subprocess
import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from threading import Lock
from typing import NamedTuple

from kit.errors import INSTALL_RIVALS, INSTALL_TENSORFLOW
from kit.models.errors import BundleError

VERSION = 1
"""Raised when what is written changes: forms that an older version kept are then made anew."""
LONGEST_S = 600
LAST_WORDS = 300


class Form(NamedTuple):
    """Who writes it (``python -m MODULE FOLDER FILE``), what that needs, and how it is installed."""

    module: str
    package: str
    install: str


# By name, because one writer is in the training code, which nothing in the server's package may import.
FORMS = {
    "network.onnx": Form("kit.models.exporting.onnx_pictures", "onnx", INSTALL_RIVALS),
    "network.tflite": Form("kit.train.to_tflite", "tensorflow", INSTALL_TENSORFLOW),
    "golden.float32": Form("kit.train.golden_floats", "tensorflow", INSTALL_TENSORFLOW),
}
_one_at_a_time = Lock()
_failed: dict[Path, str] = {}


def find_form(folder: Path, sha256: str, file: str, kept: Path) -> Path:
    """The form of the bundle in ``folder`` as a file in the folder ``kept``, made where it is not there.

    Raises BundleError with a sentence where it cannot be made; it is not tried again by this process.
    """
    target = kept / f"{sha256}.{VERSION}.{file}"
    if target.is_file():
        return target
    form = FORMS[file]
    if find_spec(form.package) is None:
        raise BundleError(f"{file} needs {form.package}, which this server does not have: {form.install}")
    with _one_at_a_time:
        if target in _failed:
            raise BundleError(_failed[target])
        if not target.is_file():
            _make(form, folder, target)
    return target


def _make(form: Form, folder: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="form-", dir=target.parent) as scratch:
        made = Path(scratch) / "form"
        try:
            done = subprocess.run(
                [sys.executable, "-m", form.module, str(folder), str(made)],
                env=os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": ""},
                capture_output=True,
                text=True,
                timeout=LONGEST_S,
                check=False,
            )
            said = " ".join(done.stderr.split())[-LAST_WORDS:]
        except subprocess.TimeoutExpired:
            said = f"it took longer than {LONGEST_S} s"
        if not made.is_file():
            _failed[target] = f"{folder.parent.name} has no {target.name.split('.', 2)[-1]}: {said}"
            raise BundleError(_failed[target])
        made.replace(target)
