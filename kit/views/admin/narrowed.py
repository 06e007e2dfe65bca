"""The filters of a page, read from its address: an address can be kept or sent on, and means the same tomorrow."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import request, url_for

from kit.db.dashboard.filters import Filters, asked_back, read_filters
from kit.db.dashboard.studies import study_names
from kit.db.shares import Share, visitor_filters
from kit.errors import CallerError
from kit.views.admin.outside import current_share, page_of
from kit.views.state import database


@dataclass(frozen=True, slots=True)
class Narrowed:
    """The filters, and what the form that sets them shows. ``query`` is the same as address parameters.

    ``public``: the page is for people without an account, behind a share link. ``query`` then holds only what the visitor
    chose, ``fixed`` what the link says, and ``base`` the link's own filters.
    """

    filters: Filters
    study: str
    studies: Sequence[tuple[str, str]]
    query: Mapping[str, str]
    public: bool = False
    fixed: Mapping[str, str] = field(default_factory=dict)
    base: Filters = field(default_factory=Filters)

    def also(self, **changes: object) -> dict[str, object]:
        """The same address with other parameters; one that is empty goes: ``url_for(page, **shown.also(gpu=name))``."""
        names = {name.rstrip("_"): value for name, value in changes.items()}
        return {name: value for name, value in {**self.query, **names}.items() if value not in (None, "")}

    def url(self, endpoint: str, **changes: object) -> str:
        """The address of a page or of its data under these filters, for whoever looks: ``shown.url("hardware_json")``.

        Behind a share link only shared pages have one; werkzeug's BuildError for another is a mistake in a template.
        """
        return url_for(f"{'shared' if self.public else 'admin'}.{endpoint}", **self.also(**changes))  # type: ignore[arg-type]

    def opens(self, endpoint: str) -> bool:
        """Whether whoever looks may open this page: behind a share link, only those that it was made for."""
        share = current_share()
        return not self.public or (share is not None and page_of.get(endpoint) in share.pages)


def narrowed(asked: Mapping[str, str] | None = None) -> Narrowed:
    """The request's filters, or those of other parameters; behind a share link, the link's, narrowed by the request's.

    Raises CallerError that names the field.
    """
    given = request.args if asked is None else asked
    for name, value in given.items():
        if "\0" in value:  # no database takes it
            raise CallerError(f"{name[:40]}: this holds a character that no name has", field=name[:40])
    share = current_share()
    if share is not None:
        return _shared(share, given)
    with database().read() as db:
        filters, names = read_filters(db, given), study_names(db)
    query = asked_back(given)
    return Narrowed(filters, query.get("study", ""), names, query)


def _shared(share: Share, given: Mapping[str, str]) -> Narrowed:
    with database().read() as db:
        base, filters, query = visitor_filters(db, share, given)
        study = share.asked["study"]
        names = [(name, title) for name, title in study_names(db) if name == study]
    return Narrowed(filters, study, names, query, public=True, fixed=share.asked, base=base)
