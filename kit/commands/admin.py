"""``kit admin``: who may read the dashboard."""

import click

from kit.commands.group import example
from kit.commands.output import json_option, print_json, print_table
from kit.commands.store import ACTOR, now, open_database
from kit.db import admins, api_tokens
from kit.errors import CallerError
from kit.settings import load_settings


@click.group(epilog=example("kit admin add ada", "kit admin link ada", "kit admin token new nightly"))
def admin() -> None:
    """Add an administrator, print a one-time sign-in link, or make tokens for programs that read figures."""


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


@admin.group(epilog=example("kit admin token new nightly", "kit admin token list"))
def token() -> None:
    """Tokens with which programs read figures and exports by the API; they change nothing."""


@token.command("new", epilog=example("kit admin token new nightly"))
@click.argument("name")
def new_token(name: str) -> None:
    """Make the token NAME and print it. It is shown once: only its hash is kept."""
    settings = load_settings()
    with open_database(settings) as database, database.write() as session:
        made = api_tokens.new_api_token(session, name, actor=ACTOR, now=now())
    click.echo(made)
    click.echo(
        f'Try it: curl -H "Authorization: Bearer {made}" {settings.base_url}/api/v1/figures/hardware.json',
        err=True,
    )


@token.command("list", epilog=example("kit admin token list", "kit admin token list --json"))
@json_option
def list_tokens(as_json: bool) -> None:
    """List the tokens that are valid, without the tokens themselves."""
    with open_database() as database, database.read() as session:
        tokens = api_tokens.list_api_tokens(session)
    rows = [
        (
            one.name,
            one.created_at.isoformat(),
            one.created_by,
            one.used_at.isoformat() if one.used_at else None,
        )
        for one in tokens
    ]
    columns = ("name", "made_at", "made_by", "used_at")
    if as_json:
        print_json([dict(zip(columns, row, strict=True)) for row in rows])
    elif rows:
        print_table(columns, rows)
    else:
        click.echo("There is no API token; make one: kit admin token new NAME", err=True)


@token.command("revoke", epilog=example("kit admin token revoke nightly"))
@click.argument("name")
def revoke_token(name: str) -> None:
    """Make the token NAME invalid for good."""
    with open_database() as database, database.write() as session:
        api_tokens.revoke_api_token(session, name, actor=ACTOR, now=now())
    click.echo(f"revoked: {name}", err=True)


def _print_link(base_url: str, name: str, token: str) -> None:
    click.echo(f"One-time link for {name}, valid for a day:\n{base_url}/admin/first/{token}")
