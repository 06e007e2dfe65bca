"""One large file over HTTP: goes on where it was cut off, and counts only if its hash is right."""

from __future__ import annotations

import errno
import hashlib
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from pathlib import Path
from typing import TypeAlias, cast
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import (
    HTTPDefaultErrorHandler,
    HTTPErrorProcessor,
    HTTPHandler,
    HTTPRedirectHandler,
    HTTPSHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
)

from kit.errors import CallerError

CHUNK = 1 << 18
TIMEOUT_S = 30
TRIES = 5  # in a row that bring nothing
PAUSE_S = 1.0  # before the second try; longer before each further one

Progress: TypeAlias = Callable[[int, int], None]
"""Called with what is done and what there is in all."""


@dataclass(frozen=True)
class Source:
    """A file on the web: its address, its length in bytes, its sha256."""

    url: str
    bytes: int
    sha256: str


def download(source: Source, target: Path, progress: Progress) -> None:
    """Fetch a file. What has come lies in ``target`` + ``.part`` meanwhile, and the next call goes on there.

    Raises CallerError where the server cannot be reached or does not have the file, and where what came has another
    hash or length: then nothing is kept.
    """
    part = target.with_name(f"{target.name}.part")
    resumed = _length(part) > 0
    try:
        _fill(source, part, progress)
        if resumed and not matches(part, source):  # an earlier call may have left a piece of another file
            part.unlink()
            _fill(source, part, progress)
    except _OtherFileError as error:
        part.unlink(missing_ok=True)
        raise CallerError(f"{source.url}: {error}; nothing was kept", field="url") from error
    if not matches(part, source):
        part.unlink()
        raise CallerError(
            f"{source.url} is not the file that was published (its sha256 differs); nothing was kept",
            field="url",
        )
    part.replace(target)


def matches(path: Path, source: Source) -> bool:
    """Whether a file has the source's length and hash."""
    if _length(path) != source.bytes:
        return False
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest() == source.sha256


class _OtherFileError(Exception):
    """What the server offers cannot be the file."""


def _length(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


def _fill(source: Source, part: Path, progress: Progress) -> None:
    """Fetch until the partial file is as long as it must be."""
    if _length(part) > source.bytes:
        part.unlink()
    _check_room(source, part)
    fruitless, reason = 0, "the connection was cut"
    while (have := _length(part)) < source.bytes:
        if fruitless == TRIES:
            raise CallerError(
                f"{source.url}: {reason}, {have / 1e6:,.1f} of {source.bytes / 1e6:,.1f} MB are there; "
                "call it again later, it goes on where it stopped",
                field="url",
            )
        time.sleep(PAUSE_S * fruitless)
        try:
            _take(source, part, have, progress)
        except HTTPError as error:
            reason = _permanent_or(error, source)
        except (URLError, HTTPException, OSError) as error:
            reason = _connection_or_disk(error, part)
        fruitless = fruitless + 1 if _length(part) <= have else 0


def _take(source: Source, part: Path, have: int, progress: Progress) -> None:
    """One request for what is missing, written as it comes."""
    headers = {"Accept-Encoding": "identity", "User-Agent": "fieldkit"}
    if have:
        headers["Range"] = f"bytes={have}-"
    with _opened(Request(source.url, headers=headers)) as answer:  # noqa: S310 - the opener knows http(s) only
        fresh = answer.status != 206
        start, total = (0, answer.length) if fresh else _content_range(answer, source)
        if total not in (None, source.bytes):
            raise _OtherFileError(f"the server offers {total:,} bytes, the file has {source.bytes:,}")
        if start not in (0, have):
            raise _OtherFileError(f"the server answers from byte {start:,}, not from {have:,}")
        with part.open("wb" if start == 0 else "ab") as file:
            have = start
            while have < source.bytes and (data := answer.read(min(CHUNK, source.bytes - have))):
                file.write(data)
                have += len(data)
                progress(have, source.bytes)


def _content_range(answer: HTTPResponse, source: Source) -> tuple[int, int]:
    """First byte and whole length from ``Content-Range: bytes 5-9/10``; an unknown length is taken as right."""
    unit, _, rest = answer.headers.get("Content-Range", "").partition(" ")
    span, _, total = rest.partition("/")
    first = span.partition("-")[0]
    if unit != "bytes" or not first.isdecimal() or not (total.isdecimal() or total == "*"):
        raise _OtherFileError("the server answers a request for a part without a readable Content-Range")
    return int(first), source.bytes if total == "*" else int(total)


def _permanent_or(error: HTTPError, source: Source) -> str:
    """What a status means: some pass, the others will be the same next time."""
    error.close()
    if error.code == 416:
        raise _OtherFileError(f"the server's file is shorter than {source.bytes:,} bytes")
    if error.code not in (408, 429) and error.code < 500:
        raise CallerError(
            f"{source.url}: the server answers {error.code} {error.reason}; is the address right?",
            field="url",
        )
    return f"the server answers {error.code}"


def _connection_or_disk(error: Exception, part: Path) -> str:
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EDQUOT):
        raise CallerError(f"{part} cannot be written: {error.strerror}") from error
    cause = error.reason if isinstance(error, URLError) else error
    return f"the connection failed ({cause or type(error).__name__})"


def _check_room(source: Source, part: Path) -> None:
    needed = source.bytes - _length(part)
    free = shutil.disk_usage(part.parent).free
    if free < needed:
        raise CallerError(
            f"{part.parent} has {free / 1e6:,.0f} MB free and {needed / 1e6:,.0f} MB are needed; make room"
        )


def _opened(request: Request) -> HTTPResponse:
    """Open with what HTTP needs and nothing else: no file:, no ftp:, wherever a redirect may point."""
    if urlsplit(request.full_url).scheme not in ("http", "https"):
        raise CallerError(f"{request.full_url} must begin with http:// or https://", field="url")
    opener = OpenerDirector()
    for handler in (
        ProxyHandler,
        HTTPHandler,
        HTTPSHandler,
        HTTPDefaultErrorHandler,
        HTTPRedirectHandler,
        HTTPErrorProcessor,
    ):
        opener.add_handler(handler())
    return cast(HTTPResponse, opener.open(request, timeout=TIMEOUT_S))
