"""One line for a page that can be shared, and one for figures as JSON: every audience that may see them gets its route.

``@figures("hardware", "Every row ...", shared="hardware")`` serves the function's answer at
``/admin/data/hardware.json`` to administrators, at ``/api/v1/figures/hardware.json`` to bearers of an API token and at
``/shared/<token>/data/hardware.json`` to those who have a link to that page. The same parameters mean the same in all.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Response, jsonify
from flask.typing import ResponseReturnValue

from kit.views.admin.audience import blueprint
from kit.views.admin.narrowed import narrowed
from kit.views.admin.outside import SHARED_PAGES, figures_api, page_of, shared

View = TypeVar("View", bound=Callable[..., ResponseReturnValue])
Read = TypeVar("Read", bound=Callable[..., Mapping[str, Any]])


@dataclass(frozen=True, slots=True)
class Figures:
    """Figures that are served as JSON. ``parameters``: (name, what it chooses), beyond the filters."""

    name: str
    summary: str
    endpoint: str
    shared: str
    parameters: tuple[tuple[str, str], ...]


FIGURES: list[Figures] = []
"""All of them, in the order in which their modules are imported: the API's document is made from this."""


def figures(
    name: str, summary: str, *, shared: str = "", parameters: Mapping[str, str] | None = None
) -> Callable[[Read], Read]:
    """Serve what the function gives, under the filters of the address, as ``<name>.json``.

    The function takes what ``narrowed()`` gives and what stands in angle brackets in ``name``. ``shared``: the shared page
    that the figures belong to ("": never shared). ``parameters``: what else the function reads from ``request.args``,
    with a sentence each. The function is left as it is, so that tests can call it.
    """

    def register(read: Read) -> Read:
        endpoint = read.__name__

        def view(**values: str) -> Response:
            return jsonify(read(narrowed(), **values))

        view.__doc__ = read.__doc__
        FIGURES.append(Figures(name, summary, endpoint, shared, tuple((parameters or {}).items())))
        blueprint.add_url_rule(f"/data/{name}.json", endpoint, view)
        figures_api.add_url_rule(f"/figures/{name}.json", endpoint, view)
        if shared:
            _share(f"/data/{name}.json", endpoint, shared, view)
        return read

    return register


def shared_page(page: str) -> Callable[[View], View]:
    """Let share links open this view too: under ``@blueprint.get("/hardware")``, write ``@shared_page("hardware")``.

    ``narrowed()`` gives it the link's filters; ``shown.public`` says that nobody is signed in, and ``shown.url("hardware")``
    is the address of a page for whoever looks.
    """

    def register(view: View) -> View:
        _share(f"/{page}", view.__name__, page, view)
        return view

    return register


def shared_endpoints() -> dict[str, str]:
    """The pages that can be shared, in their order: name -> endpoint of ``shared``."""
    found = {page: endpoint for endpoint, page in page_of.items() if not endpoint.endswith("_json")}
    return {page: found[page] for page in SHARED_PAGES if page in found}


def _share(path: str, endpoint: str, page: str, view: Callable[..., ResponseReturnValue]) -> None:
    if page not in SHARED_PAGES:
        raise ValueError(f"{page} is no page that can be shared; choose from {', '.join(SHARED_PAGES)}")
    page_of[endpoint] = page
    shared.add_url_rule(path, endpoint, view)
