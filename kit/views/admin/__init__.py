"""The dashboard: ``blueprint`` and ``laboratory`` for those who signed in, ``door`` for those who are about to.

Without an account: ``shared`` for people who have a share link, ``figures_api`` for programs that have an API token.
"""

from kit.views.admin import (
    access,
    advisor,
    data,
    distribution,
    entrance,
    exports,
    hardware,
    lab,
    machines,
    models,
    modes,
    overview,
    power,
    runs,
    studies,
    uploads,
    visits,
)
from kit.views.admin.audience import at_the_door, blueprint, door, laboratory, signed_in
from kit.views.admin.outside import api_token, figures_api, share_link, shared

__all__ = [
    "access",
    "advisor",
    "api_token",
    "at_the_door",
    "blueprint",
    "data",
    "distribution",
    "door",
    "entrance",
    "exports",
    "figures_api",
    "hardware",
    "lab",
    "laboratory",
    "machines",
    "models",
    "modes",
    "overview",
    "power",
    "runs",
    "share_link",
    "shared",
    "signed_in",
    "studies",
    "uploads",
    "visits",
]
