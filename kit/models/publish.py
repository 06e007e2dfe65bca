"""Writing bundles: whole or not at all, and never twice under one version."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from kit.models.errors import BundleError
from kit.models.manifest import MANIFEST, File, Manifest, read_manifest
from kit.models.verify import sha256_of, verify_bundle

WRITING, LEFT_AFTER_S = ".writing-", 3 * 3600


def write_bundle(root: Path, draft: Manifest, contents: Mapping[str, bytes]) -> Path:
    """Write a bundle to ``root/name/version`` and return that folder.

    ``draft`` is the manifest without meaningful ``files``; they are filled in from ``contents`` (path -> bytes). The
    bundle is written aside, verified, and then takes its place in one step. Raises BundleError when the version exists
    or the bundle is wrong; nothing is left behind then.
    """
    with _workshop(root, draft) as made:
        for path, data in contents.items():
            file = made / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(data)
        listed = tuple(_listed(made, path) for path in sorted(contents))
        whole = draft.model_copy(update={"files": listed})
        (made / MANIFEST).write_text(whole.to_json(), encoding="utf-8")
        return _placed(root, made)


def publish_folder(root: Path, source: Path) -> Path:
    """Copy a bundle's folder into ``root/name/version`` (``kit models add``). Raises BundleError as above."""
    with _workshop(root, read_manifest(source)) as made:
        shutil.copytree(source, made, dirs_exist_ok=True, symlinks=True)
        return _placed(root, made)


@contextmanager
def _workshop(root: Path, manifest: Manifest) -> Iterator[Path]:
    """A place for a folder in the same file system, so that renaming it into place is one step."""
    if (root / manifest.name / manifest.version).exists():
        raise BundleError(
            f"{manifest.name} {manifest.version} exists already; versions never change, choose a new one"
        )
    root.mkdir(parents=True, exist_ok=True)
    _clear(root)
    with tempfile.TemporaryDirectory(dir=root, prefix=WRITING, ignore_cleanup_errors=True) as room:
        yield Path(room) / "bundle"


def _clear(root: Path) -> None:
    """Take away what was left by those who were killed while they wrote: nobody writes for hours."""
    for folder in root.glob(f"{WRITING}*"):
        with suppress(FileNotFoundError):  # another process may have been quicker
            if time.time() - folder.stat().st_mtime > LEFT_AFTER_S:
                shutil.rmtree(folder, ignore_errors=True)


def _listed(folder: Path, path: str) -> File:
    file = folder / path
    return File(path=path, bytes=file.stat().st_size, sha256=sha256_of(file))


def _open_to_all(folder: Path) -> None:
    """A server may run as another user than the one who published. The child process in which models of others are tried
    may change no rights, and nobody else has to read what it makes.
    """
    with suppress(PermissionError):
        for path in folder.rglob("*"):
            path.chmod(0o755 if path.is_dir() else 0o644)


def _placed(root: Path, made: Path) -> Path:
    manifest = verify_bundle(made)
    target = root / manifest.name / manifest.version
    target.parent.mkdir(exist_ok=True)
    _open_to_all(made)
    try:
        made.rename(target)
    except OSError as error:
        raise BundleError(
            f"{manifest.name} {manifest.version} exists already; versions never change"
        ) from error
    return target
