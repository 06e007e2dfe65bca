"""What a set of files is: a bundle of the kit, TensorFlow.js, Keras or a SavedModel; or what else it seems to be."""

from __future__ import annotations

from dataclasses import dataclass
from importlib.util import find_spec

from kit.errors import INSTALL_TENSORFLOW
from kit.models.errors import BundleError
from kit.models.manifest import MANIFEST, MANIFEST_BYTES
from kit.models.reading.archive import FileSet, shown
from kit.models.sandbox import seccomp

EXTRA = f"needs Linux and the extra [train] on this server: {INSTALL_TENSORFLOW}"


@dataclass(frozen=True)
class Kind:
    """A format. ``reader``: the module that reads it in the child; ``needs``: packages of the extra [train]."""

    name: str
    title: str
    reader: str
    needs: tuple[str, ...] = ()

    @property
    def available(self) -> bool:
        """Whether this installation can read it: with its packages, and cut off from everything else (on Linux)."""
        return not self.needs or (
            seccomp.supported() and all(find_spec(package) is not None for package in self.needs)
        )


BUNDLE = Kind("bundle", "bundle of Fieldkit", "kit.models.incoming.bundle")
TFJS = Kind("tfjs", "TensorFlow.js model", "kit.models.incoming.tfjs")
# By name, and loaded in the child alone: this reader is in the training code, because it needs its extra; nothing in
# the server's package may import that.
KERAS = Kind("keras", "Keras model (.keras)", "kit.train.foreign", ("h5py",))
H5 = Kind("h5", "Keras model (.h5)", "kit.train.foreign", ("h5py",))
SAVED_MODEL = Kind("saved_model", "SavedModel", "kit.train.foreign", ("tensorflow",))
KINDS = {kind.name: kind for kind in (BUNDLE, TFJS, KERAS, H5, SAVED_MODEL)}

ACCEPTED = "a Keras file (.keras, .h5), a SavedModel, a TensorFlow.js model.json with its weight files, or a bundle of Fieldkit"

ELSEWHERE = {
    ".onnx": "an ONNX model; export the network to TensorFlow.js or Keras where it was made",
    ".tflite": "a TensorFlow Lite model, whose graph is made for phones; hand in the Keras model or SavedModel it came from",
    ".pt": "a PyTorch file, which can hold programs; export the network to TensorFlow.js or Keras",
    ".pth": "a PyTorch file, which can hold programs; export the network to TensorFlow.js or Keras",
    ".ckpt": "a checkpoint without its network; save the whole model as .keras",
    ".safetensors": "weights without their network; save the whole model as .keras",
    ".pkl": "a pickle, which can hold programs and is never opened; save the model as .keras",
    ".pickle": "a pickle, which can hold programs and is never opened; save the model as .keras",
    ".npz": "weights without their network; save the whole model as .keras",
}


def detect(files: FileSet) -> tuple[Kind, str]:
    """The kind and the file that it hangs on (``manifest.json``, ``model.json``, ``saved_model.pb``, the Keras file).

    Where several would do, the one nearest to the top counts. Raises BundleError that says what is there instead.
    """
    found = [
        *((BUNDLE, name) for name in files.ending(MANIFEST) if _is_bundle(files, name)),
        *((TFJS, name) for name in files.ending("model.json")),
        *((SAVED_MODEL, name) for name in files.ending("saved_model.pb")),
        *((KERAS, name) for name in _unpacked_keras(files)),
        *((KERAS, name) for name in files.ending(".keras")),
        *(
            (H5, name)
            for name in (*files.ending(".h5"), *files.ending(".hdf5"))
            if not name.endswith(".weights.h5")
        ),
        *((TFJS, name) for name in _lone_json(files)),
    ]
    if not found:
        raise BundleError(_unknown(files))
    top = min(name.count("/") for _, name in found)
    nearest = [(kind, name) for kind, name in found if name.count("/") == top]
    if len(nearest) > 1:
        names = ", ".join(shown(name) for _, name in nearest[:4])
        raise BundleError(f"there is more than one model ({names}); hand in one at a time")
    return nearest[0]


def _is_bundle(files: FileSet, name: str) -> bool:
    """Web pages have a ``manifest.json`` too."""
    return files.size(name) <= MANIFEST_BYTES and b'"shards"' in files.read(name)


def _unpacked_keras(files: FileSet) -> list[str]:
    """A ``.keras`` file is a zip itself: what is in it."""
    return [
        name
        for name in files.ending("config.json")
        if any(_beside(name, part) in files.sizes for part in ("model.weights.h5", "metadata.json"))
    ]


def _lone_json(files: FileSet) -> list[str]:
    """A ``model.json`` under another name, beside its weight files."""
    jsons = [name for name in files.ending(".json") if name.rsplit("/", 1)[-1] not in NOT_A_MODEL]
    return jsons if len(jsons) == 1 and not files.ending("model.json") and files.ending(".bin") else []


NOT_A_MODEL = {MANIFEST, "config.json", "metadata.json", "package.json", "tsconfig.json", "fingerprint.json"}


def _beside(name: str, other: str) -> str:
    return f"{name.rpartition('/')[0]}/{other}".removeprefix("/")


def _unknown(files: FileSet) -> str:
    for name in files.names:
        for suffix, is_ in ELSEWHERE.items():
            if name.lower().endswith(suffix):
                return f"{shown(name)} is {is_}"
    if files.ending(".weights.h5"):
        return "these are weights without their network; save the whole model as .keras"
    if files.ending(".bin"):
        return "these are weight files without their model.json; hand in both together"
    if files.ending(".pb"):
        return f"{shown(files.ending('.pb')[0])} is a graph by itself; hand in the whole SavedModel folder"
    if not files.names:
        return f"there is no file in it; hand in {ACCEPTED}"
    return f"no model is recognised among the {len(files.names)} files; hand in {ACCEPTED}"
