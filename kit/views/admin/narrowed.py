"""The filters of a page, read from its address: an address can be kept or sent on, and means the same tomorrow."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import request

from kit.db.dashboard.filters import Filters, filters_for
from kit.db.dashboard.studies import study_names
from kit.errors import CallerError
from kit.views.state import database


@dataclass(frozen=True, slots=True)
class Narrowed:
    """The filters, and what the form that sets them shows. ``query`` is the same as address parameters."""

    filters: Filters
    study: str
    studies: Sequence[tuple[str, str]]

    @property
    def query(self) -> dict[str, str]:
        shown = {"study": self.study} if self.study else {}
        return shown | ({"simulated": "1"} if self.filters.simulated else {})


def narrowed() -> Narrowed:
    """The request's filters. Raises CallerError for a study that does not exist."""
    study, simulated = request.args.get("study", ""), request.args.get("simulated") == "1"
    with database().read() as db:
        filters, names = filters_for(db, study, simulated=simulated), study_names(db)
    if filters is None:
        raise CallerError(
            f"study: there is no study {study[:80]}; choose one from the list", status=404, field="study"
        )
    return Narrowed(filters, study, names)
