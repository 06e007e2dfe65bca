"""The dashboard: ``blueprint`` and ``laboratory`` for those who signed in, ``door`` for those who are about to."""

from kit.views.admin import data, entrance, exports, hardware, lab, models, overview, studies, uploads, visits
from kit.views.admin.audience import at_the_door, blueprint, door, laboratory, signed_in

__all__ = [
    "at_the_door",
    "blueprint",
    "data",
    "door",
    "entrance",
    "exports",
    "hardware",
    "lab",
    "laboratory",
    "models",
    "overview",
    "signed_in",
    "studies",
    "uploads",
    "visits",
]
