"""Uploads that are not published yet: a folder each, in KIT_HOME, so that every process of the server sees them."""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from kit.models.errors import BundleError
from kit.models.incoming.facts import Choices, Facts
from kit.models.reading.archive import clean_name, shown

STATE, FILES, ROOM = "draft.json", "files", "room"
KEPT_FOR = timedelta(hours=24)
MOST = 10
COMMAND, COMMAND_TAKES = "kit-add-", timedelta(hours=3)
NAME_BYTES = 255  # of one part of a path, on all usual file systems
GONE = "this upload is no longer there; unpublished uploads are kept for a day. Hand the model in again"
_ID = re.compile(r"^[A-Za-z0-9_-]{16,40}$")


class State(BaseModel):
    """``draft.json``: written once the model could be read."""

    model_config = ConfigDict(extra="forbid")

    made_at: datetime
    made_by: str
    label: str
    choices: Choices
    facts: Facts


@dataclass(frozen=True)
class Draft:
    """An upload. ``path``: what is examined, the folder of its files or its only file."""

    id: str
    folder: Path

    @property
    def files(self) -> Path:
        return self.folder / FILES

    @property
    def room(self) -> Path:
        return self.folder / ROOM

    @property
    def path(self) -> Path:
        entries = list(self.files.iterdir())
        return entries[0] if len(entries) == 1 else self.files

    def place(self, name: str) -> Path:
        """Where a file of the upload is written. Raises BundleError for names that lead elsewhere or come twice."""
        if any(len(part.encode()) > NAME_BYTES for part in clean_name(name).split("/")):
            raise BundleError(f"{shown(name)} is too long for a file name; rename it")
        target = self.files / name
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError) as error:
            raise BundleError(
                f"{shown(name)} is a file and a folder at once; hand in the model's folder"
            ) from error
        if target.exists():
            raise BundleError(f"{shown(name)} comes twice; hand in the model's own files only")
        return target

    def load(self) -> State:
        """What is known of it. Raises BundleError where it is not there (any more)."""
        try:
            return State.model_validate_json((self.folder / STATE).read_bytes())
        except (OSError, ValidationError) as error:
            raise BundleError(GONE) from error

    def save(self, state: State) -> None:
        """Replace what is known in one step."""
        fresh = self.folder / f"{STATE}.new"
        fresh.write_text(state.model_dump_json(), encoding="utf-8")
        fresh.replace(self.folder / STATE)

    def remove(self) -> None:
        """Delete the upload with everything in it."""
        shutil.rmtree(self.folder, ignore_errors=True)


class Drafts:
    """All uploads below one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def new(self) -> Draft:
        """An empty one; old ones are cleared away first. Raises BundleError where too many wait."""
        self._clear()
        if len([folder for folder in self.root.glob("*/") if not _of_a_command(folder)]) >= MOST:
            raise BundleError(f"{MOST} uploads wait to be published; publish or discard one of them first")
        draft = Draft(identifier := secrets.token_urlsafe(18), self.root / identifier)
        draft.files.mkdir(parents=True)
        draft.room.mkdir()
        self.root.chmod(0o700)
        return draft

    def get(self, identifier: str) -> Draft:
        """The upload of an id. Raises BundleError where there is none."""
        draft = Draft(identifier, self.root / identifier)
        if not _ID.match(identifier) or not draft.folder.is_dir():
            raise BundleError(GONE)
        return draft

    def waiting(self) -> list[tuple[Draft, State]]:
        """Those that could be read and are not published, newest first."""
        found = []
        for folder in self.root.glob("*/") if self.root.is_dir() else ():
            try:
                draft = self.get(folder.name)
                found.append((draft, draft.load()))
            except BundleError:
                continue
        return sorted(found, key=lambda pair: pair[1].made_at, reverse=True)

    @contextmanager
    def one_at_a_time(self) -> Iterator[None]:
        """Reading a model may take gigabytes: one at a time on a server. Raises BundleError while another one is read."""
        import fcntl

        self.root.mkdir(parents=True, exist_ok=True)
        with (self.root / ".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise BundleError("another model is being read right now; try again in a minute") from error
            yield

    def _clear(self) -> None:
        self.root.mkdir(parents=True, exist_ok=True)
        now = datetime.now(UTC)
        for folder in self.root.glob("*/"):
            kept = COMMAND_TAKES if _of_a_command(folder) else KEPT_FOR
            with suppress(FileNotFoundError):  # another process may have been quicker
                if folder.stat().st_mtime < (now - kept).timestamp():
                    shutil.rmtree(folder, ignore_errors=True)


def _of_a_command(folder: Path) -> bool:
    """Whether ``kit models add`` works in this folder, or was killed while it did."""
    return folder.name.startswith(COMMAND)
