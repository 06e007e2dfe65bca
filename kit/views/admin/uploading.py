"""Receiving a model's files: parsed from the request as they come, straight into the upload's folder."""

from __future__ import annotations

from io import BytesIO
from typing import IO
from urllib.parse import urlsplit

from flask import request
from flask_wtf.csrf import ValidationError, validate_csrf
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

from kit.errors import CallerError
from kit.models.errors import BundleError
from kit.models.incoming import Draft
from kit.views.state import state

MB = 1_000_000
FIELDS_BYTES = 100_000
PARTS = 2_000
OLD_FORM = "the form is too old or was not sent from this page; open the page again and send it once more"


def receive(draft: Draft, most_mb: int) -> list[str]:
    """Write the request's files into the upload and return their names.

    The request must not have been parsed before: nothing of it is kept in memory or elsewhere. Raises CallerError for
    more than ``most_mb``, for forms of other sites and for those without this page's token, BundleError for odd names.
    """
    _check_sender()
    if request.mimetype != "multipart/form-data":
        raise CallerError("files: choose the model's files and send the form", field="files")
    request.max_content_length = most_mb * MB + FIELDS_BYTES
    names: list[str] = []
    streams: list[IO[bytes]] = []

    def stream_for(filename: str | None, **_lengths: object) -> IO[bytes]:
        if not filename:  # an empty file field
            return BytesIO()
        for (
            stream
        ) in streams:  # files come one after the other, and a process may hold some thousand open at most
            stream.close()
        names.append(filename)
        streams[:] = [draft.place(filename).open("xb")]
        return streams[-1]

    try:
        form = _parsed(stream_for)
    except RequestEntityTooLarge as error:
        raise CallerError(
            f"files: together they have more than {most_mb} MB, or there are more than {PARTS}; KIT_UPLOAD_MB sets "
            "the limit, and kit models add on the server has none",
            status=413,
            field="files",
        ) from error
    except ClientDisconnected as error:
        raise CallerError("the upload was cut off; send it again") from error
    except OSError as error:
        raise CallerError(
            f"files: the server cannot keep them ({error.strerror}); put that right and send them again",
            status=507,
            field="files",
        ) from error
    finally:
        for stream in streams:
            stream.close()
    _check_token(form)
    if not names:
        raise BundleError("no file was chosen; choose the model's files, its folder, or a zip of it")
    return names


def _check_sender() -> None:
    """Only this server's own page may send, and what another sends is not even read: the token comes with the files."""
    site, origin = request.headers.get("Sec-Fetch-Site"), request.headers.get("Origin")
    own = {request.host, urlsplit(state().settings.public_url).netloc} - {""}
    if site is None:  # browsers say it to https and localhost only
        foreign = origin is not None and urlsplit(origin).netloc not in own
    else:
        foreign = site != "same-origin"
    if foreign:
        raise CallerError(OLD_FORM, code="csrf")


def _parsed(stream_for: object) -> MultiDict[str, str]:
    parser = FormDataParser(
        stream_factory=stream_for,  # type: ignore[arg-type]
        max_form_memory_size=FIELDS_BYTES,
        max_form_parts=PARTS,
        silent=False,
    )
    try:
        return parser.parse(
            request.stream, request.mimetype, request.content_length, dict(request.mimetype_params)
        )[1]
    except BundleError:
        raise
    except ValueError as error:
        raise CallerError("the form arrived damaged; send it again") from error


def _check_token(form: MultiDict[str, str]) -> None:
    try:
        validate_csrf(form.get("csrf_token", ""))
    except ValidationError as error:
        raise CallerError(OLD_FORM, code="csrf") from error
