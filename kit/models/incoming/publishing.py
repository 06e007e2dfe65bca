"""From a trial that its owner has seen to a published version: only its label changes."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from kit.models.catalog import BUNDLED, BundleInfo, version_key
from kit.models.consistency import RESERVED
from kit.models.errors import BundleError
from kit.models.incoming.facts import Choices, Facts
from kit.models.manifest import MANIFEST, Credit, Manifest, Name, Version, read_manifest
from kit.models.publish import publish_folder

SENTENCES = {
    "name": "name: use small letters, digits and -, at most 63 of them, beginning with a letter or digit",
    "version": "version: use three numbers with points, such as 1.0.0",
    "title": "title: write 1 to 100 characters",
    "description": "description: write at most 2,000 characters",
    "credits": "credits: write at most 100, each with at most 2,000 characters",
}


class About(BaseModel):
    """What a published model says about itself."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Name
    version: Version
    title: str = Field(min_length=1, max_length=100)
    description: str = Field(max_length=2000)
    credits: tuple[Credit, ...] = Field(default=(), max_length=100)


def about(**fields: object) -> About:
    """Checked fields. Raises BundleError that names the field and says what to write."""
    try:
        made = About.model_validate(fields)
    except ValidationError as error:
        field = str(error.errors()[0]["loc"][0])
        raise BundleError(SENTENCES.get(field, f"{field}: {error.errors()[0]['msg']}")) from error
    if made.name == RESERVED:
        raise BundleError(f"name: {RESERVED} is what testers' own models are called; choose another name")
    return made


def publish_trial(
    room: Path,
    facts: Facts,
    choices: Choices,
    label: About | None,
    root: Path,
    known: Iterable[BundleInfo] | None = None,
) -> Path:
    """Publish the trial in the room as ``root/name/version`` and return that folder.

    ``label`` is None for bundles, which keep what they say of themselves. ``known``: the models that are there, also
    those of other roots; None where the folder is nobody's store of models. Raises BundleError, and nothing is left behind then.
    """
    open_questions = facts.undecided(choices)
    if open_questions:
        which = " and ".join(open_questions)
        raise BundleError(
            f"the value range of {which} is not decided yet; choose it and try the model once more"
        )
    trial = facts.trial_in(room)
    manifest = read_manifest(trial)
    labelled = manifest if facts.is_bundle or label is None else _labelled(manifest, label)
    if known is not None:
        _refuse_unseen(labelled)
        _refuse_taken(labelled, list(known))
    with tempfile.TemporaryDirectory(dir=room, prefix="publish-") as folder:
        made = Path(folder) / "bundle"
        shutil.copytree(trial, made, symlinks=True)
        if labelled is not manifest:
            (made / MANIFEST).write_text(labelled.to_json(), encoding="utf-8")
        return publish_folder(root, made)


@contextmanager
def withdrawn_on_error(target: Path) -> Iterator[None]:
    """What follows a publishing must succeed, or the version is withdrawn: nobody has seen it yet."""
    try:
        yield
    except BaseException:
        shutil.rmtree(target, ignore_errors=True)
        raise


def parse_credit(line: str) -> Credit:
    """A source: "what | licence | address", the last two may be left out. Raises BundleError."""
    parts = [part.strip() for part in line.split("|")]
    if len(parts) > 3 or not parts[0]:
        raise BundleError("credits: write each as: what | licence | address")
    what, licence, url = (*parts, "", "")[:3]
    if url and not url.startswith(("https://", "http://")):
        raise BundleError(f"credits: the address of {what[:60]} must begin with https://")
    return Credit(what=what[:2000], licence=licence[:2000], url=url[:2000])


def suggested_name(path: Path) -> str:
    """A name made from a file's: "My U-Net (final).keras" is my-u-net-final."""
    stem = (path.parent if path.name == "model.json" else path).name.lower()
    for ending in (".zip", ".keras", ".hdf5", ".h5", ".json"):
        stem = stem.removesuffix(ending)
    words = re.sub(r"[^a-z0-9]+", "-", stem).strip("-")[:63].strip("-")
    return "my-model" if words in {"", "model", "upload", RESERVED} else words


def suggested_version(name: str, known: Iterable[BundleInfo]) -> str:
    """The next version of a name: 1.0.0, or the newest with its last number one higher."""
    versions = [version_key(info.version) for info in known if info.name == name]
    if not versions:
        return "1.0.0"
    *front, last = max(versions)
    return ".".join(str(part) for part in (*front, last + 1))


def _labelled(manifest: Manifest, label: About) -> Manifest:
    return manifest.model_copy(
        update={
            "name": label.name,
            "version": label.version,
            "title": label.title,
            "description": label.description,
            "credits": label.credits,
        }
    )


def _refuse_unseen(manifest: Manifest) -> None:
    """What is added is listed: a model that no list shows could take the place of one that people know."""
    if manifest.internal:
        raise BundleError(
            "internal: this bundle is marked as one for tests, which no list would show; publish it again without the "
            "mark where it was made"
        )


def _refuse_taken(manifest: Manifest, known: list[BundleInfo]) -> None:
    if any(info.name == manifest.name and info.path.is_relative_to(BUNDLED) for info in known):
        raise BundleError(
            f"name: {manifest.name} comes with Fieldkit, and studies that ask for it would get this model instead; "
            "choose another name"
        )
    if any((info.name, info.version) == (manifest.name, manifest.version) for info in known):
        free = suggested_version(manifest.name, known)
        raise BundleError(
            f"{manifest.name} {manifest.version} exists already; versions never change, {free} would be free"
        )
