"""Hashes by which two requests, two texts or two bundles are the same."""

import hashlib

from pydantic import BaseModel


def sha256_text(text: str) -> str:
    """Hex sha256 of a text in UTF-8."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def canonical_json(payload: BaseModel) -> str:
    """A payload as JSON whose form depends on its content only: fields in their class' order, unset ones left out.

    Fields that a later version adds are unset in an older page's payload, so its hash stays what it was.
    """
    return payload.model_dump_json(by_alias=True, exclude_unset=True)


def body_sha256(payload: BaseModel) -> str:
    """The hash that tells a repeated request from another one under the same id."""
    return sha256_text(canonical_json(payload))
