"""What every view may reach: settings, database, assets. Put into the app by ``create_app``."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import cast

from flask import current_app

from kit.assets import Assets
from kit.db.session import Database
from kit.settings import Settings


@dataclass(frozen=True, slots=True)
class State:
    """The parts of one application."""

    settings: Settings
    database: Database
    assets: Assets


def state() -> State:
    """The current application's parts."""
    return cast(State, current_app.extensions["kit"])


def database() -> Database:
    """The current application's database."""
    return state().database


def now() -> datetime:
    """The moment, in UTC."""
    return datetime.now(UTC)
