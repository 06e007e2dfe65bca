"""The filters of a page, read from its address: an address can be kept or sent on, and means the same tomorrow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import request

from kit.db.dashboard.filters import Filters, asked_back, read_filters
from kit.db.dashboard.studies import study_names
from kit.views.state import database


@dataclass(frozen=True, slots=True)
class Narrowed:
    """The filters, and what the form that sets them shows. ``query`` is the same as address parameters."""

    filters: Filters
    study: str
    studies: Sequence[tuple[str, str]]
    query: Mapping[str, str]

    def also(self, **changes: object) -> dict[str, object]:
        """The same address with other parameters; one that is empty goes: ``url_for(page, **shown.also(gpu=name))``."""
        names = {name.rstrip("_"): value for name, value in changes.items()}
        return {name: value for name, value in {**self.query, **names}.items() if value not in (None, "")}


def narrowed(asked: Mapping[str, str] | None = None) -> Narrowed:
    """The request's filters, or those of other parameters (of a share link). Raises CallerError that names the field."""
    given = request.args if asked is None else asked
    with database().read() as db:
        filters, names = read_filters(db, given), study_names(db)
    query = asked_back(given)
    return Narrowed(filters, query.get("study", ""), names, query)
