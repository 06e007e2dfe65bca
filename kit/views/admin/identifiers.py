"""Ids in addresses."""

from uuid import UUID

from kit.errors import CallerError


def identifier_of(text: str, what: str) -> str:
    """A UUID as it is stored. Raises CallerError 404: "there is no such run"."""
    try:
        return str(UUID(text))
    except ValueError as error:
        raise CallerError(f"there is no such {what}; check the address", status=404) from error
