"""``kit admin``: who may read the dashboard."""

import click

from kit.commands.group import example
from kit.commands.store import ACTOR, now, open_database
from kit.db import admins
from kit.errors import CallerError
from kit.settings import load_settings


@click.group(epilog=example("kit admin add ada", "kit admin link ada"))
def admin() -> None:
    """Add an administrator, or print a one-time sign-in link."""


@admin.command(epilog=example("kit admin add ada"))
@click.argument("name")
def add(name: str) -> None:
    """Add the administrator NAME and print the one-time link that sets the password."""
    settings = load_settings()
    with open_database(settings) as database, database.write() as session:
        made = admins.add_admin(session, name, now=now())
        token = admins.new_admin_link(session, made, now=now())
        admins.note(session, ACTOR, "administrator added", name, now=now())
    _print_link(settings.base_url, name, token)


@admin.command(epilog=example("kit admin link", "kit admin link ada"))
@click.argument("name", default=admins.FIRST_NAME)
def link(name: str) -> None:
    """Print a one-time link that sets a new password for the administrator NAME ("admin" where it is left out)."""
    settings = load_settings()
    with open_database(settings) as database, database.write() as session:
        found = admins.find_admin(session, name)
        if found is None:
            raise CallerError(f"there is no administrator {name}; add one: kit admin add {name}")
        token = admins.new_admin_link(session, found, now=now())
        admins.note(session, ACTOR, "one-time link made", name, now=now())
    _print_link(settings.base_url, name, token)


def _print_link(base_url: str, name: str, token: str) -> None:
    click.echo(f"One-time link for {name}, valid for a day:\n{base_url}/admin/first/{token}")
