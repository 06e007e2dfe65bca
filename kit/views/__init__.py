"""All audiences of the service, each with its guard: to add a blueprint, add a line here."""

from kit.views import admin, api, bundles, health, help, openapi, tester
from kit.views.guards import Audience, everyone, visit_secret

AUDIENCES: tuple[Audience, ...] = (
    Audience(tester.blueprint, everyone),
    Audience(help.blueprint, everyone),
    Audience(api.open_api, everyone),
    Audience(openapi.blueprint, everyone),
    Audience(api.visit_api, visit_secret),
    Audience(bundles.blueprint, everyone),
    Audience(health.blueprint, everyone),
    Audience(admin.door, admin.at_the_door, csrf=True),
    Audience(admin.blueprint, admin.signed_in, csrf=True),
    Audience(admin.laboratory, admin.signed_in, csrf=True),
    Audience(admin.shared, admin.share_link),
    Audience(admin.figures_api, admin.api_token),
)
