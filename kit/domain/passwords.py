"""Administrators' passwords: what is accepted, and their argon2id hashes."""

import hashlib
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MIN_CHARACTERS = 10
MAX_CHARACTERS = 200

HASHER = PasswordHasher()


def trouble(password: str, again: str) -> str | None:
    """What is wrong with a new password, in one sentence; ``None`` where it will do."""
    if len(password) < MIN_CHARACTERS:
        return f"The password needs at least {MIN_CHARACTERS} characters; a few words in a row are good."
    if len(password) > MAX_CHARACTERS:
        return f"The password may have at most {MAX_CHARACTERS} characters."
    if password != again:
        return "The two passwords differ; type the same one twice."
    return None


def hash_password(password: str) -> str:
    """The argon2id hash to store."""
    return HASHER.hash(password)


def is_right(stored: str | None, password: str) -> bool:
    """Whether a password fits a stored hash; takes as long where nothing is stored."""
    try:
        HASHER.verify(stored or _nobody(), password[:MAX_CHARACTERS])
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def fingerprint(stored: str | None) -> str:
    """What a session remembers of the hash, so that a new password ends the old sessions."""
    return hashlib.sha256((stored or "").encode()).hexdigest()[:16]


@lru_cache(maxsize=1)
def _nobody() -> str:
    """Checked where there is no such administrator, so that the answer takes as long as for one who exists."""
    return HASHER.hash("nobody has this password")
