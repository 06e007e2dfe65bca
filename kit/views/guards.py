"""Who may come in: one guard for each blueprint, attached where it is registered."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, Flask, g, request
from flask.typing import ResponseReturnValue

from kit.errors import CallerError

Guard = Callable[[], ResponseReturnValue | None]


@dataclass(frozen=True, slots=True)
class Audience:
    """A blueprint, who may use it, and where. ``csrf``: its forms are protected by tokens (never the bearer API)."""

    blueprint: Blueprint
    guard: Guard
    csrf: bool = False


def everyone() -> None:
    """Pages and files that are for all."""


def visit_secret() -> None:
    """The bearer of a visit's secret. The secret itself is checked inside the transaction, against the visit."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret:
        raise CallerError(
            "Authorization: send the visit's secret as `Bearer <secret>`", code="no_secret", status=401
        )
    g.secret = secret


def attach(app: Flask, audience: Audience) -> None:
    """Register a blueprint with its guard, and note the guard's name so that a test can list all routes."""
    blueprint = audience.blueprint
    guarded = app.extensions.setdefault("kit_guards", {})
    guarded[blueprint.name] = audience.guard.__name__
    app.register_blueprint(blueprint)
    app.before_request_funcs.setdefault(blueprint.name, []).insert(0, audience.guard)
